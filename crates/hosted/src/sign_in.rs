//! The sign-in page. A guess waits for its turn, is judged on the hashing threads, and is recorded
//! by the issuer; this file only carries it there and says what came of it.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use context::Connection;
use issuer::choose::{self, Choice};
use issuer::login::{self, Attempt, Outcome};
use issuer::{Flow, Next, Step, offer, portal};
use protocol::Params;
use vault::{HashTicket, SecretString};
use web::views::Problems;
use web::{Fault, FormParams};

use crate::flow::{self, Asked, Stand};
use crate::views::{Provider, SignIn, messages, sign_in};
use crate::visit::Visit;

const FORM: &str = "login";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
/// Query parameter by which somebody who is asked again says that they are somebody else.
const AS: &str = "as";
/// Query parameter that says what was done on the way here.
pub(crate) const DONE: &str = "done";
/// A new password was set.
pub(crate) const PASSWORD_SET: &str = "password";

/// `GET /login/{tx}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let stand = match flow::within(&visit, flow::stand).await? {
        Ok(stand) => stand,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match flow::asks_to_sign_in(&stand.next) {
        true => visit.page(StatusCode::OK, &asking(&visit, &stand), stand.asked.form_action()),
        false => flow::overtaken(&visit, stand),
    }
}

/// `POST /login/{tx}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let asked = match flow::within(&visit, flow::ask).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut page = typed(&visit, &asked, &form.0);
    // A password counts only where it is asked for.
    if !asked.offer.password {
        return visit.page(REFUSED, &page, asked.form_action());
    }
    if !visit.genuine(&form.0, FORM, &asked.flow.id)? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, asked.form_action());
    }
    match attempt(&visit, &asked.flow, form.0.get("username"), &form.0).await? {
        Tried::Refused(problems) => {
            page.problems = problems;
            visit.page(REFUSED, &page, asked.form_action())
        }
        Tried::Outcome(outcome) => answer(&visit, asked, &page.username, outcome).await,
    }
}

/// The page as the flow asks for it: with the hint of the application, or for the person who is to
/// prove it again.
fn asking(visit: &Visit, stand: &Stand) -> SignIn {
    let mut page = blank(visit, &stand.asked);
    let request = &stand.asked.flow.request;
    page.username = request.login_hint.clone().unwrap_or_default();
    if visit.query(DONE).as_deref() == Some(PASSWORD_SET) {
        page.notice = sign_in::NEW_PASSWORD.to_owned();
    }
    let somebody_else = visit.query(AS).is_some() || request.login_hint.is_some();
    if let Some(person) = stand.person.as_ref().filter(|_| !somebody_else) {
        page.username = person.email.clone();
        page.fixed = Some(format!("{}?{AS}=new", page.action));
        page.reason = again(&stand.asked);
        page.sign_up = None;
    }
    let chosen = stand.asked.flow.chosen.as_ref().is_some_and(|session| !session.is_empty());
    if chosen && stand.asked.flow.expected_user.is_some() && page.reason.is_empty() {
        page.reason = format!(
            "{} asked for another account than the one you used. Sign in with that one.",
            stand.asked.application.name
        );
    }
    page
}

/// Why somebody who is signed in is asked again.
fn again(asked: &Asked) -> String {
    match portal::is(&asked.flow.request.client_id) {
        true => "Before you change this, show that it is still you.".to_owned(),
        false => format!("{} needs a fresh check that it is you.", asked.application.name),
    }
}

/// The page with what was typed, the password excepted.
fn typed(visit: &Visit, asked: &Asked, form: &Params) -> SignIn {
    let mut page = blank(visit, asked);
    page.username = form.get("username").unwrap_or_default().trim().to_owned();
    page.remember = form.has("remember");
    page
}

fn blank(visit: &Visit, asked: &Asked) -> SignIn {
    let action = visit.flow_path("login");
    let csrf = visit.token(FORM, &asked.flow.id);
    let mut page = SignIn::new(asked.frame(visit), &action, &csrf, &asked.application.name);
    page.password = asked.offer.password;
    page.password_first = asked.offer.password_first;
    page.providers = providers(visit, asked);
    page.recover = visit.beside_path("/recover");
    page.sign_up = asked.offer.sign_up.then(|| visit.beside_path("/signup"));
    page
}

pub(crate) fn providers(visit: &Visit, asked: &Asked) -> Vec<Provider> {
    let provider = |connection: &Arc<Connection>| Provider {
        code: connection.code.clone(),
        name: connection.name.clone(),
        url: visit.beside_path(&format!("/login/with/{}", connection.code)),
        last: false,
    };
    let mut providers = asked.offer.connections.iter().map(provider).collect();
    sign_in::last_used_first(&mut providers, visit.way().as_deref());
    providers
}

/// What came of a guess.
pub(crate) enum Tried {
    /// The page is shown again.
    Refused(Problems),
    Outcome(Outcome),
}

/// Judges a guess at somebody's password. `username` is who they say they are.
pub(crate) async fn attempt(
    visit: &Visit,
    flow: &Flow,
    username: Option<&str>,
    form: &Params,
) -> Result<Tried, Fault> {
    let password = form.get("password");
    let (Some(username), Some(password)) = (username, password) else {
        return Ok(Tried::Refused(missing(username, password)));
    };
    let ctx = &visit.state.ctx;
    // One guess per identifier at a time: the counter is read and raised while the slot is held.
    let slot = ctx.hashes.slot(login::slot_key(ctx, &visit.tenant, username));
    let _held = slot.await.map_err(|_| Fault::busy())?;
    let attempt = match begin(visit, flow, username).await? {
        Ok(attempt) => attempt,
        Err(tried) => return Ok(tried),
    };
    let ticket = verified(visit, password, &attempt).await?;
    let (flow, remember) = (flow.clone(), form.has("remember"));
    let finished = visit.ask(move |ctx, tenant, browser| {
        login::finish_password(ctx, tenant, &flow, browser, attempt, ticket, remember)
    });
    Ok(looked_at(finished.await??))
}

/// The password's hash, compared on the hashing threads.
async fn verified(visit: &Visit, password: &str, attempt: &Attempt) -> Result<HashTicket, Fault> {
    let password = SecretString::new(protocol::password::normalise(password));
    let hashes = &visit.state.ctx.hashes;
    let ticket = hashes.verify(visit.tenant.id.as_str(), password, attempt.phc());
    ticket.await.map_err(|_| Fault::busy())
}

/// A guess that was looked at and was wrong says so; whether the next one is looked at, that one
/// will be told.
fn looked_at(outcome: Outcome) -> Tried {
    match outcome {
        Outcome::Refused { .. } => Tried::Refused(Problems::one("username", sign_in::NOT_CORRECT)),
        outcome => Tried::Outcome(outcome),
    }
}

async fn begin(
    visit: &Visit,
    flow: &Flow,
    username: &str,
) -> Result<Result<Attempt, Tried>, Fault> {
    let (flow, username) = (flow.clone(), username.to_owned());
    let begun =
        visit.ask(move |ctx, tenant, browser| login::begin(ctx, tenant, &flow, browser, &username));
    Ok(begun.await??.map_err(|outcome| match outcome {
        Outcome::Refused { retry_after_s, .. } => {
            Tried::Refused(Problems::one("username", sign_in::too_many(retry_after_s)))
        }
        outcome => Tried::Outcome(outcome),
    }))
}

fn missing(username: Option<&str>, password: Option<&str>) -> Problems {
    let mut problems = Problems::none();
    if username.is_none() {
        problems.add("username", "Enter your email");
    }
    if password.is_none() {
        problems.add("password", "Enter your password");
    }
    problems
}

async fn answer(
    visit: &Visit,
    asked: Asked,
    typed: &str,
    outcome: Outcome,
) -> Result<HttpResponse, Fault> {
    match outcome {
        Outcome::SignedIn(signed_in) => go_on(visit, asked.flow, *signed_in, offer::PASSWORD).await,
        Outcome::Blocked => {
            visit.page(StatusCode::FORBIDDEN, &messages::blocked(asked.frame(visit)), Vec::new())
        }
        // Refusals became problems of the form; what is left was done before, by this very form.
        Outcome::AlreadyDone | Outcome::Refused { .. } => done_before(visit, asked, typed).await,
    }
}

/// A form that was sent twice goes where the first one went, unless somebody else has typed it:
/// they are shown as whom this browser goes on. When what the first one made is over, the password
/// is asked once more.
async fn done_before(visit: &Visit, asked: Asked, typed: &str) -> Result<HttpResponse, Fault> {
    let flow = Flow { chosen: None, ..asked.flow };
    let stand = visit.ask(move |ctx, tenant, browser| {
        let stand = flow::stand(ctx, tenant, browser, flow)?;
        match flow::asks_to_sign_in(&stand.next) {
            true => flow::stand(ctx, tenant, browser, flow::once_more(ctx, stand.asked.flow)),
            false => Ok(stand),
        }
    });
    let stand = stand.await??;
    if let Next::Page { step: Step::Authenticate { .. }, tx, .. } = &stand.next {
        let mut page = blank(visit, &stand.asked);
        page.action = visit.path(&format!("/login/{tx}"));
        page.username = typed.to_owned();
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, stand.asked.form_action());
    }
    let other = |person: &Choice| !person.email.eq_ignore_ascii_case(typed);
    match stand.person.as_ref().is_some_and(other) {
        true => flow::overtaken(visit, stand),
        false => flow::answer(visit, stand.next),
    }
}

/// On with the flow as the person who has just signed in, with the cookies that say so.
pub(crate) async fn go_on(
    visit: &Visit,
    flow: Flow,
    signed_in: login::SignedIn,
    way: &str,
) -> Result<HttpResponse, Fault> {
    let mut browser = visit.visitor.browser.clone();
    browser.tokens.insert(0, signed_in.token.expose().to_owned());
    let session = signed_in.session.clone();
    let next = visit
        .ask(move |ctx, tenant, _| choose::pick(ctx, tenant, &flow, &browser, session.as_str()));
    let mut response = flow::answer(visit, next.await??)?;
    visit.visitor.signed_in(&mut response, &signed_in);
    visit.visitor.got_in_by(&mut response, way);
    Ok(response)
}
