//! A connection's secret at its provider: sealed when it arrives, opened by `federation` when it is
//! used, shown never.

use context::Ctx;
use store::connections::ConnectionRow;
use store::{ConnectionId, TenantId, Timestamp};
use vault::Purpose;

use super::{change, untested};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::rights::Action;

/// Longest secret in bytes; some providers use signed tokens as secrets.
const MAX_SECRET: usize = 4_096;

/// Replaces the secret and the date on which it expires. The one before stops being used at once.
///
/// # Errors
/// [`Error::Form`], [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set_secret(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    secret: &str,
    expires: Option<Timestamp>,
) -> Result<ConnectionRow, Error> {
    none(check_secret(secret).into_iter().collect())?;
    change(ctx, actor, tenant, id, None, "connection.secret", |_, row| {
        row.sealed_secret = Some(seal(ctx, tenant, &row.id, secret));
        row.secret_expires_at = expires;
        untested(row);
        unchecked(row);
        Ok(())
    })
}

/// Notes what a check of the credentials came to, if they are what was checked: when, and `ok` or
/// a code of the catalogue. Nothing else of it is kept.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn note_check(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    checked: &ConnectionRow,
    code: &str,
) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        tx.note_connection_check(&checked.id, checked.version, code, ctx.now())?;
        let detail = serde_json::json!({ "outcome": code });
        audit::record(tx, ctx, actor, "connection.check", checked.id.as_str(), &detail)?;
        Ok(())
    })
}

/// A check counts for what was checked.
pub(super) fn unchecked(row: &mut ConnectionRow) {
    row.checked_at = None;
    row.check_code = String::new();
}

/// What is wrong with a secret.
pub(super) fn check_secret(secret: &str) -> Option<FieldError> {
    let secret = secret.trim();
    let wrong = |code, message: &str| Some(FieldError::new("client_secret", code, message));
    if secret.is_empty() {
        return wrong("required", "Enter the client secret that the provider gave you.");
    }
    if secret.len() > MAX_SECRET {
        return wrong("too_long", "A client secret has at most 4,096 bytes.");
    }
    // RFC 6749 appendix A.2: VSCHAR.
    if !secret.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return wrong("characters", "Copy the secret again: it has characters that no secret has.");
    }
    None
}

pub(super) fn seal(ctx: &Ctx, tenant: &TenantId, id: &ConnectionId, secret: &str) -> Vec<u8> {
    let plain = secret.trim().as_bytes();
    let extra = id.as_str().as_bytes();
    ctx.vault.seal(Purpose::ConnectionSecret, tenant.as_str(), extra, ctx.now_s(), plain)
}
