//! Signed tokens: JWS compact serialization (RFC 7515) of JWT claims (RFC 7519).
//!
//! Owns signing and the checks that hold for every token: algorithm, key, type, signature, issuer,
//! audience and times (RFC 8725). A token's header chooses among the keys it is verified with and
//! has no other say: `jku`, `x5u` and `jwk` are not read. What the claims mean is left to the
//! callers.

use std::borrow::Cow;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::jwk::VerifyingKey;
use crate::keys::{Algorithm, KeyError, SigningKey};
pub use crate::provider::install_crypto;

/// Longest token that is looked at, in bytes.
pub const MAX_TOKEN: usize = 16 * 1024;

/// Signs `claims` as a token of type `typ` (such as `at+jwt` or `JWT`).
///
/// # Errors
/// [`KeyError::Claims`] if they cannot be written as JSON, [`KeyError::Sign`] if signing fails.
pub fn sign<T: Serialize>(key: &SigningKey, typ: &str, claims: &T) -> Result<String, KeyError> {
    install_crypto();
    let header = key.header(typ);
    let claims = serde_json::to_vec(claims).map_err(|_| KeyError::Claims)?;
    // The longest of our signatures (RSA) takes 342 characters.
    let mut token = String::with_capacity(header.len() + claims.len().div_ceil(3) * 4 + 348);
    token.push_str(&header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
    let algorithm = key.algorithm().jose();
    let signature = jsonwebtoken::crypto::sign(token.as_bytes(), key.encoding_key(), algorithm)
        .map_err(|_| KeyError::Sign)?;
    token.push('.');
    token.push_str(&signature);
    Ok(token)
}

/// What a token must be to be accepted.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// Accepted types, compared without case and without `application/` (RFC 7515 section 4.1.9).
    /// The empty string stands for a token without `typ`.
    pub typ: &'a [&'a str],
    /// The exact `iss`.
    pub issuer: &'a str,
    /// A value that `aud` must be or contain; `None` leaves `aud` to the caller.
    pub audience: Option<&'a str>,
    /// The present, in seconds since 1970 UTC.
    pub now_s: i64,
    /// Accepts tokens whose `exp` has passed, as for `id_token_hint`; `exp` must still be there.
    pub allow_expired: bool,
    /// Tolerated difference between the clocks, in seconds.
    pub leeway_s: i64,
}

/// Why a token is refused. For logs: the sender is told no more than "invalid token".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Longer than [`MAX_TOKEN`].
    #[error("the token is too long")]
    TooLarge,
    /// Not three parts of base64url around JSON.
    #[error("not a signed token")]
    Malformed,
    /// The header marks extensions as critical, and we know none (RFC 7515 section 4.1.11).
    #[error("the token has critical headers")]
    Critical,
    /// The `typ` is another one or missing.
    #[error("the token is of another type")]
    Type,
    /// `alg` is not one of ours, or not that of the key.
    #[error("the token's algorithm is not that of its key")]
    Algorithm,
    /// No key has the token's `kid`, or it has none.
    #[error("no key has the token's kid")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// A registered claim is missing or of the wrong type; the text names it.
    #[error("the claim `{0}` is missing or malformed")]
    Claim(&'static str),
    /// Another issuer.
    #[error("the token is of another issuer")]
    Issuer,
    /// Another audience.
    #[error("the token is for another audience")]
    Audience,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` is in the future.
    #[error("the token is from the future")]
    NotYetValid,
    /// The claims do not fit the type asked for.
    #[error("the claims are not those of such a token")]
    Claims,
}

/// Checks a token and returns its claims. The key is the one with the token's `kid`.
///
/// # Errors
/// [`JwtError`] names the first check that failed.
pub fn verify<T: DeserializeOwned>(
    keys: &[VerifyingKey],
    token: &str,
    expect: Expect<'_>,
) -> Result<T, JwtError> {
    verify_by(keys, token, expect, find_key)
}

/// Checks a token that somebody else signed. Their tokens may go without `kid` (OpenID Connect
/// Core section 10.1); then the key is the only one with the token's algorithm.
///
/// # Errors
/// As [`verify`].
pub fn verify_foreign<T: DeserializeOwned>(
    keys: &[VerifyingKey],
    token: &str,
    expect: Expect<'_>,
) -> Result<T, JwtError> {
    verify_by(keys, token, expect, |keys, header| match header.kid {
        Some(_) => find_key(keys, header),
        None => only_key(keys, header),
    })
}

fn verify_by<T: DeserializeOwned>(
    keys: &[VerifyingKey],
    token: &str,
    expect: Expect<'_>,
    choose: impl for<'k> Fn(&'k [VerifyingKey], &Header<'_>) -> Result<&'k VerifyingKey, JwtError>,
) -> Result<T, JwtError> {
    install_crypto();
    if token.len() > MAX_TOKEN {
        return Err(JwtError::TooLarge);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(JwtError::Malformed)?;
    // A further dot is no base64url, so there are three parts exactly.
    let header = decode_object(header)?;
    let header: Header<'_> = serde_json::from_slice(&header).map_err(|_| JwtError::Malformed)?;
    let payload = decode_object(payload)?;
    check_header(&header, expect.typ)?;
    let key = choose(keys, &header)?;
    let algorithm = key.algorithm().jose();
    match jsonwebtoken::crypto::verify(signature, message.as_bytes(), key.decoding_key(), algorithm)
    {
        Ok(true) => {}
        Ok(false) | Err(_) => return Err(JwtError::Signature),
    }
    let claims: Registered = serde_json::from_slice(&payload).map_err(|_| JwtError::Malformed)?;
    check_issuer(&claims, expect.issuer)?;
    check_audience(&claims, expect.audience)?;
    check_times(&claims, &expect)?;
    serde_json::from_slice(&payload).map_err(|_| JwtError::Claims)
}

/// The members of a header that we read; a member that comes twice is an error.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow)]
    kid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    typ: Option<Cow<'a, str>>,
    crit: Option<IgnoredAny>,
}

/// The claims that are checked for every token; a claim that comes twice is an error.
#[derive(Deserialize)]
struct Registered {
    iss: Option<Value>,
    aud: Option<Value>,
    exp: Option<Value>,
    nbf: Option<Value>,
    iat: Option<Value>,
}

/// The bytes of a part, which must be a JSON object: serde would also fill a struct from an array.
fn decode_object(part: &str) -> Result<Vec<u8>, JwtError> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Malformed)?;
    if json.trim_ascii_start().starts_with(b"{") { Ok(json) } else { Err(JwtError::Malformed) }
}

fn check_header(header: &Header<'_>, accepted: &[&str]) -> Result<(), JwtError> {
    if header.crit.is_some() {
        return Err(JwtError::Critical);
    }
    let typ = bare_type(header.typ.as_deref().unwrap_or_default());
    if accepted.iter().any(|name| bare_type(name).eq_ignore_ascii_case(typ)) {
        return Ok(());
    }
    Err(JwtError::Type)
}

/// A media type without `application/`, which is implied unless there is another slash.
fn bare_type(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

// RFC 8725 section 3.1: the algorithm is that of the key, never that of the token.
fn find_key<'k>(
    keys: &'k [VerifyingKey],
    header: &Header<'_>,
) -> Result<&'k VerifyingKey, JwtError> {
    let alg = Algorithm::from_str(&header.alg).map_err(|_| JwtError::Algorithm)?;
    let kid = header.kid.as_deref().ok_or(JwtError::UnknownKey)?;
    let mut named = keys.iter().filter(|key| key.kid() == kid).peekable();
    if named.peek().is_none() {
        return Err(JwtError::UnknownKey);
    }
    named.find(|key| key.algorithm() == alg).ok_or(JwtError::Algorithm)
}

fn only_key<'k>(
    keys: &'k [VerifyingKey],
    header: &Header<'_>,
) -> Result<&'k VerifyingKey, JwtError> {
    let alg = Algorithm::from_str(&header.alg).map_err(|_| JwtError::Algorithm)?;
    let mut fitting = keys.iter().filter(|key| key.algorithm() == alg);
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(JwtError::UnknownKey),
    }
}

fn check_issuer(claims: &Registered, issuer: &str) -> Result<(), JwtError> {
    match &claims.iss {
        Some(Value::String(found)) if found == issuer => Ok(()),
        Some(Value::String(_)) => Err(JwtError::Issuer),
        _ => Err(JwtError::Claim("iss")),
    }
}

fn check_audience(claims: &Registered, audience: Option<&str>) -> Result<(), JwtError> {
    let Some(audience) = audience else { return Ok(()) };
    // RFC 7519 section 4.1.3
    let meant = match &claims.aud {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(many)) if many.iter().all(Value::is_string) => {
            many.iter().any(|one| one == audience)
        }
        _ => return Err(JwtError::Claim("aud")),
    };
    if meant { Ok(()) } else { Err(JwtError::Audience) }
}

fn check_times(claims: &Registered, expect: &Expect<'_>) -> Result<(), JwtError> {
    // RFC 7519 sections 4.1.4 to 4.1.6
    let exp = claims.exp.as_ref().ok_or(JwtError::Claim("exp"))?;
    let exp = seconds(exp).ok_or(JwtError::Claim("exp"))?;
    if !expect.allow_expired && expect.now_s >= exp.saturating_add(expect.leeway_s) {
        return Err(JwtError::Expired);
    }
    let latest = expect.now_s.saturating_add(expect.leeway_s);
    for (name, claim) in [("nbf", &claims.nbf), ("iat", &claims.iat)] {
        let Some(claim) = claim else { continue };
        if seconds(claim).ok_or(JwtError::Claim(name))? > latest {
            return Err(JwtError::NotYetValid);
        }
    }
    Ok(())
}

/// A NumericDate; fractions are cut off, as the clocks are no better than a second.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
}
