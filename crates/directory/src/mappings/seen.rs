//! Profiles that were seen, for trying a mapping on them: of the last test of a connection, and of
//! the last sign-in through it. Secrets are masked in both; the second is somebody's, so that
//! whoever looks at it is written down.

use context::Ctx;
use mapping::redact_value;
use serde_json::Value;
use store::{TenantId, Timestamp};
use vault::Purpose;

use crate::actor::Actor;
use crate::connections::find;
use crate::error::Error;
use crate::rights::Action;
use crate::{audit, connection_tests};

/// A profile that was seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What the provider said, secrets masked.
    pub profile: Value,
    /// When.
    pub at: Timestamp,
    /// Whose it is, as the identity is listed; empty for a test.
    pub label: String,
}

/// The profile that the last test of a connection saw; tests are kept for a day.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn last_tested(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Seen>, Error> {
    let row = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        find(tx, id)
    })?;
    let tests = connection_tests::list(ctx, actor, tenant, &row.id)?;
    let seen = tests.into_iter().find(|test| test.report.profile.is_object());
    Ok(seen.map(|test| Seen {
        profile: redact_value(&test.report.profile),
        at: Timestamp(test.created_at),
        label: String::new(),
    }))
}

/// The profile of whoever signed in through a connection last. That it was looked at stands in the
/// audit, with the identity it is of.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn last_seen(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Seen>, Error> {
    let found = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        actor.check(tx, Action::UserRead)?;
        let row = find(tx, id)?;
        let Some(identity) = tx.find_latest_identity(&row.id)? else { return Ok(None) };
        let detail = serde_json::json!({
            "identity": identity.id, "user": identity.user_id, "label": identity.label,
        });
        audit::record(tx, ctx, actor, "mapping.profile", row.id.as_str(), &detail)?;
        Ok::<_, Error>(Some(identity))
    })?;
    let Some(identity) = found else { return Ok(None) };
    let extra = identity.connection.as_str().as_bytes();
    let opened = ctx.vault.open(Purpose::Profile, tenant.as_str(), extra, &identity.sealed_profile);
    let broken = |e: String| store::Error::Internal(format!("identity {}: {e}", identity.id));
    let plain = opened.map_err(|e| broken(e.to_string()))?;
    let profile: Value = serde_json::from_slice(&plain).map_err(|e| broken(e.to_string()))?;
    Ok(Some(Seen {
        profile: redact_value(&profile),
        at: identity.signed_in_at,
        label: identity.label,
    }))
}
