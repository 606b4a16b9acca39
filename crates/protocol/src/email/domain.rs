//! The part after the `@`: a public host name in lower-case ASCII, one form for all spellings.
//!
//! Whether the host exists or takes mail is not asked; no name is ever resolved here.
//! International names go through UTS #46 and are compared in `xn--` form.

use unicode_normalization::char::is_combining_mark;
use url::Host;

use super::EmailProblem;

/// Brings a domain to lower-case ASCII by IDNA (UTS #46), or refuses it: address literals, single
/// labels, a trailing dot, numeric top-level names, and whatever IDNA does not know.
pub(super) fn canonical(domain: &str) -> Result<String, EmailProblem> {
    // `Host::parse` would decode percent escapes and drop soft hyphens; nothing of that kind is
    // let through to it.
    let allowed = |c: char| match c {
        c if c.is_ascii() => c.is_ascii_alphanumeric() || c == '-' || c == '.',
        // The dots of other scripts, which IDNA reads as dots.
        '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => true,
        c => c.is_alphanumeric() || is_combining_mark(c),
    };
    if !domain.chars().all(allowed) {
        return Err(EmailProblem::Character);
    }
    let Ok(Host::Domain(name)) = Host::parse(domain) else { return Err(EmailProblem::Domain) };
    if name.split('.').any(str::is_empty) {
        return Err(EmailProblem::Dots);
    }
    let labels: Vec<&str> = name.split('.').collect();
    let numeric = labels.last().is_none_or(|top| top.bytes().all(|b| b.is_ascii_digit()));
    if labels.len() < 2 || name.len() > 253 || numeric || !labels.iter().all(|l| is_label(l)) {
        return Err(EmailProblem::Domain);
    }
    Ok(name)
}

// RFC 1123 §2.1: letters, digits and inner hyphens, at most 63.
fn is_label(label: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    label.len() <= 63
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}
