//! The mails of a tenant: their texts, who they come from, what became of them. The commands are
//! `directory::mail`; the server they go through is the operator's, in `mail_server`.

pub(crate) mod edit;
pub(crate) mod log;
pub(crate) mod sender;

use actix_web::HttpResponse;
use directory::Action;
use directory::mail::log::MailState;
use directory::mail::templates::{self, Standing};
use directory::mail::{Template, texts};
use store::Timestamp;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{Desk, InTenant, Outcome, Stop};
use crate::views::Twin;
use crate::views::mails::{Banner, MailHead, TextCell, TextLine, TextList};
use crate::visit::Visit;

/// The entry of the navigation.
pub(crate) const HERE: &str = "/mails";

/// `GET /console/t/{tenant}/mails`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let twin = query.0.has("command");
    visit.tenant(move |desk| show_list(desk, twin)).await
}

fn show_list(desk: &InTenant, twin: bool) -> Outcome {
    let all = templates::list(desk.ctx, &desk.actor, &desk.tenant.id)?;
    desk.show(&TextList {
        shell: desk.shell(HERE)?,
        head: head(desk, "texts")?,
        languages: texts::languages().map(texts::language_name).collect(),
        rows: Template::ALL.into_iter().map(|template| line(desk, template, &all)).collect(),
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("mail template", &desk.tenant.slug),
        }),
        path: desk.url(HERE),
    })
}

fn line(desk: &InTenant, template: Template, all: &[Standing]) -> TextLine {
    let of = |s: &&Standing| s.template == template;
    let cell = |s: &Standing| TextCell {
        language: texts::language_name(&s.language),
        url: text_url(desk, template.as_str(), &s.language),
        own: s.own,
        changed: s.updated_at.map(|at| desk.when(Timestamp(at))),
    };
    TextLine {
        name: template.as_str(),
        label: template.label(),
        cells: all.iter().filter(of).map(cell).collect(),
    }
}

pub(crate) fn text_url(desk: &InTenant, template: &str, language: &str) -> String {
    desk.url(&format!("{HERE}/texts/{template}/{language}"))
}

/// Head and tabs of the pages on mail.
pub(crate) fn head(desk: &InTenant, tab: &'static str) -> Result<MailHead, Stop> {
    Ok(MailHead {
        url: desk.url(HERE),
        tab,
        banner: banner(desk)?,
        may: desk.may(Action::MailUpdate),
    })
}

/// What a page says when mail does not work, or goes somewhere else.
pub(crate) fn banner(desk: &Desk) -> Result<Option<Banner>, Stop> {
    let state = directory::mail::log::state(desk.ctx).map_err(Fault::from)?;
    let operator = desk.actor.operator;
    let banner =
        |class, title: &str, text: String, operators: (&'static str, &'static str)| Banner {
            class,
            title: title.to_owned(),
            text,
            link: operator.then_some(operators).filter(|(text, _)| !text.is_empty()),
        };
    let server = ("Mail server", "/console/system/mail");
    Ok(match state {
        MailState::Working => None,
        MailState::Inbox => Some(banner(
            "",
            "Mails stay here.",
            "No mail server is set up, so this development server keeps them in its inbox.".into(),
            ("Open the inbox", "/dev/inbox"),
        )),
        MailState::Unset => Some(banner(
            "warn",
            "No mail leaves.",
            "No mail server is set up yet. Mails wait, each as long as its link works; an operator sets the server.".into(),
            server,
        )),
        MailState::Failing { error, since } => Some(banner(
            "bad",
            "No mail leaves.",
            format!(
                "The mail server cannot be used since {}: {error}. Mails wait and go out by themselves once it works.",
                desk.when(Timestamp(since)).human
            ),
            server,
        )),
    })
}
