//! The outer form of a signed JWT (RFC 7515, RFC 7519): caps, three segments, and the header fields
//! that choose the key. Nothing read here is verified, and the body is not read at all.
//!
//! Verification is `vault`'s.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// Longest token in bytes (16 KiB).
pub const MAX_TOKEN: usize = 16 * 1024;
/// Longest encoded header in bytes.
pub const MAX_HEADER: usize = 2048;

/// The header fields that choose the key. `jku`, `x5u`, `x5c` and `jwk` are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Signature algorithm as claimed; never `none`.
    pub alg: String,
    /// Key identifier, if there is one.
    pub kid: Option<String>,
    /// Token type as claimed, if there is one.
    pub typ: Option<String>,
}

/// Why a text is not a signed JWT that we would look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtProblem {
    /// Longer than [`MAX_TOKEN`], or its header than [`MAX_HEADER`].
    #[error("the token is too long")]
    TooLong,
    /// Not three non-empty base64url segments.
    #[error("the token is not three base64url segments")]
    Form,
    /// The header is not a JSON object with a text `alg`.
    #[error("the header of the token cannot be read")]
    Header,
    /// The algorithm is `none`, in whatever case.
    #[error("the token is not signed")]
    Unsigned,
    /// The header demands extensions (RFC 7515 §4.1.11); we understand none.
    #[error("the token demands an extension that is not offered here")]
    Critical,
}

#[derive(Deserialize)]
struct RawHeader {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<serde_json::Value>,
    b64: Option<serde_json::Value>,
}

/// Reads the header of a compact JWT without verifying anything. Costs little for any input:
/// length and segments are checked before anything is decoded. Errors: [`JwtProblem`].
pub fn split_unverified(token: &str) -> Result<Header, JwtProblem> {
    if token.len() > MAX_TOKEN {
        return Err(JwtProblem::TooLong);
    }
    let mut segments = token.split('.');
    let (Some(header), Some(body), Some(signature), None) =
        (segments.next(), segments.next(), segments.next(), segments.next())
    else {
        return Err(JwtProblem::Form);
    };
    let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let fine = |segment: &str| !segment.is_empty() && segment.bytes().all(base64url);
    if ![header, body, signature].into_iter().all(fine) {
        return Err(JwtProblem::Form);
    }
    read_header(header)
}

fn read_header(segment: &str) -> Result<Header, JwtProblem> {
    if segment.len() > MAX_HEADER {
        return Err(JwtProblem::TooLong);
    }
    let json = URL_SAFE_NO_PAD.decode(segment).map_err(|_| JwtProblem::Form)?;
    let raw: RawHeader = serde_json::from_slice(&json).map_err(|_| JwtProblem::Header)?;
    // RFC 8725 §3.2. // R36
    if raw.alg.eq_ignore_ascii_case("none") {
        return Err(JwtProblem::Unsigned);
    }
    // RFC 7515 §4.1.11, RFC 7797 §6.
    if raw.crit.is_some() || raw.b64.is_some() {
        return Err(JwtProblem::Critical);
    }
    Ok(Header { alg: raw.alg, kid: raw.kid, typ: raw.typ })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(header))
    }

    #[test]
    fn header_fields_are_read() {
        let header = split_unverified(&token(
            r#"{"typ":"at+jwt","alg":"ES256","kid":"k1","jku":"https://evil.test","jwk":{}}"#,
        ));
        let expected =
            Header { alg: "ES256".into(), kid: Some("k1".into()), typ: Some("at+jwt".into()) };
        assert_eq!(header, Ok(expected));
    }

    #[test]
    fn rfc8725_3_2_unsigned_tokens_are_refused() {
        for alg in ["none", "None", "nOnE", "NONE"] {
            let text = token(&format!(r#"{{"alg":"{alg}"}}"#));
            assert_eq!(split_unverified(&text), Err(JwtProblem::Unsigned));
        }
        let unsigned = format!("{}.e30.", URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#));
        assert_eq!(split_unverified(&unsigned), Err(JwtProblem::Form));
    }

    #[test]
    fn rfc7515_7_1_only_the_compact_form() {
        for bad in ["", ".", "..", "a.b", "a.b.c.d", "a.b.c.d.e", "a=.b.c", "a.b .c", "a.b.c\n"] {
            assert_eq!(split_unverified(bad), Err(JwtProblem::Form), "{bad:?}");
        }
        assert_eq!(split_unverified(&"a".repeat(MAX_TOKEN + 1)), Err(JwtProblem::TooLong));
        let wide = format!("{}.a.b", "a".repeat(MAX_HEADER + 1));
        assert_eq!(split_unverified(&wide), Err(JwtProblem::TooLong));
    }

    #[test]
    fn malformed_headers_are_refused() {
        for bad in
            ["[]", "{}", "null", "{", r#"{"alg":1}"#, r#"{"alg":"a","alg":"b"}"#, "\"ES256\""]
        {
            assert_eq!(split_unverified(&token(bad)), Err(JwtProblem::Header), "{bad}");
        }
        let nested = format!(r#"{{"alg":"ES256","crit":{}1{}}}"#, "[".repeat(700), "]".repeat(700));
        assert_eq!(split_unverified(&token(&nested)), Err(JwtProblem::Header));
    }

    #[test]
    fn rfc7515_4_1_11_critical_extensions_are_refused() {
        let crit = token(r#"{"alg":"ES256","crit":["exp"],"exp":1}"#);
        assert_eq!(split_unverified(&crit), Err(JwtProblem::Critical));
        let detached = token(r#"{"alg":"ES256","b64":false}"#);
        assert_eq!(split_unverified(&detached), Err(JwtProblem::Critical));
    }
}
