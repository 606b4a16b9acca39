//! `tessera job …`, and the commands on users that make a job: import and export. A command does the
//! work itself, step by step, so it needs no server; a server that runs may do some of the steps.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use context::Tenant;
use directory::batches::import::{self, Upload};
use directory::batches::{self, Format, IfExists, Select, Task, export};
use directory::users::list::Query;
use serde_json::{Value, json};
use store::batches::BatchRow;

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::{ImportArgs, JobCommand};
use crate::fail::Fail;

/// So many problems are printed.
const SHOWN: usize = 100;

/// Runs a command on jobs.
pub fn run(session: &Session, command: JobCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        JobCommand::List { tenant, page } => {
            let tenant = session.tenant(&tenant)?;
            let after = page.after.as_deref();
            let found = batches::list(ctx, actor, &tenant.id, after, page.limit)?;
            let rows: Vec<Value> = found.items.iter().map(shown).collect();
            let all = json!({ "items": rows, "next": found.next });
            let columns = ["id", "kind", "state", "done", "failed", "created_at"];
            answer(session.json, &all, || table(&columns, &rows));
            Ok(())
        }
        JobCommand::Show { tenant, id } => {
            let tenant = session.tenant(&tenant)?;
            let row = batches::show(ctx, actor, &tenant.id, &id)?;
            report(session, &tenant, &row)
        }
        JobCommand::Start { tenant, id } => {
            let tenant = session.tenant(&tenant)?;
            let row = batches::start(ctx, actor, &tenant.id, &id)?;
            let row = finish(session, &tenant, row)?;
            report(session, &tenant, &row)
        }
        JobCommand::Cancel { tenant, id } => {
            let tenant = session.tenant(&tenant)?;
            let row = batches::cancel(ctx, actor, &tenant.id, &id)?;
            report(session, &tenant, &row)
        }
    }
}

fn shown(row: &BatchRow) -> Value {
    let mut value = json!({
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "total": row.total,
        "done": row.done,
        "failed": row.failed,
        "created_at": moment(row.created_at),
    });
    if row.kind == "user.import" {
        let counts = import::counts(row);
        value["created"] = counts.created.into();
        value["updated"] = counts.updated.into();
        value["unchanged"] = counts.unchanged.into();
    }
    if !row.last_error.is_empty() {
        value["error"] = row.last_error.clone().into();
    }
    value
}

fn report(session: &Session, tenant: &Tenant, row: &BatchRow) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    let (problems, more) = batches::problems(ctx, actor, &tenant.id, row.id.as_str(), SHOWN)?;
    let mut value = shown(row);
    let rows: Vec<Value> = problems.iter().map(|problem| json!(problem)).collect();
    let human = value.clone();
    value["problems"] = rows.clone().into();
    value["more_problems"] = more.into();
    answer(session.json, &value, || {
        facts(&human);
        if !rows.is_empty() {
            say!("");
            table(&["row", "column", "message"], &rows);
        }
        if more {
            say!("… and more; the console has all of them as a file.");
        }
    });
    if row.state == "failed" {
        return Err(Fail::new(row.last_error.clone()));
    }
    Ok(())
}

/// Does steps until nothing is left to do for this job.
fn finish(session: &Session, tenant: &Tenant, mut row: BatchRow) -> Result<BatchRow, Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    while batches::is_moving(&row) {
        if !batches::work(ctx, "cli")? {
            // A server has the lease.
            let _ = crossbeam_channel::after(Duration::from_millis(100)).recv();
        }
        row = batches::show(ctx, actor, &tenant.id, row.id.as_str())?;
    }
    Ok(row)
}

/// `tessera user import`.
pub fn import(session: &Session, args: &ImportArgs) -> Result<(), Fail> {
    let tenant = session.tenant(&args.tenant)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let format = args
        .format
        .as_deref()
        .map(|name| {
            Format::parse(name).ok_or_else(|| Fail::usage("--format is csv, json or ndjson"))
        })
        .transpose()?;
    let if_exists = IfExists::parse(&args.if_exists)
        .ok_or_else(|| Fail::usage("--if-exists is skip or update"))?;
    let bytes = read(&args.file)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let file = name.filter(|name| name != "-").unwrap_or_default();
    let upload = Upload { file: &file, bytes: &bytes, format, if_exists };
    let row = import::upload(ctx, actor, &tenant.id, &upload)?;
    let mut row = finish(session, &tenant, row)?;
    if args.dry_run {
        report(session, &tenant, &row)?;
        if row.state == "checked" {
            batches::cancel(ctx, actor, &tenant.id, row.id.as_str())?;
        }
        return match row.failed {
            0 => Ok(()),
            1 => Err(Fail::usage("1 row has a problem; nothing was imported")),
            many => Err(Fail::usage(format!("{many} rows have a problem; nothing was imported"))),
        };
    }
    if row.state == "checked" {
        row = batches::start(ctx, actor, &tenant.id, row.id.as_str())?;
        row = finish(session, &tenant, row)?;
    }
    report(session, &tenant, &row)
}

fn read(path: &Path) -> Result<Vec<u8>, Fail> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().take(import::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|e| Fail::usage(format!("{}: {e}", path.display())))
}

/// `tessera user export`: the text itself, whatever `--json` says.
pub fn export(session: &Session, tenant: &str, format: &str, query: Query) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let format = Format::parse(format)
        .filter(|format| *format != Format::Json)
        .ok_or_else(|| Fail::usage("--format is csv or ndjson"))?;
    let task = Task::Export { select: Select::Query(query), format, columns: Vec::new() };
    let row = batches::create(ctx, actor, &tenant.id, task)?;
    let row = finish(session, &tenant, row)?;
    if row.state != "done" {
        return Err(Fail::new(format!("the export stopped: {}", row.last_error)));
    }
    for number in 1..=export::files(&row) {
        let file = export::file(ctx, actor, &tenant.id, row.id.as_str(), number)?;
        // One header for all of it.
        let skip = if number > 1 && format == Format::Csv { 1 } else { 0 };
        for line in file.text.lines().skip(skip) {
            say!("{line}");
        }
    }
    Ok(())
}
