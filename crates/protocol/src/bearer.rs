//! Finds the bearer token of a request (RFC 6750 §2): in the `Authorization` header, or in a form
//! body where the endpoint reads one. Never in a query.
//!
//! What the token is worth is decided in `vault` and `issuer`.

use crate::error::{ErrorCode, OauthError};
use crate::form::Params;

/// Longest token in bytes (16 KiB).
pub const MAX_TOKEN: usize = 16 * 1024;

/// The token of an `Authorization: Bearer` header; `None` without header or with another scheme.
/// Errors: `invalid_request` if the token is missing, `invalid_token` if it is malformed or
/// longer than [`MAX_TOKEN`].
pub fn from_header(header: Option<&str>) -> Result<Option<&str>, OauthError> {
    let Some(header) = header else { return Ok(None) };
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    // RFC 9110 §11.1: the scheme is case-insensitive.
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    let token = token.trim_matches(' ');
    if token.is_empty() {
        return Err(OauthError::invalid_request("the Authorization header holds no token"));
    }
    check(token).map(Some)
}

/// The token of the header or of the `access_token` member of a form body (RFC 6750 §2.2).
/// Errors: as [`from_header`], and `invalid_request` if both are there.
pub fn from_header_or_form<'a>(
    header: Option<&'a str>,
    form: &'a Params,
) -> Result<Option<&'a str>, OauthError> {
    match (from_header(header)?, form.get("access_token")) {
        // RFC 6750 §2: MUST NOT use more than one method.
        (Some(_), Some(_)) => Err(OauthError::invalid_request("two access tokens in one request")),
        (Some(token), None) => Ok(Some(token)),
        (None, Some(token)) => check(token).map(Some),
        (None, None) => Ok(None),
    }
}

// RFC 6750 §2.1: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
fn check(token: &str) -> Result<&str, OauthError> {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    let body = token.trim_end_matches('=');
    if token.len() > MAX_TOKEN || body.is_empty() || !body.bytes().all(inner) {
        return Err(OauthError::new(ErrorCode::InvalidToken, "the access token is malformed"));
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc6750_2_1_header_form() {
        let read = |header| from_header(Some(header)).map_err(|error| error.code);
        assert_eq!(from_header(None), Ok(None));
        for fine in ["Bearer a.b-c_d~e+f/g==", "bearer x", "BEARER x", "Bearer   x  "] {
            assert!(matches!(read(fine), Ok(Some(_))), "{fine}");
        }
        for other in ["Basic eDp5", "DPoP x", "Bearerx", "", "Bearer\tx", "x"] {
            assert_eq!(read(other), Ok(None), "{other}");
        }
        assert_eq!(read("Bearer"), Err(ErrorCode::InvalidRequest));
        assert_eq!(read("Bearer  "), Err(ErrorCode::InvalidRequest));
        for bad in
            ["Bearer a b", "Bearer a,b", "Bearer \"a\"", "Bearer =", "Bearer a=b", "Bearer \u{e9}"]
        {
            assert_eq!(read(bad), Err(ErrorCode::InvalidToken), "{bad}");
        }
        let longest = format!("Bearer {}", "a".repeat(MAX_TOKEN));
        assert!(read(&longest).is_ok());
        let long = format!("Bearer {}", "a".repeat(MAX_TOKEN + 1));
        assert_eq!(read(&long), Err(ErrorCode::InvalidToken));
    }

    #[test]
    fn rfc6750_2_2_form_body_and_one_method_only() {
        let form = Params::parse(b"access_token=abc").unwrap();
        let empty = Params::default();
        assert_eq!(from_header_or_form(None, &form), Ok(Some("abc")));
        assert_eq!(from_header_or_form(Some("Bearer x"), &empty), Ok(Some("x")));
        assert_eq!(from_header_or_form(None, &empty), Ok(None));
        let both = from_header_or_form(Some("Bearer x"), &form).unwrap_err();
        assert_eq!(both.code, ErrorCode::InvalidRequest);
        let bad = Params::parse(b"access_token=a%20b").unwrap();
        assert_eq!(from_header_or_form(None, &bad).unwrap_err().code, ErrorCode::InvalidToken);
    }
}
