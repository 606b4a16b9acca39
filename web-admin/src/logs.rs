//! The log as people read it: who signed in, who could not and why, and one flow step by step with
//! the setting to change. The words for each cause are the catalogue's.

mod flow;
pub(crate) mod words;

use actix_web::HttpResponse;
use directory::Action;
use directory::logs::{self, LogEntry, LogQuery};
use protocol::form::append_query;
use store::Timestamp;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::names::Names;
use crate::views::logs::{Chip, Link, LogLine, LogList};
use crate::views::{Pager, State, Twin};
use crate::visit::Visit;

pub(crate) use flow::show;
pub(crate) use words::title_of;

/// The entry of the navigation.
pub(crate) const HERE: &str = "/logs";

/// What of the address a page of the log reads.
struct Asked {
    query: LogQuery,
    after: Option<String>,
    support: String,
    twin: bool,
}

/// `GET /console/t/{tenant}/logs`. A support code leads straight to its flow.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let text = |name: &str| query.0.get(name).unwrap_or_default().to_owned();
    let asked = Asked {
        query: LogQuery {
            outcome: text("outcome"),
            code: text("code"),
            application: text("application"),
            user: text("user"),
            connection: text("connection"),
        },
        after: query.0.get("after").map(str::to_owned),
        support: text("support").trim().to_owned(),
        twin: query.0.has("command"),
    };
    visit.tenant(move |desk| show_list(desk, asked)).await
}

fn show_list(desk: &InTenant, asked: Asked) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let mut missing = String::new();
    if !asked.support.is_empty() {
        match logs::show(ctx, actor, tenant, &asked.support) {
            Ok(steps) => return desk.go(desk.url(&format!("{HERE}/{}", steps[0].flow))),
            Err(directory::Error::NotFound(_)) => {
                missing = asked.support.chars().take(40).collect()
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = logs::list(ctx, actor, tenant, &asked.query, asked.after.as_deref(), None)?;
    let path = desk.url(HERE);
    let mut names = Names::new(desk);
    let rows: Result<Vec<_>, Stop> =
        page.items.iter().map(|entry| line(desk, &mut names, entry)).collect();
    desk.show(&LogList {
        shell: desk.shell(HERE)?,
        ranges: ranges(&path, &asked.query),
        chips: chips(&path, &asked.query, &mut names)?,
        missing,
        rows: rows?,
        pager: Pager::filtered(
            &path,
            &params(&asked.query),
            asked.after.as_deref(),
            page.next.as_deref(),
        ),
        here: append_query(&path, &[params(&asked.query), vec![("command", "1")]].concat()),
        twin: asked.twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::filtered("log", &desk.tenant.slug, &params(&asked.query)),
        }),
        path,
    })
}

/// The filters that are set, as they stand in the address.
fn params(query: &LogQuery) -> Vec<(&'static str, &str)> {
    let all = [
        ("outcome", query.outcome.as_str()),
        ("code", &query.code),
        ("application", &query.application),
        ("user", &query.user),
        ("connection", &query.connection),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn ranges(path: &str, query: &LogQuery) -> Vec<(&'static str, String, bool)> {
    let with = |outcome: &str| {
        let query = LogQuery { outcome: outcome.to_owned(), ..query.clone() };
        append_query(path, &params(&query))
    };
    [("All", ""), ("Signed in", "signed_in"), ("Failed", "failed")]
        .map(|(text, outcome)| (text, with(outcome), query.outcome == outcome))
        .to_vec()
}

fn chips(path: &str, query: &LogQuery, names: &mut Names) -> Result<Vec<Chip>, Stop> {
    let mut chips = Vec::new();
    for (name, value) in params(query).into_iter().filter(|(name, _)| *name != "outcome") {
        let text = match name {
            "code" => format!("Cause: {}", title_of(value)),
            "application" => format!("Application: {}", names.of(value)?),
            "user" => format!("User: {}", names.of(value)?),
            _ => format!("Connection: {}", names.of(value)?),
        };
        let rest: Vec<_> = params(query).into_iter().filter(|(other, _)| *other != name).collect();
        chips.push(Chip { text, without: append_query(path, &rest) });
    }
    Ok(chips)
}

fn line(desk: &InTenant, names: &mut Names, entry: &LogEntry) -> Result<LogLine, Stop> {
    Ok(LogLine {
        url: desk.url(&format!("{HERE}/{}", entry.flow)),
        state: state(entry),
        title: words::what(entry),
        user: user(desk, names, &entry.user)?,
        application: link(desk, names, &entry.application, "/applications")?,
        connection: link(desk, names, &entry.connection, "/connections")?,
        support: entry.support.clone(),
        times: entry.times,
        when: desk.when(Timestamp(entry.at)),
    })
}

fn state(entry: &LogEntry) -> State {
    match entry.outcome.as_str() {
        "failed" => State::new("bad", "Failed"),
        "signed_out" => State::new("off", "Ended"),
        _ => State::new("ok", "Succeeded"),
    }
}

/// A thing with its name and its page; nothing when no id is known.
pub(crate) fn link(
    desk: &InTenant,
    names: &mut Names,
    id: &str,
    place: &str,
) -> Result<Link, Stop> {
    if id.is_empty() {
        return Ok(Link::default());
    }
    Ok(Link { name: names.of(id)?, url: desk.url(&format!("{place}/{id}")) })
}

/// A person: their page only for who may see users.
pub(crate) fn user(desk: &InTenant, names: &mut Names, id: &str) -> Result<Link, Stop> {
    let found = link(desk, names, id, "/users")?;
    let url = if desk.may(Action::UserRead) { found.url } else { String::new() };
    Ok(Link { url, ..found })
}
