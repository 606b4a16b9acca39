//! Creating an organization, renaming it, deleting it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::organizations::{self, OrganizationInput};
use directory::{Action, Error};
use protocol::Params;
use store::organizations::OrganizationRow;
use web::Fault;

use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{self, Press};
use crate::views::applications::ConflictRow;
use crate::views::organizations::{OrganizationConflict, OrganizationForm};
use crate::views::{Confirm, Problems, Twin, capped};
use crate::visit::{Posted, Visit};

fn read(form: &Params) -> OrganizationInput {
    OrganizationInput { slug: fields::text(form, "slug"), name: fields::text(form, "name") }
}

fn blank(desk: &InTenant, input: &OrganizationInput) -> Result<OrganizationForm, Stop> {
    Ok(OrganizationForm {
        shell: desk.shell(HERE)?,
        head: None,
        action: desk.url(&format!("{HERE}/new")),
        list: desk.url(HERE),
        slug: input.slug.clone(),
        name: input.name.clone(),
        version: String::new(),
        may: true,
        twin: None,
        problems: Problems::default(),
    })
}

/// `GET …/organizations/new`.
pub(crate) async fn ask(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.tenant(|desk| desk.show(&blank(desk, &OrganizationInput::default())?)).await
}

/// `POST …/organizations/new`.
pub(crate) async fn create(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let input = read(form);
            if Press::of(form) == Press::Command {
                let command = commands::create_organization(&desk.tenant.slug, &input);
                let twin = Some(Twin { text: "Creates the same.", command });
                return desk.show(&OrganizationForm { twin, ..blank(desk, &input)? });
            }
            match organizations::create(desk.ctx, &desk.actor, &desk.tenant.id, &input) {
                Ok(row) => {
                    let page = desk.url(&format!("{HERE}/{}", row.id));
                    desk.done(&page, format!("{} is created.", row.name))
                }
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    desk.again(&OrganizationForm { problems, ..blank(desk, &input)? })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

fn page(
    desk: &InTenant,
    row: &OrganizationRow,
    input: &OrganizationInput,
    version: &str,
) -> Result<OrganizationForm, Stop> {
    let head = head(desk, row, "settings");
    Ok(OrganizationForm {
        action: format!("{}/settings", head.url),
        list: head.url.clone(),
        head: Some(head),
        version: version.to_owned(),
        may: desk.may(Action::OrganizationUpdate),
        ..blank(desk, input)?
    })
}

fn standing(row: &OrganizationRow) -> OrganizationInput {
    OrganizationInput { slug: row.slug.clone(), name: row.name.clone() }
}

/// `GET …/organizations/{organization}/settings`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("organization");
    visit
        .tenant(move |desk| {
            let (row, _) = find(desk, &id)?;
            desk.show(&page(desk, &row, &standing(&row), &row.version.to_string())?)
        })
        .await
}

/// `POST …/organizations/{organization}/settings`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("organization");
    posted
        .tenant(move |desk, form| {
            let (row, _) = find(desk, &id)?;
            let input = read(form);
            let typed = form.get("version").unwrap_or_default().to_owned();
            let version = typed.parse().unwrap_or_default();
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            match organizations::update(ctx, actor, tenant, &id, &input, version) {
                Ok(_) => {
                    let here = desk.url(&format!("{HERE}/{id}/settings"));
                    desk.done(&here, "The settings are saved.")
                }
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    let page = page(desk, &row, &input, &typed)?;
                    desk.again(&OrganizationForm { problems, ..page })
                }
                Err(Error::Stale { .. }) => conflict(desk, &id, &input),
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// Somebody else saved in between.
fn conflict(desk: &InTenant, id: &str, mine: &OrganizationInput) -> Outcome {
    let (row, _) = find(desk, id)?;
    let theirs = standing(&row);
    let pairs = [("Name", &mine.name, &theirs.name), ("Short name", &mine.slug, &theirs.slug)];
    let differs = pairs.into_iter().filter(|(_, mine, theirs)| mine != theirs);
    let rows = differs
        .map(|(label, yours, theirs)| ConflictRow {
            label: label.into(),
            yours: yours.clone(),
            theirs: theirs.clone(),
        })
        .collect();
    let head = head(desk, &row, "settings");
    let page = OrganizationConflict {
        shell: desk.shell(HERE)?,
        action: format!("{}/settings", head.url),
        head,
        changed: desk.when(row.updated_at),
        rows,
        fields: vec![
            ("name".to_owned(), mine.name.clone()),
            ("slug".to_owned(), mine.slug.clone()),
            ("version".to_owned(), row.version.to_string()),
        ],
    };
    desk.page(StatusCode::CONFLICT, &page)
}

fn confirm(desk: &InTenant, id: &str) -> Result<Confirm, Stop> {
    let (row, members) = find(desk, id)?;
    let head = head(desk, &row, "settings");
    let members = match members {
        1 => "1 membership".to_owned(),
        many => format!("{} memberships", capped(many)),
    };
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Delete {}?", row.name),
        lead: "This cannot be undone.".to_owned(),
        effects: vec![
            format!("Ends {members}; the people stay users of this tenant."),
            "Open invitations to it stop working.".to_owned(),
        ],
        action: format!("{}/delete", head.url),
        button: format!("Delete {}", row.name),
        danger: true,
        expected: row.slug,
        back: format!("{}/settings", head.url),
        ..Confirm::default()
    })
}

/// `GET …/organizations/{organization}/delete`.
pub(crate) async fn ask_delete(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("organization");
    visit.tenant(move |desk| desk.show(&confirm(desk, &id)?)).await
}

/// `POST …/organizations/{organization}/delete`.
pub(crate) async fn delete(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("organization");
    posted
        .tenant(move |desk, form| {
            let typed = form.get("confirm").unwrap_or_default().trim().to_owned();
            let page = Confirm { typed: typed.clone(), ..confirm(desk, &id)? };
            if typed != page.expected {
                let mut problems = Problems::default();
                problems.add("confirm", &format!("Type {} to delete it.", page.expected));
                return desk.again(&Confirm { problems, ..page });
            }
            organizations::delete(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            desk.done(&desk.url(HERE), format!("{typed} is deleted."))
        })
        .await
}
