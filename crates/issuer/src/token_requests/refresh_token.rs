//! RFC 6749 §6 with rotation (RFC 9700 §4.14.2). One row per grant: the present generation
//! rotates; the one before, inside a short window and while its successor is unused, gets the
//! identical successor; anything older is a replay and ends the grant.

use context::{Application, Ctx, Tenant};
use protocol::{ErrorCode, Scopes, catalogue};
use store::grants::GrantState;
use store::{Error, GrantId, Timestamp, Tx};
use vault::{Purpose, RefreshToken};

use super::TokenResponse;
use crate::error::TokenError;
use crate::tokens::{self, Subject};

/// How long the generation before is answered with the identical successor, in seconds: for
/// clients that authenticate, and for public ones.
const WINDOW_S: (i64, i64) = (60, 10);

enum Rotated {
    /// The generation the client gets.
    To(i64, Box<GrantState>),
    Refused(&'static str),
    /// Not a reason to refuse the token: the client asked for more than was granted.
    Scope,
    /// Another node rotated at the same moment; look again.
    Raced,
}

pub(super) fn refresh(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    token: &str,
    scope: Option<&Scopes>,
) -> Result<TokenResponse, TokenError> {
    let unknown = || TokenError::invalid_grant(catalogue::REFRESH_UNKNOWN);
    let token = RefreshToken::parse(token).ok_or_else(unknown)?;
    let id = GrantId::parse(&token.grant_id).ok_or_else(unknown)?;
    // The second look after a lost race finds the winner's row; there is no third.
    for _ in 0..2 {
        let rotated = ctx
            .db
            .write(&tenant.id, |tx| rotate(tx, ctx, tenant, application, &token, &id, scope))?;
        match rotated {
            Rotated::To(generation, state) => {
                return answer(ctx, tenant, application, &id, generation, &state, scope);
            }
            Rotated::Refused(why) => return Err(TokenError::invalid_grant(why)),
            Rotated::Scope => {
                return Err(TokenError::new(
                    ErrorCode::InvalidScope,
                    catalogue::SCOPE_NOT_ALLOWED,
                    "scope is wider than what was granted",
                ));
            }
            Rotated::Raced => {}
        }
    }
    Err(TokenError::Store(Error::Busy))
}

fn open_key(ctx: &Ctx, tenant: &Tenant, id: &GrantId, sealed: &[u8]) -> Option<[u8; 32]> {
    let extra = id.as_str().as_bytes();
    let plain = ctx.vault.open_secret(Purpose::GrantKey, tenant.id.as_str(), extra, sealed).ok()?;
    plain.as_slice().try_into().ok()
}

/// One write, at most three statements. A refusal that must be remembered is an `Ok`.
fn rotate(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    token: &RefreshToken,
    id: &GrantId,
    scope: Option<&Scopes>,
) -> Result<Rotated, Error> {
    let now = ctx.now();
    let Some(state) = tx.find_grant_state(id, now)? else {
        return Ok(Rotated::Refused(catalogue::REFRESH_UNKNOWN));
    };
    // Who presents it comes first: a stranger neither rotates nor revokes.
    let key = open_key(ctx, tenant, id, &state.sealed_key)
        .ok_or_else(|| Error::Internal(format!("grant {id}: its key does not open")))?;
    if state.application != application.id || !token.verify(tenant.id.as_str(), &key) {
        return Ok(Rotated::Refused(catalogue::REFRESH_UNKNOWN));
    }
    match judge(&state, token.generation, application.is_public(), now, scope) {
        Verdict::Refuse(why) => Ok(Rotated::Refused(why)),
        Verdict::Scope => Ok(Rotated::Scope),
        Verdict::Replay => {
            tx.revoke_grant(id, "replayed_refresh", now)?;
            tx.changed("grant", id.as_str());
            Ok(Rotated::Refused(catalogue::REFRESH_REPLAYED))
        }
        Verdict::Repeat => Ok(Rotated::To(state.generation, Box::new(state))),
        Verdict::Rotate if tx.rotate_grant(id, state.generation, now)? => {
            Ok(Rotated::To(state.generation + 1, Box::new(state)))
        }
        Verdict::Rotate => Ok(Rotated::Raced),
    }
}

/// What a genuine refresh token of a generation is worth.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The present one: the next takes its place.
    Rotate,
    /// The one before, in time and its successor unused: the same successor again.
    Repeat,
    /// An older one, or too late: somebody else has a copy.
    Replay,
    /// The scope asked for is wider than what was granted.
    Scope,
    Refuse(&'static str),
}

fn judge(
    state: &GrantState,
    generation: i64,
    public: bool,
    now: Timestamp,
    scope: Option<&Scopes>,
) -> Verdict {
    if let Some(why) = tokens::dead(state) {
        return Verdict::Refuse(why);
    }
    // A generation ahead of ours: the database was restored. That is nobody's theft.
    if !state.offline || generation > state.generation {
        return Verdict::Refuse(catalogue::REFRESH_UNKNOWN);
    }
    let window = if public { WINDOW_S.1 } else { WINDOW_S.0 };
    let repeated =
        generation == state.generation - 1 && now <= state.rotated_at.plus_seconds(window);
    if generation < state.generation && !repeated {
        return Verdict::Replay;
    }
    if state.expires_at <= now || state.rotated_at.0.saturating_add(state.idle_us) <= now.0 {
        return Verdict::Refuse(catalogue::REFRESH_EXPIRED);
    }
    if scope.is_some_and(|wanted| !within(wanted, state)) {
        return Verdict::Scope;
    }
    if repeated { Verdict::Repeat } else { Verdict::Rotate }
}

fn within(wanted: &Scopes, state: &GrantState) -> bool {
    Scopes::parse(&state.scopes).is_ok_and(|granted| wanted.is_subset(&granted))
}

fn answer(
    ctx: &Ctx,
    tenant: &Tenant,
    application: &Application,
    id: &GrantId,
    generation: i64,
    state: &GrantState,
    scope: Option<&Scopes>,
) -> Result<TokenResponse, TokenError> {
    let key = open_key(ctx, tenant, id, &state.sealed_key)
        .ok_or_else(|| Error::Internal(format!("grant {id}: its key does not open")))?;
    let granted = Scopes::parse(&state.scopes)?;
    let scopes = scope.filter(|wanted| !wanted.is_empty()).unwrap_or(&granted);
    let profile = tokens::profile_of(state);
    let subject = Subject {
        grant: id.as_str(),
        user: state.user_id.as_str(),
        session: state.session.as_str(),
        scopes,
        // OIDC Core §12.2: a refreshed ID token should not carry the nonce of the request.
        nonce: None,
        amr: &state.amr,
        claims: state.claims.as_deref(),
        authenticated_at: state.authenticated_at,
        profile: &profile,
    };
    let refresh = vault::refresh_token(tenant.id.as_str(), id.as_str(), generation, &key);
    tokens::answer(ctx, tenant, application, &subject, Some(refresh))
}
