//! One's own address: asking for another, and the link that came to it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::email::{self, Change};
use directory::recovery::Asked;
use issuer::portal::{FRESH_S, Person, STILL_FRESH_S};
use web::views::Problems;
use web::{Fault, FormParams};

use super::{done, enter, enter_fresh, frame, genuine, me, token, was_done};
use crate::refusals::{self, Refusal};
use crate::sent;
use crate::views::{AccountEmail, ConfirmEmail, sign_in as texts};
use crate::visit::Visit;

const HERE: &str = "/account/email";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /account/email`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match enter_fresh(&visit, HERE, FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = blank(&visit, &person);
    page.sent = sent::address(&visit, HERE);
    page.done = was_done(&visit, &[("changed", "Your address is changed.")]);
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /account/email`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match enter_fresh(&visit, HERE, STILL_FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = blank(&visit, &person);
    page.typed = form.0.get("email").unwrap_or_default().trim().to_owned();
    if !genuine(&visit, &person, &form.0, HERE)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    let (who, typed) = (me(&visit, &person), page.typed.clone());
    let asked = visit.ask(move |ctx, tenant, _| email::ask(ctx, tenant, &who, &typed)).await?;
    match asked.map_err(Refusal::from) {
        Ok(Asked::Taken) => visit.redirect(&sent::url(&visit, HERE, &page.typed)),
        Ok(Asked::TooMany) => Err(Fault::too_many()),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /account/email/confirm/{token}`: the link that came to the new address. It counts in a
/// browser where its owner is signed in.
pub(crate) async fn link(visit: Visit) -> Result<HttpResponse, Fault> {
    let (person, change) = match opened(&visit).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    visit.page(StatusCode::OK, &question(&visit, &person, &change), Vec::new())
}

/// `POST /account/email/confirm/{token}`.
pub(crate) async fn confirm(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let (person, change) = match opened(&visit).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = question(&visit, &person, &change);
    if !genuine(&visit, &person, &form.0, &path(&visit))? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    let (who, token) = (me(&visit, &person), visit.segment("token"));
    let changed =
        visit.ask(move |ctx, tenant, _| email::confirm(ctx, tenant, &who, &token)).await?;
    match changed.map_err(Refusal::from) {
        Ok(()) => done(&visit, HERE, "changed"),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.notice = problems.0.into_iter().map(|problem| problem.message).collect();
            visit.page(StatusCode::CONFLICT, &page, Vec::new())
        }
    }
}

fn path(visit: &Visit) -> String {
    format!("{HERE}/confirm/{}", visit.segment("token"))
}

async fn opened(visit: &Visit) -> Result<Result<(Person, Change), HttpResponse>, Fault> {
    let person = match enter(visit, &path(visit)).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    let (who, token) = (me(visit, &person), visit.segment("token"));
    let found = visit.ask(move |ctx, tenant, _| email::open(ctx, tenant, &who, &token)).await?;
    Ok(Ok((person, found.map_err(refusals::fault)?)))
}

fn blank(visit: &Visit, person: &Person) -> AccountEmail {
    AccountEmail {
        account: frame(visit, person, "/email"),
        action: visit.path(HERE),
        csrf: token(visit, person, HERE),
        email: person.user.email.clone(),
        verified: person.user.email_verified,
        typed: String::new(),
        sent: None,
        done: String::new(),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn question(visit: &Visit, person: &Person, change: &Change) -> ConfirmEmail {
    ConfirmEmail {
        account: frame(visit, person, "/email"),
        action: visit.path(&path(visit)),
        csrf: token(visit, person, &path(visit)),
        from: change.user.email.clone(),
        to: change.email.clone(),
        notice: String::new(),
    }
}
