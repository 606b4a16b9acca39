//! Client secrets: 256 random bits, kept as an HMAC, shown once. Two or more may live side by
//! side while one is rotated.

use context::Ctx;
use store::applications::SecretRow;
use store::{ApplicationId, SecretId, TenantId};
use vault::SecretString;

use super::{parse, refuse_console};
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;

/// How many secrets an application may have at once.
pub const MAX_SECRETS: usize = 5;

pub(super) fn make(
    ctx: &Ctx,
    tenant: &TenantId,
    application: &ApplicationId,
) -> (SecretRow, SecretString) {
    let now = ctx.now();
    let (secret, hint) = vault::new_client_secret(&ctx.vault);
    let row = SecretRow {
        tenant: tenant.clone(),
        application: application.clone(),
        id: SecretId::new(now, ctx.vault.random()),
        hint,
        hash: vault::hash_client_secret(&ctx.vault, tenant.as_str(), secret.expose()).to_vec(),
        created_at: now,
        expires_at: None,
    };
    (row, secret)
}

/// Makes another secret; the ones there are go on working until they are revoked.
///
/// # Errors
/// [`Error::Form`] when the application keeps no secret or has [`MAX_SECRETS`],
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn rotate_secret(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
) -> Result<(SecretRow, SecretString), Error> {
    let id = parse(id)?;
    refuse_console(&id)?;
    let (row, secret) = make(ctx, tenant, &id);
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SecretRotate)?;
        // The tenant's row is the lock under which the fifth secret is decided.
        tx.lock_tenant()?;
        let application = tx.find_application(&id)?.ok_or(Error::NotFound("application"))?;
        if matches!(application.kind.as_str(), "spa" | "native") {
            return Err(Error::field(
                "secret",
                "public",
                "This type of application cannot keep a secret, so it has none.",
            ));
        }
        if tx.list_secrets(&id)?.len() >= MAX_SECRETS {
            return Err(Error::field(
                "secret",
                "too_many",
                format!("There are {MAX_SECRETS} secrets already. Revoke one first."),
            ));
        }
        tx.insert_secret(&row)?;
        let detail = serde_json::json!({ "secret": row.hint });
        audit::record(tx, ctx, actor, "application.secret.create", id.as_str(), &detail)?;
        tx.changed("application", id.as_str());
        Ok::<_, Error>(())
    })?;
    Ok((row, secret))
}

/// Revokes a secret: it stops working at once, on every node within a second.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn revoke_secret(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    secret: &str,
) -> Result<(), Error> {
    let id = parse(id)?;
    refuse_console(&id)?;
    let secret = SecretId::parse(secret).ok_or(Error::NotFound("secret"))?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SecretRotate)?;
        let known = tx.list_secrets(&id)?.into_iter().find(|row| row.id == secret);
        let known = known.ok_or(Error::NotFound("secret"))?;
        tx.delete_secret(&id, &secret)?;
        let detail = serde_json::json!({ "secret": known.hint });
        audit::record(tx, ctx, actor, "application.secret.revoke", id.as_str(), &detail)?;
        tx.changed("application", id.as_str());
        Ok(())
    })
}
