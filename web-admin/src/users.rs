//! Users of a tenant: the list, and one user's page with its tabs, each at an address of its own.
//! The commands are `directory::users`, `sessions` and `batches`.

pub(crate) mod access;
pub(crate) mod bulk;
pub(crate) mod create;
pub(crate) mod danger;
pub(crate) mod edit;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod sessions;

use actix_web::HttpResponse;
use directory::links::{self, LinkKind};
use directory::users::fields::{self, Schema};
use directory::{Action, users};
use serde_json::Value;
use store::users::UserRow;
use web::Fault;
use web::views::monogram;

use crate::commands;
use crate::desk::{InTenant, Stop};
use crate::views::users::{FieldLine, UserHead, UserPage};
use crate::views::{State, Twin};
use crate::visit::{Posted, Visit};

/// The entry of the navigation.
pub(crate) const HERE: &str = "/users";

pub(crate) fn name(user: &UserRow) -> String {
    if user.name.is_empty() { user.email.clone() } else { user.name.clone() }
}

pub(crate) fn state(user: &UserRow) -> State {
    match (user.blocked, user.password.is_some() || user.last_sign_in_at.is_some()) {
        (true, _) => State::new("bad", "Blocked"),
        (false, true) => State::new("ok", "Active"),
        (false, false) => State::new("warn", "Never signed in"),
    }
}

pub(crate) fn find(desk: &InTenant, id: &str) -> Result<UserRow, Stop> {
    // The command also takes an address; a path has ids only.
    store::UserId::parse(id).ok_or_else(Fault::not_found)?;
    Ok(users::show(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

pub(crate) fn head(desk: &InTenant, user: &UserRow, tab: &'static str) -> UserHead {
    UserHead {
        url: desk.url(&format!("{HERE}/{}", user.id)),
        list: desk.url(HERE),
        id: user.id.to_string(),
        name: name(user),
        email: user.email.clone(),
        monogram: monogram(&name(user), 2),
        state: state(user),
        tab,
    }
}

/// The fields of users as this tenant has them.
pub(crate) fn schema(desk: &InTenant) -> Result<Schema, Stop> {
    let at = context::TenantAddress::Id(desk.tenant.id.clone());
    let found = desk.ctx.snapshots.tenant(desk.ctx, &at).map_err(Fault::from)?;
    Ok(fields::schema(&*found.ok_or_else(Fault::not_found)?))
}

/// A value as people read it.
pub(crate) fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "Yes" } else { "No" }.to_owned(),
        Some(Value::Array(entries)) => {
            entries.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        Some(other) => other.to_string(),
    }
}

/// `GET /console/t/{tenant}/users/{user}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, twin) = (visit.segment("user"), visit.req.query_string() == "command=1");
    visit
        .tenant(move |desk| {
            let user = find(desk, &id)?;
            let head = head(desk, &user, "profile");
            let command = || commands::one("user", "show", &id);
            desk.show(&UserPage {
                shell: desk.shell(HERE)?,
                verified: user.email_verified,
                fields: lines(desk, &user)?,
                created: desk.when(user.created_at),
                last: user.last_sign_in_at.map(|at| desk.when(at)),
                has_password: user.password.is_some(),
                blocked: user.blocked,
                may_edit: desk.may(Action::UserUpdate),
                may_help: desk.may(Action::UserHelp),
                may_delete: desk.may(Action::UserDelete),
                twin: twin.then(|| Twin { text: "Prints the same.", command: command() }),
                head,
            })
        })
        .await
}

/// The fields that have a value, in the order of forms, the address first.
fn lines(desk: &InTenant, user: &UserRow) -> Result<Vec<FieldLine>, Stop> {
    let (sheet, sources) = (fields::read(user), fields::sources(user));
    let connections = list::connections(desk)?;
    let schema = schema(desk)?;
    let mut wanted: Vec<(&str, &str)> =
        schema.fields().map(|field| (field.key.as_str(), field.label.as_str())).collect();
    wanted.push((fields::EXTERNAL_ID, "External ID"));
    let source = |key: &str| match sources.get(key).map(String::as_str) {
        None => String::new(),
        Some("admin") => "Admin".to_owned(),
        Some("import") => "Import".to_owned(),
        Some("user") => "User".to_owned(),
        Some(id) => {
            let found = connections.iter().find(|(known, _)| known == id);
            found.map_or_else(|| "Connection".to_owned(), |(_, name)| name.clone())
        }
    };
    let line = |(key, label): (&str, &str)| {
        let value = text(sheet.get(key));
        let label = label.to_owned();
        (!value.is_empty()).then(|| FieldLine { label, value, source: source(key) })
    };
    Ok(wanted.into_iter().filter_map(line).collect())
}

/// `POST …/users/{user}/link`: a link with which they set a password, shown once or sent by mail.
pub(crate) async fn link(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted
        .tenant(move |desk, form| {
            let user = find(desk, &id)?;
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let kind =
                if user.password.is_some() { LinkKind::Reset } else { LinkKind::SetPassword };
            let page = desk.url(&format!("{HERE}/{id}"));
            if form.has("mail") {
                users::link::send(ctx, actor, tenant, &user.id, kind)?;
                return desk.done(&page, format!("A link is on its way to {}.", user.email));
            }
            let url = links::create_set_password(ctx, actor, tenant, &user.id, kind)?;
            desk.reveal(&page, "Link to set a password", &url)
        })
        .await
}
