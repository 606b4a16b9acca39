//! Secrets that leave this installation as text: how they look, and what is kept of them.
//!
//! Owns the spelling of client secrets, session tokens, one-time link tokens and form tokens, and
//! the hash by which each is found again; the text itself is shown once and never stored. Lifetimes,
//! single use and rows are left to the callers; refresh tokens have [`crate::refresh`].

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::random;
use crate::vault::Vault;

/// Prefix of a client secret, by which leak scanners know it.
pub const CLIENT_SECRET_PREFIX: &str = "ts_";
/// Prefix of a one-time link token.
pub const LINK_TOKEN_PREFIX: &str = "ln_";
/// Number of first characters of a client secret that may be shown later.
const HINT_LEN: usize = 7;

/// A text that is wiped when dropped and never appears in `Debug` output.
#[derive(Clone, Default)]
pub struct SecretString(Zeroizing<String>);

impl SecretString {
    /// Takes the text over without copying it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Every call is a place where a secret may leak: keep them few.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for SecretString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Compares in a time that depends on the lengths alone.
#[must_use]
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// A new client secret of 256 bits (`ts_` and 43 characters), and its first seven characters by
/// which an admin tells secrets apart.
#[must_use]
pub fn new_client_secret(vault: &Vault) -> (SecretString, String) {
    let secret = new_token(vault, CLIENT_SECRET_PREFIX);
    let hint = secret.expose().chars().take(HINT_LEN).collect();
    (secret, hint)
}

/// What is stored of a client secret: a keyed hash, bound to the tenant. A fast one is enough for
/// 256 random bits, and it is computed for every request of the client.
#[must_use]
pub fn hash_client_secret(vault: &Vault, tenant: &str, secret: &str) -> [u8; 32] {
    vault.lookup_mac("client-secret", &[tenant.as_bytes(), secret.as_bytes()])
}

/// A new value for a session cookie: 256 bits in 43 characters.
#[must_use]
pub fn new_session_token(vault: &Vault) -> SecretString {
    new_token(vault, "")
}

/// What is stored of a session token: its SHA-256.
#[must_use]
pub fn session_token_hash(token: &str) -> [u8; 32] {
    sha256(token)
}

/// A new token for a one-time link: `ln_` and 256 bits in 43 characters.
#[must_use]
pub fn new_link_token(vault: &Vault) -> SecretString {
    new_token(vault, LINK_TOKEN_PREFIX)
}

/// What is stored of a link token: its SHA-256.
#[must_use]
pub fn link_token_hash(token: &str) -> [u8; 32] {
    sha256(token)
}

/// A form token for the given parts, such as session and form: 43 characters. Compare with
/// [`ct_eq`].
#[must_use]
pub fn csrf_token(vault: &Vault, parts: &[&[u8]]) -> String {
    URL_SAFE_NO_PAD.encode(vault.lookup_mac("csrf", parts))
}

/// A short name for public bytes, such as an entity tag: 128 bits of their SHA-256 in 22 characters.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, bytes).as_ref()[..16])
}

fn new_token(vault: &Vault, prefix: &str) -> SecretString {
    let secret = random::bytes::<32>(vault.random());
    // Room from the start: growing would leave a copy behind.
    let mut text = String::with_capacity(prefix.len() + 44);
    text.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(secret.as_slice(), &mut text);
    SecretString::new(text)
}

fn sha256(text: &str) -> [u8; 32] {
    let mut hash = [0u8; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}
