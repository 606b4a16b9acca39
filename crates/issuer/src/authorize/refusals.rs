//! What an application is told when it gets no code: the error at its redirect URI, with its state
//! and our issuer, and the catalogue's code for the trace.

use context::Tenant;
use protocol::authorize::{AuthorizeRequest, ResponseMode};
use protocol::{ErrorCode, OauthError, catalogue};

use super::AuthorizeResponse;
use crate::flow::Flow;

/// Sends a refusal of a flow back to its application.
pub(crate) fn refuse(tenant: &Tenant, flow: &Flow, error: &OauthError) -> AuthorizeResponse {
    let AuthorizeRequest { redirect_uri, response_mode, state, .. } = flow.request.clone();
    refusal(tenant, redirect_uri, response_mode, state, error, &flow.id)
}

pub(super) fn refusal(
    tenant: &Tenant,
    redirect_uri: String,
    mode: ResponseMode,
    state: Option<String>,
    error: &OauthError,
    support: &str,
) -> AuthorizeResponse {
    let mut params = vec![
        ("error", error.code.as_str().to_owned()),
        ("error_description", format!("{} ({})", error.hint, store::support_code(support))),
    ];
    params.extend(state.map(|state| ("state", state)));
    params.push(("iss", tenant.issuer.clone()));
    AuthorizeResponse { redirect_uri, mode, params }
}

/// OIDC Core §3.1.2.6.
pub(super) fn silent(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::ConsentRequired => {
            (catalogue::CONSENT_REQUIRED, "the person has not allowed this yet, and prompt=none")
        }
        ErrorCode::AccountSelectionRequired => (
            catalogue::ACCOUNT_SELECTION_REQUIRED,
            "the person must choose an account, and prompt=none",
        ),
        _ => (catalogue::LOGIN_REQUIRED, "the person must sign in, and prompt=none"),
    }
}

/// The catalogue's code of a malformed request.
pub(super) fn reason(error: &OauthError) -> &'static str {
    match error.code {
        ErrorCode::UnsupportedResponseType => catalogue::RESPONSE_TYPE_UNSUPPORTED,
        _ => catalogue::REQUEST_INVALID,
    }
}
