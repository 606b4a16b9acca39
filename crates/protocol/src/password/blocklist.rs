//! Passwords that are tried first: a list of known ones, plain patterns, and words that the
//! attacker knows from the page. The whole password is judged, never a part of it.
//!
//! Passwords known from breaches are not looked up here: that list is not one to carry in a binary.

use std::collections::HashSet;
use std::sync::LazyLock;

// Lower case, separated by white space; a line that begins with `#` is a comment.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

// Rows of keys and of characters along which lazy fingers walk.
const ROWS: [&str; 11] = [
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1234567890",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik<(ol>)p:?",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// Whether the password is on the list, is such a word with digits or signs around it, or a
/// repetition of it, or follows a plain pattern.
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let known = |text: &str| COMMON.contains(text) || COMMON.contains(unit(text));
    let compact: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    known(&lower)
        || known(&compact)
        || known(core(&lower))
        || known(core(&compact))
        || is_repetition(&lower)
        || is_walk(&lower)
        || is_walk(&compact)
}

/// Whether the password consists of context words alone, apart from digits and signs.
pub(super) fn is_context(password: &str, context: &[&str]) -> bool {
    let lower = password.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    for text in context.iter().map(|text| text.to_lowercase()) {
        words.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        words.push(text.chars().filter(|c| c.is_alphanumeric()).collect());
    }
    words.retain(|word| word.chars().count() >= 3);
    let letters: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    !words.is_empty() && made_of(&letters, &words)
}

// Whether `text` is a sequence of the words and of digits, with at least one word. Bounded by
// length of the text (at most 1,024 bytes) times the number of words.
fn made_of(text: &str, words: &[String]) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum Reached {
        No,
        ByDigits,
        ByWord,
    }
    let mut reached = vec![Reached::No; text.len() + 1];
    reached[0] = Reached::ByDigits;
    for at in 0..text.len() {
        if reached[at] == Reached::No {
            continue;
        }
        let rest = &text[at..];
        for word in words.iter().filter(|word| rest.starts_with(word.as_str())) {
            reached[at + word.len()] = Reached::ByWord;
        }
        if rest.starts_with(|c: char| c.is_ascii_digit()) && reached[at + 1] != Reached::ByWord {
            reached[at + 1] = reached[at];
        }
    }
    reached[text.len()] == Reached::ByWord
}

// The text without digits and signs at both ends.
fn core(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphabetic())
}

// The shortest piece whose repetition is the whole text; the text itself if there is none.
fn unit(text: &str) -> &str {
    let bytes = text.as_bytes();
    // Prefix function of Knuth, Morris and Pratt: longest border of every prefix.
    let mut border = vec![0; bytes.len()];
    for at in 1..bytes.len() {
        let mut length = border[at - 1];
        while length > 0 && bytes[at] != bytes[length] {
            length = border[length - 1];
        }
        border[at] = if bytes[at] == bytes[length] { length + 1 } else { 0 };
    }
    let period = bytes.len() - border.last().copied().unwrap_or(0);
    match period > 0 && bytes.len().is_multiple_of(period) && text.is_char_boundary(period) {
        true => &text[..period],
        false => text,
    }
}

// At most four characters over and over, also with the last round cut short.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| {
        chars.len() >= 2 * period && chars.iter().zip(&chars[period..]).all(|(a, b)| a == b)
    })
}

// Nothing but steps along one row, in one direction, possibly beginning again.
fn is_walk(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.len() >= 6
        && ROWS.iter().any(|row| {
            let row: Vec<char> = row.chars().collect();
            walks(&chars, &row) || walks(&chars, &row.into_iter().rev().collect::<Vec<_>>())
        })
}

fn walks(text: &[char], row: &[char]) -> bool {
    let place = |c: &char| row.iter().position(|known| known == c);
    let Some(first) = text.first().and_then(place) else { return false };
    let mut at = first;
    let mut restarts = 0;
    for c in &text[1..] {
        if row.get(at + 1) == Some(c) {
            at += 1;
        } else if row.get(first) == Some(c) || row.first() == Some(c) {
            restarts += 1;
            at = if row.get(first) == Some(c) { first } else { 0 };
        } else {
            return false;
        }
    }
    // Otherwise every text of the letters `a` and `b` would be a walk.
    restarts * 4 <= text.len()
}
