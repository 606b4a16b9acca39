//! Switching an application off and on, and deleting it: each says what it breaks before it does.

use actix_web::HttpResponse;
use directory::applications::{self, Shown, Usage};
use directory::{Action, Error};
use web::Fault;

use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::applications::Danger;
use crate::views::{Confirm, Problems, Twin, capped};
use crate::visit::{Posted, Visit};

/// `GET …/applications/{id}/danger`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("id");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            let head = head(desk, &shown.row, "danger");
            desk.show(&Danger {
                shell: desk.shell(HERE)?,
                disabled: shown.row.disabled,
                may_disable: desk.may(Action::ApplicationUpdate) && !head.built_in,
                may_delete: desk.may(Action::ApplicationDelete) && !head.built_in,
                consequence: consequence(&usage(desk, &id)?),
                head,
            })
        })
        .await
}

fn usage(desk: &InTenant, id: &str) -> Result<Usage, Stop> {
    Ok(applications::usage(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

/// What goes with an application, counted.
fn consequence(usage: &Usage) -> String {
    match (usage.users, usage.grants) {
        (_, 0) => "Nobody is signed in to it now.".to_owned(),
        (1, grants) => format!("Ends the access of 1 person ({} grants).", capped(grants)),
        (users, grants) => {
            format!("Ends the access of {} people ({} grants).", capped(users), capped(grants))
        }
    }
}

/// `GET …/applications/{id}/disable`.
pub(crate) async fn ask_disable(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("id");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            let (name, back) = (&shown.row.name, desk.url(&format!("{HERE}/{id}/danger")));
            desk.show(&Confirm {
                shell: desk.shell(HERE)?,
                title: format!("Disable {name}?"),
                lead: "You can enable it again at any time.".to_owned(),
                effects: vec![
                    "Nobody can sign in with it, and it gets no tokens.".to_owned(),
                    "Tokens it has stop working here at once.".to_owned(),
                    consequence(&usage(desk, &id)?),
                ],
                action: desk.url(&format!("{HERE}/{id}/disable")),
                button: format!("Disable {name}"),
                twin: twin("disable", &id),
                back,
                ..Confirm::default()
            })
        })
        .await
}

fn twin(verb: &str, id: &str) -> Option<Twin> {
    Some(Twin { text: "Does the same.", command: commands::one("app", verb, id) })
}

/// `POST …/applications/{id}/disable`.
pub(crate) async fn disable(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("id");
    posted.tenant(move |desk, _| switch(desk, &id, true)).await
}

/// `POST …/applications/{id}/enable`.
pub(crate) async fn enable(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("id");
    posted.tenant(move |desk, _| switch(desk, &id, false)).await
}

fn switch(desk: &InTenant, id: &str, off: bool) -> Outcome {
    let row = applications::set_disabled(desk.ctx, &desk.actor, &desk.tenant.id, id, off)?;
    let word = if off { "disabled" } else { "enabled" };
    let path = desk.url(&format!("{HERE}/{id}/danger"));
    desk.done(&path, format!("{} is {word}.", row.name))
}

/// `GET …/applications/{id}/delete`.
pub(crate) async fn ask_delete(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("id");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            desk.show(&confirm_delete(desk, &shown)?)
        })
        .await
}

fn confirm_delete(desk: &InTenant, shown: &Shown) -> Result<Confirm, Stop> {
    let (id, name) = (shown.row.id.as_str(), &shown.row.name);
    let url = desk.url(&format!("{HERE}/{id}"));
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Delete {name}?"),
        lead: "This cannot be undone. Its client ID will never be used again.".to_owned(),
        effects: vec![
            "Sign-in from this application stops at once.".to_owned(),
            consequence(&usage(desk, id)?),
            "Its secrets, settings and the consents people gave it are gone.".to_owned(),
        ],
        action: format!("{url}/delete"),
        button: format!("Delete {name}"),
        danger: true,
        expected: name.clone(),
        instead: Some(("Disable it instead".to_owned(), format!("{url}/disable"))),
        twin: twin("delete", id),
        back: format!("{url}/danger"),
        ..Confirm::default()
    })
}

/// `POST …/applications/{id}/delete`.
pub(crate) async fn delete(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("id");
    posted
        .tenant(move |desk, form| {
            let shown = find(desk, &id)?;
            let typed = form.get("confirm").unwrap_or_default();
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            match applications::delete(ctx, actor, tenant, &id, typed) {
                Ok(()) => desk.done(&desk.url(HERE), format!("{} is deleted.", shown.row.name)),
                Err(Error::Form(errors)) => desk.again(&Confirm {
                    problems: Problems::of_errors(&errors),
                    typed: typed.to_owned(),
                    ..confirm_delete(desk, &shown)?
                }),
                Err(other) => Err(other.into()),
            }
        })
        .await
}
