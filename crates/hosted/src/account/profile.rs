//! One's own fields. Those that a provider owns are shown with where to change them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::profile;
use directory::users::fields::{read, schema};
use issuer::portal::Person;
use mapping::FieldDefinition;
use mapping::schema::Who;
use web::views::Problems;
use web::{Fault, FormParams};

use super::{done, enter, frame, genuine, me, token, was_done};
use crate::fields;
use crate::refusals::{self, Refusal};
use crate::views::{AccountProfile, Field, sign_in as texts};
use crate::visit::Visit;

const HERE: &str = "/account/profile";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /account/profile`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = blank(&visit, &person).await?;
    page.done = was_done(&visit, &[("saved", "Your profile is saved.")]);
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /account/profile`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = blank(&visit, &person).await?;
    let stored = page.fields.clone();
    let changes = fields::typed(&schema(&visit.tenant), &mut page.fields, &form.0);
    if !genuine(&visit, &person, &form.0, HERE)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    let version = form.0.get("version").and_then(|v| v.parse().ok()).unwrap_or_default();
    let who = me(&visit, &person);
    let saved = visit
        .ask(move |ctx, tenant, _| profile::save(ctx, tenant, &who, &changes, version))
        .await?;
    match saved.map_err(Refusal::from) {
        Ok(_) => done(&visit, HERE, "saved"),
        Err(refusal) => refused(&visit, page, &stored, refusal),
    }
}

/// The form again, with what was typed.
fn refused(
    visit: &Visit,
    mut page: AccountProfile,
    stored: &[Field],
    refusal: Refusal,
) -> Result<HttpResponse, Fault> {
    match refusal {
        Refusal::Form(problems) => {
            page.problems = fields::at_controls(problems, &page.fields);
            visit.page(REFUSED, &page, Vec::new())
        }
        Refusal::Fault(fault) if fault.status() == StatusCode::CONFLICT => {
            // What was typed stays; sent once more it counts against what stands now.
            page.conflict = conflict(&page.fields, stored);
            visit.page(StatusCode::CONFLICT, &page, Vec::new())
        }
        Refusal::Fault(fault) => Err(fault),
    }
}

/// Both versions of each field that differs: its label, what was typed, what is stored now.
fn conflict(typed: &[Field], stored: &[Field]) -> Vec<(String, String, String)> {
    let differs = |(mine, now): (&Field, &Field)| {
        let row = || (mine.label.clone(), mine.shown(), now.shown());
        (mine.value != now.value).then(row)
    };
    typed.iter().zip(stored).filter_map(differs).collect()
}

async fn blank(visit: &Visit, person: &Person) -> Result<AccountProfile, Fault> {
    let user = person.user.clone();
    let locked = visit
        .ask(move |ctx, tenant, _| profile::locked(ctx, tenant, &user))
        .await?
        .map_err(refusals::fault)?;
    let source = |field: &FieldDefinition| match locked.get(&field.key) {
        Some(provider) => Some(format!("From {provider}. Change it there.")),
        None if field.editable_by == Who::Admin => {
            Some(format!("Set by the people who run {}.", visit.tenant.name))
        }
        None => None,
    };
    Ok(AccountProfile {
        account: frame(visit, person, "/profile"),
        action: visit.path(HERE),
        csrf: token(visit, person, HERE),
        version: person.user.version,
        fields: fields::own(&schema(&visit.tenant), &read(&person.user), source),
        done: String::new(),
        notice: String::new(),
        conflict: Vec::new(),
        problems: Problems::none(),
    })
}
