//! Where somebody is signed in, and ending it.

use context::{Ctx, Tenant};
use serde_json::json;
use store::SessionId;
use store::sessions::SessionRow;

use super::Me;
use crate::audit;
use crate::error::Error;

/// So many of the newest sessions are looked through.
const ROWS: i64 = 100;

/// One's own sessions that live, the newest first.
///
/// # Errors
/// Whatever the database reports.
pub fn list(ctx: &Ctx, tenant: &Tenant, me: &Me) -> Result<Vec<SessionRow>, Error> {
    let now = ctx.now();
    let rows = ctx.db.read(&tenant.id, |tx| tx.list_sessions(Some(&me.user.id), None, ROWS))?;
    let lives = |row: &SessionRow| {
        row.kind == "sso"
            && row.ended_at.is_none()
            && row.epoch == me.user.epoch
            && row.expires_at > now
            && row.seen_at.0 + row.idle_us > now.0
    };
    Ok(rows.into_iter().filter(lives).collect())
}

/// Ends one of one's own sessions, with all that was issued in it.
///
/// # Errors
/// [`Error::NotFound`] for whatever is not theirs, or whatever the database reports.
pub fn end(ctx: &Ctx, tenant: &Tenant, me: &Me, id: &str) -> Result<(), Error> {
    let id = SessionId::parse(id).ok_or(Error::NotFound("session"))?;
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| {
        let row = tx.find_session(&id)?.filter(|row| row.user_id == me.user.id);
        row.ok_or(Error::NotFound("session"))?;
        tx.end_session(&id, now)?;
        let grants = tx.revoke_session_grants(&id, "user", now)?;
        let detail = json!({ "grants": grants });
        audit::record(tx, ctx, &me.actor, "session.end", id.as_str(), &detail)?;
        tx.changed("session", id.as_str());
        Ok(())
    })
}

/// Ends every session of one's own and all that was ever issued; this one stays unless
/// `everywhere`. What applications were issued ends in any case.
///
/// # Errors
/// [`Error::NotFound`] when the person is gone, or whatever the database reports.
pub fn end_others(ctx: &Ctx, tenant: &Tenant, me: &Me, everywhere: bool) -> Result<(), Error> {
    let now = ctx.now();
    let kept = (!everywhere).then_some(&me.session);
    ctx.db.write(&tenant.id, |tx| {
        let user = me.stands(tx)?;
        tx.raise_user_epoch(&user.id, now)?;
        let ended = tx.end_sessions_of(&user.id, kept, now)?;
        if let Some(kept) = kept {
            tx.carry_sessions(&user.id, Some(kept), user.epoch, user.epoch + 1)?;
        }
        let detail = json!({ "sessions": ended, "everywhere": everywhere });
        audit::record(tx, ctx, &me.actor, "session.end_all", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}
