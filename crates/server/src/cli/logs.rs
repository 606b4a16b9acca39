//! `tessera log …` and `tessera audit …`.

use std::io::Write;

use directory::audit::{self, AuditEntry, AuditQuery, Format};
use directory::logs::{self, LogEntry, LogQuery};
use serde_json::{Value, json};
use store::Timestamp;

use super::Session;
use super::output::{answer, moment, table};
use crate::args::{AuditCommand, LogCommand};
use crate::fail::Fail;

/// Runs a command on the log of sign-ins.
pub fn run(session: &Session, command: LogCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        LogCommand::List { tenant, outcome, code, application, user, connection, page } => {
            let tenant = session.tenant(&tenant)?;
            let query = LogQuery {
                outcome: outcome.unwrap_or_default(),
                code: code.unwrap_or_default(),
                application: application.unwrap_or_default(),
                user: user.unwrap_or_default(),
                connection: connection.unwrap_or_default(),
            };
            let after = page.after.as_deref();
            let list = logs::list(ctx, actor, &tenant.id, &query, after, page.limit)?;
            let rows: Vec<Value> = list.items.iter().map(entry).collect();
            answer(session.json, &json!({ "items": rows, "next": list.next }), || {
                table(&["at", "outcome", "code", "user", "application", "support_code"], &rows);
            });
        }
        LogCommand::Show { tenant, code } => {
            let tenant = session.tenant(&tenant)?;
            let steps = logs::show(ctx, actor, &tenant.id, &code)?;
            let rows: Vec<Value> = steps.iter().map(entry).collect();
            let flow = json!({
                "flow": steps[0].flow, "support_code": steps[0].support, "steps": rows,
            });
            answer(session.json, &flow, || table(&["at", "step", "code", "why", "detail"], &rows));
        }
    }
    Ok(())
}

fn entry(e: &LogEntry) -> Value {
    let known = (e.code != "ok").then(|| protocol::catalogue::entry(&e.code));
    json!({
        "at": moment(Timestamp(e.at)),
        "flow": e.flow,
        "support_code": e.support,
        "step": e.step,
        "outcome": e.outcome,
        "code": e.code,
        "why": known.map(|entry| entry.admin),
        "fix": known.map(|entry| entry.fix),
        "application": e.application,
        "user": e.user,
        "connection": e.connection,
        "detail": e.detail,
        "times": e.times,
    })
}

/// Runs a command on the audit.
pub fn run_audit(session: &Session, command: AuditCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        AuditCommand::List { tenant, object, actor: by, action, page } => {
            let tenant = session.tenant(&tenant)?;
            let query = AuditQuery {
                object: object.unwrap_or_default(),
                actor: by.unwrap_or_default(),
                action: action.unwrap_or_default(),
            };
            let after = page.after.as_deref();
            let list = audit::list(ctx, actor, &tenant.id, &query, after, page.limit)?;
            let rows: Vec<Value> = list.items.iter().map(change).collect();
            answer(session.json, &json!({ "items": rows, "next": list.next }), || {
                table(&["at", "actor", "action", "object", "detail"], &rows);
            });
        }
        AuditCommand::Export { tenant, format } => {
            let format = match format.as_str() {
                "csv" => Format::Csv,
                "json" => Format::Json,
                other => return Err(Fail::usage(format!("--format {other}: csv or json"))),
            };
            let tenant = session.tenant(&tenant)?;
            let file = audit::export(ctx, actor, &tenant.id, &AuditQuery::default(), format)?;
            // A reader that went away ends the output and nothing else.
            let _ = std::io::stdout().write_all(file.as_bytes());
        }
    }
    Ok(())
}

fn change(e: &AuditEntry) -> Value {
    json!({
        "id": e.id,
        "at": moment(Timestamp(e.at)),
        "actor": e.actor,
        "actor_kind": e.actor_kind,
        "action": e.action,
        "object": e.object,
        "detail": e.detail,
        "request": e.request,
        "ip": e.ip,
    })
}
