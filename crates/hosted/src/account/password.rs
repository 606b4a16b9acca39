//! One's own password. Changing it takes the present one, judged and counted like a sign-in;
//! setting a first one takes a fresh proof of another kind.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::password;
use issuer::flow::Flow;
use issuer::login::{self, Attempt, Outcome};
use issuer::portal::{self, FRESH_S, Person, STILL_FRESH_S};
use protocol::Params;
use vault::SecretString;
use web::views::{Problem, Problems};
use web::{Fault, FormParams};

use super::{done, enter, enter_fresh, frame, genuine, me, token, was_done};
use crate::new_password;
use crate::refusals::Refusal;
use crate::views::{AccountPassword, sign_in as texts};
use crate::visit::Visit;

const HERE: &str = "/account/password";
const WRONG: &str = "Your present password is not correct";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /account/password`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match admit(&visit, FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = blank(&visit, &person);
    page.done =
        was_done(&visit, &[("set", "Your password is set. Other browsers are signed out.")]);
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /account/password`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match admit(&visit, STILL_FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = blank(&visit, &person);
    if !genuine(&visit, &person, &form.0, HERE)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match change(&visit, &person, &form.0).await {
        Ok(()) => done(&visit, HERE, "set"),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /.well-known/change-password`: where password managers look (W3C, change-password URL).
pub(crate) async fn well_known(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.redirect(&visit.url(HERE))
}

/// Whoever has no password to show for themselves shows something else.
async fn admit(visit: &Visit, within_s: i64) -> Result<Result<Person, HttpResponse>, Fault> {
    let person = match enter(visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    match person.user.password {
        Some(_) => Ok(Ok(person)),
        None => enter_fresh(visit, HERE, within_s).await,
    }
}

fn blank(visit: &Visit, person: &Person) -> AccountPassword {
    AccountPassword {
        account: frame(visit, person, "/password"),
        action: visit.path(HERE),
        csrf: token(visit, person, HERE),
        username: person.user.email.clone(),
        has: person.user.password.is_some(),
        open: visit.tenant.sign_in.password,
        least: visit.state.ctx.settings.password_min,
        done: String::new(),
        notice: String::new(),
        problems: Problems::none(),
    }
}

async fn change(visit: &Visit, person: &Person, form: &Params) -> Result<(), Refusal> {
    if !visit.tenant.sign_in.password {
        return Err(Fault::not_found().into());
    }
    let typed = form.get("password").unwrap_or_default();
    let mut problems = Problems::none();
    if let Err(refusal) = new_password::judge(visit, &person.user.email, typed) {
        let Refusal::Form(more) = refusal else { return Err(refusal) };
        problems = more;
    }
    if person.user.password.is_some() && form.get("current").is_none() {
        let (field, message) = ("current".to_owned(), "Enter your present password".to_owned());
        problems.0.insert(0, Problem { field, message });
    }
    if !problems.is_empty() {
        return Err(Refusal::Form(problems));
    }
    check_current(visit, person, form).await?;
    let phc = new_password::hash(visit, &person.user.email, typed).await?;
    let who = me(visit, person);
    let changed = visit.ask(move |ctx, tenant, _| password::change(ctx, tenant, &who, &phc));
    Ok(changed.await??)
}

/// The present password, judged like a sign-in: one at a time, the same counter, the same pause.
async fn check_current(visit: &Visit, person: &Person, form: &Params) -> Result<(), Refusal> {
    let Some(current) = form.get("current").filter(|_| person.user.password.is_some()) else {
        return Ok(());
    };
    let (ctx, tenant) = (&visit.state.ctx, &visit.tenant);
    let flow = portal::begun(ctx, tenant, &visit.visitor.browser, HERE, None);
    let email = person.user.email.clone();
    let slot = ctx.hashes.slot(login::slot_key(ctx, tenant, &email));
    let _held = slot.await?;
    let attempt = begin(visit, &flow, email).await?;
    let password = SecretString::new(protocol::password::normalise(current));
    let ticket = ctx.hashes.verify(tenant.id.as_str(), password, attempt.phc()).await?;
    let right =
        visit.ask(move |ctx, tenant, _| login::check_password(ctx, tenant, &flow, attempt, ticket));
    match right.await?.map_err(Fault::from)? {
        true => Ok(()),
        false => Err(said(WRONG)),
    }
}

/// An attempt at the present password, unless too many were wrong of late.
async fn begin(visit: &Visit, flow: &Flow, email: String) -> Result<Attempt, Refusal> {
    let flow = flow.clone();
    let begun = visit
        .ask(move |ctx, tenant, browser| login::begin(ctx, tenant, &flow, browser, &email))
        .await?;
    match begun.map_err(Fault::from)? {
        Ok(attempt) => Ok(attempt),
        Err(Outcome::Refused { retry_after_s, .. }) => Err(said(texts::too_many(retry_after_s))),
        Err(_) => Err(said(WRONG)),
    }
}

fn said(message: impl Into<String>) -> Refusal {
    Refusal::Form(Problems::one("current", message))
}
