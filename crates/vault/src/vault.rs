//! The vault of one installation: masters, installation key and randomness behind one handle.
//!
//! Owns replacing the masters while running and the keyed hashes by which rows are found without
//! storing what they were found by. How values are sealed is in [`crate::sealing`]; where the
//! installation key rests between starts is left to the callers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};
use parking_lot::{Mutex, RwLock};
use zeroize::Zeroizing;

use crate::masters::Masters;
use crate::random::{self, Random};
use crate::sealing::Ring;

/// Most lookup keys kept; labels are constants of the code.
const LOOKUP_KEYS: usize = 64;

/// How often an unknown master makes us look for new ones at most: anybody can invent its name.
const LOOK_EVERY: Duration = Duration::from_millis(500);

type Finder = Box<dyn Fn() -> Option<Masters> + Send + Sync>;

/// The sealing keys and the randomness of one installation. Cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    ring: RwLock<Arc<Ring>>,
    lookups: RwLock<Lookups>,
    random: Arc<dyn Random>,
    finder: RwLock<Option<Finder>>,
    looked: Mutex<Option<Instant>>,
}

/// The installation key and the keys made of it, by label.
struct Lookups {
    key: Zeroizing<[u8; 32]>,
    made: Vec<(Box<str>, hmac::Key)>,
}

impl Vault {
    /// A vault over `masters`. Until [`Vault::set_installation_key`] is called, lookups are hashed
    /// under a random key: then nothing matches, rather than anything under a known key.
    #[must_use]
    pub fn new(masters: Masters, random: Arc<dyn Random>) -> Self {
        let lookups = Lookups::new(random::bytes(random.as_ref()));
        let ring = RwLock::new(Arc::new(Ring::new(masters)));
        let lookups = RwLock::new(lookups);
        let (finder, looked) = (RwLock::new(None), Mutex::new(None));
        Self { inner: Arc::new(Inner { ring, lookups, random, finder, looked }) }
    }

    /// Replaces the masters, for instance after their file has changed.
    pub fn reload(&self, masters: Masters) {
        *self.inner.ring.write() = Arc::new(Ring::new(masters));
    }

    /// Where to look when a value names a master that is not known: another node may have begun to
    /// use one that this node has not read yet.
    pub fn find_masters_with(&self, finder: impl Fn() -> Option<Masters> + Send + Sync + 'static) {
        *self.inner.finder.write() = Some(Box::new(finder));
    }

    /// Looks for new masters, not more often than [`LOOK_EVERY`]; whether there is something new.
    pub(crate) fn look_again(&self) -> bool {
        let mut looked = self.inner.looked.lock();
        if looked.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return false;
        }
        *looked = Some(Instant::now());
        let found = self.inner.finder.read().as_ref().and_then(|finder| finder());
        let is_new = found.is_some();
        found.into_iter().for_each(|masters| self.reload(masters));
        is_new
    }

    /// The masters in use.
    #[must_use]
    pub fn masters(&self) -> Arc<Masters> {
        self.ring().masters()
    }

    /// The randomness of this installation.
    #[must_use]
    pub fn random(&self) -> &dyn Random {
        self.inner.random.as_ref()
    }

    /// Sets the key under which all lookups are hashed from now on.
    pub fn set_installation_key(&self, key: [u8; 32]) {
        *self.inner.lookups.write() = Lookups::new(Zeroizing::new(key));
    }

    /// HMAC-SHA256 of `parts`, each with its length before it, under a key of its own for `label`
    /// (HKDF of the installation key). For finding rows by a secret or a personal value.
    #[must_use]
    pub fn lookup_mac(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        if let Some(key) = self.inner.lookups.read().find(label) {
            return mac_parts(key, parts);
        }
        let mut mac = [0u8; 32];
        match self.inner.lookups.write().make(label) {
            Ok(key) => mac = mac_parts(&key, parts),
            // HKDF cannot fail at this length; if it did, nothing may match.
            Err(Unspecified) => self.random().fill(&mut mac),
        }
        mac
    }

    pub(crate) fn ring(&self) -> Arc<Ring> {
        self.inner.ring.read().clone()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({:?})", self.masters().kids())
    }
}

impl Lookups {
    fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self { key, made: Vec::new() }
    }

    fn find(&self, label: &str) -> Option<&hmac::Key> {
        self.made.iter().find(|(known, _)| &**known == label).map(|(_, key)| key)
    }

    fn make(&mut self, label: &str) -> Result<hmac::Key, Unspecified> {
        if let Some(key) = self.find(label) {
            return Ok(key.clone());
        }
        let derived = derive(&self.key, &["tessera/v1/lookup/", label])?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, derived.as_slice());
        if self.made.len() < LOOKUP_KEYS {
            self.made.push((label.into(), key.clone()));
        }
        Ok(key)
    }
}

/// HMAC-SHA256 over `parts`, each with its length (u64, big endian) before it, so that no two lists
/// of parts have the same input.
pub(crate) fn mac_parts(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut mac = [0u8; 32];
    mac.copy_from_slice(context.sign().as_ref());
    mac
}

/// HKDF-SHA256 (RFC 5869) without salt: 32 bytes of `secret` for the joined `info`.
pub(crate) fn derive(secret: &[u8; 32], info: &[&str]) -> Result<Zeroizing<[u8; 32]>, Unspecified> {
    let info: Vec<&[u8]> = info.iter().map(|part| part.as_bytes()).collect();
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
    let mut key = Zeroizing::new([0u8; 32]);
    prk.expand(&info, hkdf::HKDF_SHA256)?.fill(key.as_mut())?;
    Ok(key)
}
