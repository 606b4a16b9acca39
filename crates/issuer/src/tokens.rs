//! Making tokens: what stands in them and which key signs. Whether they may be made was decided
//! before; here nothing is refused but a missing key.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::tenant::ACR;
use context::{Application, Ctx, Tenant};
use mapping::UserProfile;
use protocol::claims::{
    ACCESS_TOKEN_TYPE, AccessToken, ApplicationToken, Audience, ID_TOKEN_TYPE, IdToken, at_hash,
};
use protocol::{Scopes, catalogue, scope};
use serde_json::{Map, Value};
use store::grants::GrantState;
use store::{Error, Timestamp};
use vault::{Algorithm, JwtError, SigningKey};

use crate::error::TokenError;
use crate::token_requests::TokenResponse;

/// Whom tokens speak for.
pub(crate) struct Subject<'a> {
    pub grant: &'a str,
    pub user: &'a str,
    pub session: &'a str,
    pub scopes: &'a Scopes,
    pub nonce: Option<&'a str>,
    pub amr: &'a str,
    pub claims: Option<&'a str>,
    pub authenticated_at: Timestamp,
    pub profile: &'a UserProfile,
}

/// A user's fields as the mapping reads them.
pub(crate) fn profile(
    (json, custom): (&str, &str),
    (name, email, verified): (&str, &str, bool),
    updated_at: Timestamp,
) -> UserProfile {
    let mut profile: UserProfile = serde_json::from_str(json).unwrap_or_default();
    profile.custom = serde_json::from_str(custom).unwrap_or_default();
    profile.name = Some(name.to_owned()).filter(|n| !n.is_empty());
    profile.email = Some(email.to_owned());
    profile.email_verified = Some(verified);
    profile.updated_at = Some(updated_at.seconds());
    profile
}

/// The same from what is known of a grant.
pub(crate) fn profile_of(state: &GrantState) -> UserProfile {
    let user = (state.name.as_str(), state.email.as_str(), state.email_verified);
    profile((&state.profile, &state.custom), user, state.user_updated_at)
}

/// Why nothing of this grant is worth anything now; `None` while it is.
pub(crate) fn dead(state: &GrantState) -> Option<&'static str> {
    if state.revoked_at.is_some() || state.user_moved_on {
        Some(catalogue::GRANT_REVOKED)
    } else if state.user_blocked {
        Some(catalogue::USER_BLOCKED)
    } else if state.application_disabled {
        Some(catalogue::APPLICATION_DISABLED)
    } else if state.session_over && !state.offline {
        Some(catalogue::SESSION_EXPIRED)
    } else {
        None
    }
}

fn key(
    tenant: &Tenant,
    algorithm: &str,
    now: Timestamp,
) -> Result<(Arc<SigningKey>, Algorithm), TokenError> {
    let missing = || Error::Internal(format!("tenant {}: no {algorithm} key", tenant.id));
    let algorithm: Algorithm = algorithm.parse().map_err(|_| missing())?;
    let key = tenant.keys.signing_key(algorithm, now).ok_or_else(missing)?;
    Ok((key, algorithm))
}

fn internal(error: impl std::fmt::Display) -> TokenError {
    TokenError::Store(Error::Internal(error.to_string()))
}

fn jti(ctx: &Ctx) -> String {
    let mut bytes = [0u8; 16];
    ctx.vault.random().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An access token of an application for itself (RFC 9068 §2.2). // R44
pub(crate) fn for_application(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    scope: &str,
) -> Result<String, TokenError> {
    let now = ctx.now();
    let (key, _) = key(tenant, &application.config.access_token_alg, now)?;
    let claims = ApplicationToken {
        iss: &tenant.issuer,
        sub: application.id.as_str(),
        aud: &tenant.issuer,
        exp: now.seconds() + application.config.access_token_lifetime_s,
        iat: now.seconds(),
        jti: &jti(ctx),
        client_id: application.id.as_str(),
        scope,
    };
    vault::sign(&key, ACCESS_TOKEN_TYPE, &claims).map_err(internal)
}

fn access_token(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    subject: &Subject,
) -> Result<String, TokenError> {
    let (key, _) = key(tenant, &application.config.access_token_alg, ctx.now())?;
    let now = ctx.now_s();
    let claims = AccessToken {
        iss: tenant.issuer.clone(),
        sub: subject.user.to_owned(),
        aud: Audience::from(tenant.issuer.as_str()),
        exp: now + application.config.access_token_lifetime_s,
        iat: now,
        jti: jti(ctx),
        client_id: application.id.as_str().to_owned(),
        scope: subject.scopes.to_string(),
        auth_time: Some(subject.authenticated_at.seconds()),
        acr: Some(ACR.to_owned()),
        amr: methods(subject.amr),
        sid: Some(subject.session.to_owned()),
        gid: Some(subject.grant.to_owned()),
        extra: Map::new(),
    };
    vault::sign(&key, ACCESS_TOKEN_TYPE, &claims).map_err(internal)
}

fn methods(amr: &str) -> Vec<String> {
    amr.split(' ').filter(|m| !m.is_empty()).map(str::to_owned).collect()
}

/// OIDC Core §2, §3.1.3.6.
fn id_token(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    subject: &Subject,
    access_token: &str,
) -> Result<String, TokenError> {
    let (key, algorithm) = key(tenant, &application.config.id_token_alg, ctx.now())?;
    let now = ctx.now_s();
    let mut extra = Map::new();
    if application.config.id_token_profile_claims {
        extra = mapping::user_claims_with(&tenant.schema, subject.profile, subject.scopes);
    }
    if let Some(claims) = subject.claims {
        let wanted = mapping::requested_claims(claims);
        extra.extend(named(tenant, subject, &wanted.id_token));
    }
    let claims = IdToken {
        iss: tenant.issuer.clone(),
        sub: subject.user.to_owned(),
        aud: Audience::from(application.id.as_str()),
        exp: now + application.config.id_token_lifetime_s,
        iat: now,
        auth_time: Some(subject.authenticated_at.seconds()),
        nonce: subject.nonce.map(str::to_owned),
        acr: Some(ACR.to_owned()),
        amr: methods(subject.amr),
        azp: None,
        at_hash: Some(at_hash(algorithm.as_str(), access_token)),
        c_hash: None,
        sid: Some(subject.session.to_owned()),
        extra,
    };
    vault::sign(&key, ID_TOKEN_TYPE, &claims).map_err(internal)
}

/// The claims of these names. The tenant's own fields are for whoever was granted their scope: no
/// name opens them.
fn named(tenant: &Tenant, subject: &Subject, names: &[String]) -> Map<String, Value> {
    let mut claims = mapping::user_claims_with(&tenant.schema, subject.profile, subject.scopes);
    claims.retain(|name, _| names.contains(name));
    claims.extend(mapping::claims_by_name(subject.profile, names));
    claims
}

/// The tokens of a redemption or refresh.
pub(crate) fn answer(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    subject: &Subject,
    refresh_token: Option<String>,
) -> Result<TokenResponse, TokenError> {
    let access_token = access_token(ctx, tenant, application, subject)?;
    let id_token = if subject.scopes.contains(scope::OPENID) {
        Some(id_token(ctx, tenant, application, subject, &access_token)?)
    } else {
        None
    };
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: application.config.access_token_lifetime_s,
        refresh_token,
        id_token,
        scope: subject.scopes.to_string(),
    })
}

/// Reads an access token of this tenant: signed, of this type, not expired.
///
/// # Errors
/// Why it is not good, for the trace.
pub(crate) fn read_access_token(
    ctx: &Ctx,
    tenant: &Tenant,
    token: &str,
) -> Result<AccessToken, JwtError> {
    let expect = vault::Expect {
        typ: &[ACCESS_TOKEN_TYPE],
        issuer: &tenant.issuer,
        audience: None,
        now_s: ctx.now_s(),
        allow_expired: false,
        leeway_s: 0,
    };
    vault::verify(tenant.keys.verifying(), token, expect)
}
