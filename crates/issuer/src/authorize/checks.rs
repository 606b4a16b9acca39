//! Checks of an authorization request whose redirect URI is verified, in one order. What they
//! refuse goes back to the application.

use context::{Application, Ctx, Tenant};
use protocol::authorize::AuthorizeRequest;
use protocol::{ErrorCode, OauthError, Scopes, catalogue};
use store::GrantType;

use super::grantable;
use crate::id_token_hint;

type Refusal = (OauthError, &'static str);

fn no(code: ErrorCode, catalogue: &'static str, hint: &'static str) -> Refusal {
    (OauthError::new(code, hint), catalogue)
}

/// The request reduced to what the flow must carry, and the user it expects, if any.
pub(super) fn check(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    mut request: AuthorizeRequest,
) -> Result<(AuthorizeRequest, Option<String>), Refusal> {
    check_grant_type(application)?;
    check_pkce(application, &request)?;
    check_audience(tenant, &request)?;
    request.scopes = check_scopes(application, &request.scopes)?;
    let mut expected_user = check_hint(ctx, tenant, &mut request)?;
    if let Some(claims) = request.claims.take() {
        let wanted = mapping::requested_claims(&claims);
        check_acr(&wanted)?;
        // OIDC Core §5.5.1: a wanted sub is somebody the answer must be about.
        expected_user = expected_user.or_else(|| wanted.sub.clone());
        if !wanted.userinfo.is_empty() || !wanted.id_token.is_empty() {
            request.claims = Some(compact(&wanted));
        }
    }
    Ok((request, expected_user))
}

fn check_grant_type(application: &Application) -> Result<(), Refusal> {
    if application.may(GrantType::AuthorizationCode) {
        return Ok(());
    }
    Err(no(
        ErrorCode::UnauthorizedClient,
        catalogue::GRANT_TYPE_NOT_ALLOWED,
        "this application may not use the authorization code grant",
    ))
}

// RFC 7636 §4.4.1 // R17
fn check_pkce(application: &Application, request: &AuthorizeRequest) -> Result<(), Refusal> {
    let needed = application.config.require_pkce || application.is_public();
    if !needed || request.challenge.is_some() {
        return Ok(());
    }
    Err(no(
        ErrorCode::InvalidRequest,
        catalogue::PKCE_MISSING,
        "code_challenge is missing; this application must use PKCE with S256",
    ))
}

// RFC 8707 §2: no API is registered, so the tenant itself is the only target.
fn check_audience(tenant: &Tenant, request: &AuthorizeRequest) -> Result<(), Refusal> {
    match &request.audience {
        Some(audience) if *audience != tenant.issuer => Err(no(
            ErrorCode::InvalidTarget,
            catalogue::REQUEST_INVALID,
            "this resource is not known here",
        )),
        _ => Ok(()),
    }
}

// RFC 6749 §3.3: unknown scopes are dropped; the answer names what was granted.
fn check_scopes(application: &Application, asked: &Scopes) -> Result<Scopes, Refusal> {
    if asked.is_empty() {
        return Ok(Scopes::parse(protocol::scope::PROFILE).unwrap_or_default());
    }
    let scopes = grantable(application, asked);
    if scopes.is_empty() {
        return Err(no(
            ErrorCode::InvalidScope,
            catalogue::SCOPE_NOT_ALLOWED,
            "none of the scopes is known here",
        ));
    }
    Ok(scopes)
}

fn check_hint(
    ctx: &Ctx,
    tenant: &Tenant,
    request: &mut AuthorizeRequest,
) -> Result<Option<String>, Refusal> {
    let Some(hint) = request.id_token_hint.take() else { return Ok(None) };
    let token = id_token_hint::read(ctx, tenant, &hint).ok_or_else(|| {
        no(
            ErrorCode::InvalidRequest,
            catalogue::TOKEN_INVALID,
            "id_token_hint is not an ID token of this issuer",
        )
    })?;
    Ok(Some(token.sub))
}

// OIDC Core §5.5.1.1: an essential acr that cannot be reached is a failed sign-in.
fn check_acr(wanted: &mapping::RequestedClaims) -> Result<(), Refusal> {
    let acr = &wanted.essential_acr;
    if acr.is_empty() || acr.iter().any(|value| value == context::tenant::ACR) {
        return Ok(());
    }
    Err(no(
        ErrorCode::AccessDenied,
        catalogue::REQUEST_INVALID,
        "the essential acr cannot be reached here",
    ))
}

/// The `claims` parameter reduced to names, in its own syntax (OIDC Core §5.5).
fn compact(wanted: &mapping::RequestedClaims) -> String {
    let members = |names: &[String]| {
        names
            .iter()
            .map(|name| (name.clone(), serde_json::Value::Null))
            .collect::<serde_json::Map<_, _>>()
    };
    let mut object = serde_json::Map::new();
    for (place, names) in [("userinfo", &wanted.userinfo), ("id_token", &wanted.id_token)] {
        if !names.is_empty() {
            object.insert(place.to_owned(), members(names).into());
        }
    }
    serde_json::Value::Object(object).to_string()
}
