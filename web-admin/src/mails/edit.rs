//! One text of a tenant: changing it under an optimistic lock, seeing it before it is saved, going
//! back to the text that came with the server, sending it to oneself.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::Error;
use directory::mail::check;
use directory::mail::log::send_example;
use directory::mail::render::Rendered;
use directory::mail::templates::{self, SetTemplate, Standing};
use directory::mail::texts::{self, Text};
use protocol::Params;
use store::{TenantId, Timestamp};
use web::Fault;

use super::{HERE, head, text_url};
use crate::commands;
use crate::desk::{Answer, InTenant, Outcome, Reply, Stop};
use crate::fields::{self, Press};
use crate::views::applications::ConflictRow;
use crate::views::mails::{PlaceholderLine, Preview, TextPage};
use crate::views::{Confirm, Conflict, Problems, Twin};
use crate::visit::{Posted, Visit};

/// Which text a path names.
#[derive(Clone)]
struct Which {
    template: String,
    language: String,
}

impl Which {
    fn of(visit: &Visit) -> Which {
        Which { template: visit.segment("template"), language: visit.segment("language") }
    }

    fn find(&self, desk: &InTenant) -> Result<Standing, Stop> {
        let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
        Ok(templates::show(ctx, actor, tenant, &self.template, &self.language)?)
    }
}

/// `GET /console/t/{tenant}/mails/texts/{template}/{language}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let which = Which::of(&visit);
    visit
        .tenant(move |desk| {
            let standing = which.find(desk)?;
            let input = input_of(&standing);
            desk.show(&page(desk, &standing, input, Problems::default())?)
        })
        .await
}

fn input_of(standing: &Standing) -> SetTemplate {
    SetTemplate {
        version: standing.version,
        subject: standing.text.subject.clone(),
        body: standing.text.body.clone(),
    }
}

fn read(form: &Params) -> SetTemplate {
    SetTemplate {
        version: fields::text(form, "version").parse().unwrap_or_default(),
        subject: fields::text(form, "subject"),
        body: form.get("body").unwrap_or_default().to_owned(),
    }
}

fn page(
    desk: &InTenant,
    standing: &Standing,
    input: SetTemplate,
    problems: Problems,
) -> Result<TextPage, Stop> {
    let name = standing.template.as_str();
    let placeholder = |p: check::Placeholder| PlaceholderLine {
        name: p.name,
        meaning: p.meaning,
        needed: p.name == "link" && check::needs_link(standing.template),
    };
    Ok(TextPage {
        shell: desk.shell(HERE)?,
        head: head(desk, "texts")?,
        path: text_url(desk, name, &standing.language),
        label: standing.template.label(),
        language: texts::language_name(&standing.language),
        tag: standing.language.clone(),
        own: standing.own,
        changed: standing.updated_at.map(|at| desk.when(Timestamp(at))),
        version: input.version,
        placeholders: check::placeholders(standing.template).into_iter().map(placeholder).collect(),
        subject: input.subject,
        body: input.body,
        twin: None,
        problems,
    })
}

/// `POST /console/t/{tenant}/mails/texts/{template}/{language}`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let which = Which::of(&posted.visit);
    posted
        .tenant(move |desk, form| {
            let input = read(form);
            match Press::of(form) {
                Press::Command => as_command(desk, &which, input),
                _ => save(desk, &which, input),
            }
        })
        .await
}

fn as_command(desk: &InTenant, which: &Which, input: SetTemplate) -> Outcome {
    let standing = which.find(desk)?;
    let command =
        commands::set_mail_text(&desk.tenant.slug, &which.template, &which.language, &input);
    let mut page = page(desk, &standing, input, Problems::default())?;
    page.twin = Some(Twin { text: "Saves the subject below and the text in mail.txt.", command });
    desk.show(&page)
}

fn save(desk: &InTenant, which: &Which, input: SetTemplate) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let (name, language) = (&which.template, &which.language);
    match templates::set(ctx, actor, tenant, name, language, &input) {
        Ok(_) => desk.done(&text_url(desk, name, language), "The text is saved."),
        Err(Error::Form(errors)) => {
            let standing = which.find(desk)?;
            desk.again(&page(desk, &standing, input, Problems::of_errors(&errors))?)
        }
        Err(Error::Stale { .. }) => conflict(desk, which, &input),
        Err(other) => Err(other.into()),
    }
}

fn conflict(desk: &InTenant, which: &Which, input: &SetTemplate) -> Outcome {
    let theirs = which.find(desk)?;
    let mine = input.text();
    let row = |label: &str, yours: &str, theirs: &str| {
        (yours != theirs).then(|| ConflictRow {
            label: label.to_owned(),
            yours: yours.to_owned(),
            theirs: theirs.to_owned(),
        })
    };
    let rows = [
        row("Subject", &mine.subject, &theirs.text.subject),
        row("Text", &mine.body, &theirs.text.body),
    ];
    let page = Conflict {
        shell: desk.shell(HERE)?,
        title: format!("{}, {}", theirs.template.label(), texts::language_name(&which.language)),
        what: "this text",
        changed: desk.when(theirs.updated_at.map_or_else(|| desk.now(), Timestamp)),
        rows: rows.into_iter().flatten().collect(),
        fields: vec![
            ("version".to_owned(), theirs.version.to_string()),
            ("subject".to_owned(), mine.subject),
            ("body".to_owned(), mine.body),
        ],
        action: text_url(desk, &which.template, &which.language),
    };
    desk.page(StatusCode::CONFLICT, &page)
}

/// `GET …/preview`: the text that stands, in a frame of the page.
pub(crate) async fn preview(visit: Visit) -> Result<HttpResponse, Fault> {
    let which = Which::of(&visit);
    visit
        .tenant(move |desk| {
            let text = which.find(desk)?.text;
            framed(desk, &which, &text)
        })
        .await
}

/// `POST …/preview`: the text as it is being written; nothing is saved.
pub(crate) async fn try_out(posted: Posted) -> Result<HttpResponse, Fault> {
    let which = Which::of(&posted.visit);
    posted.tenant(move |desk, form| framed(desk, &which, &read(form).text())).await
}

fn framed(desk: &InTenant, which: &Which, text: &Text) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let of = (which.template.as_str(), which.language.as_str());
    let (mail, problems) = match templates::preview(ctx, actor, tenant, of, text) {
        Ok(mail) => (Some(mail), Problems::default()),
        Err(Error::Form(errors)) => (None, Problems::of_errors(&errors)),
        Err(other) => return Err(other.into()),
    };
    let html = match mail {
        Some(mail) => with_head(desk, mail)?,
        None => render(&Preview { problems })?,
    };
    Ok(Reply { answer: Answer::Preview(html), note: None })
}

fn render<T: askama::Template>(page: &T) -> Result<String, Stop> {
    page.render().map_err(|e| Fault::internal(format!("template: {e}")).into())
}

/// The mail's own document with what a mail program shows above it and the plain text below.
fn with_head(desk: &InTenant, mail: Rendered) -> Result<String, Stop> {
    let sender = match desk
        .ctx
        .snapshots
        .tenant(desk.ctx, &context::TenantAddress::Id(desk.tenant.id.clone()))
    {
        Ok(Some(tenant)) if !tenant.mail.name.is_empty() => tenant.mail.name.clone(),
        _ => desk.tenant.name.clone(),
    };
    Ok(directory::mail::render::framed(&mail, &sender))
}

/// `GET …/reset`.
pub(crate) async fn ask_reset(visit: Visit) -> Result<HttpResponse, Fault> {
    let which = Which::of(&visit);
    visit
        .tenant(move |desk| {
            let standing = which.find(desk)?;
            desk.show(&confirm(desk, &which, &standing)?)
        })
        .await
}

fn confirm(desk: &InTenant, which: &Which, standing: &Standing) -> Result<Confirm, Stop> {
    let path = text_url(desk, &which.template, &which.language);
    let builtin = texts::builtin(standing.template, &which.language);
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: "Go back to the text that came with the server?".to_owned(),
        lead: format!(
            "“{}” in {}.",
            standing.template.label(),
            texts::language_name(&which.language)
        ),
        effects: vec![
            format!("Your subject “{}” becomes “{}”.", standing.text.subject, builtin.subject),
            "Your text is gone; the audit keeps what it was.".to_owned(),
        ],
        action: format!("{path}/reset"),
        button: "Go back".to_owned(),
        back: path,
        ..Confirm::default()
    })
}

/// `POST …/reset`.
pub(crate) async fn reset(posted: Posted) -> Result<HttpResponse, Fault> {
    let which = Which::of(&posted.visit);
    posted
        .tenant(move |desk, _| {
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let (name, language) = (&which.template, &which.language);
            templates::reset(ctx, actor, tenant, name, language)?;
            desk.done(&text_url(desk, name, language), "The text that came with the server stands.")
        })
        .await
}

/// `POST …/send`: to the person who asks, as the text stands.
pub(crate) async fn send(posted: Posted) -> Result<HttpResponse, Fault> {
    let which = Which::of(&posted.visit);
    posted
        .tenant(move |desk, _| {
            let to = own_address(desk)?;
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let of = (which.template.as_str(), which.language.as_str());
            send_example(ctx, actor, tenant, of, &to)?;
            let said = format!("A mail with example values is on its way to {to}.");
            desk.done(&text_url(desk, of.0, of.1), said)
        })
        .await
}

fn own_address(desk: &InTenant) -> Result<String, Stop> {
    let me = &desk.facts.user;
    let row = desk.ctx.db.read(&TenantId::system(), |tx| tx.find_user(me)).map_err(Fault::from)?;
    Ok(row.ok_or_else(Fault::not_found)?.email)
}
