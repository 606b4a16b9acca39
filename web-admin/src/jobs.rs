//! Jobs: what works on many users, how far it is, what went wrong, and what came out of it.

use actix_web::HttpResponse;
use directory::Error;
use directory::batches::{self, Problem, Task, export, import};
use store::batches::BatchRow;
use web::{Fault, QueryParams};

use crate::desk::{Answer, InTenant, Outcome, Reply, Stop};
use crate::views::jobs::{Job, JobLine, Jobs};
use crate::views::{Pager, State};
use crate::visit::{Posted, Visit};

/// The entry of the navigation.
const HERE: &str = "/jobs";
/// So many problems are shown on the page; all of them are in the file.
const SHOWN: usize = 50;

fn state(row: &BatchRow) -> State {
    match row.state.as_str() {
        "uploading" | "checking" => State::new("warn", "Looking at the rows"),
        "checked" => State::new("warn", "Waits for you"),
        "running" => State::new("warn", "Running"),
        "done" if row.failed > 0 => State::new("bad", "Done, some left out"),
        "done" => State::new("ok", "Done"),
        "cancelled" => State::new("off", "Cancelled"),
        _ => State::new("bad", "Stopped"),
    }
}

fn title(row: &BatchRow) -> &'static str {
    match row.kind.as_str() {
        "user.block" => "Block users",
        "user.unblock" => "Unblock users",
        "user.export" => "Export users",
        _ => "Import users",
    }
}

/// `GET /console/t/{tenant}/jobs`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let after = query.0.get("after").map(str::to_owned);
    visit
        .tenant(move |desk| {
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let page = batches::list(ctx, actor, tenant, after.as_deref(), None)?;
            let path = desk.url(HERE);
            let line = |row: &BatchRow| JobLine {
                url: format!("{path}/{}", row.id),
                title: title(row),
                state: state(row),
                who: row.actor_name.clone(),
                done: row.done,
                failed: row.failed,
                created: desk.when(row.created_at),
            };
            desk.show(&Jobs {
                shell: desk.shell(HERE)?,
                rows: page.items.iter().map(line).collect(),
                pager: Pager::new(&path, "", after.as_deref(), page.next.as_deref()),
                users: desk.url("/users"),
            })
        })
        .await
}

/// `GET /console/t/{tenant}/jobs/{batch}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("batch");
    visit
        .tenant(move |desk| {
            let row = batches::show(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            desk.show(&page(desk, &row)?)
        })
        .await
}

fn page(desk: &InTenant, row: &BatchRow) -> Result<Job, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let task = Task::of(row)?;
    let may = desk.may(task.action());
    let (problems, more) = match may {
        true => batches::problems(ctx, actor, tenant, row.id.as_str(), SHOWN)?,
        false => (Vec::<Problem>::new(), false),
    };
    let moving = batches::is_moving(row);
    let files = match (&task, row.state.as_str()) {
        (Task::Export { .. }, "done") if may => (1..=export::files(row)).collect(),
        _ => Vec::new(),
    };
    Ok(Job {
        shell: desk.shell(HERE)?,
        url: desk.url(&format!("{HERE}/{}", row.id)),
        list: desk.url(HERE),
        users: desk.url("/users"),
        id: row.id.to_string(),
        title: title(row),
        state: state(row),
        who: row.actor_name.clone(),
        created: desk.when(row.created_at),
        expires: desk.when(row.expires_at),
        facts: facts(row, &task),
        total: row.total,
        done: row.done,
        failed: row.failed,
        last_error: row.last_error.clone(),
        waits: row.state == "checked",
        ready: row.total - row.failed,
        moving: moving || row.state == "uploading",
        may_stop: may && (moving || row.state == "checked"),
        files,
        problems,
        more,
    })
}

/// What it was asked for, and what it came to.
fn facts(row: &BatchRow, task: &Task) -> Vec<(String, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Task::Import(order) = task {
        if !order.file.is_empty() {
            facts.push(("File", order.file.clone()));
        }
        let policy = match order.if_exists {
            batches::IfExists::Skip => "stay as they are",
            batches::IfExists::Update => "are updated",
        };
        facts.push(("Users who exist", policy.to_owned()));
        let counts = import::counts(row);
        let word = |now: &'static str, later: &'static str| {
            if matches!(row.state.as_str(), "checking" | "checked") { later } else { now }
        };
        facts.push((word("Created", "Would be created"), counts.created.to_string()));
        facts.push((word("Updated", "Would be updated"), counts.updated.to_string()));
        facts.push((word("Unchanged", "Would stay as they are"), counts.unchanged.to_string()));
    }
    facts.push(("Rows looked at", row.done.to_string()));
    facts.push(("With a problem", row.failed.to_string()));
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `POST …/jobs/{batch}/start`.
pub(crate) async fn start(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("batch");
    posted
        .tenant(move |desk, _| {
            let page = desk.url(&format!("{HERE}/{id}"));
            match batches::start(desk.ctx, &desk.actor, &desk.tenant.id, &id) {
                Ok(_) => desk.done(&page, "The import is started."),
                Err(Error::Form(errors)) => {
                    let text = errors.into_iter().map(|e| e.message).collect::<Vec<_>>().join(" ");
                    desk.done(&page, text)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// `POST …/jobs/{batch}/cancel`.
pub(crate) async fn cancel(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("batch");
    posted
        .tenant(move |desk, _| {
            batches::cancel(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            let text = "It is stopped. What was done before stays done.";
            desk.done(&desk.url(&format!("{HERE}/{id}")), text)
        })
        .await
}

fn file(name: String, text: String) -> Outcome {
    Ok(Reply { answer: Answer::File(name, text), note: None })
}

/// `GET …/jobs/{batch}/problems.csv`.
pub(crate) async fn problems(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("batch");
    visit
        .tenant(move |desk| {
            let text = batches::problems_csv(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            file("problems.csv".to_owned(), text)
        })
        .await
}

/// `GET …/jobs/{batch}/files/{number}`.
pub(crate) async fn download(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, number) = (visit.segment("batch"), visit.segment("number"));
    visit
        .tenant(move |desk| {
            let number = number.parse().map_err(|_| Fault::not_found())?;
            let made = export::file(desk.ctx, &desk.actor, &desk.tenant.id, &id, number)?;
            file(made.name, made.text)
        })
        .await
}
