//! `tessera tenant …`.

use directory::tenants::{self, CreateTenant};
use serde_json::{Value, json};
use store::tenants::Tenant;

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::TenantCommand;
use crate::fail::Fail;

/// Runs a command on tenants.
pub fn run(session: &Session, command: TenantCommand) -> Result<(), Fail> {
    match command {
        TenantCommand::Create { slug, name, host, environment } => {
            create(session, slug, name, host, &environment)
        }
        TenantCommand::List(page) => {
            let (ctx, actor) = (&session.ctx, &session.actor);
            let list = tenants::list(ctx, actor, page.after.as_deref(), page.limit)?;
            let rows: Vec<Value> = list.items.iter().map(|t| shown(session, t)).collect();
            let all = json!({ "items": rows, "next": list.next });
            answer(session.json, &all, || table(&["slug", "name", "environment", "issuer"], &rows));
            Ok(())
        }
        TenantCommand::Show { tenant } => {
            let row = tenants::show(&session.ctx, &session.actor, &tenant)?;
            let value = shown(session, &row);
            answer(session.json, &value, || facts(&value));
            Ok(())
        }
        TenantCommand::Delete { tenant } => delete(session, &tenant),
    }
}

fn create(
    session: &Session,
    slug: String,
    name: String,
    host: Option<String>,
    environment: &str,
) -> Result<(), Fail> {
    let environment = environment
        .parse()
        .map_err(|_| Fail::usage("--environment: choose development, staging or production"))?;
    let input = CreateTenant { slug, name, host, environment };
    let row = tenants::create(&session.ctx, &session.actor, input)?;
    let value = shown(session, &row);
    answer(session.json, &value, || {
        facts(&value);
        say!(
            "\nNext: tessera app create --tenant {} --type web --name NAME --redirect-uri URI",
            row.slug
        );
    });
    Ok(())
}

fn delete(session: &Session, tenant: &str) -> Result<(), Fail> {
    let row = tenants::show(&session.ctx, &session.actor, tenant)?;
    session.confirm(&format!(
        "This deletes the tenant {} with all its users and applications",
        row.slug
    ))?;
    tenants::delete(&session.ctx, &session.actor, &row.id, &row.slug)?;
    let value = json!({ "id": row.id, "deleted": true });
    answer(session.json, &value, || say!("deleted {}", row.slug));
    Ok(())
}

fn shown(session: &Session, row: &Tenant) -> Value {
    json!({
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "environment": row.environment,
        "status": row.status,
        "issuer": session.ctx.settings.issuer(&row.slug, row.host.as_deref()),
        "created_at": moment(row.created_at),
    })
}
