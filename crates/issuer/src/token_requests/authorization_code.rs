//! RFC 6749 §4.1.3: a code becomes tokens, once. Who presents it is checked before anything is
//! written, so that a wrong presenter neither burns the code nor revokes what it produced.

use context::{Application, Ctx, Tenant};
use protocol::{Scopes, catalogue, scope};
use store::grants::{GrantRow, RedemptionState};
use store::spent::{Spend, SpentKind};
use store::{ApplicationConfig, Error, GrantId, SessionId, Tx, UserId};
use vault::Purpose;

use super::TokenResponse;
use crate::code::{self, Code};
use crate::error::TokenError;
use crate::tokens::{self, Subject};
use crate::trace::{self, About};

/// A session is noted as used at most this often, in microseconds.
const TOUCH_US: i64 = 5 * 60 * 1_000_000;

/// What the client sent.
pub(super) struct Sent {
    pub code: String,
    pub redirect_uri: Option<String>,
    pub verifier: Option<String>,
}

enum Redeemed {
    Fresh(Box<RedemptionState>),
    Refused(&'static str),
}

pub(super) fn redeem(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    sent: &Sent,
) -> Result<TokenResponse, TokenError> {
    let code = code::open(ctx, tenant, &sent.code)
        .ok_or_else(|| TokenError::invalid_grant(catalogue::CODE_UNKNOWN))?;
    check_presenter(application, &code, sent)?;
    let (row, key) = grant_row(ctx, tenant, application, &code)?;
    let redeemed = ctx.db.write(&tenant.id, |tx| write(tx, ctx, application, &code, &row))?;
    match redeemed {
        Redeemed::Fresh(state) => {
            let about = About {
                flow: &code.flow,
                application: &code.application,
                user: &code.user,
                ..About::default()
            };
            trace::note(ctx, tenant, "token", trace::OK, about);
            answer(ctx, tenant, application, &row, &key, &state)
        }
        Redeemed::Refused(why) => {
            let about = About {
                flow: &code.flow,
                application: &code.application,
                user: &code.user,
                ..About::default()
            };
            trace::note(ctx, tenant, "token", why, about);
            Err(TokenError::invalid_grant(why))
        }
    }
}

/// Client, redirect URI and PKCE: whatever can be wrong with the presenter.
fn check_presenter(application: &Application, code: &Code, sent: &Sent) -> Result<(), TokenError> {
    if code.application != application.id.as_str() {
        return Err(TokenError::invalid_grant(catalogue::CODE_WRONG_APPLICATION));
    }
    check_redirect_uri(code, sent)?;
    check_pkce(code, sent)
}

// RFC 6749 §4.1.3; OAuth 2.1 lets PKCE stand in for the parameter. // R24
fn check_redirect_uri(code: &Code, sent: &Sent) -> Result<(), TokenError> {
    match &sent.redirect_uri {
        Some(uri) if *uri == code.redirect_uri => Ok(()),
        None if code.challenge.is_some() => Ok(()),
        _ => Err(TokenError::invalid_grant(catalogue::REDIRECT_URI_MISMATCH)),
    }
}

// RFC 7636 §4.6, RFC 9700 §2.1.1 and §4.8.2 // R19 R20
fn check_pkce(code: &Code, sent: &Sent) -> Result<(), TokenError> {
    match (&code.challenge, &sent.verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.verify(verifier) => Ok(()),
        _ => Err(TokenError::invalid_grant(catalogue::PKCE_MISMATCH)),
    }
}

/// One write: the code is spent, everything it rests on is looked at again, the grant is added.
/// What must be remembered although it is refused is an `Ok`.
fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    application: &Application,
    code: &Code,
    row: &GrantRow,
) -> Result<Redeemed, Error> {
    let now = ctx.now();
    // Remembered with its grant's life, so that a late replay still finds it.
    if let Spend::Replayed { result } =
        tx.spend(SpentKind::Code, &code.id, row.id.as_str(), row.expires_at)?
    {
        if let Some(grant) = GrantId::parse(&result) {
            tx.revoke_grant(&grant, "replayed_code", now)?;
            tx.changed("grant", grant.as_str());
        }
        return Ok(Redeemed::Refused(catalogue::CODE_REUSED));
    }
    if code.expires_at(application) <= now {
        return Ok(Redeemed::Refused(catalogue::CODE_EXPIRED));
    }
    let Some(state) = tx.find_redemption(&row.session, &row.user_id, &row.application, now)? else {
        return Ok(Redeemed::Refused(catalogue::CODE_SESSION_ENDED));
    };
    if let Some(why) = refusal(&state, code) {
        return Ok(Redeemed::Refused(why));
    }
    tx.insert_grant(&GrantRow { epoch: state.epoch, ..row.clone() })?;
    if state.session_seen_at.0 + TOUCH_US < now.0 {
        tx.touch_session(&row.session, now)?;
    }
    Ok(Redeemed::Fresh(Box::new(state)))
}

fn refusal(state: &RedemptionState, code: &Code) -> Option<&'static str> {
    let agreed = || {
        let allowed = state.consented.as_deref().and_then(|text| Scopes::parse(text).ok());
        let asked = Scopes::parse(&code.scopes).ok();
        allowed.zip(asked).is_some_and(|(allowed, asked)| asked.is_subset(&allowed))
    };
    if state.session_over || state.user_moved_on {
        Some(catalogue::CODE_SESSION_ENDED)
    } else if state.user_blocked {
        Some(catalogue::USER_BLOCKED)
    } else if state.application_disabled {
        Some(catalogue::APPLICATION_DISABLED)
    } else if !state.first_party && !agreed() {
        Some(catalogue::CONSENT_REQUIRED)
    } else {
        None
    }
}

/// A grant's own key, and the same sealed for its row.
fn new_key(ctx: &Ctx, tenant: &Tenant, id: &GrantId) -> ([u8; 32], Vec<u8>) {
    let mut key = [0u8; 32];
    ctx.vault.random().fill(&mut key);
    let extra = id.as_str().as_bytes();
    let sealed = ctx.vault.seal(Purpose::GrantKey, tenant.id.as_str(), extra, ctx.now_s(), &key);
    (key, sealed)
}

/// An online grant carries no refresh token: it must outlast its access token only.
fn life_s(config: &ApplicationConfig, offline: bool) -> i64 {
    if offline { config.refresh_absolute_s } else { config.access_token_lifetime_s.max(3_600) }
}

fn grant_row(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    code: &Code,
) -> Result<(GrantRow, [u8; 32]), TokenError> {
    let unknown = || TokenError::invalid_grant(catalogue::CODE_UNKNOWN);
    let now = ctx.now();
    let id = GrantId::parse(&code.id).ok_or_else(unknown)?;
    let (key, sealed_key) = new_key(ctx, tenant, &id);
    let scopes = Scopes::parse(&code.scopes)?;
    let offline = scopes.contains(scope::OFFLINE_ACCESS);
    let config = &application.config;
    let row = GrantRow {
        tenant: tenant.id.clone(),
        id,
        application: application.id.clone(),
        user_id: UserId::parse(&code.user).ok_or_else(unknown)?,
        session: SessionId::parse(&code.session).ok_or_else(unknown)?,
        code: code.id.clone(),
        scopes: code.scopes.clone(),
        nonce: code.nonce.clone(),
        amr: code.amr.clone(),
        claims: code.claims.clone(),
        authenticated_at: code.authenticated_at,
        epoch: 0,
        offline,
        sealed_key,
        generation: 0,
        rotated_at: now,
        idle_us: config.refresh_idle_s.saturating_mul(1_000_000),
        created_at: now,
        expires_at: now.plus_seconds(life_s(config, offline)),
        revoked_at: None,
        revoked_why: None,
    };
    Ok((row, key))
}

fn answer(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    row: &GrantRow,
    key: &[u8; 32],
    state: &RedemptionState,
) -> Result<TokenResponse, TokenError> {
    let profile = tokens::profile(
        (&state.profile, &state.custom),
        (&state.name, &state.email, state.email_verified),
        state.user_updated_at,
    );
    let subject = Subject {
        grant: row.id.as_str(),
        user: row.user_id.as_str(),
        session: row.session.as_str(),
        scopes: &Scopes::parse(&row.scopes)?,
        nonce: row.nonce.as_deref(),
        amr: &row.amr,
        claims: row.claims.as_deref(),
        authenticated_at: row.authenticated_at,
        profile: &profile,
    };
    let refresh = row
        .offline
        .then(|| vault::refresh_token(tenant.id.as_str(), row.id.as_str(), row.generation, key));
    tokens::answer(ctx, tenant, application, &subject, refresh)
}
