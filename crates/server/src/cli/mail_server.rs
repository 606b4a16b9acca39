//! `tessera mail server …`: the operator's mail server, and a test of it that prints its answer.

use std::io::Read;
use std::path::Path;

use directory::mail::server::{self, SetServer, Shown};
use serde_json::json;

use super::Session;
use super::output::{answer, facts, say};
use crate::args::{ServerCommand, SetServerArgs};
use crate::fail::Fail;
use crate::mail;

/// Runs a command on the mail server.
pub fn run(session: &Session, command: ServerCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        ServerCommand::Show => print(session, &server::show(ctx, actor)?),
        ServerCommand::Set(args) => {
            let standing = server::show(ctx, actor)?;
            let input = changed(&standing, args)?;
            print(session, &server::set(ctx, actor, &input)?);
        }
        ServerCommand::Test { to } => {
            let said = mail::send_test(ctx, &to).map_err(Fail::new)?;
            answer(session.json, &json!({ "to": to, "answer": said }), || say!("{said}"));
        }
    }
    Ok(())
}

fn changed(standing: &Shown, args: SetServerArgs) -> Result<SetServer, Fail> {
    let tls = args.tls.unwrap_or_else(|| standing.tls.clone());
    let usual = if tls == "tls" { 465 } else { 587 };
    Ok(SetServer {
        version: standing.version,
        host: args.host.unwrap_or_else(|| standing.host.clone()),
        port: args.port.unwrap_or(if standing.configured { standing.port } else { usual }),
        user: args.user.unwrap_or_else(|| standing.user.clone()),
        password: args.password_file.as_deref().map(password).transpose()?,
        from: args.from.unwrap_or_else(|| standing.from.clone()),
        tls,
    })
}

fn password(file: &Path) -> Result<String, Fail> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(file)
            .map_err(|e| Fail::usage(format!("{}: {e}", file.display())))?;
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn print(session: &Session, shown: &Shown) {
    let value = serde_json::to_value(shown).unwrap_or_default();
    answer(session.json, &value, || facts(&value));
}
