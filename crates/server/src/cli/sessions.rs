//! `tessera session …`.

use directory::sessions;
use serde_json::{Value, json};

use super::Session;
use super::output::{answer, moment, say, table};
use crate::args::SessionCommand;
use crate::fail::Fail;

/// Runs a command on sessions.
pub fn run(session: &Session, command: SessionCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        SessionCommand::List { user, tenant, page } => {
            let tenant = match (&user, tenant) {
                (_, Some(tenant)) => session.tenant(&tenant)?.id.clone(),
                (Some(user), None) => session.owner("user", user)?,
                (None, None) => return Err(Fail::usage("name a --user or a --tenant")),
            };
            let (user, after) = (user.as_deref(), page.after.as_deref());
            let list = sessions::list(ctx, actor, &tenant, user, after, page.limit)?;
            let rows: Vec<Value> = list.items.iter().map(shown).collect();
            let all = json!({ "items": rows, "next": list.next });
            answer(session.json, &all, || {
                table(&["id", "user", "created_at", "ip", "ended_at"], &rows);
            });
        }
        SessionCommand::Revoke { id } => {
            let tenant = session.owner("session", &id)?;
            sessions::revoke(ctx, actor, &tenant, &id)?;
            answer(session.json, &json!({ "id": id, "revoked": true }), || say!("ended {id}"));
        }
    }
    Ok(())
}

fn shown(s: &sessions::Session) -> Value {
    let at = |us: i64| moment(store::Timestamp(us));
    json!({
        "id": s.id,
        "user": s.user,
        "amr": s.amr,
        "ip": s.ip,
        "user_agent": s.user_agent,
        "created_at": at(s.created_at),
        "seen_at": at(s.seen_at),
        "expires_at": at(s.expires_at),
        "ended_at": s.ended_at.map(at),
    })
}
