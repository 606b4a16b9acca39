//! `tessera user create` and `invite`.

use std::io::Read;
use std::path::Path;

use directory::users::{self, CreateUser};
use protocol::redirect_uri::Environment;
use serde_json::json;
use vault::{HashTicket, SecretString};

use crate::args::CreateUserArgs;
use crate::cli::Session;
use crate::cli::output::{answer, facts, say};
use crate::fail::Fail;

/// `tessera user create`.
pub fn create(session: &Session, args: CreateUserArgs) -> Result<(), Fail> {
    let CreateUserArgs { tenant, email, name, password_file } = args;
    let tenant = session.tenant(&tenant)?;
    if password_file.is_some() && tenant.environment != Environment::Development {
        return Err(Fail::usage(
            "--password-file is for development tenants: nobody chooses another person's password. Leave it out and send them the link",
        ));
    }
    let phc = password_file
        .as_deref()
        .map(|path| hashed(session, &tenant.name, &email, path))
        .transpose()?;
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

/// `tessera user invite`.
pub fn invite(
    session: &Session,
    tenant: &str,
    email: String,
    name: Option<String>,
) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let input = CreateUser { email, name, invite: true, ..CreateUser::default() };
    let made = users::create(&session.ctx, &session.actor, &tenant.id, &input, None)?;
    let value = json!({ "id": made.user.id, "email": made.user.email, "invited": true });
    answer(session.json, &value, || {
        facts(&value);
        say!("\nA link to set a password is on its way. It works once, within 7 days.");
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
