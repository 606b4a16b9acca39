//! Users of a tenant, as far as support needs them: find one, create one, see and end their
//! sessions, keep them out, delete them. The commands are `directory::users` and `sessions`.

pub(crate) mod create;
pub(crate) mod danger;
pub(crate) mod sessions;

use actix_web::HttpResponse;
use directory::links::{self, LinkKind};
use directory::users::list::Query;
use directory::{Action, sessions as commands_sessions, users};
use store::users::UserRow;
use web::views::monogram;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::users::{UserHead, UserLine, UserList, UserPage};
use crate::views::{Pager, State, Twin};
use crate::visit::{Posted, Visit};

/// The entry of the navigation.
pub(crate) const HERE: &str = "/users";

/// `GET /console/t/{tenant}/users`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let asked = |name: &str| query.0.get(name).map(str::to_owned);
    let (text, after, twin) = (asked("q"), asked("after"), query.0.has("command"));
    visit.tenant(move |desk| show_list(desk, text.unwrap_or_default(), after, twin)).await
}

fn show_list(desk: &InTenant, text: String, after: Option<String>, twin: bool) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let asked = Query { text: text.clone(), ..Query::default() };
    let page = users::list::list(ctx, actor, tenant, &asked, after.as_deref(), None)?;
    let path = desk.url(HERE);
    desk.show(&UserList {
        shell: desk.shell(HERE)?,
        none: page.items.is_empty() && text.is_empty() && after.is_none(),
        pager: Pager::new(&path, &text, after.as_deref(), page.next.as_deref()),
        rows: page.items.iter().map(|user| line(desk, user)).collect(),
        may_create: desk.may(Action::UserCreate),
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("user", &desk.tenant.slug),
        }),
        query: text,
        path,
    })
}

fn line(desk: &InTenant, user: &UserRow) -> UserLine {
    UserLine {
        url: desk.url(&format!("{HERE}/{}", user.id)),
        name: name(user),
        email: user.email.clone(),
        monogram: monogram(&name(user), 2),
        state: state(user),
        last: user.last_sign_in_at.map(|at| desk.when(at)),
    }
}

fn name(user: &UserRow) -> String {
    if user.name.is_empty() { user.email.clone() } else { user.name.clone() }
}

fn state(user: &UserRow) -> State {
    match (user.blocked, user.password.is_some()) {
        (true, _) => State::new("bad", "Blocked"),
        (false, true) => State::new("ok", "Active"),
        (false, false) => State::new("warn", "No password yet"),
    }
}

fn find(desk: &InTenant, id: &str) -> Result<UserRow, Stop> {
    // The command also takes an address; a path has ids only.
    store::UserId::parse(id).ok_or_else(Fault::not_found)?;
    Ok(users::show(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

fn head(desk: &InTenant, user: &UserRow) -> UserHead {
    UserHead {
        url: desk.url(&format!("{HERE}/{}", user.id)),
        list: desk.url(HERE),
        id: user.id.to_string(),
        name: name(user),
        email: user.email.clone(),
        verified: user.email_verified,
        monogram: monogram(&name(user), 2),
        state: state(user),
    }
}

/// `GET /console/t/{tenant}/users/{user}`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("user"), query.0.get("after").map(str::to_owned));
    visit
        .tenant(move |desk| {
            let user = find(desk, &id)?;
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let page =
                commands_sessions::list(ctx, actor, tenant, Some(&id), after.as_deref(), Some(25))?;
            let head = head(desk, &user);
            desk.show(&UserPage {
                shell: desk.shell(HERE)?,
                pager: Pager::new(&head.url, "", after.as_deref(), page.next.as_deref()),
                sessions: page.items.iter().map(|s| sessions::line(desk, &head, s)).collect(),
                created: desk.when(user.created_at),
                last: user.last_sign_in_at.map(|at| desk.when(at)),
                has_password: user.password.is_some(),
                blocked: user.blocked,
                may_help: desk.may(Action::UserHelp),
                may_end: desk.may(Action::SessionRevoke),
                may_delete: desk.may(Action::UserDelete),
                head,
            })
        })
        .await
}

/// `POST …/users/{user}/link`: a link with which they set a password.
pub(crate) async fn link(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted
        .tenant(move |desk, _| {
            let user = find(desk, &id)?;
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let kind =
                if user.password.is_some() { LinkKind::Reset } else { LinkKind::SetPassword };
            let url = links::create_set_password(ctx, actor, tenant, &user.id, kind)?;
            desk.reveal(&desk.url(&format!("{HERE}/{id}")), "Link to set a password", &url)
        })
        .await
}
