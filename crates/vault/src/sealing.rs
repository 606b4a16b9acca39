//! Sealing: values that travel through browsers or rest in the database, readable by us alone.
//!
//! AES-256-GCM-SIV (RFC 8452) under a key of its own for each master, purpose, tenant and day, so
//! that no value opens for another tenant or purpose. Layout: version 1, length of kid, kid, day
//! (u32), nonce (12 bytes), ciphertext, tag (16 bytes); every byte of it is authenticated. What is
//! inside, how long it counts and whether it was used before is left to the callers.

mod purpose;

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::{Zeroize, Zeroizing};

use crate::cache::BoundedCache;
use crate::masters::{MAX_KID, Master, Masters};
pub use crate::vault::Vault;
use crate::vault::derive;
pub use purpose::Purpose;

const VERSION: u8 = 1;
const TAG_LEN: usize = 16;
const DAY_SECONDS: i64 = 86_400;
/// Half the number of derived keys kept: the tenants, purposes and days in use on this node.
const DERIVED_KEYS: usize = 4096;

/// Why a sealed value does not open. For logs: a browser is told no more than "unknown".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not a value of this format: cut, foreign, or of a newer version.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed under a master key that is not in the list.
    #[error("sealed under a master key that is not in the list")]
    UnknownMaster,
    /// Changed, or sealed for another purpose, tenant or associated data.
    #[error("the sealed value is not authentic here")]
    Forged,
}

impl Vault {
    /// Seals `plain` for purpose, tenant and `extra` (associated data, not contained), under the
    /// master that is current at `now_s` (seconds since 1970 UTC). Adds at most 42 bytes.
    ///
    /// Should the cipher refuse, which it does for inputs of many gigabytes only, the answer is
    /// empty and never opens.
    #[must_use]
    pub fn seal(
        &self,
        p: Purpose,
        tenant: &str,
        extra: &[u8],
        now_s: i64,
        plain: &[u8],
    ) -> Vec<u8> {
        let ring = self.ring();
        let master = ring.masters.current(now_s);
        let day = u32::try_from(now_s.div_euclid(DAY_SECONDS)).unwrap_or(0);
        let mut nonce = [0u8; NONCE_LEN];
        self.random().fill(&mut nonce);
        let mut sealed = write_header(master.kid(), day, &nonce, plain.len());
        let start = sealed.len();
        let aad = Aad::from(associated_data(p, tenant, extra, &sealed));
        sealed.extend_from_slice(plain);
        let tag = ring.sealing_key(master, p, tenant, day).and_then(|key| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            key.seal_in_place_separate_tag(nonce, aad, &mut sealed[start..])
        });
        match tag {
            Ok(tag) => sealed.extend_from_slice(tag.as_ref()),
            Err(Unspecified) => sealed.zeroize(),
        }
        sealed
    }

    /// Opens what [`Vault::seal`] made for the same purpose, tenant and `extra`.
    ///
    /// # Errors
    /// [`OpenError`] for anything else, whichever byte was changed.
    pub fn open(
        &self,
        p: Purpose,
        tenant: &str,
        extra: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let parts = Parts::read(sealed).ok_or(OpenError::Malformed)?;
        let mut ring = self.ring();
        if ring.masters.get(parts.kid).is_none() && self.look_again() {
            ring = self.ring();
        }
        let master = ring.masters.get(parts.kid).ok_or(OpenError::UnknownMaster)?;
        let name = derivation_name(master, p, tenant, parts.day);
        let remembered = ring.keys.get(name.as_bytes());
        let is_new = remembered.is_none();
        let key = match remembered {
            Some(key) => key,
            None => derive_key(master, &name).map_err(|_| OpenError::Forged)?,
        };
        let aad = Aad::from(associated_data(p, tenant, extra, parts.header));
        let nonce = Nonce::assume_unique_for_key(parts.nonce);
        let mut plain = vec![0u8; parts.text.len()];
        key.open_separate_gather(nonce, aad, parts.text, parts.tag, &mut plain)
            .map_err(|_| OpenError::Forged)?;
        if is_new {
            // Not before: forgeries with invented days must not push the good keys out.
            ring.keys.insert(name.as_bytes(), key);
        }
        Ok(plain)
    }

    /// As [`Vault::open`], for key material: the result is wiped when dropped.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_secret(
        &self,
        p: Purpose,
        tenant: &str,
        extra: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.open(p, tenant, extra, sealed).map(Zeroizing::new)
    }

    /// As [`Vault::seal`], in base64url without padding.
    #[must_use]
    pub fn seal_text(
        &self,
        p: Purpose,
        tenant: &str,
        extra: &[u8],
        now_s: i64,
        plain: &[u8],
    ) -> String {
        URL_SAFE_NO_PAD.encode(self.seal(p, tenant, extra, now_s, plain))
    }

    /// Opens what [`Vault::seal_text`] made. Only the canonical spelling is accepted.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_text(
        &self,
        p: Purpose,
        tenant: &str,
        extra: &[u8],
        text: &str,
    ) -> Result<Vec<u8>, OpenError> {
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| OpenError::Malformed)?;
        self.open(p, tenant, extra, &sealed)
    }

    /// The name of the master that sealed the value, unverified: for rotation and for messages.
    #[must_use]
    pub fn sealed_kid(sealed: &[u8]) -> Option<&str> {
        Parts::read(sealed).map(|parts| parts.kid)
    }
}

/// Masters together with what was derived from them, so that a reload cannot mix two lists.
pub(crate) struct Ring {
    masters: Arc<Masters>,
    keys: BoundedCache<LessSafeKey>,
}

impl Ring {
    pub(crate) fn new(masters: Masters) -> Self {
        Self { masters: Arc::new(masters), keys: BoundedCache::new(DERIVED_KEYS) }
    }

    pub(crate) fn masters(&self) -> Arc<Masters> {
        self.masters.clone()
    }

    fn sealing_key(
        &self,
        master: &Master,
        p: Purpose,
        tenant: &str,
        day: u32,
    ) -> Result<Arc<LessSafeKey>, Unspecified> {
        let name = derivation_name(master, p, tenant, day);
        if let Some(key) = self.keys.get(name.as_bytes()) {
            return Ok(key);
        }
        let key = derive_key(master, &name)?;
        self.keys.insert(name.as_bytes(), key.clone());
        Ok(key)
    }
}

/// Names one derived key: the kid, a space (which no kid contains), and the HKDF info.
fn derivation_name(master: &Master, p: Purpose, tenant: &str, day: u32) -> String {
    format!("{} tessera/v1/{}/{tenant}/{day}", master.kid(), p.as_str())
}

fn derive_key(master: &Master, name: &str) -> Result<Arc<LessSafeKey>, Unspecified> {
    // The kid only tells cache entries apart; the master's own bytes stand for it in the derivation.
    let info = name.split_once(' ').map_or(name, |(_, info)| info);
    let bytes = derive(master.key(), &[info])?;
    Ok(Arc::new(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, bytes.as_slice())?)))
}

fn write_header(kid: &str, day: u32, nonce: &[u8; NONCE_LEN], plain_len: usize) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(2 + MAX_KID + 4 + NONCE_LEN + plain_len + TAG_LEN);
    // A kid has at most MAX_KID bytes, so its length fits in one.
    sealed.extend_from_slice(&[VERSION, kid.len() as u8]);
    sealed.extend_from_slice(kid.as_bytes());
    sealed.extend_from_slice(&day.to_be_bytes());
    sealed.extend_from_slice(nonce);
    sealed
}

/// Purpose, tenant, extra and header, each but the last with its length before it.
fn associated_data(p: Purpose, tenant: &str, extra: &[u8], header: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(64 + tenant.len() + extra.len() + header.len());
    for part in [p.as_str().as_bytes(), tenant.as_bytes(), extra] {
        data.extend_from_slice(&(part.len() as u64).to_be_bytes());
        data.extend_from_slice(part);
    }
    data.extend_from_slice(header);
    data
}

/// A sealed value taken apart, nothing of it believed yet.
struct Parts<'a> {
    header: &'a [u8],
    kid: &'a str,
    day: u32,
    nonce: [u8; NONCE_LEN],
    text: &'a [u8],
    tag: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(sealed: &'a [u8]) -> Option<Self> {
        let (&[version, kid_len], rest) = sealed.split_first_chunk::<2>()?;
        let kid_len = usize::from(kid_len);
        if version != VERSION || !(1..=MAX_KID).contains(&kid_len) {
            return None;
        }
        let (kid, rest) = rest.split_at_checked(kid_len)?;
        let (day, rest) = rest.split_first_chunk::<4>()?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>()?;
        let (text, tag) = body.split_at_checked(body.len().checked_sub(TAG_LEN)?)?;
        let kid = std::str::from_utf8(kid).ok()?;
        let header = sealed.get(..sealed.len() - body.len())?;
        Some(Self { header, kid, day: u32::from_be_bytes(*day), nonce: *nonce, text, tag })
    }
}
