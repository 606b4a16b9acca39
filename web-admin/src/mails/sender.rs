//! Who a tenant's mails come from, under an optimistic lock.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::Error;
use directory::mail::sender::{self, SetSender};
use directory::mail::texts;
use protocol::Params;
use web::Fault;

use super::{HERE, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{self, Press};
use crate::views::applications::ConflictRow;
use crate::views::mails::SenderPage;
use crate::views::{Conflict, Problems, Twin};
use crate::visit::{Posted, Visit};

/// `GET /console/t/{tenant}/mails/sender`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            let input = standing(desk)?;
            desk.show(&page(desk, input, Problems::default())?)
        })
        .await
}

fn standing(desk: &InTenant) -> Result<SetSender, Stop> {
    let (sender, version) = sender::show(desk.ctx, &desk.actor, &desk.tenant.id)?;
    Ok(SetSender {
        version,
        name: sender.name,
        address: sender.address,
        reply_to: sender.reply_to,
        language: sender.language,
    })
}

fn read(form: &Params) -> SetSender {
    SetSender {
        version: fields::text(form, "version").parse().unwrap_or_default(),
        name: fields::text(form, "name"),
        address: fields::optional(form, "address"),
        reply_to: fields::optional(form, "reply_to"),
        language: fields::optional(form, "language"),
    }
}

fn page(desk: &InTenant, input: SetSender, problems: Problems) -> Result<SenderPage, Stop> {
    let installation = directory::mail::server::effective(desk.ctx).map_err(Fault::from)?;
    let mut languages = vec![("", "English, unless the person chose")];
    languages.extend(texts::languages().map(|code| (code, texts::language_name(code))));
    Ok(SenderPage {
        shell: desk.shell(HERE)?,
        head: head(desk, "sender")?,
        path: desk.url("/mails/sender"),
        name_hint: format!("Without one, the name of the tenant: {}.", desk.tenant.name),
        hint: address_hint(installation.map(|server| server.from)),
        version: input.version,
        name: input.name,
        address: input.address.unwrap_or_default(),
        reply_to: input.reply_to.unwrap_or_default(),
        language: input.language.unwrap_or_default(),
        languages,
        twin: None,
        problems,
    })
}

fn address_hint(installation: Option<String>) -> String {
    let stands = installation.unwrap_or_else(|| "the installation’s".to_owned());
    format!("Without one, {stands}. The domain’s SPF and DKIM have to allow the mail server.")
}

/// `POST /console/t/{tenant}/mails/sender`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let input = read(form);
            if Press::of(form) == Press::Command {
                let command = commands::set_mail_sender(&desk.tenant.slug, &input);
                let mut page = page(desk, input, Problems::default())?;
                page.twin = Some(Twin { text: "Saves what the form below says.", command });
                return desk.show(&page);
            }
            save(desk, input)
        })
        .await
}

fn save(desk: &InTenant, input: SetSender) -> Outcome {
    match sender::set(desk.ctx, &desk.actor, &desk.tenant.id, &input) {
        Ok(_) => desk.done(&desk.url("/mails/sender"), "The sender is saved."),
        Err(Error::Form(errors)) => desk.again(&page(desk, input, Problems::of_errors(&errors))?),
        Err(Error::Stale { .. }) => conflict(desk, &input),
        Err(other) => Err(other.into()),
    }
}

fn conflict(desk: &InTenant, input: &SetSender) -> Outcome {
    let theirs = standing(desk)?;
    let told = |of: &SetSender| {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            ("Name", "name", of.name.clone()),
            ("Address", "address", text(&of.address)),
            ("Answers go to", "reply_to", text(&of.reply_to)),
            ("Language", "language", text(&of.language)),
        ]
    };
    let mut fields = vec![("version".to_owned(), theirs.version.to_string())];
    let mut rows = Vec::new();
    for ((label, name, yours), (_, _, theirs)) in told(input).into_iter().zip(told(&theirs)) {
        fields.push((name.to_owned(), yours.clone()));
        if yours != theirs {
            rows.push(ConflictRow { label: label.to_owned(), yours, theirs });
        }
    }
    let page = Conflict {
        shell: desk.shell(HERE)?,
        title: "Sender".to_owned(),
        what: "the sender",
        changed: desk.when(desk.now()),
        rows,
        fields,
        action: desk.url("/mails/sender"),
    };
    desk.page(StatusCode::CONFLICT, &page)
}
