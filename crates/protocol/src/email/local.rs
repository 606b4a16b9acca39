//! The part before the `@`: a dot-atom (RFC 5322 §3.2.3) that may hold letters and digits of any
//! script (RFC 6531 §3.3), but nothing quoted, invisible or rewritten by compatibility folding.
//!
//! Lower-casing and the total length are the parent module's.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::EmailProblem;

/// RFC 5321 §4.5.3.1.1.
const MAX_LOCAL: usize = 64;

/// Checks a local part that is in NFC.
pub(super) fn check(local: &str) -> Result<(), EmailProblem> {
    if local.len() > MAX_LOCAL {
        return Err(EmailProblem::TooLong);
    }
    if !local.chars().all(allowed) || local.starts_with(is_combining_mark) {
        return Err(EmailProblem::Character);
    }
    // A full-width letter or a ligature would be another account for whoever folds it.
    if !local.nfkc().eq(local.chars()) {
        return Err(EmailProblem::Character);
    }
    match local.split('.').any(str::is_empty) {
        true => Err(EmailProblem::Dots),
        false => Ok(()),
    }
}

fn allowed(c: char) -> bool {
    match c {
        // RFC 5322 §3.2.3: atext, and the dot between atoms.
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        c if c.is_ascii() => "!#$%&'*+-/=?^_`{|}~.".contains(c),
        c => (c.is_alphanumeric() || is_combining_mark(c)) && !invisible(c),
    }
}

// Letters and marks that show nothing (Default_Ignorable_Code_Point).
fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    )
}
