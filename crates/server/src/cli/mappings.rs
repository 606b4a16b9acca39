//! `tessera mapping …`.

use std::path::Path;

use directory::mappings::{self, Shown, UpdateMapping};
use mapping::{Mapping, Preview, Profile};
use serde_json::{Value, json};
use store::TenantId;

use super::Session;
use super::connections::{find, read, read_json};
use super::output::{answer, facts, json as print, moment, say, table};
use crate::args::{MappingCommand, OneConnection, OneMapping, PageArgs};
use crate::fail::Fail;

/// Runs a command on mappings.
pub fn run(session: &Session, command: MappingCommand) -> Result<(), Fail> {
    match command {
        MappingCommand::Show { one, version } => show(session, one, version),
        MappingCommand::Set { one, file, version } => set(session, one, &file, version),
        MappingCommand::Preview { one, profile, file } => {
            preview(session, one, &profile, file.as_deref())
        }
        MappingCommand::Versions { one, page } => versions(session, one, &page),
        MappingCommand::Rollback { one, version } => rollback(session, one, version),
    }
}

/// The tenant, and the mapping as it stands.
fn open(session: &Session, one: OneMapping) -> Result<(TenantId, Shown), Fail> {
    let one = OneConnection { connection: one.connection, tenant: one.tenant };
    let (tenant, shown) = find(session, &one)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let mapping = mappings::show(ctx, actor, &tenant, shown.row.id.as_str())?;
    Ok((tenant, mapping))
}

fn show(session: &Session, one: OneMapping, version: Option<i64>) -> Result<(), Fail> {
    let (tenant, shown) = open(session, one)?;
    let id = shown.connection.id.as_str();
    let mapping = match version {
        Some(version) => mappings::version(&session.ctx, &session.actor, &tenant, id, version)?,
        None => shown.mapping,
    };
    // The same for people and scripts: what it prints is what `set` reads.
    print(&mapping.to_value());
    Ok(())
}

fn set(session: &Session, one: OneMapping, file: &Path, version: Option<i64>) -> Result<(), Fail> {
    let (tenant, shown) = open(session, one)?;
    let input = UpdateMapping {
        version: version.unwrap_or(shown.connection.mapping_version),
        mapping: mappings::read(&read_json(file)?)?,
    };
    let (ctx, actor, id) = (&session.ctx, &session.actor, shown.connection.id.as_str());
    let row = mappings::set(ctx, actor, &tenant, id, &input)?;
    for advice in mapping::rules::advice(&input.mapping) {
        eprintln!("warning: {advice}");
    }
    said(session, id, row.mapping_version);
    Ok(())
}

fn said(session: &Session, id: &str, version: i64) {
    let value = json!({ "id": id, "version": version });
    answer(session.json, &value, || facts(&value));
}

fn preview(
    session: &Session,
    one: OneMapping,
    profile: &Path,
    file: Option<&Path>,
) -> Result<(), Fail> {
    let (_, shown) = open(session, one)?;
    let mapping: Mapping = match file {
        Some(file) => mappings::read(&read_json(file)?)?,
        None => shown.mapping,
    };
    let text = read(profile)?;
    let profile = Profile::parse(text.as_bytes()).map_err(|e| Fail::usage(e.to_string()))?;
    let preview = mappings::preview(&mapping, &shown.schema, &profile, None);
    let value = serde_json::to_value(&preview).map_err(|e| Fail::new(e.to_string()))?;
    answer(session.json, &value, || told(&preview));
    Ok(())
}

fn told(preview: &Preview) {
    let row = |field: &mapping::engine::FieldOutcome| {
        json!({
            "row": field.row,
            "target": field.target,
            "value": field.value,
            "result": field.action.name(),
            "why": field.action.message(),
        })
    };
    let rows: Vec<Value> = preview.rows.iter().map(row).collect();
    table(&["row", "target", "value", "result", "why"], &rows);
    if let Some(blocked) = &preview.blocked {
        say!("\nSign-in would stop at row {}: {}", blocked.row, blocked.message);
    }
    for missing in &preview.missing {
        let near =
            if missing.near.is_empty() { "nothing alike".into() } else { missing.near.join(", ") };
        say!("Row {}: nothing at {}; there is {near}", missing.row, missing.path);
    }
    if !preview.unused.is_empty() {
        say!("Not used: {}", preview.unused.join(", "));
    }
    for problem in preview.problems.iter().chain(&preview.advice) {
        say!("{problem}");
    }
}

fn versions(session: &Session, one: OneMapping, page: &PageArgs) -> Result<(), Fail> {
    let (tenant, shown) = open(session, one)?;
    let (ctx, actor, id) = (&session.ctx, &session.actor, shown.connection.id.as_str());
    let list = mappings::versions(ctx, actor, &tenant, id, page.after.as_deref(), page.limit)?;
    let row = |version: &mappings::Version| {
        let changes: Vec<String> = version.changes.iter().map(|c| c.target.clone()).collect();
        json!({
            "version": version.version,
            "author": version.author,
            "saved_at": moment(store::Timestamp(version.created_at)),
            "changed": changes,
        })
    };
    let rows: Vec<Value> = list.items.iter().map(row).collect();
    let value = json!({ "items": rows, "next": list.next });
    answer(session.json, &value, || table(&["version", "author", "saved_at", "changed"], &rows));
    Ok(())
}

fn rollback(session: &Session, one: OneMapping, version: i64) -> Result<(), Fail> {
    let (tenant, shown) = open(session, one)?;
    let (ctx, actor, id) = (&session.ctx, &session.actor, shown.connection.id.as_str());
    let row = mappings::roll_back(ctx, actor, &tenant, id, version)?;
    said(session, id, row.mapping_version);
    Ok(())
}
