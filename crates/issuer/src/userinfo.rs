//! The userinfo endpoint (OIDC Core §5.3). A token that verifies is asked about: grant, session,
//! user and application are read in one statement, so a revocation counts at once.

use context::{Ctx, Tenant};
use protocol::{ErrorCode, Scopes, catalogue, scope};
use serde_json::{Map, Value};
use store::GrantId;
use vault::JwtError;

use crate::error::TokenError;
use crate::tokens;

/// The claims about the user a token speaks for.
///
/// # Errors
/// `invalid_token` when it is not good any more, `insufficient_scope` when it is not about a
/// person (RFC 6750 §3.1).
pub fn answer(ctx: &Ctx, tenant: &Tenant, token: &str) -> Result<Map<String, Value>, TokenError> {
    let refused = |code| {
        TokenError::new(
            ErrorCode::InvalidToken,
            code,
            "the access token is expired, revoked or not ours",
        )
    };
    let token = tokens::read_access_token(ctx, tenant, token).map_err(|why| match why {
        JwtError::Expired => refused(catalogue::TOKEN_EXPIRED),
        _ => refused(catalogue::TOKEN_INVALID),
    })?;
    let narrow = || {
        TokenError::new(
            ErrorCode::InsufficientScope,
            catalogue::SCOPE_NOT_ALLOWED,
            "the access token needs the scope openid or profile",
        )
    };
    let id = token.gid.as_deref().and_then(GrantId::parse).ok_or_else(narrow)?;
    let scopes = Scopes::parse(&token.scope)?;
    if !scopes.contains(scope::OPENID) && !scopes.contains(scope::PROFILE) {
        return Err(narrow());
    }
    let state = ctx
        .db
        .read(&tenant.id, |tx| tx.find_grant_state(&id, ctx.now()))?
        .ok_or_else(|| refused(catalogue::TOKEN_INVALID))?;
    if let Some(why) = tokens::dead(&state) {
        return Err(refused(why));
    }
    let profile = tokens::profile_of(&state);
    let mut claims = mapping::user_claims_with(&tenant.schema, &profile, &scopes);
    if let Some(requested) = &state.claims {
        let wanted = mapping::requested_claims(requested);
        claims.extend(mapping::claims_by_name(&profile, &wanted.userinfo));
    }
    claims.insert("sub".into(), state.user_id.as_str().into());
    Ok(claims)
}
