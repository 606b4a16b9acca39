//! `tessera domain …`.

use directory::domains::{self, AddDomain, Domain};
use serde_json::{Value, json};

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::DomainCommand;
use crate::domains::{Source, look_up};
use crate::fail::Fail;

/// Runs a command on domains.
pub fn run(session: &Session, command: DomainCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        DomainCommand::Add { tenant, host, without_proof } => {
            let tenant = session.tenant(&tenant)?;
            let added = domains::add(ctx, actor, &tenant.id, &AddDomain { host, without_proof })?;
            print(session, &added);
        }
        DomainCommand::List { tenant } => {
            let tenant = session.tenant(&tenant)?;
            let all = domains::list(ctx, actor, &tenant.id)?;
            let rows: Vec<Value> = all.iter().map(shown).collect();
            answer(session.json, &json!({ "items": rows }), || {
                table(&["host", "state", "canonical", "checked_at", "last_error"], &rows);
            });
        }
        DomainCommand::Check { tenant, host } => {
            let tenant = session.tenant(&tenant)?;
            let domain = domains::show(ctx, actor, &tenant.id, &host)?;
            let texts = look_up(&session.texts, &domain.host)?;
            print(session, &domains::check(ctx, actor, &tenant.id, &domain.host, &texts)?);
        }
        DomainCommand::Set { tenant, host } => choose(session, &tenant, host.as_deref())?,
        DomainCommand::Remove { tenant, host } => {
            let tenant = session.tenant(&tenant)?;
            domains::remove(ctx, actor, &tenant.id, &host)?;
            answer(session.json, &json!({ "host": host, "removed": true }), || {
                say!("removed {host}")
            });
        }
    }
    Ok(())
}

fn choose(session: &Session, tenant: &str, host: Option<&str>) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let issuer = session.ctx.settings.issuer(&tenant.slug, host);
    session.confirm(&format!(
        "This changes the issuer of {} from {} to {issuer}: applications and providers have to be told, people sign in again",
        tenant.name, tenant.issuer
    ))?;
    domains::choose(&session.ctx, &session.actor, &tenant.id, host)?;
    let value = json!({ "tenant": tenant.slug, "host": host, "issuer": issuer });
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn shown(domain: &Domain) -> Value {
    let at = |us: Option<i64>| us.map(|us| moment(store::Timestamp(us)));
    json!({
        "host": domain.host, "state": domain.state, "canonical": domain.canonical,
        "record": domain.record, "value": domain.value, "proven_by": domain.proven_by,
        "proven_at": at(domain.proven_at), "checked_at": at(domain.checked_at),
        "last_error": domain.last_error, "lapses_at": at(domain.lapses_at),
    })
}

fn print(session: &Session, domain: &Domain) {
    let value = shown(domain);
    answer(session.json, &value, || {
        facts(&value);
        if domain.state != "proven" {
            say!(
                "\nAdd this TXT record, then run `tessera domain check`:\n  {}  {}",
                domain.record,
                domain.value
            );
        }
    });
}

/// Where a command takes TXT records from.
pub fn source(config: &crate::config::Config) -> Source {
    Source { file: config.txt_file.as_ref().map(|file| config.path(file)) }
}
