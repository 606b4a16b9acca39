//! The text of a refresh token: `rt_{grant}_{generation}_{mac}`.
//!
//! The MAC is HMAC-SHA256 under the grant's own random key, over tenant, grant and generation; so a
//! refresh token needs no row of its own. Owns the spelling, which has exactly one form per token.
//! Whether a generation is the current one, replayed or from the future is left to the issuer.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::secrets::ct_eq;
use crate::vault::mac_parts;

const PREFIX: &str = "rt_";
const GRANT_PREFIX: &str = "gra_";
const ID_LEN: usize = 26;
const MAC_TEXT_LEN: usize = 43;
/// No token of ours is longer; a longer text is not looked at.
const MAX_LEN: usize = PREFIX.len() + ID_LEN + 1 + 19 + 1 + MAC_TEXT_LEN;

/// A refresh token taken apart. Nothing of it is believed before [`RefreshToken::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The grant's id with its prefix (`gra_` and 26 characters).
    pub grant_id: String,
    /// How many times the grant was rotated before this token; never negative.
    pub generation: i64,
    mac: [u8; 32],
}

/// The refresh token of that generation (not negative) of a grant, under the grant's key.
#[must_use]
pub fn refresh_token(tenant: &str, grant_id: &str, generation: i64, key: &[u8; 32]) -> String {
    let id = grant_id.strip_prefix(GRANT_PREFIX).unwrap_or(grant_id);
    let mac = URL_SAFE_NO_PAD.encode(mac(tenant, id, generation, key));
    format!("{PREFIX}{id}_{generation}_{mac}")
}

impl RefreshToken {
    /// Takes a token apart; `None` for whatever [`refresh_token`] cannot have made.
    #[must_use]
    pub fn parse(token: &str) -> Option<Self> {
        if token.len() > MAX_LEN {
            return None;
        }
        // The MAC's alphabet contains `_`, so it is the rest and not a field.
        let mut fields = token.strip_prefix(PREFIX)?.splitn(3, '_');
        let (id, generation, text) = (fields.next()?, fields.next()?, fields.next()?);
        let mut mac = [0u8; 32];
        if text.len() != MAC_TEXT_LEN || URL_SAFE_NO_PAD.decode_slice(text, &mut mac) != Ok(32) {
            return None;
        }
        if id.len() != ID_LEN || !id.bytes().all(is_id_byte) {
            return None;
        }
        let generation = parse_generation(generation)?;
        Some(Self { grant_id: format!("{GRANT_PREFIX}{id}"), generation, mac })
    }

    /// Whether the token was made for this tenant under this grant's key. Takes constant time.
    #[must_use]
    pub fn verify(&self, tenant: &str, key: &[u8; 32]) -> bool {
        let id = self.grant_id.strip_prefix(GRANT_PREFIX).unwrap_or(&self.grant_id);
        ct_eq(&self.mac, &mac(tenant, id, self.generation, key))
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RefreshToken({} generation {} [secret])", self.grant_id, self.generation)
    }
}

fn mac(tenant: &str, id: &str, generation: i64, key: &[u8; 32]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let generation = generation.to_be_bytes();
    mac_parts(&key, &[b"tessera/v1/refresh", tenant.as_bytes(), id.as_bytes(), &generation])
}

/// Lower-case Crockford base32.
fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_digit()
        || (byte.is_ascii_lowercase() && !matches!(byte, b'i' | b'l' | b'o' | b'u'))
}

/// Decimal without sign or leading zeros.
fn parse_generation(text: &str) -> Option<i64> {
    let canonical = text == "0" || !text.starts_with('0');
    if !canonical || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
