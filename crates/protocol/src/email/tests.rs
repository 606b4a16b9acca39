//! Addresses have one canonical form or none: the spellings that have fooled other products, and
//! every character of every script for idempotence.
//! Proof that an address is somebody's is tested where mail is sent.

use super::*;

fn key(typed: &str) -> Option<String> {
    canonical_email(typed).ok().map(|email| email.key)
}

#[test]
fn usual_addresses() {
    let table = [
        ("ada@example.com", "ada@example.com", "ada@example.com"),
        ("Ada.Lovelace@Example.COM", "Ada.Lovelace@example.com", "ada.lovelace@example.com"),
        (" ada+tag@mail.example.com\r\n", "ada+tag@mail.example.com", "ada+tag@mail.example.com"),
        ("\u{a0}ada@example.com\u{a0}", "ada@example.com", "ada@example.com"),
        ("o'brien_x-y@example.co.uk", "o'brien_x-y@example.co.uk", "o'brien_x-y@example.co.uk"),
        ("J\u{fc}rgen@example.com", "J\u{fc}rgen@example.com", "j\u{fc}rgen@example.com"),
        ("Ju\u{308}rgen@example.com", "J\u{fc}rgen@example.com", "j\u{fc}rgen@example.com"),
        ("ada@b\u{fc}cher.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@BU\u{308}CHER.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        (
            "\u{7528}\u{6237}@\u{4f8b}\u{3002}\u{6d4b}\u{8bd5}",
            "\u{7528}\u{6237}@xn--fsq.xn--0zwm56d",
            "\u{7528}\u{6237}@xn--fsq.xn--0zwm56d",
        ),
    ];
    for (typed, display, key) in table {
        let found = canonical_email(typed).unwrap();
        assert_eq!((found.display.as_str(), found.key.as_str()), (display, key));
        assert_eq!(found.domain(), key.split('@').nth(1).unwrap());
    }
}

#[test]
fn at_signs_and_their_doubles() {
    for typed in [
        "ada",
        "@",
        "ada@",
        "@example.com",
        "a@b@example.com",
        "ada@@example.com",
        "ada\u{ff20}example.com",
        "ada\u{fe6b}example.com",
        "ada@example.com\u{ff20}evil.test",
        "alice\u{ff20}evil.test@example.com",
        "alice@evil.test\u{fe6b}example.com",
        "\"a@evil.test\"@example.com",
        "alice@evil.test,alice@example.com",
        "alice@evil.test;bob@example.com",
        "alice@example.com bob@evil.test",
        "alice@example.com\r\nbcc:mallory@evil.test",
        "<alice@evil.test>alice@example.com",
    ] {
        assert_eq!(canonical_email(typed), Err(EmailProblem::AtSign), "{typed:?}");
    }
}

#[test]
fn quotes_comments_and_invisible_characters() {
    for typed in [
        "\"ada\"@example.com",
        "\"ada lovelace\"@example.com",
        "ada(comment)@example.com",
        "(x)ada@example.com",
        "Ada <ada@example.com>",
        "ada@example.com(comment)",
        "a,b@example.com",
        "a;b@example.com",
        "a:b@example.com",
        "a\\b@example.com",
        "a b@example.com",
        "a\tb@example.com",
        "a\u{0}@example.com",
        "ada@example.com\u{0}",
        "ada\u{0}@example.com",
        "a\u{200b}da@example.com",
        "ada@exam\u{200b}ple.com",
        "a\u{200d}da@example.com",
        "a\u{ad}da@example.com",
        "ada@exam\u{ad}ple.com",
        "a\u{2060}da@example.com",
        "\u{feff}ada@example.com",
        "a\u{202e}da@example.com",
        "a\u{2066}da@example.com",
        "a\u{34f}da@example.com",
        "a\u{fe0f}da@example.com",
        "a\u{3164}da@example.com",
        "a\u{115f}da@example.com",
        "a\u{e0061}da@example.com",
        "a\u{85}da@example.com",
        "a\u{2028}da@example.com",
        "a\u{a0}da@example.com",
        "a\u{3000}da@example.com",
        "ada@exa%6dple.com",
        "ada@exa_mple.com",
        "ada@[127.0.0.1]",
        "ada@[IPv6:::1]",
        "\u{ff41}da@example.com",
        "\u{fb01}x@example.com",
        "ada\u{2024}x@example.com",
        "\u{212a}\u{2122}@example.com",
        "a\u{301}\u{20dd}\u{1f600}@example.com",
        "\u{301}a@example.com",
        "a\nb@example.com",
        "\u{1f600}@example.com",
        "ada@ex\u{1f600}.com",
    ] {
        assert_eq!(canonical_email(typed), Err(EmailProblem::Character), "{typed:?}");
    }
}

#[test]
fn domains_and_dots() {
    for typed in [
        "ada@localhost",
        "ada@com",
        "ada@127.0.0.1",
        "ada@1.2.3",
        "ada@0x7f.1",
        "ada@example.123",
        "ada@-example.com",
        "ada@example-.com",
        "ada@xn--a.com",
        "ada@xn--.com",
        "ada@ex--.com",
        "ada@2130706433",
    ] {
        assert_eq!(canonical_email(typed), Err(EmailProblem::Domain), "{typed:?}");
    }
    for typed in [
        "ada@example.com.",
        "ada@.example.com",
        "ada@example..com",
        "ada@example.com\u{3002}",
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
    ] {
        let found = canonical_email(typed).unwrap_err();
        assert!(matches!(found, EmailProblem::Dots | EmailProblem::Domain), "{typed:?}");
    }
    assert!(canonical_email(&format!("ada@{}.com", "a".repeat(64))).is_err());
}

#[test]
fn homographs_are_other_addresses() {
    // Cyrillic а in the domain and in the local part.
    let plain = key("ada@paypal.example").unwrap();
    let domain = key("ada@p\u{430}ypal.example").unwrap();
    let local = key("\u{430}da@paypal.example").unwrap();
    assert!(domain.ends_with(".example") && domain.contains("@xn--"));
    assert!(plain != domain && plain != local && domain != local);
    assert_eq!(key("ada@PAYPAL.example").as_deref(), Some(plain.as_str()));
    assert_eq!(key("ada@\u{ff50}aypal.example"), Some(plain), "IDNA folds full-width letters");
}

#[test]
fn lengths() {
    let local = |n: usize| format!("{}@example.com", "a".repeat(n));
    assert!(canonical_email(&local(64)).is_ok());
    assert_eq!(canonical_email(&local(65)), Err(EmailProblem::TooLong));
    let labels = format!("{0}.{0}.{0}", "a".repeat(60));
    let domain = |n: usize| format!("{}@{labels}.com", "a".repeat(n));
    assert_eq!(domain(64).len(), 64 + 1 + 182 + 4);
    assert!(canonical_email(&domain(64)).is_ok());
    let longer = format!("{}@{labels}.aaaa.com", "a".repeat(64));
    assert_eq!(canonical_email(&longer), Err(EmailProblem::TooLong));
    assert_eq!(canonical_email(&"a".repeat(100_000)), Err(EmailProblem::TooLong));
    for blank in ["", " ", "\r\n\t", "\u{a0}"] {
        assert_eq!(canonical_email(blank), Err(EmailProblem::Empty));
    }
}

#[test]
fn canonical_forms_are_idempotent_for_all_scripts() {
    let mut accepted = 0;
    // Scripts, signs and compatibility forms one by one; the wide ideographic planes in steps.
    let dense = (0u32..0x3400).chain(0xa000..0xac00).chain(0xf900..0x1_0000);
    let sparse = (0x3400u32..0x11_0000).step_by(61);
    for c in dense.chain(sparse).filter_map(char::from_u32) {
        for typed in [format!("a{c}b@example.com"), format!("a@x{c}y.example.com")] {
            let Ok(found) = canonical_email(&typed) else { continue };
            accepted += 1;
            let again = canonical_email(&found.display).unwrap();
            assert_eq!(again, found, "{typed:?}");
            let lower = canonical_email(&found.key).unwrap();
            assert_eq!((&lower.key, &lower.display), (&found.key, &found.key), "{typed:?}");
            assert_eq!(found.key.matches('@').count(), 1);
            assert!(found.domain().is_ascii() && found.domain() == found.domain().to_lowercase());
        }
    }
    assert!(accepted > 10_000);
}

#[test]
fn messages_are_sentences() {
    use EmailProblem::*;
    for problem in [Empty, TooLong, AtSign, Character, Dots, Domain] {
        assert!(problem.message().ends_with('.') && !problem.message().contains("nvalid"));
    }
}
