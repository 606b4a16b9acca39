//! `tessera user …`.

use std::io::Read;
use std::path::Path;

use directory::users::{self, CreateUser};
use protocol::redirect_uri::Environment;
use serde_json::{Value, json};
use store::users::UserRow;
use vault::{HashTicket, SecretString};

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::UserCommand;
use crate::fail::Fail;

/// Runs a command on users.
pub fn run(session: &Session, command: UserCommand) -> Result<(), Fail> {
    match command {
        UserCommand::Create { tenant, email, name, password_file } => {
            create(session, &tenant, email, name, password_file.as_deref())
        }
        UserCommand::List { tenant, page } => {
            let tenant = session.tenant(&tenant)?;
            let (ctx, actor, after) = (&session.ctx, &session.actor, page.after.as_deref());
            let list = users::list::list(
                ctx,
                actor,
                &tenant.id,
                &users::list::Query::default(),
                after,
                page.limit,
            )?;
            let rows: Vec<Value> = list.items.iter().map(shown).collect();
            let all = json!({ "items": rows, "next": list.next });
            answer(session.json, &all, || table(&["id", "email", "name", "blocked"], &rows));
            Ok(())
        }
        UserCommand::Show { id } => {
            let tenant = session.owner("user", &id)?;
            let value = shown(&users::show(&session.ctx, &session.actor, &tenant, &id)?);
            answer(session.json, &value, || facts(&value));
            Ok(())
        }
        UserCommand::Block { id } => set_blocked(session, &id, true),
        UserCommand::Unblock { id } => set_blocked(session, &id, false),
        UserCommand::Delete { id } => delete(session, &id),
    }
}

fn create(
    session: &Session,
    tenant: &str,
    email: String,
    name: Option<String>,
    password_file: Option<&Path>,
) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    if password_file.is_some() && tenant.environment != Environment::Development {
        return Err(Fail::usage(
            "--password-file is for development tenants: nobody chooses another person's password. Leave it out and send them the link",
        ));
    }
    let phc = password_file.map(|path| hashed(session, &tenant.name, &email, path)).transpose()?;
    let input = CreateUser { email, name, ..CreateUser::default() };
    let (ctx, actor) = (&session.ctx, &session.actor);
    let made = users::create(ctx, actor, &tenant.id, &input, phc.as_deref())?;
    let value = json!({
        "id": made.user.id,
        "email": made.user.email,
        "set_password_url": made.set_password_url,
    });
    answer(session.json, &value, || {
        facts(&value);
        if made.set_password_url.is_some() {
            say!("\nThe link works once, within 7 days.");
        }
    });
    Ok(())
}

fn hashed(session: &Session, tenant: &str, email: &str, path: &Path) -> Result<String, Fail> {
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(path)
            .map_err(|e| Fail::usage(format!("{}: {e}", path.display())))?;
    }
    let password = protocol::password::normalise(text.trim_end_matches(['\r', '\n']));
    if password.is_empty() {
        return Err(Fail::usage(format!("{}: the password is empty", path.display())));
    }
    // Test data may be weaker than what people may choose; it is said, not refused.
    if let Err(weak) = directory::links::check_new_password(&session.ctx, tenant, email, &password)
    {
        eprintln!("warning: people could not choose this password themselves. {weak}");
    }
    match session.ctx.hashes.hash_blocking("cli", SecretString::new(password)) {
        Ok(HashTicket::Hashed(phc)) => Ok(phc),
        Ok(HashTicket::TooLong) => Err(Fail::usage("the password is longer than 1,024 bytes")),
        _ => Err(Fail::new("the password could not be hashed")),
    }
}

fn set_blocked(session: &Session, id: &str, blocked: bool) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let value =
        shown(&users::change::set_blocked(&session.ctx, &session.actor, &tenant, id, blocked)?);
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn delete(session: &Session, id: &str) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let user = users::show(&session.ctx, &session.actor, &tenant, id)?;
    session.confirm(&format!("This deletes {} with their sessions and consents", user.email))?;
    users::delete::delete(&session.ctx, &session.actor, &tenant, id)?;
    answer(session.json, &json!({ "id": id, "deleted": true }), || say!("deleted {id}"));
    Ok(())
}

fn shown(user: &UserRow) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "email_verified": user.email_verified,
        "name": user.name,
        "blocked": user.blocked,
        "has_password": user.password.is_some(),
        "created_at": moment(user.created_at),
        "last_sign_in_at": user.last_sign_in_at.map(moment),
    })
}
