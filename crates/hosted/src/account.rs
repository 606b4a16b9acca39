//! The pages of whoever is signed in at a tenant: their profile, address, password, identities,
//! sessions and applications.
//!
//! Owns who is let in, the frame around the pages, and the token of their forms, which belongs to
//! the session. What is changed, and what it costs, is `directory::account`'s.

pub(crate) mod applications;
pub(crate) mod email;
pub(crate) mod home;
pub(crate) mod identities;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod sessions;
pub(crate) mod undo;

use actix_web::HttpResponse;
use directory::account::Me;
use issuer::portal::{self, Person};
use protocol::Params;
use web::Fault;

use crate::flow;
use crate::views::AccountFrame;
use crate::visit::Visit;

/// Query parameter that says what was done on the way here.
pub(crate) const DONE: &str = "done";

/// Who is signed in; the inner error leads to the sign-in that ends at `path`.
///
/// # Errors
/// Whatever stands in the way of looking.
pub(crate) async fn enter(
    visit: &Visit,
    path: &str,
) -> Result<Result<Person, HttpResponse>, Fault> {
    let found = visit.ask(|ctx, tenant, browser| portal::person(ctx, tenant, browser)).await??;
    match found {
        Some(person) => Ok(Ok(person)),
        None => lead(visit, path, None).await.map(Err),
    }
}

/// The same for a page that changes how somebody gets in: the proof must be young.
///
/// # Errors
/// As [`enter`].
pub(crate) async fn enter_fresh(
    visit: &Visit,
    path: &str,
    within_s: i64,
) -> Result<Result<Person, HttpResponse>, Fault> {
    let person = match enter(visit, path).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    match person.is_fresh(within_s, visit.state.ctx.now()) {
        true => Ok(Ok(person)),
        false => lead(visit, path, Some(person)).await.map(Err),
    }
}

async fn lead(visit: &Visit, path: &str, again: Option<Person>) -> Result<HttpResponse, Fault> {
    let path = path.to_owned();
    let next = visit.ask(move |ctx, tenant, browser| {
        portal::start(ctx, tenant, browser, &path, again.as_ref())
    });
    flow::answer(visit, next.await??)
}

/// The person as commands know them.
pub(crate) fn me(visit: &Visit, person: &Person) -> Me {
    Me::new(person.user.clone(), person.session.id.clone(), &visit.actor())
}

/// The frame of a page; `here` is its path below `/account`.
pub(crate) fn frame(visit: &Visit, person: &Person, here: &str) -> AccountFrame {
    AccountFrame::new(visit.frame(), &visit.path(""), here, &person.user.email)
}

/// The token of a form: of this session, so that nobody acts as somebody else who signed in in
/// another tab.
pub(crate) fn token(visit: &Visit, person: &Person, form: &str) -> String {
    visit.token(form, person.session.id.as_str())
}

/// Whether a form carries its token.
///
/// # Errors
/// 403 for a form that another site sent.
pub(crate) fn genuine(
    visit: &Visit,
    person: &Person,
    sent: &Params,
    form: &str,
) -> Result<bool, Fault> {
    visit.genuine(sent, form, person.session.id.as_str())
}

/// Back to a page, which says what was done.
///
/// # Errors
/// 500 when the address cannot stand in a header.
pub(crate) fn done(visit: &Visit, page: &str, what: &str) -> Result<HttpResponse, Fault> {
    visit.redirect(&visit.url(&format!("{page}?{DONE}={what}")))
}

/// What was done on the way here, if it is one of these.
pub(crate) fn was_done(visit: &Visit, known: &[(&str, &str)]) -> String {
    let what = visit.query(DONE).unwrap_or_default();
    let said = known.iter().find(|(name, _)| *name == what).map(|(_, said)| *said);
    said.unwrap_or_default().to_owned()
}
