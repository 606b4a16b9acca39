//! Characters that do not belong into a field: those that end or reorder a line, and those that
//! show nothing. Rules take them out, because nobody at the provider can be asked; forms refuse
//! them, because somebody can.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Characters that reorder the text around them, so that it reads as another (UAX #9 §2).
fn reorders(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}')
}

/// Characters that show nothing. The two joiners stay: some scripts are not written without them.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a field refuses this character.
fn is_unwanted(c: char) -> bool {
    c.is_control() || reorders(c) || invisible(c)
}

/// Whether a text holds a character that fields refuse.
pub(super) fn has_unwanted(text: &str) -> bool {
    match text.is_ascii() {
        true => text.bytes().any(|b| b.is_ascii_control()),
        false => text.chars().any(is_unwanted),
    }
}

/// Several lines as fields hold them: each line clean, empty ones out.
pub(crate) fn clean_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(clean).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// A line of text as fields hold it: unwanted characters out (a line break or tab becomes a
/// space), composed (NFC), without white space at the ends.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let composed = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if composed && !has_unwanted(text) {
        return Cow::Borrowed(text);
    }
    let broken = |c: char| if matches!(c, '\n' | '\t' | '\u{85}' | '\u{2028}') { ' ' } else { c };
    let kept: String = text.chars().map(broken).filter(|c| !is_unwanted(*c)).nfc().collect();
    Cow::Owned(kept.trim().to_owned())
}
