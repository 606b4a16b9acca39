//! The settings of an application: every one of them in one form, which keeps what was typed
//! whatever happens: a mistake, a row more or less, or somebody else's change in between.

mod form;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::applications::{self, CreateApplication, Shown};
use directory::{Action, Error};
use web::Fault;

use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::Press;
use crate::views::applications::{Conflict, Settings};
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};
use form::Draft;

/// `GET …/applications/{id}/settings`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, twin) = (visit.segment("id"), visit.req.query_string() == "command=1");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            let mut page =
                page(desk, &shown, &Draft::of(&shown), &Press::Save, Problems::default())?;
            page.twin = twin.then(|| self::twin(desk, &Draft::of(&shown)));
            desk.show(&page)
        })
        .await
}

/// `POST …/applications/{id}/settings`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("id");
    posted
        .tenant(move |desk, form| {
            let shown = find(desk, &id)?;
            let press = Press::of(form);
            let draft = Draft::read(desk, &shown, form, &press);
            match press {
                Press::Save => save(desk, &shown, &draft),
                _ => desk.show(&page(desk, &shown, &draft, &press, Problems::default())?),
            }
        })
        .await
}

fn save(desk: &InTenant, shown: &Shown, draft: &Draft) -> Outcome {
    let id = shown.row.id.as_str();
    let input = draft.input(&shown.config);
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    match applications::update(ctx, actor, tenant, id, &input) {
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
) -> Result<Settings, Stop> {
    let head = head(desk, &shown.row, "settings");
    let kind = draft.kind;
    Ok(Settings {
        shell: desk.shell(HERE)?,
        may: desk.may(Action::ApplicationUpdate) && !head.built_in,
        public: kind.is_public(),
        machine: kind == protocol::redirect_uri::ApplicationType::Machine,
        lists: draft.lists(press),
        lifetimes: draft.lifetimes(),
        grants: draft.grants(),
        methods: form::methods(kind, &draft.fields.method),
        algorithms: form::ALGORITHMS,
        fields: draft.fields.clone(),
        pending: *press != Press::Save || !problems.is_empty(),
        twin: (*press == Press::Command).then(|| twin(desk, draft)),
        head,
        problems,
    })
}

fn twin(desk: &InTenant, draft: &Draft) -> Twin {
    let input = CreateApplication {
        kind: draft.kind,
        name: draft.fields.name.clone(),
        redirect_uris: draft.redirect_uris.clone(),
        post_logout_redirect_uris: draft.post_logout_redirect_uris.clone(),
        first_party: draft.fields.first_party,
    };
    Twin {
        text: "Registers another application with this name, these URIs and this consent.",
        command: commands::create_application(&desk.tenant.slug, &input),
    }
}

/// Somebody else saved in between: both versions beside each other, and what was typed in a form
/// that can be saved over theirs.
fn conflict(desk: &InTenant, id: &str, draft: &Draft) -> Outcome {
    let theirs = find(desk, id)?;
    let url = desk.url(&format!("{HERE}/{id}/settings"));
    let standing = Draft::of(&theirs);
    let page = Conflict {
        shell: desk.shell(HERE)?,
        head: head(desk, &theirs.row, "settings"),
        changed: desk.when(theirs.row.updated_at),
        rows: draft.against(&standing),
        fields: draft.posted(theirs.row.version),
        action: url,
    };
    desk.page(StatusCode::CONFLICT, &page)
}
