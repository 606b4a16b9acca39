//! RFC 6749 §4.4: a token for the application itself. No database, no thread hop, no row.

use context::{Application, Ctx, Tenant};
use protocol::{ErrorCode, Scopes, catalogue};

use super::TokenResponse;
use crate::error::TokenError;
use crate::tokens;

pub(super) fn issue(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    asked: Option<&Scopes>,
) -> Result<TokenResponse, TokenError> {
    let allowed = Scopes::parse(&application.config.scopes.join(" "))?;
    let scopes = match asked.filter(|scopes| !scopes.is_empty()) {
        None => allowed,
        Some(asked) if asked.is_subset(&allowed) => asked.clone(),
        Some(_) => {
            return Err(TokenError::new(
                ErrorCode::InvalidScope,
                catalogue::SCOPE_NOT_ALLOWED,
                "a scope is not granted to this application",
            ));
        }
    };
    let scope = scopes.to_string();
    let access_token = tokens::for_application(ctx, tenant, application, &scope)?;
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: application.config.access_token_lifetime_s,
        refresh_token: None,
        id_token: None,
        scope,
    })
}
