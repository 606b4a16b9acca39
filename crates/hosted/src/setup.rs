//! The first operator's account, made with the set-up link that the server prints. The page exists
//! at the built-in tenant only, and never again once an operator exists.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::setup;
use protocol::Params;
use web::views::Problems;
use web::{Fault, FormParams, page};

use crate::new_password;
use crate::refusals::{self, Refusal};
use crate::views::{Setup, messages, sign_in};
use crate::visit::Visit;

const FORM: &str = "setup";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /setup/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let page = blank(&visit).await?;
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /setup/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let mut page = blank(&visit).await?;
    page.name = form.0.get("name").unwrap_or_default().trim().to_owned();
    page.email = form.0.get("email").unwrap_or_default().trim().to_owned();
    if !visit.genuine(&form.0, FORM, &visit.segment("token"))? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match complete(&visit, &page, &form.0).await {
        Ok(()) => visit.redirect(&visit.url("/setup/done")),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /setup/done`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    only_built_in(&visit)?;
    let settings = &visit.state.ctx.settings;
    let frame = page::installation_frame(settings);
    visit.page(StatusCode::OK, &messages::setup_done(frame, &settings.console_url()), Vec::new())
}

fn only_built_in(visit: &Visit) -> Result<(), Fault> {
    if visit.tenant.is_system() { Ok(()) } else { Err(Fault::not_found()) }
}

/// The form of a link that works.
async fn blank(visit: &Visit) -> Result<Setup, Fault> {
    only_built_in(visit)?;
    let token = visit.segment("token");
    let opened = visit.ask({
        let token = token.clone();
        move |ctx, _, _| setup::open_setup(ctx, &token)
    });
    let settings = &visit.state.ctx.settings;
    let console = settings.console_url();
    opened.await?.map_err(|error| refusals::fault(error).back("Open the console", console))?;
    Ok(Setup {
        frame: page::installation_frame(settings),
        action: visit.path(&format!("/setup/{token}")),
        csrf: visit.token(FORM, &token),
        name: String::new(),
        email: String::new(),
        least: settings.password_min,
        notice: String::new(),
        problems: Problems::none(),
    })
}

async fn complete(visit: &Visit, page: &Setup, form: &Params) -> Result<(), Refusal> {
    let mut missing = Problems::none();
    for (field, value, text) in
        [("name", &page.name, "Enter your name"), ("email", &page.email, "Enter your email")]
    {
        if value.is_empty() {
            missing.add(field, text);
        }
    }
    if !missing.is_empty() {
        return Err(Refusal::Form(missing));
    }
    let password = form.get("password").unwrap_or_default();
    let phc = new_password::hash(visit, &page.email, password).await?;
    let (token, name, email) = (visit.segment("token"), page.name.clone(), page.email.clone());
    let made =
        visit.ask(move |ctx, _, _| setup::complete(ctx, &token, &email, &name, &phc).map(|_| ()));
    Ok(made.await??)
}
