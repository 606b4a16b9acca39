//! `tessera connection …`.

use std::collections::BTreeMap;
use std::path::Path;

use directory::connections::{self, Shown, UpdateConnection};
use directory::presets;
use serde_json::{Value, json};
use store::connections::ConnectionRow;
use store::{ApplicationId, ConnectionConfig, TenantId};

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::{ConnectionCommand, CreateConnectionArgs, OneConnection};
use crate::fail::Fail;

mod provider;
mod test;

/// Runs a command on connections.
pub fn run(session: &Session, command: ConnectionCommand) -> Result<(), Fail> {
    match command {
        ConnectionCommand::Create(args) => create(session, &args),
        ConnectionCommand::List { tenant } => list(session, &tenant),
        ConnectionCommand::Show(one) => show(session, &one),
        ConnectionCommand::Set { one, name, file, client_secret_file, secret_expires } => {
            let (file, secret) = (file.as_deref(), client_secret_file.as_deref());
            set(session, &one, name, file, (secret, secret_expires.as_deref()))
        }
        ConnectionCommand::Test(one) => test::run(session, one),
        ConnectionCommand::Enable(one) => set_enabled(session, &one, true),
        ConnectionCommand::Disable(one) => set_enabled(session, &one, false),
        ConnectionCommand::Order { tenant, connections } => order(session, &tenant, &connections),
        ConnectionCommand::Delete(one) => delete(session, &one),
        ConnectionCommand::Presets => {
            list_presets(session);
            Ok(())
        }
    }
}

/// The tenant a connection is in, and its row.
pub(super) fn find(session: &Session, one: &OneConnection) -> Result<(TenantId, Shown), Fail> {
    let tenant = match &one.tenant {
        Some(tenant) => session.tenant(tenant)?.id.clone(),
        None if one.connection.starts_with("con_") => {
            session.owner("connection", &one.connection)?
        }
        None => by_code(session, &one.connection)?,
    };
    let shown = connections::show(&session.ctx, &session.actor, &tenant, &one.connection)?;
    Ok((tenant, shown))
}

/// The one tenant that has a connection of this code.
fn by_code(session: &Session, code: &str) -> Result<TenantId, Fail> {
    let found = session.ctx.db.system_read(|tx| tx.find_tenants_with_connection(code, 2))?;
    match <[TenantId; 1]>::try_from(found) {
        Ok([tenant]) => Ok(tenant),
        Err(none) if none.is_empty() => {
            Err(Fail::not_found(format!("there is no connection {code}")))
        }
        Err(_) => Err(Fail::usage(format!(
            "more than one tenant has a connection {code}: say which with --tenant"
        ))),
    }
}

/// A file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<String, Fail> {
    if path == Path::new("-") {
        return Ok(std::io::read_to_string(std::io::stdin())?);
    }
    std::fs::read_to_string(path).map_err(|e| Fail::usage(format!("{}: {e}", path.display())))
}

/// As [`read`], understood as JSON.
pub(super) fn read_json(path: &Path) -> Result<Value, Fail> {
    serde_json::from_str(&read(path)?)
        .map_err(|e| Fail::usage(format!("{} is not JSON: {e}", path.display())))
}

fn create(session: &Session, args: &CreateConnectionArgs) -> Result<(), Fail> {
    let tenant = session.tenant(&args.tenant)?;
    let mut input = provider::input(&args.provider)?;
    if let Some(code) = &args.code {
        // A code that says who the provider is names the button too, unless a preset knows better.
        if input.preset.is_empty() {
            input.name = code.clone();
        }
        input.code = code.clone();
    }
    input.name = args.name.clone().unwrap_or(input.name);
    input.enabled = !args.disabled;
    input.config.client_id = args.client_id.clone();
    input.config.applications = applications(&args.provider.applications)?;
    input.secret_expires = args.secret_expires.clone().unwrap_or_default();
    input.mapping = args.mapping_file.as_deref().map(read_json).transpose()?;
    let secret = args.client_secret_file.as_deref().map(read).transpose()?;
    if secret.is_none() && args.provider.token_auth.is_none() {
        input.config.token_auth = store::UpstreamAuth::None;
    }
    let (ctx, actor) = (&session.ctx, &session.actor);
    let row = connections::create(ctx, actor, &tenant.id, &input, secret.as_deref())?;
    let url = connections::callback_url(&tenant.issuer, &row.code);
    let value = json!({ "id": row.id, "code": row.code, "callback_url": url });
    answer(session.json, &value, || {
        facts(&value);
        say!("\nRegister the callback URL at the provider, letter by letter.");
    });
    Ok(())
}

fn applications(ids: &[String]) -> Result<Option<Vec<ApplicationId>>, Fail> {
    if ids.is_empty() {
        return Ok(None);
    }
    let parse = |id: &String| {
        ApplicationId::parse(id)
            .ok_or_else(|| Fail::not_found(format!("there is no application {id}")))
    };
    ids.iter().map(parse).collect::<Result<_, _>>().map(Some)
}

fn list(session: &Session, tenant: &str) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let all = connections::list(&session.ctx, &session.actor, &tenant.id)?;
    let rows: Vec<Value> = all.iter().map(|shown| row(&shown.row)).collect();
    let value = json!({ "items": rows });
    answer(session.json, &value, || table(&["code", "name", "kind", "enabled", "id"], &rows));
    Ok(())
}

fn show(session: &Session, one: &OneConnection) -> Result<(), Fail> {
    let (tenant, shown) = find(session, one)?;
    let tenant = session.tenant(tenant.as_str())?;
    let value = whole(&tenant.issuer, &shown)?;
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn whole(issuer: &str, shown: &Shown) -> Result<Value, Fail> {
    let mut value = row(&shown.row);
    value["callback_url"] = connections::callback_url(issuer, &shown.row.code).into();
    value["has_secret"] = shown.row.sealed_secret.is_some().into();
    value["version"] = shown.row.version.into();
    value["mapping_version"] = shown.row.mapping_version.into();
    value["settings"] =
        serde_json::to_value(&shown.config).map_err(|e| Fail::new(e.to_string()))?;
    Ok(value)
}

fn set(
    session: &Session,
    one: &OneConnection,
    name: Option<String>,
    file: Option<&Path>,
    (secret, expires): (Option<&Path>, Option<&str>),
) -> Result<(), Fail> {
    let (tenant, shown) = find(session, one)?;
    let (ctx, actor, id) = (&session.ctx, &session.actor, shown.row.id.as_str());
    if name.is_none() && file.is_none() && secret.is_none() && expires.is_none() {
        let flags = "--name, --file, --client-secret-file or --secret-expires";
        return Err(Fail::usage(format!("say what to change: {flags}")));
    }
    let date = expires.map(connections::parse_expiry).transpose();
    let date = date.map_err(|error| Fail::usage(format!("--secret-expires: {}", error.message)))?;
    if let Some(path) = secret {
        let date = date.unwrap_or_default();
        connections::set_secret(ctx, actor, &tenant, id, &read(path)?, date)?;
    } else if let Some(date) = date {
        connections::set_secret_expiry(ctx, actor, &tenant, id, date)?;
    }
    if name.is_some() || file.is_some() {
        let changes = file.map(read_json).transpose()?;
        let fresh = connections::show(ctx, actor, &tenant, id)?;
        let input = UpdateConnection {
            version: fresh.row.version,
            name: name.unwrap_or(fresh.row.name),
            config: merged(&fresh.config, changes)?,
        };
        connections::update(ctx, actor, &tenant, id, &input)?;
    }
    show(session, one)
}

/// Settings with some members replaced; a member that nobody knows is said, not ignored.
fn merged(config: &ConnectionConfig, changes: Option<Value>) -> Result<ConnectionConfig, Fail> {
    let mut value = serde_json::to_value(config).map_err(|e| Fail::new(e.to_string()))?;
    let changes = changes.unwrap_or_else(|| json!({}));
    let members = changes.as_object();
    let members = members.ok_or_else(|| Fail::usage("settings are a JSON object"))?;
    for (name, change) in members {
        let Some(known) = value.get_mut(name) else {
            return Err(Fail::usage(format!("there is no setting {name}")));
        };
        *known = change.clone();
    }
    serde_json::from_value(value).map_err(|e| Fail::usage(format!("the settings: {e}")))
}

fn set_enabled(session: &Session, one: &OneConnection, enabled: bool) -> Result<(), Fail> {
    let (tenant, shown) = find(session, one)?;
    let (ctx, actor, id) = (&session.ctx, &session.actor, shown.row.id.as_str());
    let value = row(&connections::set_enabled(ctx, actor, &tenant, id, enabled)?);
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn order(session: &Session, tenant: &str, ids: &[String]) -> Result<(), Fail> {
    let found = session.tenant(tenant)?;
    connections::reorder(&session.ctx, &session.actor, &found.id, ids)?;
    list(session, tenant)
}

fn delete(session: &Session, one: &OneConnection) -> Result<(), Fail> {
    let (tenant, shown) = find(session, one)?;
    let (ctx, actor, id) = (&session.ctx, &session.actor, shown.row.id.as_str());
    let used = connections::usage(ctx, actor, &tenant, id)?;
    session.confirm(&format!(
        "This deletes {} with {} identities; {} people have no other way to sign in",
        shown.row.name, used.identities, used.stranded
    ))?;
    connections::delete(ctx, actor, &tenant, id, &shown.row.code)?;
    answer(session.json, &json!({ "id": id, "deleted": true }), || say!("deleted {id}"));
    Ok(())
}

fn list_presets(session: &Session) {
    let inputs = |preset: &presets::Preset| -> BTreeMap<String, String> {
        preset.inputs.iter().map(|i| (i.name.clone(), i.label.clone())).collect()
    };
    let row = |preset: &presets::Preset| {
        json!({
            "code": preset.code, "name": preset.name, "kind": preset.kind, "about": preset.about,
            "docs": preset.docs, "inputs": inputs(preset),
        })
    };
    let rows: Vec<Value> = presets::all().iter().filter(|p| !p.is_open()).map(row).collect();
    let value = json!({ "items": rows });
    answer(session.json, &value, || table(&["code", "name", "kind", "about"], &rows));
}

fn row(row: &ConnectionRow) -> Value {
    json!({
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "preset": row.preset,
        "enabled": row.enabled,
        "tested_at": row.tested_at.map(moment),
        "test_code": row.test_code,
        "checked_at": row.checked_at.map(moment),
        "check_code": row.check_code,
        "secret_expires": row.secret_expires_at.map(|at| connections::expiry_text(Some(at))),
        "created_at": moment(row.created_at),
    })
}
