//! `tessera user …`.

mod create;
mod show;

use directory::links::{self, LinkKind};
use directory::users::list::{Filter, Order, Query};
use directory::users::{self, fields};
use serde_json::{Value, json};
use store::UserId;

use super::Session;
use super::batches;
use super::output::{answer, facts, say, table};
use crate::args::{ListUsersArgs, PageArgs, UserCommand};
use crate::fail::Fail;

use show::{identities, sessions, shown, whole};

/// Runs a command on users.
pub fn run(session: &Session, command: UserCommand) -> Result<(), Fail> {
    match command {
        UserCommand::Create(args) => create::create(session, args),
        UserCommand::Invite { tenant, email, name } => {
            create::invite(session, &tenant, email, name)
        }
        UserCommand::List { tenant, which, page } => list(session, &tenant, &which, &page),
        UserCommand::Show { id } => {
            let tenant = session.owner("user", &id)?;
            let value = whole(&users::show(&session.ctx, &session.actor, &tenant, &id)?);
            answer(session.json, &value, || facts(&value));
            Ok(())
        }
        UserCommand::Set { id, changes, version } => set(session, &id, &changes, version),
        UserCommand::Block { id } => set_blocked(session, &id, true),
        UserCommand::Unblock { id } => set_blocked(session, &id, false),
        UserCommand::Delete { id } => delete(session, &id),
        UserCommand::Link { id, mail } => link(session, &id, mail),
        UserCommand::Identities { id } => identities(session, &id),
        UserCommand::Unlink { id, identity } => {
            let tenant = session.owner("user", &id)?;
            let (ctx, actor) = (&session.ctx, &session.actor);
            users::access::unlink(ctx, actor, &tenant, &id, &identity)?;
            let value = json!({ "id": identity, "unlinked": true });
            answer(session.json, &value, || say!("unlinked {identity}"));
            Ok(())
        }
        UserCommand::Sessions { id, page } => sessions(session, &id, &page),
        UserCommand::Import(args) => batches::import(session, &args),
        UserCommand::Export { tenant, format, which } => {
            batches::export(session, &tenant, &format, query(&which)?)
        }
    }
}

/// What a list is asked for.
fn query(which: &ListUsersArgs) -> Result<Query, Fail> {
    let filter = Filter::parse(&which.filter).ok_or_else(|| {
        Fail::usage("--filter is blocked, unverified, never_signed_in or the id of a connection")
    })?;
    let order = match which.sort.as_str() {
        "email" => Order::Email,
        "name" => Order::Name,
        "created" => Order::Created,
        _ => return Err(Fail::usage("--sort is email, name or created")),
    };
    Ok(Query { text: which.query.clone(), filter, order, descending: which.desc })
}

fn list(
    session: &Session,
    tenant: &str,
    which: &ListUsersArgs,
    page: &PageArgs,
) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let (ctx, actor, at) = (&session.ctx, &session.actor, page.after.as_deref());
    let found = users::list::list(ctx, actor, &tenant.id, &query(which)?, at, page.limit)?;
    let rows: Vec<Value> = found.items.iter().map(shown).collect();
    let all = json!({
        "items": rows, "next": found.next, "previous": found.previous, "count": found.count,
    });
    answer(session.json, &all, || table(&["id", "email", "name", "blocked"], &rows));
    Ok(())
}

fn set(session: &Session, id: &str, changes: &[String], version: Option<i64>) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let mut values = fields::Values::new();
    for change in changes {
        let (key, value) = change
            .split_once('=')
            .ok_or_else(|| Fail::usage(format!("{change}: write FIELD=VALUE")))?;
        let value = if value.is_empty() { Value::Null } else { Value::from(value) };
        if values.insert(key.to_owned(), value).is_some() {
            return Err(Fail::usage(format!("{key} is named twice")));
        }
    }
    let standing = users::show(ctx, actor, &tenant, id)?.version;
    let version = version.unwrap_or(standing);
    let user = users::change::update(ctx, actor, &tenant, id, &values, version)?;
    let value = whole(&user);
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn set_blocked(session: &Session, id: &str, blocked: bool) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let value = shown(&users::change::set_blocked(ctx, actor, &tenant, id, blocked)?);
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn delete(session: &Session, id: &str) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let user = users::show(ctx, actor, &tenant, id)?;
    let lost = users::delete::belongings(ctx, actor, &tenant, id)?;
    session.confirm(&format!(
        "This deletes {} with {} open sessions, {} consents, {} identities and {} memberships",
        user.email, lost.sessions, lost.consents, lost.identities, lost.organizations
    ))?;
    users::delete::delete(ctx, actor, &tenant, id)?;
    answer(session.json, &json!({ "id": id, "deleted": true }), || say!("deleted {id}"));
    Ok(())
}

fn link(session: &Session, id: &str, mail: bool) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let user = users::show(ctx, actor, &tenant, id)?;
    let id = UserId::parse(id).ok_or_else(|| Fail::not_found("there is no such user"))?;
    let kind = if user.password.is_some() { LinkKind::Reset } else { LinkKind::SetPassword };
    if mail {
        users::link::send(ctx, actor, &tenant, &id, kind)?;
        let value = json!({ "id": id, "sent_to": user.email });
        answer(session.json, &value, || say!("a link is on its way to {}", user.email));
        return Ok(());
    }
    let url = links::create_set_password(ctx, actor, &tenant, &id, kind)?;
    answer(session.json, &json!({ "id": id, "url": url }), || say!("{url}"));
    Ok(())
}
