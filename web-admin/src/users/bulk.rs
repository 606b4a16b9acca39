//! The same for many users: those that are ticked, or all that the list shows. Asked before it is
//! done; done by a job with a page of its own.

use actix_web::HttpResponse;
use directory::batches::{self, Format, Select, Task};
use directory::users::list::{Filter, Query};
use directory::{Error, users};
use protocol::Params;
use web::Fault;

use super::{HERE, list};
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::capped;
use crate::views::users::Bulk;
use crate::visit::Posted;

/// `POST …/users/bulk`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(ask_or_do).await
}

fn ask_or_do(desk: &InTenant, form: &Params) -> Outcome {
    let select = selected(form);
    if select == Select::Ids(Vec::new()) {
        return desk
            .done(&desk.url(HERE), "Nobody is ticked. Tick users, or all that the list shows.");
    }
    let task = match form.get("do").unwrap_or_default() {
        "block" => Task::Block(select),
        "unblock" => Task::Unblock(select),
        "export" => {
            let format = form.get("format").and_then(Format::parse).unwrap_or(Format::Csv);
            Task::Export { select, format, columns: Vec::new() }
        }
        _ => return Err(Fault::not_found().into()),
    };
    desk.must(task.action())?;
    if !form.has("sure") {
        return desk.show(&page(desk, &task, form)?);
    }
    match batches::create(desk.ctx, &desk.actor, &desk.tenant.id, task) {
        Ok(row) => desk.go(desk.url(&format!("/jobs/{}", row.id))),
        Err(Error::Form(errors)) => {
            let text = errors.into_iter().map(|e| e.message).collect::<Vec<_>>().join(" ");
            desk.done(&desk.url(HERE), text)
        }
        Err(other) => Err(other.into()),
    }
}

/// Whom a form means.
fn selected(form: &Params) -> Select {
    if form.has("all") {
        return Select::Query(list::read(form));
    }
    let picked = form.names().filter_map(|name| name.strip_prefix("pick."));
    Select::Ids(picked.take(batches::MAX_PICKED).map(str::to_owned).collect())
}

fn page(desk: &InTenant, task: &Task, form: &Params) -> Result<Bulk, Stop> {
    let (select, verb) = match task {
        Task::Block(select) => (select, "Block"),
        Task::Unblock(select) => (select, "Unblock"),
        Task::Export { select, .. } => (select, "Export"),
        Task::Import(_) => return Err(Fault::not_found().into()),
    };
    let who = match select {
        Select::Ids(ids) if ids.len() == 1 => "1 user".to_owned(),
        Select::Ids(ids) => format!("{} users", ids.len()),
        Select::Query(query) => whole(desk, query)?,
    };
    let effects: &[&str] = match task {
        Task::Block(_) => &[
            "They cannot sign in.",
            "Every session and token they have ends at once; unblocking brings none back.",
            "The last operator and the last owner of a tenant are left out.",
        ],
        Task::Unblock(_) => &["They can sign in again. Sessions that ended stay ended."],
        _ => &["The files are kept, sealed, for 7 days."],
    };
    let kept = |name: &&str| *name != "csrf" && *name != "sure" && *name != "format";
    let field = |name: &str| (name.to_owned(), form.get(name).unwrap_or_default().to_owned());
    Ok(Bulk {
        shell: desk.shell(HERE)?,
        list: desk.url(HERE),
        action: desk.url(&format!("{HERE}/bulk")),
        title: format!("{verb} {who}?"),
        effects: effects.iter().map(|text| (*text).to_owned()).collect(),
        button: format!("{verb} {who}"),
        danger: matches!(task, Task::Block(_)),
        export: matches!(task, Task::Export { .. }),
        fields: form.names().filter(kept).map(field).collect(),
    })
}

/// Whom a list means, every page of it, and how many they are.
fn whole(desk: &InTenant, query: &Query) -> Result<String, Stop> {
    let found = users::list::list(desk.ctx, &desk.actor, &desk.tenant.id, query, None, Some(1))?;
    let who = match found.count {
        Some(1) => "the 1 user".to_owned(),
        Some(count) => format!("all {} users", capped(count)),
        None => "all users".to_owned(),
    };
    let text = query.text.trim();
    let which = match (&query.filter, text.is_empty()) {
        (Filter::All, true) => String::new(),
        (Filter::All, false) => format!(" that begin with “{text}”"),
        (Filter::Blocked, _) => " who are blocked".to_owned(),
        (Filter::Unverified, _) => " whose address is not proven".to_owned(),
        (Filter::NeverSignedIn, _) => " who never signed in".to_owned(),
        (Filter::Connection(_), _) => " of this connection".to_owned(),
    };
    Ok(who + &which)
}
