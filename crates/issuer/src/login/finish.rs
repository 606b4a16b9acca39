//! Where every way to prove who one is ends: the flow's page is used up, the counter reset, the
//! session made or renewed and the audit written, in one write.

use context::{Ctx, Tenant};
use protocol::catalogue;
use store::audit::AuditRow;
use store::sessions::SessionRow;
use store::spent::{Spend, SpentKind};
use store::users::UserRow;
use store::{AuditId, Error, SessionId, Tx};

use super::{Outcome, SignedIn, guesses};
use crate::browser::Browser;
use crate::flow::{Flow, LIFETIME_S};
use crate::trace::{self, About};

const DAY: i64 = 86_400;
/// Without "keep me signed in": the absolute and the idle life of a session, in seconds.
const BRIEF: (i64, i64) = (DAY, 8 * 3_600);
/// With it.
const KEPT: (i64, i64) = (30 * DAY, 14 * DAY);

/// What was proven, and what is to be recorded with it.
pub(super) struct Proven<'a> {
    pub flow: &'a Flow,
    pub browser: &'a Browser,
    pub user: UserRow,
    pub key: String,
    /// The password's hash with present parameters, when the stored one has older ones.
    pub upgraded: Option<String>,
    pub remember: bool,
    pub amr: &'static str,
}

enum Written {
    Fresh { session: SessionId, replaces: Option<String> },
    Blocked,
    Changed,
    Replayed,
}

pub(super) fn with_user(ctx: &Ctx, tenant: &Tenant, proven: Proven) -> Result<Outcome, Error> {
    let token = vault::new_session_token(&ctx.vault);
    let hash = vault::session_token_hash(token.expose());
    let row = session_row(ctx, tenant, &proven, &hash);
    let written = ctx.db.write(&tenant.id, |tx| write(tx, ctx, &proven, &row))?;
    let user = proven.user.id.as_str();
    let about = About { user, ..crate::authorize::about(proven.flow) };
    Ok(match written {
        Written::Fresh { session, replaces } => {
            trace::note(ctx, tenant, "password", trace::OK, about);
            Outcome::SignedIn(Box::new(SignedIn {
                session,
                token,
                max_age_s: proven.remember.then_some(KEPT.0),
                known: guesses::known_proof(ctx, tenant, &proven.user, proven.browser),
                replaces,
            }))
        }
        Written::Blocked => {
            trace::note(ctx, tenant, "password", catalogue::USER_BLOCKED, about);
            Outcome::Blocked
        }
        Written::Changed => {
            trace::note(ctx, tenant, "password", catalogue::BAD_CREDENTIALS, about);
            Outcome::Refused { code: catalogue::BAD_CREDENTIALS, retry_after_s: 0 }
        }
        Written::Replayed => Outcome::AlreadyDone,
    })
}

fn write(tx: &mut Tx, ctx: &Ctx, proven: &Proven, row: &SessionRow) -> Result<Written, Error> {
    let now = ctx.now();
    let user = &proven.user;
    // The password may have been changed, or the user blocked, while it was being hashed.
    let Some(stands) = tx.find_user(&user.id)?.filter(|u| u.password == user.password) else {
        return Ok(Written::Changed);
    };
    tx.reset_guesses(&proven.key)?;
    if stands.blocked {
        return Ok(Written::Blocked);
    }
    let until = proven.flow.started_at.plus_seconds(2 * LIFETIME_S + DAY);
    if tx.spend(SpentKind::Flow, &proven.flow.id, row.id.as_str(), until)? != Spend::Fresh {
        return Ok(Written::Replayed);
    }
    let (session, replaces) =
        put_session(tx, proven, SessionRow { epoch: stands.epoch, ..row.clone() })?;
    tx.touch_user(&user.id, now)?;
    if let (Some(from), Some(to)) = (&stands.password, &proven.upgraded) {
        tx.upgrade_user_password(&user.id, from, to)?;
    }
    tx.insert_audit(&audit_row(ctx, proven, &session))?;
    Ok(Written::Fresh { session, replaces })
}

/// Somebody who is signed in already and proves it again keeps their session's id, with a new
/// token; anybody else gets a session of their own.
fn put_session(
    tx: &mut Tx,
    proven: &Proven,
    row: SessionRow,
) -> Result<(SessionId, Option<String>), Error> {
    for token in proven.browser.tokens.iter().take(5) {
        let found = tx.find_session_by_token(&vault::session_token_hash(token))?;
        let alive = |s: &SessionRow| {
            s.user_id == row.user_id
                && s.kind == row.kind
                && s.ended_at.is_none()
                && s.epoch == row.epoch
                && s.expires_at > row.authenticated_at
        };
        if let Some(standing) = found.filter(alive) {
            let id = standing.id.clone();
            let renewed =
                SessionRow { id: id.clone(), created_at: standing.created_at, ..row.clone() };
            if tx.renew_session(&renewed, &standing.token_hash)? {
                return Ok((id, Some(token.clone())));
            }
        }
    }
    tx.insert_session(&row)?;
    Ok((row.id, None))
}

fn session_row(ctx: &Ctx, tenant: &Tenant, proven: &Proven, hash: &[u8; 32]) -> SessionRow {
    let now = ctx.now();
    let (life, idle) = if proven.remember { KEPT } else { BRIEF };
    SessionRow {
        tenant: tenant.id.clone(),
        id: SessionId::new(now, ctx.vault.random()),
        user_id: proven.user.id.clone(),
        kind: "sso".into(),
        token_hash: hash.to_vec(),
        amr: proven.amr.into(),
        epoch: proven.user.epoch,
        remember: proven.remember,
        ip: proven.browser.ip.clone(),
        user_agent: proven.browser.user_agent.chars().take(256).collect(),
        created_at: now,
        authenticated_at: now,
        seen_at: now,
        idle_us: idle * 1_000_000,
        expires_at: now.plus_seconds(life),
        ended_at: None,
        connection: String::new(),
    }
}

fn audit_row(ctx: &Ctx, proven: &Proven, session: &SessionId) -> AuditRow {
    let now = ctx.now();
    AuditRow {
        tenant: proven.user.tenant.clone(),
        id: AuditId::new(now, ctx.vault.random()),
        at: now,
        actor: proven.user.id.as_str().into(),
        actor_kind: "user".into(),
        action: "user.sign_in".into(),
        object: proven.user.id.as_str().into(),
        detail: serde_json::json!({
            "session": session.as_str(),
            "application": proven.flow.request.client_id,
            "flow": proven.flow.id,
            "amr": proven.amr,
        })
        .to_string(),
        request: proven.browser.request.clone(),
        ip: proven.browser.ip.clone(),
    }
}
