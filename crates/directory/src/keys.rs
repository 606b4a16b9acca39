//! Signing keys of a tenant: making, rotating, retiring. A new key is published before it signs,
//! and an old one stays until what it signed has expired, so no verifier is ever left without it.

use context::Ctx;
use store::signing_keys::SigningKeyRow;
use store::{Error as StoreError, KeyId, TenantId, Timestamp, Tx};
use vault::{Algorithm, Purpose, SigningKey};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;

/// How long a new key is published before it signs, when others of its algorithm exist.
pub const PUBLISH_AHEAD_S: i64 = 600;
/// The same for the first key of an algorithm: long enough for every node to have seen it.
const FIRST_AHEAD_S: i64 = 2;
/// How long a key that signs no more stays published: the longest token and the caches of others.
pub const KEEP_AFTER_S: i64 = 86_400 + 3_600;

/// Makes a key, outside any write: it may take a tenth of a second.
pub(crate) fn make(
    ctx: &Ctx,
    tenant: &TenantId,
    algorithm: Algorithm,
    ahead_s: i64,
) -> Result<SigningKeyRow, Error> {
    let internal = |e: String| Error::Store(StoreError::Internal(e));
    let now = ctx.now();
    let id = KeyId::new(now, ctx.vault.random());
    let pkcs8 = match algorithm {
        Algorithm::Rs256 => ctx.rsa.take(),
        other => vault::generate(other, ctx.vault.random()),
    }
    .map_err(|e| internal(e.to_string()))?;
    let key =
        SigningKey::parse(id.as_str(), algorithm, &pkcs8).map_err(|e| internal(e.to_string()))?;
    let sealed = ctx.vault.seal(
        Purpose::SigningKey,
        tenant.as_str(),
        id.as_str().as_bytes(),
        now.seconds(),
        &pkcs8,
    );
    Ok(SigningKeyRow {
        tenant: tenant.clone(),
        id,
        algorithm: algorithm.as_str().into(),
        sealed,
        public_jwk: key.public_jwk().to_string(),
        publish_at: now,
        sign_from: now.plus_seconds(ahead_s),
        retire_at: None,
        created_at: now,
    })
}

/// Makes the first key of an algorithm if the tenant has none; the caller adds it in its write.
pub(crate) fn first_of(
    ctx: &Ctx,
    tenant: &TenantId,
    algorithm: Algorithm,
) -> Result<Option<SigningKeyRow>, Error> {
    let known = ctx.db.read(tenant, |tx| tx.list_signing_keys())?;
    if has(&known, algorithm, ctx.now()) {
        return Ok(None);
    }
    make(ctx, tenant, algorithm, FIRST_AHEAD_S).map(Some)
}

/// Adds a first key unless somebody else just did.
pub(crate) fn add_first(tx: &mut Tx, key: &SigningKeyRow, now: Timestamp) -> Result<(), Error> {
    let algorithm: Algorithm = key
        .algorithm
        .parse()
        .map_err(|_| Error::Store(StoreError::Internal("unknown algorithm".into())))?;
    if !has(&tx.list_signing_keys()?, algorithm, now) {
        tx.insert_signing_key(key)?;
        tx.changed("keys", key.id.as_str());
    }
    Ok(())
}

fn has(keys: &[SigningKeyRow], algorithm: Algorithm, now: Timestamp) -> bool {
    keys.iter().any(|k| k.algorithm == algorithm.as_str() && k.retire_at.is_none_or(|at| at > now))
}

/// Rotates the key of an algorithm: the new one is published at once and signs after
/// [`PUBLISH_AHEAD_S`]; the others leave the JWKS [`KEEP_AFTER_S`] later. Answers its id and from when it signs.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn rotate(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    algorithm: Algorithm,
) -> Result<(KeyId, Timestamp), Error> {
    let known = ctx.db.read(tenant, |tx| tx.list_signing_keys())?;
    let ahead = if has(&known, algorithm, ctx.now()) { PUBLISH_AHEAD_S } else { FIRST_AHEAD_S };
    let key = make(ctx, tenant, algorithm, ahead)?;
    let detail = serde_json::json!({
        "algorithm": algorithm.as_str(), "signs_from": key.sign_from.0,
    });
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::KeyRotate)?;
        tx.insert_signing_key(&key)?;
        let end = key.sign_from.plus_seconds(KEEP_AFTER_S);
        tx.retire_signing_keys(&key.algorithm, &key.id, end)?;
        audit::record(tx, ctx, actor, "key.rotate", key.id.as_str(), &detail)?;
        tx.changed("keys", key.id.as_str());
        Ok::<_, Error>(())
    })?;
    Ok((key.id, key.sign_from))
}

/// Seals every key of a tenant anew under the present master key.
///
/// # Errors
/// [`Error::Store`] when a key cannot be opened with the masters at hand.
pub fn reseal(ctx: &Ctx, tenant: &TenantId) -> Result<usize, Error> {
    let rows = ctx.db.read(tenant, |tx| tx.list_signing_keys())?;
    let mut sealed = Vec::with_capacity(rows.len());
    for row in &rows {
        let extra = row.id.as_str().as_bytes();
        let plain = ctx
            .vault
            .open_secret(Purpose::SigningKey, tenant.as_str(), extra, &row.sealed)
            .map_err(|e| Error::Store(StoreError::Internal(format!("key {}: {e}", row.id))))?;
        let anew = ctx.vault.seal(Purpose::SigningKey, tenant.as_str(), extra, ctx.now_s(), &plain);
        sealed.push((row.id.clone(), anew));
    }
    ctx.db.write(tenant, |tx| {
        sealed.iter().try_for_each(|(id, bytes)| tx.reseal_signing_key(id, bytes))?;
        Ok::<_, Error>(sealed.len())
    })
}
