//! Offering a connection or no longer, and deleting it: each says what it changes before it does.

use actix_web::HttpResponse;
use directory::connections::{self, Shown};
use directory::{Action, Error};
use protocol::Params;
use store::connections::ConnectionUse;
use web::Fault;

use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::connections::ConnectionDanger;
use crate::views::{Confirm, Problems, Twin, capped};
use crate::visit::{Posted, Visit};

/// `GET …/connections/{connection}/danger`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            desk.show(&ConnectionDanger {
                shell: desk.shell(HERE)?,
                head: head(desk, &shown.row, "danger"),
                enabled: shown.row.enabled,
                may_update: desk.may(Action::ConnectionUpdate),
                may_delete: desk.may(Action::ConnectionDelete),
                consequence: consequence(&usage(desk, &id)?),
            })
        })
        .await
}

fn usage(desk: &InTenant, id: &str) -> Result<ConnectionUse, Stop> {
    Ok(connections::usage(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

/// Who is left without a way in, counted.
fn consequence(used: &ConnectionUse) -> String {
    match (used.identities, used.stranded) {
        (0, _) => "Nobody has signed in through it.".to_owned(),
        (_, 0) => "Everybody who signed in through it has another way.".to_owned(),
        (_, 1) => "1 person has no other way to sign in.".to_owned(),
        (_, many) => format!("{} people have no other way to sign in.", capped(many)),
    }
}

fn twin(desk: &InTenant, verb: &str, shown: &Shown) -> Option<Twin> {
    let command = commands::one_connection(&desk.tenant.slug, verb, &shown.row.code);
    Some(Twin { text: "Does the same.", command })
}

/// `GET …/connections/{connection}/enable`.
pub(crate) async fn ask_enable(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit.tenant(move |desk| confirm_enable(desk, &id)).await
}

fn confirm_enable(desk: &InTenant, id: &str) -> Outcome {
    let shown = find(desk, id)?;
    let name = &shown.row.name;
    let tested = shown.row.tested_at.is_some() && shown.row.test_code == "ok";
    let lead = if tested {
        "Its last test passed."
    } else {
        "No test of it as it stands has passed. People could meet an error."
    };
    desk.show(&Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Offer {name}?"),
        lead: lead.to_owned(),
        effects: vec![
            format!("Sign-in pages show “Continue with {name}” at once."),
            "You can stop offering it at any time.".to_owned(),
        ],
        action: desk.url(&format!("{HERE}/{id}/enable")),
        button: if tested { format!("Offer {name}") } else { format!("Offer {name} untested") },
        twin: twin(desk, "enable", &shown),
        back: desk.url(&format!("{HERE}/{id}")),
        ..Confirm::default()
    })
}

/// `POST …/connections/{connection}/enable`.
pub(crate) async fn enable(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted.tenant(move |desk, _| switch(desk, &id, true)).await
}

/// `GET …/connections/{connection}/disable`.
pub(crate) async fn ask_disable(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit.tenant(move |desk| confirm_disable(desk, &id)).await
}

fn confirm_disable(desk: &InTenant, id: &str) -> Outcome {
    let shown = find(desk, id)?;
    let name = &shown.row.name;
    desk.show(&Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Stop offering {name}?"),
        lead: "You can offer it again at any time.".to_owned(),
        effects: vec![
            "Nobody can sign in through it until then; sign-ins under way end in an error.".into(),
            "People who are signed in stay signed in.".to_owned(),
            consequence(&usage(desk, id)?),
        ],
        action: desk.url(&format!("{HERE}/{id}/disable")),
        button: format!("Stop offering {name}"),
        twin: twin(desk, "disable", &shown),
        back: desk.url(&format!("{HERE}/{id}/danger")),
        ..Confirm::default()
    })
}

/// `POST …/connections/{connection}/disable`.
pub(crate) async fn disable(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted.tenant(move |desk, _| switch(desk, &id, false)).await
}

fn switch(desk: &InTenant, id: &str, on: bool) -> Outcome {
    let row = connections::set_enabled(desk.ctx, &desk.actor, &desk.tenant.id, id, on)?;
    let word = if on { "now offered" } else { "no longer offered" };
    desk.done(&desk.url(&format!("{HERE}/{}", row.id)), format!("{} is {word}.", row.name))
}

/// `GET …/connections/{connection}/delete`.
pub(crate) async fn ask_delete(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
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
    let used = usage(desk, id)?;
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Delete {name}?"),
        lead: "This cannot be undone.".to_owned(),
        effects: vec![
            consequence(&used),
            format!("{} identities made through it are gone.", capped(used.identities)),
            "Its secret, its mapping and every version of it are gone.".to_owned(),
        ],
        action: format!("{url}/delete"),
        button: format!("Delete {name}"),
        danger: true,
        expected: shown.row.code.clone(),
        instead: Some(("Stop offering it instead".to_owned(), format!("{url}/disable"))),
        twin: twin(desk, "delete", shown),
        back: format!("{url}/danger"),
        ..Confirm::default()
    })
}

/// `POST …/connections/{connection}/delete`.
pub(crate) async fn delete(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted.tenant(move |desk, form| remove(desk, &id, form)).await
}

fn remove(desk: &InTenant, id: &str, form: &Params) -> Outcome {
    let shown = find(desk, id)?;
    let typed = form.get("confirm").unwrap_or_default();
    match connections::delete(desk.ctx, &desk.actor, &desk.tenant.id, id, typed) {
        Ok(()) => desk.done(&desk.url(HERE), format!("{} is deleted.", shown.row.name)),
        Err(Error::Form(errors)) => desk.again(&Confirm {
            problems: Problems::of_errors(&errors),
            typed: typed.to_owned(),
            ..confirm_delete(desk, &shown)?
        }),
        Err(other) => Err(other.into()),
    }
}
