//! The audit as people read it: who did what, when, from where, and what changed from what to what.

mod actions;

use actix_web::HttpResponse;
use directory::audit::{self, AuditEntry, AuditQuery, Format};
use protocol::form::append_query;
use serde_json::Value;
use store::Timestamp;
use web::{Fault, QueryParams};

use self::actions::WORDS;
pub(crate) use self::actions::words;
use crate::commands;
use crate::desk::{Answer, InTenant, Outcome, Reply, Stop};
use crate::names::Names;
use crate::views::audit::{Change, Entry, Object, TenantAudit};
use crate::views::logs::Chip;
use crate::views::{Pager, Twin, When};
use crate::visit::Visit;

const HERE: &str = "/audit";
/// Longer values are cut in the list.
const LONGEST: usize = 300;

/// `GET /console/t/{tenant}/audit`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (asked, after) = (asked(&query), query.0.get("after").map(str::to_owned));
    let twin = query.0.has("command");
    visit.tenant(move |desk| show_list(desk, &asked, after.as_deref(), twin)).await
}

fn show_list(desk: &InTenant, asked: &AuditQuery, after: Option<&str>, twin: bool) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let page = audit::list(ctx, actor, tenant, asked, after, None)?;
    let (path, filters) = (desk.url(HERE), filters(asked));
    let command = [filters.clone(), vec![("command", "1")]].concat();
    let chosen =
        |(name, words): &(&'static str, &'static str)| (*name, *words, *name == asked.action);
    desk.show(&TenantAudit {
        shell: desk.shell(HERE)?,
        chips: chips(desk, &path, asked)?,
        actions: WORDS.iter().map(chosen).collect(),
        pager: Pager::filtered(&path, &filters, after, page.next.as_deref()),
        entries: entries(desk, page.items)?,
        exports: ["csv", "json"].map(|format| {
            let params = [filters.clone(), vec![("format", format)]].concat();
            append_query(&format!("{path}/export"), &params)
        }),
        here: append_query(&path, &command),
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::filtered("audit", &desk.tenant.slug, &filters),
        }),
        path,
    })
}

fn asked(query: &QueryParams) -> AuditQuery {
    let text = |name: &str| query.0.get(name).unwrap_or_default().to_owned();
    AuditQuery { object: text("object"), actor: text("actor"), action: text("action") }
}

/// The filters that are set, as they stand in the address.
fn filters(query: &AuditQuery) -> Vec<(&'static str, &str)> {
    let all =
        [("object", query.object.as_str()), ("actor", &query.actor), ("action", &query.action)];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn chips(desk: &InTenant, path: &str, query: &AuditQuery) -> Result<Vec<Chip>, Stop> {
    let mut names = Names::new(desk);
    let mut chips = Vec::new();
    for (name, value) in filters(query) {
        let text = match name {
            "object" => format!("About: {}", names.of(value)?),
            "actor" => format!("By: {}", names.of(value)?),
            _ => format!("What: {}", words(value)),
        };
        let rest: Vec<_> = filters(query).into_iter().filter(|(other, _)| *other != name).collect();
        chips.push(Chip { text, without: append_query(path, &rest) });
    }
    Ok(chips)
}

/// `GET /console/t/{tenant}/audit/export`: what fits the filters as a file, newest first.
pub(crate) async fn export(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (asked, json) = (asked(&query), query.0.get("format") == Some("json"));
    visit
        .tenant(move |desk| {
            let format = if json { Format::Json } else { Format::Csv };
            let file = audit::export(desk.ctx, &desk.actor, &desk.tenant.id, &asked, format)?;
            let name = format!("audit-{}.{}", desk.tenant.slug, format.extension());
            Ok(Reply { answer: Answer::File(name, file), note: None })
        })
        .await
}

/// Entries with the names of who acted and of what. Admins are users of the system tenant; users
/// of the tenant itself act when they sign in or set a password.
pub(crate) fn entries(desk: &InTenant, items: Vec<AuditEntry>) -> Result<Vec<Entry>, Stop> {
    let mut names = Names::new(desk);
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        let actor = match item.actor_kind.as_str() {
            "cli" => "Command line".to_owned(),
            "user" => names.of(&item.actor)?,
            _ => "Tessera".to_owned(),
        };
        let object = match named(&item.detail) {
            Some(name) => name,
            None => names.of(&item.object)?,
        };
        entries.push(entry(desk, item, actor, object));
    }
    Ok(entries)
}

/// The name that an entry itself gives to what it is about.
fn named(detail: &Value) -> Option<String> {
    let text = |name: &str| detail.get(name).and_then(Value::as_str).map(str::to_owned);
    text("name").filter(|name| !name.is_empty()).or_else(|| text("email"))
}

fn entry(desk: &InTenant, item: AuditEntry, actor: String, object: String) -> Entry {
    Entry {
        actor,
        action: words(&item.action),
        object: link_to(desk, &item, object),
        when: desk.when(Timestamp(item.at)),
        changes: changes(&item.detail),
        request: item.request,
        ip: item.ip,
    }
}

fn link_to(desk: &InTenant, item: &AuditEntry, name: String) -> Object {
    let url = match item.object.split('_').next() {
        _ if ended(&item.action) => String::new(),
        Some("app") => desk.url(&format!("/applications/{}", item.object)),
        Some("usr") => desk.url(&format!("/users/{}", item.object)),
        _ => String::new(),
    };
    Object { name, url }
}

fn ended(action: &str) -> bool {
    action.ends_with(".delete")
}

/// The members of an entry: `[before, after]` where something changed, else the value alone.
fn changes(detail: &Value) -> Vec<Change> {
    let Some(members) = detail.as_object() else { return Vec::new() };
    let change = |(name, value): (&String, &Value)| {
        let (told, name) = (|value: &Value| told_of(name, value), label(name));
        match value.as_array().map(Vec::as_slice) {
            Some([before, after]) => {
                Change { name, before: Some(told(before)), after: told(after) }
            }
            _ => Change { name, before: None, after: told(value) },
        }
    };
    let shown =
        members.iter().filter(|(name, _)| !matches!(name.as_str(), "config" | "task" | "version"));
    shown.map(change).collect()
}

/// `access_token_lifetime_s` in words.
fn label(name: &str) -> String {
    match name.strip_suffix("_s") {
        Some(name) => format!("{}, seconds", name.replace('_', " ")),
        None => name.replace('_', " "),
    }
}

/// A time is told as one.
fn told_of(name: &str, value: &Value) -> String {
    match value.as_i64().filter(|_| name.ends_with("_at")).map(Timestamp) {
        Some(at) => When::new(at, at).human,
        None => told(value),
    }
}

fn told(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "nothing".to_owned(),
        Value::Array(list) => list.iter().map(told).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_and_after_are_told_apart() {
        let detail = serde_json::json!({
            "name": ["Old", "New"], "redirect_uris": [[], ["https://a.test/cb"]],
            "disabled": [false, true], "secret": "ts_abcd", "version": [1, 2],
            "expires_at": 1_767_225_600_000_000_i64, "task": {"block": []},
        });
        let told: Vec<String> = changes(&detail)
            .into_iter()
            .map(|c| format!("{}: {:?} {}", c.name, c.before.as_deref().unwrap_or("-"), c.after))
            .collect();
        assert_eq!(
            told,
            [
                "disabled: \"no\" yes",
                "expires at: \"-\" 2026-01-01 00:00:00 UTC",
                "name: \"Old\" New",
                "redirect uris: \"nothing\" https://a.test/cb",
                "secret: \"-\" ts_abcd",
            ]
        );
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let text = told(&Value::String("é".repeat(400)));
        assert_eq!(text.chars().count(), LONGEST + 1);
    }
}
