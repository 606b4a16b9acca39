//! Token revocation (RFC 7009): a refresh token or an access token of a person ends its whole
//! grant. An application's own access token has no grant and lives to its end.

use context::{Ctx, Tenant};
use protocol::client_auth::Presented;
use store::{Error, GrantId};
use vault::RefreshToken;

use crate::client_auth;
use crate::error::TokenError;
use crate::introspect::is_genuine;
use crate::tokens;
use crate::trace::{self, About};

/// Revokes. A token that is not good, or belongs to somebody else, is answered the same way
/// (RFC 7009 §2.2).
///
/// # Errors
/// `invalid_client` unless the caller proves itself; or whatever the database reports: what is
/// answered as revoked is revoked.
pub fn revoke(
    ctx: &Ctx,
    tenant: &Tenant,
    presented: &Presented,
    token: &str,
) -> Result<(), TokenError> {
    let application = client_auth::authenticate(ctx, tenant, presented)?;
    let (id, refresh) = match RefreshToken::parse(token) {
        Some(refresh) => (GrantId::parse(&refresh.grant_id), Some(refresh)),
        None => {
            let access = tokens::read_access_token(ctx, tenant, token).ok();
            (access.and_then(|t| t.gid).as_deref().and_then(GrantId::parse), None)
        }
    };
    let Some(id) = id else { return Ok(()) };
    let now = ctx.now();
    let Some(state) = ctx.db.read(&tenant.id, |tx| tx.find_grant_state(&id, now))? else {
        return Ok(());
    };
    let genuine = refresh.is_none_or(|token| is_genuine(ctx, tenant, &id, &state, &token));
    if state.application != application.id || !genuine {
        return Ok(());
    }
    ctx.db.write(&tenant.id, |tx| {
        tx.revoke_grant(&id, "client", now)?;
        tx.changed("grant", id.as_str());
        Ok::<_, Error>(())
    })?;
    let about = About {
        flow: id.as_str(),
        application: application.id.as_str(),
        user: state.user_id.as_str(),
        ..About::default()
    };
    trace::note(ctx, tenant, "revoke", trace::OK, about);
    Ok(())
}
