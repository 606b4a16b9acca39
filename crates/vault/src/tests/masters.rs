//! Master keys: reading the text, choosing by time, and the words for each fault.
//!
//! A fault must name its line and its cure and never repeat the key.

use super::{K1, K2, NOW, masters};
use crate::{MasterError, Masters, SeededRandom, SystemRandom};

#[test]
fn reads_lines_comments_blank_lines_padding_and_a_byte_order_mark() {
    let text = format!("\u{feff}# ours\r\n\r\n{K1}=  # the first\r\n   {K2}\n");
    let masters = masters(&text);
    assert_eq!(masters.kids(), ["k1", "k2"]);
    assert_eq!(masters.get("k1").expect("k1").from_s(), 1_700_000_000);
    assert_eq!(masters.get("k1").expect("k1").key()[..3], [0, 1, 2]);
    assert!(masters.get("k3").is_none());
}

#[test]
fn the_newest_master_whose_time_has_come_seals_whatever_the_order_of_lines() {
    for text in [format!("{K1}\n{K2}"), format!("{K2}\n{K1}")] {
        let masters = masters(&text);
        assert_eq!(masters.current(NOW - 1).kid(), "k1");
        assert_eq!(masters.current(NOW).kid(), "k2");
        assert_eq!(masters.current(i64::MAX).kid(), "k2");
        assert_eq!(masters.current(0).kid(), "k1", "else the oldest");
    }
}

#[test]
fn masters_of_the_same_second_are_chosen_by_name() {
    let twin = K2.replace("k2 1735689600", "a2 1700000000");
    for text in [format!("{K1}\n{twin}"), format!("{twin}\n{K1}")] {
        assert_eq!(masters(&text).current(NOW).kid(), "k1");
    }
}

#[test]
fn every_fault_names_its_line_and_its_cure() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let zeros = "A".repeat(43);
    let cases = [
        ("k9 1".to_owned(), "found 2 fields"),
        (format!("k9 1 {key} more"), "found 4 fields"),
        (format!("K9 1 {key}"), "1 to 8 characters of a-z and 0-9"),
        (format!("k_9 1 {key}"), "1 to 8 characters"),
        (format!("ninechars 1 {key}"), "1 to 8 characters"),
        (format!("{key} k9 1"), "1 to 8 characters"),
        (format!("k9 tomorrow {key}"), "seconds since 1970"),
        (format!("k9 -1 {key}"), "seconds since 1970"),
        (format!("k9 99999999999999999999 {key}"), "seconds since 1970"),
        (format!("k9 1 {}", &key[..42]), "not base64url"),
        (format!("k9 1 {}", &key[..40]), "has 30 bytes, but must have 32"),
        (format!("k9 1 {key}AAAA"), "must have 32"),
        (format!("k9 1 +/{}", &key[2..]), "put `-` for `+`"),
        (format!("k9 1 !!{}", &key[2..]), "not base64url"),
        (format!("k9 1 {zeros}"), "not random"),
        (format!("k2 1 {}", &key.replace("AAEC", "AAED")), "used twice"),
        (format!("k9 1 {}", &K2[14..]), "same key as `k2`"),
    ];
    for (line, expected) in cases {
        let error = Masters::parse(&format!("# first\n{K2}\n{line}\n")).expect_err(&line);
        let text = error.to_string();
        assert!(matches!(error, MasterError::Line { line: 3, .. }), "{line}: {text}");
        assert!(text.contains("line 3") && text.contains(expected), "{line}: {text}");
        assert!(!text.contains(&key[2..12]), "the key leaks: {text}");
    }
    for empty in ["", "\n\n", "# nothing\n   # here"] {
        assert_eq!(Masters::parse(empty).expect_err("empty"), MasterError::Empty);
    }
}

#[test]
fn generated_lines_are_read_back_and_differ() {
    let line = Masters::generate(NOW, &SystemRandom);
    let other = Masters::generate(NOW + 1, &SystemRandom);
    let masters = masters(&format!("{line}\n{other}"));
    assert_eq!(masters.kids().len(), 2);
    let newest = masters.current(NOW + 1);
    assert!(other.starts_with(newest.kid()) && newest.kid().len() == 8);
    assert_eq!(newest.from_s(), NOW + 1);
    let (a, b) = (SeededRandom::new(1), SeededRandom::new(1));
    assert_eq!(Masters::generate(NOW, &a), Masters::generate(NOW, &b));
}

#[test]
fn adding_keeps_the_list_unchanged_on_a_fault() {
    let mut masters = masters(K1);
    masters.add(K1).expect_err("twice");
    masters.add("k2").expect_err("cut");
    assert_eq!(masters.kids(), ["k1"]);
    masters.add("# a comment").expect("nothing to add");
    masters.add(K2).expect("another");
    assert_eq!(masters.current(NOW).kid(), "k2");
}

#[test]
fn debug_output_holds_no_key() {
    let text = format!("{:?}", masters(K1));
    assert!(text.contains("k1") && !text.contains("1, 2, 3") && !text.contains("AAEC"), "{text}");
}
