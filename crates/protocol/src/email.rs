//! The one canonical form of an e-mail address. What has no safe form is refused, so that two
//! spellings are never one account for one check and two for another.
//!
//! The domain is the text after the only `@` of the canonical form. Whether an address belongs to
//! somebody is proven elsewhere, by mail.

mod domain;
mod local;

use unicode_normalization::UnicodeNormalization;

/// Longest address in bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
pub const MAX_EMAIL: usize = 254;
// Longest text that is looked at; canonical forms may be shorter than what was typed.
const MAX_TYPED: usize = 1024;

/// An address in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CanonicalEmail {
    /// The address to show and to write to: local part as typed (NFC), domain in lower-case
    /// ASCII. At most [`MAX_EMAIL`] bytes.
    pub display: String,
    /// The address to compare and to look up: as `display`, with a lower-case local part.
    pub key: String,
}

impl CanonicalEmail {
    /// The domain: lower-case ASCII, international names in `xn--` form.
    pub fn domain(&self) -> &str {
        self.key.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Why a text is not an e-mail address that we accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailProblem {
    /// Nothing was entered.
    Empty,
    /// Longer than [`MAX_EMAIL`], or the local part than 64 bytes.
    TooLong,
    /// Not exactly one `@` with something before and after it, or one that only looks like it.
    AtSign,
    /// A space, quote, comma, invisible or control character, or another one that is not safe.
    Character,
    /// A dot at the beginning or end, or two together.
    Dots,
    /// The domain is not a public host name.
    Domain,
}

impl EmailProblem {
    /// One sentence or two for the person at the form.
    pub fn message(&self) -> String {
        let text = match self {
            Self::Empty => "Enter an email address, like name@example.com.",
            Self::TooLong => {
                "This email address is too long. Enter one with at most 254 characters."
            }
            Self::AtSign => "Enter one email address with one @, like name@example.com.",
            Self::Character => {
                "The email address has a space or a character that cannot be used there. Check \
                 it, or type it by hand."
            }
            Self::Dots => "Check the dots in the email address: one of them has no text beside it.",
            Self::Domain => "Check the part after the @. It has to look like example.com.",
        };
        text.to_owned()
    }
}

impl std::fmt::Display for EmailProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for EmailProblem {}

/// Brings an address to its canonical form. Idempotent: `display` and `key` of a result are
/// canonical themselves. Errors: [`EmailProblem`].
pub fn canonical_email(typed: &str) -> Result<CanonicalEmail, EmailProblem> {
    let blank = |c: char| c.is_ascii_whitespace() || c == '\u{b}' || c == '\u{a0}';
    let trimmed = typed.trim_matches(blank);
    if trimmed.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if trimmed.len() > MAX_TYPED {
        return Err(EmailProblem::TooLong);
    }
    let composed: String = trimmed.nfc().collect();
    // Other software may fold U+FF20 or U+FE6B to an @ before it looks for the domain.
    let looks_like_at = composed.nfkc().filter(|c| *c == '@').count();
    let (local, domain) = composed.split_once('@').ok_or(EmailProblem::AtSign)?;
    if looks_like_at != 1 || local.is_empty() || domain.is_empty() {
        return Err(EmailProblem::AtSign);
    }
    local::check(local)?;
    let domain = domain::canonical(domain)?;
    let lower: String = local.to_lowercase().nfc().collect();
    let canonical =
        CanonicalEmail { display: format!("{local}@{domain}"), key: format!("{lower}@{domain}") };
    if canonical.display.len() > MAX_EMAIL || canonical.key.len() > MAX_EMAIL {
        return Err(EmailProblem::TooLong);
    }
    // Lower-casing can make a text that has another form still; such a text has no safe form.
    local::check(&lower)?;
    Ok(canonical)
}

#[cfg(test)]
mod tests;
