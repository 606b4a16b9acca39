//! Public keys as JSON Web Keys (RFC 7517), ours and those of others.
//!
//! Owns what a key must look like before it may verify anything: type, size, use, and no private
//! members. A key has exactly one algorithm, whatever a token says. Fetching and caching key sets
//! is left to the callers; checking tokens to [`crate::jwt`].

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

use crate::keys::{Algorithm, KeyError};
use crate::provider::{self, Public, VerifierHandle};

/// RSA moduli that are accepted, in bytes: 2048 to 8192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;
/// Members that only a private or symmetric key has (RFC 7518 section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key ready to verify. Cheap to clone; the parsed key is dropped with the last clone.
#[derive(Clone)]
pub struct VerifyingKey {
    inner: Arc<Inner>,
}

struct Inner {
    kid: String,
    alg: Algorithm,
    decoding_key: DecodingKey,
    _registered: VerifierHandle,
}

impl VerifyingKey {
    /// Reads a public key. `kid` is required; a missing `alg` follows from the type of key.
    ///
    /// # Errors
    /// [`KeyError::Public`] says what is wrong: unknown type or curve, too short, not on the curve,
    /// not for signatures, without `kid`, or with private members.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        check_use(jwk)?;
        let kid = member(jwk, "kid", "`kid` is missing")?.to_owned();
        let (alg, key) = match member(jwk, "kty", "`kty` is missing")? {
            "EC" => (Algorithm::Es256, parse_p256(jwk)?),
            "RSA" => (Algorithm::Rs256, parse_rsa(jwk)?),
            "OKP" => (Algorithm::EdDsa, parse_ed25519(jwk)?),
            _ => return Err(KeyError::Public("`kty` is not EC, RSA or OKP")),
        };
        check_alg(jwk, alg)?;
        let registered = provider::register_verifier(Public { algorithm: alg.jose(), key });
        let handle = registered.as_bytes();
        let decoding_key = match alg {
            Algorithm::Es256 => DecodingKey::from_ec_der(&handle),
            Algorithm::Rs256 => DecodingKey::from_rsa_der(&handle),
            Algorithm::EdDsa => DecodingKey::from_ed_der(&handle),
        };
        Ok(Self { inner: Arc::new(Inner { kid, alg, decoding_key, _registered: registered }) })
    }

    /// The name by which tokens refer to this key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.inner.kid
    }

    /// The one algorithm this key verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.inner.alg
    }

    pub(crate) fn decoding_key(&self) -> &DecodingKey {
        &self.inner.decoding_key
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({} {})", self.kid(), self.algorithm())
    }
}

fn check_use(jwk: &Value) -> Result<(), KeyError> {
    if PRIVATE_MEMBERS.iter().any(|name| jwk.get(name).is_some()) {
        return Err(KeyError::Public("it has private members and must count as leaked"));
    }
    // RFC 7517 sections 4.2 and 4.3
    if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
        return Err(KeyError::Public("`use` is not `sig`"));
    }
    let verifies =
        |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|o| o == "verify"));
    if jwk.get("key_ops").is_some_and(|ops| !verifies(ops)) {
        return Err(KeyError::Public("`key_ops` does not contain `verify`"));
    }
    Ok(())
}

fn check_alg(jwk: &Value, alg: Algorithm) -> Result<(), KeyError> {
    match jwk.get("alg").map(|name| Algorithm::from_str(name.as_str().unwrap_or_default())) {
        None => Ok(()),
        Some(Ok(named)) if named == alg => Ok(()),
        Some(_) => Err(KeyError::Public("`alg` is not ES256, RS256 or EdDSA as its type demands")),
    }
}

// RFC 7518 section 6.2.1: coordinates have their full length.
fn parse_p256(jwk: &Value) -> Result<ParsedPublicKey, KeyError> {
    if jwk.get("crv").is_none_or(|curve| curve != "P-256") {
        return Err(KeyError::Public("`crv` is not P-256"));
    }
    let (x, y) =
        (bytes(jwk, "x", "`x` is not base64url")?, bytes(jwk, "y", "`y` is not base64url")?);
    if x.len() != 32 || y.len() != 32 {
        return Err(KeyError::Public("`x` and `y` must have 32 bytes"));
    }
    let point = [&[4u8][..], &x, &y].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .map_err(|_| KeyError::Public("the point is not on the curve"))
}

// RFC 7518 sections 3.3 and 6.3.1: at least 2048 bits.
fn parse_rsa(jwk: &Value) -> Result<ParsedPublicKey, KeyError> {
    let (n, e) =
        (bytes(jwk, "n", "`n` is not base64url")?, bytes(jwk, "e", "`e` is not base64url")?);
    // Some implementations write the sign byte; it is not part of the number.
    let n = n.strip_prefix(&[0u8]).unwrap_or(&n);
    if n.first().is_none_or(|byte| *byte == 0) || !RSA_BYTES.contains(&n.len()) {
        return Err(KeyError::Public("the modulus must have 2048 to 8192 bits"));
    }
    if e.is_empty() || e.len() > 5 || e == [1] || e.last().is_some_and(|byte| byte % 2 == 0) {
        return Err(KeyError::Public("the exponent must be odd and between 3 and 33 bits long"));
    }
    RsaPublicKeyComponents { n, e: &e[..] }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| KeyError::Public("the RSA key is not sound"))
}

// RFC 8037 section 2
fn parse_ed25519(jwk: &Value) -> Result<ParsedPublicKey, KeyError> {
    if jwk.get("crv").is_none_or(|curve| curve != "Ed25519") {
        return Err(KeyError::Public("`crv` is not Ed25519"));
    }
    let x = bytes(jwk, "x", "`x` is not base64url")?;
    if x.len() != 32 {
        return Err(KeyError::Public("`x` must have 32 bytes"));
    }
    ParsedPublicKey::new(&ED25519, x).map_err(|_| KeyError::Public("the point is not on the curve"))
}

fn member<'a>(jwk: &'a Value, name: &str, problem: &'static str) -> Result<&'a str, KeyError> {
    jwk.get(name).and_then(Value::as_str).ok_or(KeyError::Public(problem))
}

fn bytes(jwk: &Value, name: &str, problem: &'static str) -> Result<Vec<u8>, KeyError> {
    let text = member(jwk, name, problem)?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Public(problem))
}
