//! Reads JSON Web Tokens without trusting them, and builds forged ones. Whether signatures hold
//! is asked by the unmodified client libraries of tests/interop; here `verify` compares against
//! a published key set through the same crate the server signs with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The header of a token.
///
/// # Panics
/// When it is no JWT.
#[track_caller]
pub fn header(token: &str) -> Value {
    part(token, 0)
}

/// The claims of a token.
///
/// # Panics
/// When it is no JWT.
#[track_caller]
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

#[track_caller]
fn part(token: &str, index: usize) -> Value {
    let segment = token.split('.').nth(index).unwrap_or_else(|| panic!("no JWT: {token}"));
    let bytes = URL_SAFE_NO_PAD.decode(segment).unwrap_or_else(|e| panic!("no JWT: {e}: {token}"));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("no JWT: {e}: {token}"))
}

/// A token with this header and these claims, and a signature that is only bytes.
pub fn forge(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), URL_SAFE_NO_PAD.encode(signature))
}

/// The same token with other claims under the old signature.
///
/// # Panics
/// When it is no JWT.
pub fn tamper(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims(token);
    change(&mut claims);
    let mut parts = token.split('.');
    let (head, _, signature) = (parts.next(), parts.next(), parts.next());
    let body = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("{}.{body}.{}", head.unwrap_or_default(), signature.unwrap_or_default())
}
