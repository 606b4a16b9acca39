//! Client authentication (RFC 6749 §2.3, §3.2.1): one registered method, one generated secret of
//! 256 bits compared by its HMAC in constant time.

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use protocol::client_auth::Presented;
use protocol::{ErrorCode, catalogue};

use crate::error::TokenError;

fn client_id(presented: &Presented) -> &str {
    match presented {
        Presented::None { client_id }
        | Presented::Basic { client_id, .. }
        | Presented::Post { client_id, .. } => client_id,
    }
}

fn refused(code: &'static str) -> TokenError {
    TokenError::new(ErrorCode::InvalidClient, code, "client authentication failed")
}

/// The application that proved itself, from memory; `None` when it must be read first.
pub(crate) fn cached(
    ctx: &Ctx,
    tenant: &Tenant,
    presented: &Presented,
) -> Option<Result<Arc<Application>, TokenError>> {
    let application = ctx.snapshots.cached_application(&tenant.id, client_id(presented))?;
    Some(check(ctx, tenant, presented, &application).map(|()| application))
}

/// The application that proved itself.
///
/// # Errors
/// `invalid_client`, one answer for every reason; or whatever the database reports.
pub fn authenticate(
    ctx: &Ctx,
    tenant: &Tenant,
    presented: &Presented,
) -> Result<Arc<Application>, TokenError> {
    let application = ctx
        .snapshots
        .application(ctx, &tenant.id, client_id(presented))?
        .ok_or_else(|| refused(catalogue::APPLICATION_UNKNOWN))?;
    check(ctx, tenant, presented, &application)?;
    Ok(application)
}

fn check(
    ctx: &Ctx,
    tenant: &Tenant,
    presented: &Presented,
    application: &Application,
) -> Result<(), TokenError> {
    if application.disabled {
        return Err(refused(catalogue::APPLICATION_DISABLED));
    }
    if !application.config.token_endpoint_auth_method.accepts(presented) {
        return Err(refused(catalogue::CLIENT_AUTH_METHOD));
    }
    match presented {
        Presented::None { .. } => Ok(()),
        Presented::Basic { secret, .. } | Presented::Post { secret, .. } => {
            check_secret(ctx, tenant, application, secret)
        }
    }
}

fn check_secret(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    secret: &str,
) -> Result<(), TokenError> {
    let hash = vault::hash_client_secret(&ctx.vault, tenant.id.as_str(), secret);
    let now = ctx.now();
    let fits = application
        .secrets
        .iter()
        .filter(|known| known.expires_at.is_none_or(|at| at > now))
        .fold(false, |found, known| vault::ct_eq(&known.hash, &hash) | found);
    if fits { Ok(()) } else { Err(refused(catalogue::CLIENT_SECRET_WRONG)) }
}
