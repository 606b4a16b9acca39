//! The settings of a connection: every one of them in one form, which keeps what was typed whatever
//! happens: a mistake, or somebody else's change in between.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::connections::{self, Shown};
use directory::{Action, Error, applications};
use web::Fault;

use super::form::{Draft, METHODS, SEPARATORS, SOURCES};
use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::Press;
use crate::views::connections::{ConnectionConflict, ConnectionSettings, Offer};
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};

/// So many applications have a box each; more are written as ids.
const BOXES: i64 = 24;

/// `GET …/connections/{connection}/settings`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            let draft = Draft::of_shown(&shown);
            desk.show(&page(desk, &shown, &draft, &Press::Save, Problems::default())?)
        })
        .await
}

/// `POST …/connections/{connection}/settings`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted
        .tenant(move |desk, form| {
            let shown = find(desk, &id)?;
            let (press, mut draft) = (Press::of(form), Draft::read(form));
            match press {
                Press::Save => save(desk, &shown, &draft),
                _ => {
                    if press == Press::Fix("scopes".to_owned()) {
                        draft.fields.scopes = format!("openid {}", draft.fields.scopes);
                    }
                    desk.show(&page(desk, &shown, &draft, &press, Problems::default())?)
                }
            }
        })
        .await
}

fn save(desk: &InTenant, shown: &Shown, draft: &Draft) -> Outcome {
    let id = shown.row.id.as_str();
    let input = draft.input(&shown.config);
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    match connections::update(ctx, actor, tenant, id, &input) {
        Ok(_) => desk.done(&desk.url(&format!("{HERE}/{id}/settings")), "The settings are saved."),
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            desk.again(&page(desk, shown, draft, &Press::Save, problems)?)
        }
        Err(Error::Stale { .. }) => conflict(desk, id, draft),
        Err(other) => Err(other.into()),
    }
}

fn page(
    desk: &InTenant,
    shown: &Shown,
    draft: &Draft,
    press: &Press,
    problems: Problems,
) -> Result<ConnectionSettings, Stop> {
    Ok(ConnectionSettings {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.row, "settings"),
        may: desk.may(Action::ConnectionUpdate),
        oidc: shown.row.kind == "oidc",
        offers: offers(desk, draft)?,
        fields: draft.fields.clone(),
        methods: METHODS,
        sources: SOURCES,
        separators: SEPARATORS,
        pending: *press != Press::Save || !problems.is_empty(),
        twin: (*press == Press::Command).then(|| twin(desk, shown)),
        problems,
    })
}

/// A box for each application, where they are few.
fn offers(desk: &InTenant, draft: &Draft) -> Result<Vec<Offer>, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let all = applications::list(ctx, actor, tenant, "", None, Some(BOXES))?;
    if all.next.is_some() {
        return Ok(Vec::new());
    }
    let offer = |row: &store::applications::ApplicationRow| Offer {
        id: row.id.to_string(),
        name: row.name.clone(),
        on: draft.applications.iter().any(|id| *id == row.id.as_str()),
    };
    Ok(all.items.iter().map(offer).collect())
}

fn twin(desk: &InTenant, shown: &Shown) -> Twin {
    Twin {
        text: "Changes settings: the file holds the members to replace, as `show --json` prints \
               them under settings.",
        command: commands::set_connection(&desk.tenant.slug, &shown.row.code),
    }
}

/// Somebody else saved in between: both versions beside each other, and what was typed in a form
/// that can be saved over theirs.
fn conflict(desk: &InTenant, id: &str, draft: &Draft) -> Outcome {
    let theirs = find(desk, id)?;
    let page = ConnectionConflict {
        shell: desk.shell(HERE)?,
        head: head(desk, &theirs.row, "settings"),
        what: "these settings",
        changed: desk.when(theirs.row.updated_at),
        rows: draft.against(&Draft::of_shown(&theirs)),
        fields: draft.posted(theirs.row.version),
        action: desk.url(&format!("{HERE}/{id}/settings")),
    };
    desk.page(StatusCode::CONFLICT, &page)
}
