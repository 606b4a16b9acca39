//! Where every way to prove who one is ends: the flow's page is used up, the counter reset, the
//! session made or renewed and the audit written, in one write.

use context::{Ctx, Tenant};
use protocol::catalogue;
use store::audit::AuditRow;
use store::sessions::SessionRow;
use store::spent::{Spend, SpentKind};
use store::users::UserRow;
use store::{AuditId, Error, SessionId, Tx, UserId};
use vault::SecretString;

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

/// The way in: what a session says of how it was made.
pub(crate) struct Entry<'a> {
    pub flow: &'a Flow,
    pub browser: &'a Browser,
    pub remember: bool,
    /// Methods of RFC 8176, separated by spaces.
    pub amr: &'static str,
    /// The connection; empty for a password.
    pub connection: &'a str,
}

/// What came of the write.
pub(crate) enum Written {
    /// There is a session; `replaces` is the token it had before.
    Fresh { session: SessionId, replaces: Option<String> },
    /// The person is kept out.
    Blocked,
    /// What was proven does not stand any more.
    Changed,
    /// The flow was used up before.
    Replayed,
}

pub(super) fn with_user(ctx: &Ctx, tenant: &Tenant, proven: Proven) -> Result<Outcome, Error> {
    let Proven { flow, browser, remember, amr, .. } = proven;
    let entry = Entry { flow, browser, remember, amr, connection: "" };
    let (token, row) = prepare(ctx, tenant, &entry);
    let written = ctx.db.write(&tenant.id, |tx| write(tx, ctx, &proven, &entry, &row))?;
    let user = proven.user.id.as_str();
    let about = About { user, ..crate::authorize::about(proven.flow) };
    Ok(match written {
        Written::Fresh { session, replaces } => {
            trace::note(ctx, tenant, "password", trace::OK, about);
            let made = Made { session, replaces, token };
            Outcome::SignedIn(Box::new(signed_in(ctx, tenant, &entry, &proven.user, made)))
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

/// A session that was made, and its token.
pub(crate) struct Made {
    pub session: SessionId,
    pub replaces: Option<String>,
    pub token: SecretString,
}

/// What the browser is given for it.
pub(crate) fn signed_in(
    ctx: &Ctx,
    tenant: &Tenant,
    entry: &Entry,
    user: &UserRow,
    made: Made,
) -> SignedIn {
    SignedIn {
        session: made.session,
        token: made.token,
        max_age_s: entry.remember.then_some(KEPT.0),
        known: guesses::known_proof(ctx, tenant, user, entry.browser),
        replaces: made.replaces,
    }
}

/// What a write came to, for ways in that count no guesses.
pub(crate) enum Given {
    /// A session for the browser.
    SignedIn(Box<SignedIn>),
    /// The person is kept out.
    Blocked,
    /// What was proven does not stand any more, or the flow was used up before.
    Over,
}

/// What the browser is given for a write.
pub(crate) fn given(
    ctx: &Ctx,
    tenant: &Tenant,
    entry: &Entry,
    user: &UserRow,
    token: SecretString,
    written: Written,
) -> Given {
    match written {
        Written::Fresh { session, replaces } => {
            let made = Made { session, replaces, token };
            Given::SignedIn(Box::new(signed_in(ctx, tenant, entry, user, made)))
        }
        Written::Blocked => Given::Blocked,
        Written::Changed | Written::Replayed => Given::Over,
    }
}

fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    proven: &Proven,
    entry: &Entry,
    row: &SessionRow,
) -> Result<Written, Error> {
    let user = &proven.user;
    // The password may have been changed, or the user blocked, while it was being hashed.
    let Some(stands) = tx.find_user(&user.id)?.filter(|u| u.password == user.password) else {
        return Ok(Written::Changed);
    };
    tx.reset_guesses(&proven.key)?;
    let written = open(tx, ctx, entry, &stands, row)?;
    if let (Written::Fresh { .. }, Some(from), Some(to)) =
        (&written, &stands.password, &proven.upgraded)
    {
        tx.upgrade_user_password(&user.id, from, to)?;
    }
    Ok(written)
}

/// Signs a user in: what every way in has in common, inside its write. `row` is from [`prepare`].
pub(crate) fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    entry: &Entry,
    stands: &UserRow,
    row: &SessionRow,
) -> Result<Written, Error> {
    if stands.blocked {
        return Ok(Written::Blocked);
    }
    let until = entry.flow.started_at.plus_seconds(2 * LIFETIME_S + DAY);
    if tx.spend(SpentKind::Flow, &entry.flow.id, row.id.as_str(), until)? != Spend::Fresh {
        return Ok(Written::Replayed);
    }
    let own = SessionRow { user_id: stands.id.clone(), epoch: stands.epoch, ..row.clone() };
    let (session, replaces) = put_session(tx, entry, own)?;
    tx.touch_user(&stands.id, ctx.now())?;
    tx.insert_audit(&audit_row(ctx, entry, stands, &session))?;
    Ok(Written::Fresh { session, replaces })
}

/// Somebody who is signed in already and proves it again keeps their session's id, with a new
/// token; anybody else gets a session of their own.
fn put_session(
    tx: &mut Tx,
    entry: &Entry,
    row: SessionRow,
) -> Result<(SessionId, Option<String>), Error> {
    for token in entry.browser.tokens.iter().take(5) {
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

/// A token and the session it is for, before it is known whose it will be.
pub(crate) fn prepare(ctx: &Ctx, tenant: &Tenant, entry: &Entry) -> (SecretString, SessionRow) {
    let now = ctx.now();
    let token = vault::new_session_token(&ctx.vault);
    let (life, idle) = if entry.remember { KEPT } else { BRIEF };
    let row = SessionRow {
        tenant: tenant.id.clone(),
        id: SessionId::new(now, ctx.vault.random()),
        user_id: UserId::new(now, ctx.vault.random()),
        kind: "sso".into(),
        token_hash: vault::session_token_hash(token.expose()).to_vec(),
        amr: entry.amr.into(),
        epoch: 0,
        remember: entry.remember,
        ip: entry.browser.ip.clone(),
        user_agent: entry.browser.user_agent.chars().take(256).collect(),
        created_at: now,
        authenticated_at: now,
        seen_at: now,
        idle_us: idle * 1_000_000,
        expires_at: now.plus_seconds(life),
        ended_at: None,
        connection: entry.connection.to_owned(),
    };
    (token, row)
}

fn audit_row(ctx: &Ctx, entry: &Entry, user: &UserRow, session: &SessionId) -> AuditRow {
    let now = ctx.now();
    AuditRow {
        tenant: user.tenant.clone(),
        id: AuditId::new(now, ctx.vault.random()),
        at: now,
        actor: user.id.as_str().into(),
        actor_kind: "user".into(),
        action: "user.sign_in".into(),
        object: user.id.as_str().into(),
        detail: serde_json::json!({
            "session": session.as_str(),
            "application": entry.flow.request.client_id,
            "flow": entry.flow.id,
            "amr": entry.amr,
            "connection": entry.connection,
        })
        .to_string(),
        request: entry.browser.request.clone(),
        ip: entry.browser.ip.clone(),
    }
}
