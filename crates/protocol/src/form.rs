//! `application/x-www-form-urlencoded` bodies and query strings, read strictly: a name may come
//! once, every byte must decode, and everything is bounded. Also writes queries for redirects.
//!
//! Which names matter is the business of the module that reads them; unknown ones are kept and
//! ignored (RFC 6749 §3.1). HTTP methods and content types belong to the faces.

use crate::error::OauthError;

/// Most parameters in one request.
pub const MAX_PARAMETERS: usize = 64;
/// Most fields in a form of our own pages: a tenant has 200 roles at most to tick, or 50 fields of
/// its own beside the standard ones.
pub const MAX_FIELDS: usize = 512;
/// Longest decoded parameter name in bytes.
pub const MAX_NAME: usize = 128;
/// Longest raw query or body in bytes (64 KiB).
pub const MAX_TOTAL: usize = 64 * 1024;

/// Decoded parameters, each name at most once, in the order sent.
#[derive(Clone, Default)]
pub struct Params {
    entries: Vec<(String, String)>,
}

/// Why a query or body was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// This name came more than once.
    #[error("parameter sent more than once: {0}")]
    Duplicate(String),
    /// The bytes are not UTF-8 text. A NUL character counts as no text: not every database can
    /// hold one.
    #[error("request parameters are not UTF-8 text")]
    NotUtf8,
    /// More than [`MAX_PARAMETERS`] or [`MAX_FIELDS`], [`MAX_NAME`] or [`MAX_TOTAL`].
    #[error("request parameters are too many or too long")]
    TooLarge,
    /// A percent sign without two hexadecimal digits.
    #[error("a percent sign in the request is not followed by two hexadecimal digits")]
    BadEscape,
}

impl From<FormError> for OauthError {
    fn from(error: FormError) -> Self {
        OauthError::invalid_request(error.to_string())
    }
}

impl Params {
    /// Reads one raw query (without `?`) or body. Errors: [`FormError`].
    pub fn parse(raw: &[u8]) -> Result<Params, FormError> {
        Self::collect(&[raw], MAX_PARAMETERS)
    }

    /// Reads the body of a form of our own pages: up to [`MAX_FIELDS`]. Errors: [`FormError`].
    pub fn parse_form(raw: &[u8]) -> Result<Params, FormError> {
        Self::collect(&[raw], MAX_FIELDS)
    }

    /// Reads query and body as one set, so that a name split over both is a duplicate.
    pub fn parse_both(query: &[u8], body: &[u8]) -> Result<Params, FormError> {
        Self::collect(&[query, body], MAX_PARAMETERS)
    }

    fn collect(parts: &[&[u8]], most: usize) -> Result<Params, FormError> {
        if parts.iter().map(|part| part.len()).sum::<usize>() > MAX_TOTAL {
            return Err(FormError::TooLarge);
        }
        let mut params = Params::default();
        let pieces = parts.iter().flat_map(|part| part.split(|b| *b == b'&'));
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            let at = piece.iter().position(|b| *b == b'=');
            let (name, value) = match at {
                Some(at) => (&piece[..at], &piece[at + 1..]),
                None => (piece, &b""[..]),
            };
            params.push(decode(name)?, decode(value)?, most)?;
        }
        Ok(params)
    }

    fn push(&mut self, name: String, value: String, most: usize) -> Result<(), FormError> {
        if self.entries.len() == most || name.len() > MAX_NAME {
            return Err(FormError::TooLarge);
        }
        // RFC 6749 §3.1: parameters MUST NOT be included more than once. // R9
        if self.entries.iter().any(|(known, _)| *known == name) {
            return Err(FormError::Duplicate(name));
        }
        self.entries.push((name, value));
        Ok(())
    }

    /// The value of `name`; `None` if it was not sent or sent empty (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.entries.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether `name` was sent with a value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names that came with a value, in the order sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.as_str())
    }
}

impl std::fmt::Debug for Params {
    // Values may be codes and secrets: only names are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// Decodes one form component: `+` is a space, `%XX` a byte. Errors: [`FormError::BadEscape`],
/// [`FormError::NotUtf8`].
pub fn decode(raw: &[u8]) -> Result<String, FormError> {
    // Most values are spelled plainly.
    if !raw.iter().fold(false, |found, byte| found | matches!(byte, b'+' | b'%' | 0)) {
        return String::from_utf8(raw.to_vec()).map_err(|_| FormError::NotUtf8);
    }
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = hex(rest.next()).ok_or(FormError::BadEscape)?;
                high << 4 | hex(rest.next()).ok_or(FormError::BadEscape)?
            }
            other => *other,
        });
    }
    if bytes.contains(&0) {
        return Err(FormError::NotUtf8);
    }
    String::from_utf8(bytes).map_err(|_| FormError::NotUtf8)
}

fn hex(digit: Option<&u8>) -> Option<u8> {
    // Two steps of at most 15, so the cast cannot cut anything.
    char::from(*digit?).to_digit(16).map(|value| value as u8)
}

/// Encodes one component so that form and URI decoders agree: everything but unreserved
/// characters (RFC 3986 §2.3) becomes `%XX`.
pub fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

/// Adds parameters to the query of a URI that has no fragment. A query that is already there is
/// kept as it is (RFC 6749 §3.1.2).
pub fn append_query(uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut out = String::from(uri);
    for (name, value) in parameters {
        let joined = out.ends_with(['?', '&']);
        let separator = match out.contains('?') {
            _ if joined => "",
            true => "&",
            false => "?",
        };
        out.push_str(separator);
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(value));
    }
    out
}

#[cfg(test)]
mod tests;
