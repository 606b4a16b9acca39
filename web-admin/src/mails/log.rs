//! What became of a tenant's mails: a list with filters, and trying one again at once.

use actix_web::HttpResponse;
use directory::mail::Template;
use directory::mail::log::{self, Entry, Filter, STATES};
use store::Timestamp;
use web::{Fault, QueryParams};

use super::{HERE, head};
use crate::commands;
use crate::desk::{InTenant, Outcome};
use crate::views::mails::{LogPage, MailLine};
use crate::views::{Pager, State, Twin};
use crate::visit::{Posted, Visit};

/// `GET /console/t/{tenant}/mails/log`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let asked = |name: &str| query.0.get(name).map(str::trim).filter(|v| !v.is_empty());
    let filter = Filter {
        state: asked("state").filter(|state| STATES.contains(state)).map(str::to_owned),
        recipient: asked("to").map(str::to_owned),
    };
    let (after, twin) = (asked("after").map(str::to_owned), query.0.has("command"));
    visit.tenant(move |desk| show(desk, &filter, after, twin)).await
}

fn show(desk: &InTenant, filter: &Filter, after: Option<String>, twin: bool) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let found = log::list(ctx, actor, tenant, filter, after.as_deref(), None)?;
    let path = desk.url("/mails/log");
    let state = filter.state.clone().unwrap_or_default();
    let to = filter.recipient.clone().unwrap_or_default();
    let filtered: Vec<(&str, &str)> = [("state", state.as_str()), ("to", to.as_str())]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let base = protocol::form::append_query(&path, &filtered);
    desk.show(&LogPage {
        shell: desk.shell(HERE)?,
        head: head(desk, "log")?,
        none: found.items.is_empty() && filtered.is_empty() && after.is_none(),
        rows: found.items.iter().map(|entry| line(desk, entry)).collect(),
        pager: Pager::new(&base, "", after.as_deref(), found.next.as_deref()),
        states: STATES.iter().map(|state| (*state, word(state).1)).collect(),
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("mail", &desk.tenant.slug).replace("mail list", "mail log"),
        }),
        state,
        to,
        path,
    })
}

/// How a state is shown.
fn word(state: &str) -> (&'static str, &'static str) {
    match state {
        "sent" => ("ok", "Sent"),
        "queued" => ("off", "Waiting"),
        "sending" => ("off", "Being sent"),
        "retrying" => ("warn", "Tried, waiting"),
        "given_up" => ("bad", "Given up"),
        _ => ("off", "Held back"),
    }
}

fn line(desk: &InTenant, entry: &Entry) -> MailLine {
    let (class, word) = word(&entry.state);
    MailLine {
        id: entry.id.to_string(),
        label: Template::parse(&entry.template).map_or("", Template::label),
        language: entry.language.clone(),
        recipient: entry.recipient.clone(),
        state: State::new(class, word),
        waits: entry.state == "retrying",
        attempts: entry.attempts,
        answer: entry.answer.clone(),
        support: entry.support.clone(),
        created: desk.when(Timestamp(entry.created_at)),
    }
}

/// `POST /console/t/{tenant}/mails/log/{mail}/retry`.
pub(crate) async fn retry(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("mail");
    posted
        .tenant(move |desk, _| {
            log::retry(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            desk.done(&desk.url("/mails/log"), "The mail is tried again now.")
        })
        .await
}
