//! The audit as people read it: who did what, when, from where, and what changed from what to what.

use std::collections::HashMap;

use actix_web::HttpResponse;
use directory::audit::{self, AuditEntry, AuditQuery};
use directory::{applications, users};
use serde_json::Value;
use store::{ApplicationId, TenantId, Timestamp, UserId};
use web::{Fault, QueryParams};

use crate::desk::{InTenant, Stop};
use crate::views::Pager;
use crate::views::audit::{Change, Entry, Object, TenantAudit};
use crate::visit::Visit;

const HERE: &str = "/audit";
/// Longer values are cut in the list.
const LONGEST: usize = 300;

/// `GET /console/t/{tenant}/audit`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let after = query.0.get("after").map(str::to_owned);
    visit
        .tenant(move |desk| {
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let page =
                audit::list(ctx, actor, tenant, &AuditQuery::default(), after.as_deref(), None)?;
            let path = desk.url(HERE);
            desk.show(&TenantAudit {
                shell: desk.shell(HERE)?,
                pager: Pager::new(&path, "", after.as_deref(), page.next.as_deref()),
                entries: entries(desk, page.items)?,
            })
        })
        .await
}

/// Entries with the names of who acted and of what. Admins are users of the system tenant; users
/// of the tenant itself act when they sign in or set a password.
pub(crate) fn entries(desk: &InTenant, items: Vec<AuditEntry>) -> Result<Vec<Entry>, Stop> {
    let mut names = Names { desk, known: HashMap::new() };
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

/// Names by id, each looked up once.
struct Names<'a> {
    desk: &'a InTenant<'a>,
    known: HashMap<String, String>,
}

impl Names<'_> {
    fn of(&mut self, id: &str) -> Result<String, Stop> {
        if let Some(name) = self.known.get(id) {
            return Ok(name.clone());
        }
        let name = self.find(id)?.unwrap_or_else(|| id.to_owned());
        self.known.insert(id.to_owned(), name.clone());
        Ok(name)
    }

    fn find(&self, id: &str) -> Result<Option<String>, Stop> {
        let (ctx, tenant) = (self.desk.ctx, &self.desk.tenant.id);
        if id == tenant.as_str() {
            return Ok(Some(self.desk.tenant.name.clone()));
        }
        if ApplicationId::parse(id).is_some() {
            let found = applications::show(ctx, &self.desk.actor, tenant, id);
            return match found {
                Ok(shown) => Ok(Some(shown.row.name)),
                Err(directory::Error::NotFound(_)) => Ok(None),
                Err(other) => Err(other.into()),
            };
        }
        let Some(user) = UserId::parse(id) else { return Ok(None) };
        match users::name(ctx, tenant, &user)? {
            Some(name) => Ok(Some(name)),
            None => Ok(users::name(ctx, &TenantId::system(), &user)?),
        }
    }
}

fn entry(desk: &InTenant, item: AuditEntry, actor: String, object: String) -> Entry {
    Entry {
        actor,
        action: action(&item.action),
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

/// `application.secret.create` as a sentence's beginning.
fn action(name: &str) -> String {
    let words = match name {
        "application.create" => "Registered the application",
        "application.update" => "Changed the application",
        "application.disable" => "Disabled the application",
        "application.enable" => "Enabled the application",
        "application.delete" => "Deleted the application",
        "application.secret.create" => "Made a secret",
        "application.secret.revoke" => "Revoked a secret",
        "tenant.create" => "Created the tenant",
        "tenant.update" => "Changed the tenant",
        "tenant.suspend" => "Suspended the tenant",
        "tenant.resume" => "Resumed the tenant",
        "user.create" => "Created the user",
        "user.block" => "Blocked the user",
        "user.unblock" => "Unblocked the user",
        "user.delete" => "Deleted the user",
        "user.set_password" => "Set a password",
        "user.set_password_link" => "Made a link to set a password",
        "session.revoke" => "Ended a session",
        "session.revoke_all" => "Ended all sessions",
        "console.sign_in" => "Signed in to the console",
        "operator.create" => "Became an operator",
        "key.rotate" => "Rotated a signing key",
        other => return other.replace(['.', '_'], " "),
    };
    words.to_owned()
}

/// The members of an entry: `[before, after]` where something changed, else the value alone.
fn changes(detail: &Value) -> Vec<Change> {
    let Some(members) = detail.as_object() else { return Vec::new() };
    let change = |(name, value): (&String, &Value)| {
        let name = label(name);
        match value.as_array().map(Vec::as_slice) {
            Some([before, after]) => {
                Change { name, before: Some(told(before)), after: told(after) }
            }
            _ => Change { name, before: None, after: told(value) },
        }
    };
    let shown = members.iter().filter(|(name, _)| !matches!(name.as_str(), "config" | "version"));
    shown.map(change).collect()
}

/// `access_token_lifetime_s` in words.
fn label(name: &str) -> String {
    match name.strip_suffix("_s") {
        Some(name) => format!("{}, seconds", name.replace('_', " ")),
        None => name.replace('_', " "),
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
        });
        let told: Vec<String> = changes(&detail)
            .into_iter()
            .map(|c| format!("{}: {:?} {}", c.name, c.before.as_deref().unwrap_or("-"), c.after))
            .collect();
        assert_eq!(
            told,
            [
                "disabled: \"no\" yes",
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
