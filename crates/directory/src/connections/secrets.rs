//! A connection's secret at its provider: sealed when it arrives, opened by `federation` when it is
//! used, shown never.

use context::Ctx;
use store::connections::ConnectionRow;
use store::{ConnectionId, TenantId};
use vault::Purpose;

use super::{change, untested};
use crate::actor::Actor;
use crate::error::{Error, FieldError, none};

/// Longest secret in bytes; some providers use signed tokens as secrets.
const MAX_SECRET: usize = 4_096;

/// Replaces the secret. The provider's old one stops being used at once.
///
/// # Errors
/// [`Error::Form`], [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set_secret(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    secret: &str,
) -> Result<ConnectionRow, Error> {
    none(check_secret(secret).into_iter().collect())?;
    change(ctx, actor, tenant, id, None, "connection.secret", |_, row| {
        row.sealed_secret = Some(seal(ctx, tenant, &row.id, secret));
        untested(row);
        Ok(())
    })
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
