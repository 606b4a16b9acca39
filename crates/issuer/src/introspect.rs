//! Token introspection (RFC 7662), for applications that prove themselves with a secret. Every
//! answer about a token that is not good is the same `{"active":false}`.

use context::{Application, Ctx, Tenant};
use protocol::client_auth::Presented;
use protocol::{ErrorCode, catalogue};
use serde_json::{Value, json};
use store::grants::GrantState;
use store::{Error, GrantId};
use vault::{Purpose, RefreshToken};

use crate::client_auth;
use crate::error::TokenError;
use crate::tokens;

/// What a token is worth now.
///
/// # Errors
/// `invalid_client` unless the caller proves itself with a secret.
pub fn answer(
    ctx: &Ctx,
    tenant: &Tenant,
    presented: &Presented,
    token: &str,
) -> Result<Value, TokenError> {
    let caller = client_auth::authenticate(ctx, tenant, presented)?;
    if caller.is_public() || matches!(presented, Presented::None { .. }) {
        return Err(TokenError::new(
            ErrorCode::InvalidClient,
            catalogue::CLIENT_AUTH_METHOD,
            "introspection needs a client secret",
        ));
    }
    let found = match RefreshToken::parse(token) {
        Some(token) => refresh_token(ctx, tenant, &caller, &token)?,
        None => access_token(ctx, tenant, &caller, token)?,
    };
    Ok(found.unwrap_or_else(|| json!({ "active": false })))
}

fn access_token(
    ctx: &Ctx,
    tenant: &Tenant,
    caller: &Application,
    token: &str,
) -> Result<Option<Value>, TokenError> {
    let Ok(token) = tokens::read_access_token(ctx, tenant, token) else { return Ok(None) };
    // RFC 7662 §4: only whom the token is for. The tenant's own audience is for all of its
    // applications that can keep a secret.
    let caller_id = caller.id.as_str();
    if token.client_id != caller_id
        && !token.aud.contains(caller_id)
        && !token.aud.contains(&tenant.issuer)
    {
        return Ok(None);
    }
    let username = match token.gid.as_deref() {
        Some(grant) => {
            let state = GrantId::parse(grant).map(|id| live(ctx, tenant, &id)).transpose()?;
            let Some(state) = state.flatten() else { return Ok(None) };
            Some(state.email)
        }
        None => {
            let issued_to = ctx.snapshots.application(ctx, &tenant.id, &token.client_id)?;
            if issued_to.is_none_or(|application| application.disabled) {
                return Ok(None);
            }
            None
        }
    };
    let mut answer = serde_json::to_value(&token)
        .map_err(|e| TokenError::Store(Error::Internal(e.to_string())))?;
    answer["active"] = true.into();
    answer["token_type"] = "Bearer".into();
    if let Some(username) = username {
        answer["username"] = username.into();
    }
    Ok(Some(answer))
}

fn live(ctx: &Ctx, tenant: &Tenant, id: &GrantId) -> Result<Option<GrantState>, Error> {
    let state = ctx.db.read(&tenant.id, |tx| tx.find_grant_state(id, ctx.now()))?;
    Ok(state.filter(|state| tokens::dead(state).is_none()))
}

fn refresh_token(
    ctx: &Ctx,
    tenant: &Tenant,
    caller: &Application,
    token: &RefreshToken,
) -> Result<Option<Value>, TokenError> {
    let Some(id) = GrantId::parse(&token.grant_id) else { return Ok(None) };
    let now = ctx.now();
    let Some(state) = live(ctx, tenant, &id)? else { return Ok(None) };
    let good = state.application == caller.id
        && token.generation == state.generation
        && state.offline
        && is_genuine(ctx, tenant, &id, &state, token)
        && state.expires_at > now
        && state.rotated_at.0.saturating_add(state.idle_us) > now.0;
    Ok(good.then(|| {
        json!({
            "active": true,
            "iss": tenant.issuer,
            "sub": state.user_id.as_str(),
            "client_id": state.application.as_str(),
            "scope": state.scopes,
            "iat": state.rotated_at.seconds(),
            "exp": state.expires_at.seconds(),
            "token_type": "refresh_token",
            "username": state.email,
        })
    }))
}

/// Whether the grant's own key made this refresh token.
pub(crate) fn is_genuine(
    ctx: &Ctx,
    tenant: &Tenant,
    id: &GrantId,
    state: &GrantState,
    token: &RefreshToken,
) -> bool {
    let extra = id.as_str().as_bytes();
    ctx.vault
        .open_secret(Purpose::GrantKey, tenant.id.as_str(), extra, &state.sealed_key)
        .ok()
        .and_then(|plain| <[u8; 32]>::try_from(plain.as_slice()).ok())
        .is_some_and(|key| token.verify(tenant.id.as_str(), &key))
}
