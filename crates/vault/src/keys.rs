//! Signing keys: making them, reading them back, and their public half.
//!
//! Private keys are PKCS#8 DER, sealed by the callers where they rest. A [`SigningKey`] is parsed
//! once and shared; it also keeps the encoded token headers, which are the same for each type of
//! token. When a key is published, signs and retires is left to the callers; public keys of others
//! are in [`crate::jwk`].

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm as Jose, EncodingKey};
use parking_lot::RwLock;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::jwk::VerifyingKey;
use crate::provider::{self, Pair, SignerHandle};
use crate::random::{self, Random};

/// Headers kept per key: the types of token an installation signs are few constants.
const HEADERS: usize = 8;
/// Draws of a P-256 scalar before giving up; one in 2^32 is out of range.
const SCALAR_DRAWS: usize = 8;

/// The signature algorithms we sign with (RFC 7518 section 3.1, RFC 8037 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256; our keys have 2048 bits.
    Rs256,
    /// EdDSA on Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The name in `alg`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(crate) fn jose(self) -> Jose {
        match self {
            Self::Es256 => Jose::ES256,
            Self::Rs256 => Jose::RS256,
            Self::EdDsa => Jose::EdDSA,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = KeyError;

    /// Reads the exact name; names are case-sensitive (RFC 7515 section 4.1.1).
    fn from_str(name: &str) -> Result<Self, KeyError> {
        [Self::Es256, Self::Rs256, Self::EdDsa]
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
            .ok_or(KeyError::UnknownAlgorithm)
    }
}

/// Why a key cannot be made, read or used. Never holds key material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not one of [`Algorithm`].
    #[error("the algorithm is not one of ES256, RS256, EdDSA")]
    UnknownAlgorithm,
    /// The private key cannot be read, or is not for its algorithm.
    #[error("the private key cannot be read as a key of its algorithm")]
    Private,
    /// The public key cannot be used; the text says why.
    #[error("the public key cannot be used: {0}")]
    Public(&'static str),
    /// The generator failed.
    #[error("no key could be generated")]
    Generate,
    /// The claims cannot be written as JSON.
    #[error("the claims cannot be written as JSON")]
    Claims,
    /// The signature could not be made.
    #[error("the signature could not be made")]
    Sign,
}

/// A new private key as PKCS#8 DER, wiped when dropped. ES256 and EdDSA keys are drawn from
/// `random`; an RSA key (2048 bits, some 100 ms) comes from the system's generator.
///
/// # Errors
/// [`KeyError::Generate`] if the library refuses, which a sound generator never causes.
pub fn generate(alg: Algorithm, random: &dyn Random) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let document = match alg {
        Algorithm::Es256 => generate_p256(random)?.to_pkcs8v1(),
        Algorithm::EdDsa => {
            let seed = random::bytes::<32>(random);
            let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice());
            pair.map_err(|_| KeyError::Generate)?.to_pkcs8()
        }
        Algorithm::Rs256 => return generate_rsa(),
    };
    let document = document.map_err(|_| KeyError::Generate)?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

fn generate_rsa() -> Result<Zeroizing<Vec<u8>>, KeyError> {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
    let der: Pkcs8V1Der<'static> = pair.as_der().map_err(|_| KeyError::Generate)?;
    Ok(Zeroizing::new(der.as_ref().to_vec()))
}

/// Draws a scalar until it is in range, which is uniform (FIPS 186-5 appendix A.2.2).
fn generate_p256(random: &dyn Random) -> Result<EcdsaKeyPair, KeyError> {
    // ECPrivateKey of RFC 5915 without its optional parts: SEQUENCE { INTEGER 1, OCTET STRING }.
    const SEC1: [u8; 7] = [0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20];
    for _ in 0..SCALAR_DRAWS {
        let scalar = random::bytes::<32>(random);
        let mut der = Zeroizing::new([0u8; 39]);
        der[..7].copy_from_slice(&SEC1);
        der[7..].copy_from_slice(scalar.as_slice());
        let alg = &ECDSA_P256_SHA256_FIXED_SIGNING;
        if let Ok(pair) = EcdsaKeyPair::from_private_key_der(alg, der.as_slice()) {
            return Ok(pair);
        }
    }
    Err(KeyError::Generate)
}

/// A private key ready to sign. Cheap to clone; the parsed key is dropped with the last clone.
#[derive(Clone)]
pub struct SigningKey {
    inner: Arc<Inner>,
}

struct Inner {
    kid: String,
    alg: Algorithm,
    pair: Arc<Pair>,
    encoding_key: EncodingKey,
    headers: RwLock<Vec<(Box<str>, Arc<str>)>>,
    _registered: SignerHandle,
}

impl SigningKey {
    /// Reads a private key in PKCS#8 DER.
    ///
    /// # Errors
    /// [`KeyError::Private`] if it is not a sound key of that algorithm.
    pub fn parse(kid: &str, alg: Algorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = Arc::new(parse_pair(alg, pkcs8).ok_or(KeyError::Private)?);
        let registered = provider::register_signer(pair.clone());
        let handle = registered.as_bytes();
        let encoding_key = match alg {
            Algorithm::Es256 => EncodingKey::from_ec_der(&handle),
            Algorithm::Rs256 => EncodingKey::from_rsa_der(&handle),
            Algorithm::EdDsa => EncodingKey::from_ed_der(&handle),
        };
        let headers = RwLock::default();
        let kid = kid.to_owned();
        let inner = Inner { kid, alg, pair, encoding_key, headers, _registered: registered };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The name of the key, as in the `kid` of tokens and of the public key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.inner.kid
    }

    /// The one algorithm this key signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.inner.alg
    }

    /// The public key (RFC 7517): public members only, with `use`, `alg` and `kid`.
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        let (kid, alg) = (self.kid(), self.algorithm().as_str());
        let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &*self.inner.pair {
            Pair::Es256(pair) => {
                // Uncompressed point: 4, x, y (SEC 1 section 2.3.3).
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
                json!({"kty": "EC", "use": "sig", "alg": alg, "kid": kid, "crv": "P-256",
                    "x": b64(x), "y": b64(y)})
            }
            Pair::Rs256(pair) => {
                let public = pair.public_key();
                let n = public.modulus().big_endian_without_leading_zero();
                let e = public.exponent().big_endian_without_leading_zero();
                json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid,
                    "n": b64(n), "e": b64(e)})
            }
            Pair::EdDsa(pair) => {
                json!({"kty": "OKP", "use": "sig", "alg": alg, "kid": kid, "crv": "Ed25519",
                    "x": b64(pair.public_key().as_ref())})
            }
        }
    }

    /// The public half, ready to verify.
    ///
    /// # Errors
    /// [`KeyError::Public`] if the library refuses its own public key.
    pub fn verifying_key(&self) -> Result<VerifyingKey, KeyError> {
        VerifyingKey::from_jwk(&self.public_jwk())
    }

    pub(crate) fn encoding_key(&self) -> &EncodingKey {
        &self.inner.encoding_key
    }

    /// The encoded header for tokens of that type, made once.
    pub(crate) fn header(&self, typ: &str) -> Arc<str> {
        if let Some((_, header)) = self.inner.headers.read().iter().find(|(t, _)| &**t == typ) {
            return header.clone();
        }
        let header = json!({"typ": typ, "alg": self.algorithm().as_str(), "kid": self.kid()});
        let header: Arc<str> = URL_SAFE_NO_PAD.encode(header.to_string()).into();
        let mut headers = self.inner.headers.write();
        let is_new = headers.iter().all(|(known, _)| &**known != typ);
        if is_new && headers.len() < HEADERS {
            headers.push((typ.into(), header.clone()));
        }
        header
    }

    #[cfg(test)]
    pub(crate) fn handle(&self) -> [u8; 8] {
        self.inner._registered.as_bytes()
    }

    #[cfg(test)]
    pub(crate) fn kept_headers(&self) -> usize {
        self.inner.headers.read().len()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.kid(), self.algorithm())
    }
}

fn parse_pair(alg: Algorithm, pkcs8: &[u8]) -> Option<Pair> {
    match alg {
        Algorithm::Es256 => {
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok().map(Pair::Es256)
        }
        Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8)
            .ok()
            .filter(|pair| pair.public_modulus_len() >= 256)
            .map(Pair::Rs256),
        Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).ok().map(Pair::EdDsa),
    }
}
