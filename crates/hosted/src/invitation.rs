//! An invitation to an organization. Opening the link changes nothing (mail scanners open links
//! too). Whoever is signed in as the invited person joins; whoever is somebody else is told so; who
//! has an account signs in first; who has none makes one for exactly this address.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::invitations::{self, Opened};
use issuer::portal::{self, Person};
use protocol::Params;
use web::views::Problems;
use web::{Fault, FormParams};

use crate::refusals::{self, Refusal};
use crate::views::{Invitation, InvitationStep, messages, sign_in};
use crate::visit::Visit;
use crate::{flow, new_password};

const FORM: &str = "invitation";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /account/invitation/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let (page, _) = blank(&visit).await?;
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `GET /account/invitation/{token}/sign-in`: comes back here, signed in.
pub(crate) async fn sign_in(visit: Visit) -> Result<HttpResponse, Fault> {
    let path = format!("/account/invitation/{}", visit.segment("token"));
    blank(&visit).await?;
    let next = visit
        .ask(move |ctx, tenant, browser| portal::start(ctx, tenant, browser, &path, None))
        .await??;
    flow::answer(&visit, next)
}

/// `POST /account/invitation/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let (mut page, person) = blank(&visit).await?;
    page.name = form.0.get("name").unwrap_or_default().trim().to_owned();
    if !visit.genuine(&form.0, FORM, &visit.segment("token"))? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match join(&visit, &page, person, &form.0).await {
        Ok(()) => visit.redirect(&visit.url("/account/invitation/done")),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /account/invitation/done`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.page(StatusCode::OK, &messages::joined(visit.frame()), Vec::new())
}

/// What an invitation that works asks of this browser.
async fn blank(visit: &Visit) -> Result<(Invitation, Option<Person>), Fault> {
    let token = visit.segment("token");
    let (opened, person) = look(visit, token.clone()).await?;
    let page = Invitation {
        frame: visit.frame(),
        action: visit.path(&format!("/account/invitation/{token}")),
        csrf: visit.token(FORM, &token),
        step: step(&opened, person.as_ref()),
        organization: opened.organization,
        inviter: opened.inviter,
        email: opened.email,
        name: String::new(),
        logout: visit.path("/logout"),
        least: visit.state.ctx.settings.password_min,
        notice: String::new(),
        problems: Problems::none(),
    };
    Ok((page, person))
}

async fn look(visit: &Visit, token: String) -> Result<(Opened, Option<Person>), Fault> {
    let looked = visit.ask(move |ctx, tenant, browser| {
        let opened = invitations::open(ctx, &tenant.id, &token);
        (opened, portal::person(ctx, tenant, browser))
    });
    let (opened, person) = looked.await?;
    Ok((opened.map_err(refusals::fault)?, person?))
}

fn step(opened: &Opened, person: Option<&Person>) -> InvitationStep {
    match person {
        Some(person) if person.user.email_key == opened.email_key => InvitationStep::Join,
        Some(person) => InvitationStep::Other(person.user.email.clone()),
        None if opened.known => InvitationStep::SignIn,
        None => InvitationStep::Create,
    }
}

async fn join(
    visit: &Visit,
    page: &Invitation,
    person: Option<Person>,
    form: &Params,
) -> Result<(), Refusal> {
    let token = visit.segment("token");
    if let Some(person) = person {
        let joined = visit.ask(move |ctx, tenant, browser| {
            let request = (browser.request.as_str(), browser.ip.as_str());
            invitations::accept(ctx, &tenant.id, &token, &person.user.id, request).map(|_| ())
        });
        return Ok(joined.await??);
    }
    create(visit, page, form, token).await
}

async fn create(
    visit: &Visit,
    page: &Invitation,
    form: &Params,
    token: String,
) -> Result<(), Refusal> {
    if page.name.is_empty() {
        return Err(Refusal::Form(Problems::one("name", "Enter your name")));
    }
    let password = form.get("password").unwrap_or_default();
    let phc = new_password::hash(visit, &page.email, password).await?;
    let name = page.name.clone();
    let joined = visit.ask(move |ctx, tenant, browser| {
        let request = (browser.request.as_str(), browser.ip.as_str());
        invitations::accept_new(ctx, &tenant.id, &token, &name, &phc, request).map(|_| ())
    });
    Ok(joined.await??)
}
