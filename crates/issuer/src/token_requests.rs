//! The token endpoint. [`exchange`] is the one place that decides a token request: who asks,
//! whether they may, for what; a grant type's file holds only what is its own.

mod authorization_code;
mod client_credentials;
mod refresh_token;

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use protocol::client_auth::Presented;
use protocol::token_request::TokenRequest;
use protocol::{ErrorCode, catalogue};
use serde::Serialize;

use crate::client_auth;
use crate::error::TokenError;
use crate::trace::{self, About};

/// The answer of the token endpoint (RFC 6749 §5.1, OIDC Core §3.1.3.3).
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// The refresh token, if `offline_access` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token, if `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// What was granted.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
}

/// Decides a token request. `support` is the id of the HTTP request, by whose short form the log
/// finds a refusal.
///
/// # Errors
/// [`TokenError::Oauth`] with the OAuth error; [`TokenError::Store`] when the database fails,
/// which is never an `invalid_grant`.
pub fn exchange(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    presented: &Presented,
    request: TokenRequest,
    support: &str,
) -> Result<TokenResponse, TokenError> {
    let grant = request.grant_type();
    let application = client_auth::authenticate(ctx, tenant, presented);
    let result = application.as_ref().map_err(copy).and_then(|application| {
        check(tenant, application, &request)?;
        match request {
            TokenRequest::AuthorizationCode { code, redirect_uri, verifier, .. } => {
                let sent = authorization_code::Sent { code, redirect_uri, verifier };
                authorization_code::redeem(ctx, tenant, application, &sent)
            }
            TokenRequest::RefreshToken { token, scope, .. } => {
                refresh_token::refresh(ctx, tenant, application, &token, scope.as_ref())
            }
            TokenRequest::ClientCredentials { scope, .. } => {
                client_credentials::issue(ctx, tenant, application, scope.as_ref())
            }
        }
    });
    if let Err(TokenError::Oauth { oauth, code }) = &result {
        let application = application.as_ref().map_or("", |a| a.id.as_str());
        let detail =
            serde_json::json!({ "grant_type": grant.as_str(), "error": oauth.code.as_str() });
        let about = About { flow: support, application, detail, ..About::default() };
        trace::note(ctx, tenant, "token", code, about);
    }
    result
}

/// Decides a client-credentials request from memory alone, on the thread that serves the
/// connection; `None` when anything would have to be read.
pub fn exchange_cached(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    presented: &Presented,
    request: &TokenRequest,
) -> Option<Result<TokenResponse, TokenError>> {
    let TokenRequest::ClientCredentials { scope, .. } = request else { return None };
    // A refusal leaves a trace and is not worth a fast path.
    let application = client_auth::cached(ctx, tenant, presented)?.ok()?;
    check(tenant, &application, request).ok()?;
    client_credentials::issue(ctx, tenant, &application, scope.as_ref()).ok().map(Ok)
}

fn copy(error: &TokenError) -> TokenError {
    match error {
        TokenError::Oauth { oauth, code } => TokenError::Oauth { oauth: oauth.clone(), code },
        TokenError::Store(error) => TokenError::Store(error.clone()),
    }
}

/// What every grant type must pass.
fn check(
    tenant: &Tenant,
    application: &Application,
    request: &TokenRequest,
) -> Result<(), TokenError> {
    if !application.may(request.grant_type()) {
        return Err(TokenError::new(
            ErrorCode::UnauthorizedClient,
            catalogue::GRANT_TYPE_NOT_ALLOWED,
            "this application may not use this grant type",
        ));
    }
    // RFC 8707 §2: no API is registered, so the tenant itself is the only target.
    if request.audience().is_some_and(|audience| audience != tenant.issuer) {
        return Err(TokenError::new(
            ErrorCode::InvalidTarget,
            catalogue::REQUEST_INVALID,
            "this resource is not known here",
        ));
    }
    Ok(())
}
