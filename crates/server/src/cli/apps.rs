//! `tessera app …`.

use directory::applications::{self, CreateApplication};
use serde_json::{Value, json};
use store::ApplicationConfig;
use store::applications::ApplicationRow;

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::{AppCommand, CreateApp, PageArgs};
use crate::fail::Fail;

/// Runs a command on applications.
pub fn run(session: &Session, command: AppCommand) -> Result<(), Fail> {
    match command {
        AppCommand::Create(args) => create(session, args),
        AppCommand::List { tenant, page } => list(session, &tenant, &page),
        AppCommand::Show { id } => show(session, &id),
        AppCommand::RotateSecret { id } => rotate(session, &id),
        AppCommand::Disable { id } => set_disabled(session, &id, true),
        AppCommand::Enable { id } => set_disabled(session, &id, false),
        AppCommand::SignIn(command) => super::looks::of_application(session, command),
        AppCommand::Delete { id } => delete(session, &id),
    }
}

fn list(session: &Session, tenant: &str, page: &PageArgs) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let (ctx, actor, after) = (&session.ctx, &session.actor, page.after.as_deref());
    let list = applications::list(ctx, actor, &tenant.id, "", after, page.limit)?;
    let rows: Vec<Value> = list.items.iter().map(row).collect();
    let all = json!({ "items": rows, "next": list.next });
    answer(session.json, &all, || table(&["id", "name", "type", "disabled"], &rows));
    Ok(())
}

fn input(args: CreateApp) -> Result<CreateApplication, Fail> {
    let uris = args.redirect_uris.iter().chain(&args.post_logout_redirect_uris);
    if uris.into_iter().any(|uri| uri.trim().is_empty()) {
        return Err(Fail::usage("a redirect URI is empty. Write it out, or leave the flag away"));
    }
    let kind = args.kind.parse();
    Ok(CreateApplication {
        kind: kind.map_err(|_| Fail::usage("--type: choose web, spa, native or machine"))?,
        name: args.name,
        redirect_uris: args.redirect_uris,
        post_logout_redirect_uris: args.post_logout_redirect_uris,
        first_party: args.first_party,
    })
}

fn create(session: &Session, args: CreateApp) -> Result<(), Fail> {
    let tenant = session.tenant(&args.tenant)?;
    let made = applications::create(&session.ctx, &session.actor, &tenant.id, &input(args)?)?;
    let mut value = whole(&made.row, &made.config);
    value["client_secret"] = made.secret.map(|s| s.expose().to_owned()).into();
    answer(session.json, &value, || {
        facts(&value);
        if !value["client_secret"].is_null() {
            say!("\nKeep the secret now: it is not shown again.");
        }
        say!("Issuer: {}", tenant.issuer);
    });
    Ok(())
}

fn show(session: &Session, id: &str) -> Result<(), Fail> {
    let tenant = session.owner("application", id)?;
    let shown = applications::show(&session.ctx, &session.actor, &tenant, id)?;
    let mut value = whole(&shown.row, &shown.config);
    value["settings"] = serde_json::to_value(&shown.config).unwrap_or_default();
    value["secrets"] = shown
        .secrets
        .iter()
        .map(|s| json!({ "id": s.id, "hint": s.hint, "created_at": moment(s.created_at) }))
        .collect();
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn rotate(session: &Session, id: &str) -> Result<(), Fail> {
    let tenant = session.owner("application", id)?;
    let (row, secret) = applications::rotate_secret(&session.ctx, &session.actor, &tenant, id)?;
    let value = json!({ "id": row.id, "hint": row.hint, "client_secret": secret.expose() });
    answer(session.json, &value, || {
        facts(&value);
        say!(
            "\nKeep the secret now: it is not shown again. The ones before go on working until revoked."
        );
    });
    Ok(())
}

fn set_disabled(session: &Session, id: &str, disabled: bool) -> Result<(), Fail> {
    let tenant = session.owner("application", id)?;
    let changed = applications::set_disabled(&session.ctx, &session.actor, &tenant, id, disabled)?;
    let value = row(&changed);
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn delete(session: &Session, id: &str) -> Result<(), Fail> {
    let tenant = session.owner("application", id)?;
    let shown = applications::show(&session.ctx, &session.actor, &tenant, id)?;
    let usage = applications::usage(&session.ctx, &session.actor, &tenant, id)?;
    session.confirm(&format!(
        "This deletes {}, signs out {} people and ends {} grants",
        shown.row.name, usage.users, usage.grants
    ))?;
    applications::delete(&session.ctx, &session.actor, &tenant, id, &shown.row.name)?;
    answer(session.json, &json!({ "id": id, "deleted": true }), || say!("deleted {id}"));
    Ok(())
}

fn row(row: &ApplicationRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "type": row.kind,
        "client_id": row.id,
        "disabled": row.disabled,
        "first_party": row.first_party,
        "created_at": moment(row.created_at),
    })
}

fn whole(application: &ApplicationRow, config: &ApplicationConfig) -> Value {
    let mut value = row(application);
    value["client_secret"] = Value::Null;
    value["redirect_uris"] = config.redirect_uris.clone().into();
    value["post_logout_redirect_uris"] = config.post_logout_redirect_uris.clone().into();
    value["token_endpoint_auth_method"] = config.token_endpoint_auth_method.as_str().into();
    value
}
