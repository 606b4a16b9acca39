//! Applications of a tenant: the list, and what the tabs of one have in common. Each tab and each
//! action has a file of its own; the commands are `directory::applications`.

pub(crate) mod credentials;
pub(crate) mod danger;
pub(crate) mod quickstart;
pub(crate) mod register;
pub(crate) mod settings;
pub(crate) mod sign_in;

use actix_web::HttpResponse;
use directory::applications::{self, Shown};
use directory::audit::AuditQuery;
use directory::{Action, audit};
use store::applications::ApplicationRow;
use web::views::monogram;
use web::{Fault, QueryParams};

use crate::audit as audit_page;
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::applications::{
    ApplicationAudit, ApplicationHead, ApplicationLine, ApplicationList,
};
use crate::views::{Pager, State, Twin, capped};
use crate::visit::Visit;

/// The entry of the navigation.
pub(crate) const HERE: &str = "/applications";

/// `GET /console/t/{tenant}/applications`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let asked = |name: &str| query.0.get(name).map(str::to_owned);
    let (text, after, twin) = (asked("q"), asked("after"), query.0.has("command"));
    visit.tenant(move |desk| show_list(desk, text.unwrap_or_default(), after, twin)).await
}

fn show_list(desk: &InTenant, text: String, after: Option<String>, twin: bool) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let page = applications::list(ctx, actor, tenant, &text, after.as_deref(), None)?;
    let count = applications::count(ctx, actor, tenant)?;
    let path = desk.url(HERE);
    desk.show(&ApplicationList {
        shell: desk.shell(HERE)?,
        count: capped(count),
        none: count == 0,
        pager: Pager::new(&path, &text, after.as_deref(), page.next.as_deref()),
        rows: page.items.iter().map(|row| line(desk, row)).collect(),
        may_create: desk.may(Action::ApplicationCreate),
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("app", &desk.tenant.slug),
        }),
        query: text,
        path,
        example: commands::create_application(&desk.tenant.slug, &register::example()),
    })
}

fn line(desk: &InTenant, row: &ApplicationRow) -> ApplicationLine {
    ApplicationLine {
        url: desk.url(&format!("{HERE}/{}", row.id)),
        id: row.id.to_string(),
        monogram: monogram(&row.name, 2),
        name: row.name.clone(),
        state: state(row),
        kind: kind(row),
        changed: desk.when(row.updated_at),
    }
}

pub(crate) fn state(row: &ApplicationRow) -> State {
    if row.disabled { State::new("off", "Disabled") } else { State::new("ok", "Active") }
}

pub(crate) fn kind(row: &ApplicationRow) -> &'static str {
    row.kind().map_or("Unknown", |kind| kind.label())
}

/// The head and the tabs of an application's pages.
pub(crate) fn head(desk: &InTenant, row: &ApplicationRow, tab: &'static str) -> ApplicationHead {
    ApplicationHead {
        url: desk.url(&format!("{HERE}/{}", row.id)),
        list: desk.url(HERE),
        id: row.id.to_string(),
        monogram: monogram(&row.name, 2),
        name: row.name.clone(),
        state: state(row),
        kind: kind(row),
        tab,
        built_in: row.id == directory::setup::console_application(),
    }
}

/// An application with its settings; unknown, foreign and malformed ids are the same 404.
pub(crate) fn find(desk: &InTenant, id: &str) -> Result<Shown, Stop> {
    Ok(applications::show(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

/// `GET …/applications/{id}/audit`.
pub(crate) async fn changes(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("id"), query.0.get("after").map(str::to_owned));
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            let page = audit::list(
                desk.ctx,
                &desk.actor,
                &desk.tenant.id,
                &AuditQuery::of_object(&id),
                after.as_deref(),
                None,
            )?;
            let head = head(desk, &shown.row, "audit");
            let path = format!("{}/audit", head.url);
            desk.show(&ApplicationAudit {
                shell: desk.shell(HERE)?,
                pager: Pager::new(&path, "", after.as_deref(), page.next.as_deref()),
                entries: audit_page::entries(desk, page.items)?,
                head,
            })
        })
        .await
}
