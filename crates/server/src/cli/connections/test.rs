//! `tessera connection test`: the provider, its keys and our credentials there, step by step. It is
//! what the console's "Check credentials" does; a sign-in as a test needs a browser.

use directory::connection_tests::{Mark, TestStep};
use directory::connections;
use federation::{Run, Upstreams};
use protocol::catalogue;
use serde_json::{Value, json};

use super::find;
use crate::args::{OneConnection, OneMapping};
use crate::cli::Session;
use crate::cli::output::{answer, say};
use crate::fail::Fail;
use crate::upstream;

pub(super) fn run(session: &Session, one: OneMapping) -> Result<(), Fail> {
    let one = OneConnection { connection: one.connection, tenant: one.tenant };
    let (tenant, shown) = find(session, &one)?;
    let (ctx, row) = (&session.ctx, &shown.row);
    let tenant = session.tenant(tenant.as_str())?;
    let all = ctx.snapshots.connections(ctx, &tenant.id)?;
    let connection = all.iter().find(|connection| connection.id == row.id);
    let connection = connection.ok_or_else(|| Fail::not_found("the connection is gone"))?;
    let upstreams = Upstreams::new(upstream::client(&session.config)?);
    let question = federation::question(ctx, &tenant, connection);
    let mut run = Run::new(true);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told = runtime.block_on(federation::check_credentials(&upstreams, &question, &mut run));
    let code = told.err().map_or("ok", |failure| failure.code);
    connections::note_check(ctx, &session.actor, &tenant.id, row, code)?;
    let steps = run.into_steps();
    let value = json!({
        "connection": row.id, "code": row.code, "ok": code == "ok", "outcome": code,
        "steps": steps.iter().map(shown_step).collect::<Vec<Value>>(),
    });
    answer(session.json, &value, || steps.iter().for_each(print));
    match code {
        "ok" => Ok(()),
        code => {
            let entry = catalogue::entry(code);
            Err(Fail::new(format!("{code}: {} {}", entry.admin, entry.fix)))
        }
    }
}

fn shown_step(step: &TestStep) -> Value {
    let entry = (!step.code.is_empty()).then(|| catalogue::entry(&step.code));
    json!({
        "name": step.name, "mark": step.mark, "ms": step.ms, "code": step.code,
        "reason": entry.map_or("", |entry| entry.admin),
        "cure": entry.map_or("", |entry| entry.fix),
        "evidence": step.evidence,
    })
}

fn print(step: &TestStep) {
    let mark = match step.mark {
        Mark::Ok => "ok",
        Mark::Warn => "look",
        Mark::Fail => "FAILED",
    };
    say!("{mark:8}{:16}{:>6} ms", step.name, step.ms);
    if step.mark == Mark::Fail {
        say!("        {}", step.evidence);
    }
}
