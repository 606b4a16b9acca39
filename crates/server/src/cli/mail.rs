//! `tessera mail …`: texts, sender and log of a tenant. The server is in `mail_server`.

use std::io::Read;
use std::path::Path;

use directory::mail::check;
use directory::mail::log::{self, Entry, Filter};
use directory::mail::sender::{self, SetSender};
use directory::mail::templates::{self, SetTemplate, Standing};
use serde_json::{Value, json};

use super::Session;
use super::mail_server;
use super::output::{answer, facts, moment, say, table};
use crate::args::{MailCommand, SenderCommand, SetSenderArgs, TemplateArgs, TemplateCommand};
use crate::fail::Fail;

/// Runs a command on mail.
pub fn run(session: &Session, command: MailCommand) -> Result<(), Fail> {
    match command {
        MailCommand::Server(command) => mail_server::run(session, command),
        MailCommand::Sender(SenderCommand::Show { tenant }) => show_sender(session, &tenant),
        MailCommand::Sender(SenderCommand::Set(args)) => set_sender(session, args),
        MailCommand::Template(command) => template(session, command),
        MailCommand::Log { tenant, state, to, page } => {
            let tenant = session.tenant(&tenant)?;
            let filter = Filter { state, recipient: to };
            let (ctx, actor, after) = (&session.ctx, &session.actor, page.after.as_deref());
            let list = log::list(ctx, actor, &tenant.id, &filter, after, page.limit)?;
            let rows: Vec<Value> = list.items.iter().map(shown_mail).collect();
            answer(session.json, &json!({ "items": rows, "next": list.next }), || {
                table(
                    &["created_at", "template", "recipient", "state", "attempts", "answer"],
                    &rows,
                );
            });
            Ok(())
        }
    }
}

fn shown_mail(entry: &Entry) -> Value {
    let at = |us: i64| moment(store::Timestamp(us));
    json!({
        "id": entry.id, "template": entry.template, "language": entry.language,
        "recipient": entry.recipient, "state": entry.state, "attempts": entry.attempts,
        "answer": entry.answer, "support": entry.support,
        "created_at": at(entry.created_at), "updated_at": at(entry.updated_at),
    })
}

fn show_sender(session: &Session, tenant: &str) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let (sender, version) = sender::show(&session.ctx, &session.actor, &tenant.id)?;
    let value = json!({
        "name": sender.name, "address": sender.address, "reply_to": sender.reply_to,
        "language": sender.language, "version": version,
    });
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn set_sender(session: &Session, args: SetSenderArgs) -> Result<(), Fail> {
    let tenant = session.tenant(&args.tenant)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    let (standing, version) = sender::show(ctx, actor, &tenant.id)?;
    let input = SetSender {
        version,
        name: args.name.unwrap_or(standing.name),
        address: args.address.or(standing.address),
        reply_to: args.reply_to.or(standing.reply_to),
        language: args.language.or(standing.language),
    };
    sender::set(ctx, actor, &tenant.id, &input)?;
    show_sender(session, &args.tenant)
}

fn template(session: &Session, command: TemplateCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        TemplateCommand::List { tenant } => {
            let tenant = session.tenant(&tenant)?;
            let all = templates::list(ctx, actor, &tenant.id)?;
            let rows: Vec<Value> = all.iter().map(shown).collect();
            answer(session.json, &json!({ "items": rows }), || {
                table(&["template", "language", "own", "subject"], &rows);
            });
        }
        TemplateCommand::Show(of) => print(session, &find(session, &of)?),
        TemplateCommand::Set { of, subject, file } => {
            let (tenant, standing) = (session.tenant(&of.tenant)?, find(session, &of)?);
            let subject = subject.unwrap_or(standing.text.subject);
            let input = SetTemplate { version: standing.version, subject, body: read(&file)? };
            let (name, language) = (&of.template, &of.language);
            print(session, &templates::set(ctx, actor, &tenant.id, name, language, &input)?);
        }
        TemplateCommand::Reset(of) => {
            let tenant = session.tenant(&of.tenant)?;
            templates::reset(ctx, actor, &tenant.id, &of.template, &of.language)?;
            print(session, &find(session, &of)?);
        }
        TemplateCommand::Preview { of, file } => preview(session, &of, file.as_deref())?,
        TemplateCommand::Send { of, to } => {
            let tenant = session.tenant(&of.tenant)?;
            let which = (of.template.as_str(), of.language.as_str());
            let id = log::send_example(ctx, actor, &tenant.id, which, &to)?;
            let value = json!({ "id": id, "to": to });
            answer(session.json, &value, || say!("queued {id}; see `tessera mail log`"));
        }
    }
    Ok(())
}

fn find(session: &Session, of: &TemplateArgs) -> Result<Standing, Fail> {
    let tenant = session.tenant(&of.tenant)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    Ok(templates::show(ctx, actor, &tenant.id, &of.template, &of.language)?)
}

fn preview(session: &Session, of: &TemplateArgs, file: Option<&Path>) -> Result<(), Fail> {
    let (tenant, standing) = (session.tenant(&of.tenant)?, find(session, of)?);
    let mut text = standing.text;
    if let Some(file) = file {
        text.body = read(file)?;
    }
    let which = (of.template.as_str(), of.language.as_str());
    let mail = templates::preview(&session.ctx, &session.actor, &tenant.id, which, &text)?;
    let value = json!({ "subject": mail.subject, "text": mail.text, "html": mail.html });
    answer(session.json, &value, || say!("Subject: {}\n\n{}", mail.subject, mail.text));
    Ok(())
}

fn shown(standing: &Standing) -> Value {
    json!({
        "template": standing.template, "language": standing.language, "own": standing.own,
        "version": standing.version, "subject": standing.text.subject,
        "updated_at": standing.updated_at.map(|us| moment(store::Timestamp(us))),
    })
}

fn print(session: &Session, standing: &Standing) {
    let mut value = shown(standing);
    let known = check::placeholders(standing.template);
    value["body"] = standing.text.body.clone().into();
    value["placeholders"] = known.iter().map(|p| p.name).collect::<Vec<_>>().into();
    answer(session.json, &value, || {
        say!("Subject: {}\n\n{}\n\nPlaceholders:", standing.text.subject, standing.text.body);
        for placeholder in &known {
            say!("  {:14}{}", format!("{{{}}}", placeholder.name), placeholder.meaning);
        }
    });
}

/// The text of a file, or of standard input.
fn read(file: &Path) -> Result<String, Fail> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(|e| Fail::usage(format!("{}: {e}", file.display())))
}
