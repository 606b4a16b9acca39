//! Sessions of a user, as an admin sees and ends them.

use context::Ctx;
use serde::Serialize;
use store::sessions::SessionRow;
use store::{SessionId, TenantId, UserId};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::page::{self, Page};
use crate::rights::Action;

/// A session as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct Session {
    /// Its id, the `sid` on the wire.
    pub id: SessionId,
    /// Who is signed in.
    pub user: UserId,
    /// How they proved it.
    pub amr: String,
    /// The address they came from.
    pub ip: String,
    /// The browser's own name for itself.
    pub user_agent: String,
    /// When it began, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// When it ends in any case.
    pub expires_at: i64,
    /// When it was ended.
    pub ended_at: Option<i64>,
}

/// The sessions of a user, or of everybody in the tenant, newest first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    user: Option<&str>,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Session>, Error> {
    let user = user.map(|id| UserId::parse(id).ok_or(Error::NotFound("user"))).transpose()?;
    let scope = (tenant.as_str(), "sessions");
    let limit = page::limit(limit);
    let before = page::open(ctx, scope, after)?.and_then(|id| SessionId::parse(&id));
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::SessionRead)?;
        if let Some(user) = &user {
            tx.find_user(user)?.ok_or(Error::NotFound("user"))?;
        }
        Ok::<_, Error>(tx.list_sessions(user.as_ref(), before.as_ref(), limit + 1)?)
    })?;
    let sessions = rows.into_iter().map(shown).collect();
    Ok(page::cut(ctx, scope, sessions, limit, |s: &Session| s.id.as_str().into()))
}

/// Ends a session and everything that was issued in it, offline grants included: whoever ends it
/// from outside does not trust it any more.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn revoke(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<(), Error> {
    let id = SessionId::parse(id).ok_or(Error::NotFound("session"))?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SessionRevoke)?;
        let row = tx.find_session(&id)?.ok_or(Error::NotFound("session"))?;
        tx.end_session(&id, ctx.now())?;
        let grants = tx.revoke_session_grants(&id, "admin", ctx.now())?;
        let detail = serde_json::json!({ "user": row.user_id.as_str(), "grants": grants });
        audit::record(tx, ctx, actor, "session.revoke", id.as_str(), &detail)?;
        tx.changed("session", id.as_str());
        Ok(())
    })
}

/// Ends every session of a user and everything that was ever issued to them.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn revoke_all(ctx: &Ctx, actor: &Actor, tenant: &TenantId, user: &str) -> Result<usize, Error> {
    let user = UserId::parse(user).ok_or(Error::NotFound("user"))?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SessionRevoke)?;
        if !tx.raise_user_epoch(&user, ctx.now())? {
            return Err(Error::NotFound("user"));
        }
        let ended = tx.end_sessions_of(&user, None, ctx.now())?;
        let detail = serde_json::json!({ "sessions": ended });
        audit::record(tx, ctx, actor, "session.revoke_all", user.as_str(), &detail)?;
        tx.changed("user", user.as_str());
        Ok(ended)
    })
}

fn shown(row: SessionRow) -> Session {
    Session {
        id: row.id,
        user: row.user_id,
        amr: row.amr,
        ip: row.ip,
        user_agent: row.user_agent,
        created_at: row.created_at.0,
        seen_at: row.seen_at.0,
        expires_at: row.expires_at.0,
        ended_at: row.ended_at.map(|at| at.0),
    }
}
