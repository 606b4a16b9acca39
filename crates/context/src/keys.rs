//! The signing keys of a tenant as a node uses them. Nodes choose by time, never by message, so a
//! JWKS never lags behind a signature: a key is published before it signs and stays published
//! until what it signed has expired.

use std::sync::Arc;

use store::signing_keys::SigningKeyRow;
use store::{Error, Timestamp};
use vault::{Algorithm, Purpose, SigningKey, Vault, VerifyingKey};

struct Entry {
    key: Arc<SigningKey>,
    publish_at: Timestamp,
    sign_from: Timestamp,
    retire_at: Option<Timestamp>,
}

/// The opened keys of a tenant.
pub struct KeySet {
    entries: Vec<Entry>,
    verifying: Vec<VerifyingKey>,
    jwks: String,
    /// The next moment at which something about the set changes.
    pub(crate) changes_at: Option<Timestamp>,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.entries.len()).finish()
    }
}

impl KeySet {
    /// Opens the keys of a tenant as they are at `now`.
    ///
    /// # Errors
    /// [`Error::Internal`] when a key cannot be opened: the master key that sealed it is missing.
    pub fn open(vault: &Vault, rows: &[SigningKeyRow], now: Timestamp) -> Result<KeySet, Error> {
        let mut entries = Vec::new();
        let mut verifying = Vec::new();
        let mut published = Vec::new();
        for row in rows {
            if row.retire_at.is_some_and(|at| at <= now) {
                continue;
            }
            let jwk: serde_json::Value = serde_json::from_str(&row.public_jwk)
                .map_err(|e| Error::Internal(format!("key {}: {e}", row.id)))?;
            verifying.push(
                VerifyingKey::from_jwk(&jwk)
                    .map_err(|e| Error::Internal(format!("key {}: {e}", row.id)))?,
            );
            if row.publish_at <= now {
                published.push(jwk);
            }
            entries.push(open_entry(vault, row)?);
        }
        let changes_at = boundaries(&entries).filter(|at| *at > now).min();
        let jwks = serde_json::json!({ "keys": published }).to_string();
        Ok(KeySet { entries, verifying, jwks, changes_at })
    }

    /// The key that signs with this algorithm now: the newest whose time has come, or, when the
    /// tenant's first key of it has only just been made, that one.
    pub fn signing_key(&self, algorithm: Algorithm, now: Timestamp) -> Option<Arc<SigningKey>> {
        let usable = || {
            self.entries.iter().filter(|e| e.key.algorithm() == algorithm && e.publish_at <= now)
        };
        usable()
            .filter(|e| e.sign_from <= now)
            .max_by_key(|e| e.sign_from)
            .or_else(|| usable().min_by_key(|e| e.sign_from))
            .map(|e| Arc::clone(&e.key))
    }

    /// Every key a token of this tenant may have been signed with.
    pub fn verifying(&self) -> &[VerifyingKey] {
        &self.verifying
    }

    /// The JWKS document (RFC 7517 §5).
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Roughly how many bytes it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.entries
            .iter()
            .map(|e| if e.key.algorithm() == Algorithm::Rs256 { 4096 } else { 1024 })
            .sum::<usize>()
            + self.jwks.len()
    }
}

fn open_entry(vault: &Vault, row: &SigningKeyRow) -> Result<Entry, Error> {
    let broken = |why: String| Error::Internal(format!("key {}: {why}", row.id));
    let algorithm: Algorithm =
        row.algorithm.parse().map_err(|_| broken("unknown algorithm".into()))?;
    let pkcs8 = vault
        .open_secret(
            Purpose::SigningKey,
            row.tenant.as_str(),
            row.id.as_str().as_bytes(),
            &row.sealed,
        )
        .map_err(|e| broken(e.to_string()))?;
    let key =
        SigningKey::parse(row.id.as_str(), algorithm, &pkcs8).map_err(|e| broken(e.to_string()))?;
    Ok(Entry {
        key: Arc::new(key),
        publish_at: row.publish_at,
        sign_from: row.sign_from,
        retire_at: row.retire_at,
    })
}

fn boundaries(entries: &[Entry]) -> impl Iterator<Item = Timestamp> + '_ {
    entries
        .iter()
        .flat_map(|e| [Some(e.publish_at), Some(e.sign_from), e.retire_at].into_iter().flatten())
}
