//! Choosing a password with a one-time link. Opening the link changes nothing (mail scanners open
//! links too); sending the form uses it up.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::{Actor, links};
use protocol::Params;
use web::views::Problems;
use web::{Fault, FormParams};

use crate::new_password;
use crate::refusals::{self, Refusal};
use crate::views::{SetPassword, messages, sign_in};
use crate::visit::Visit;

const FORM: &str = "set-password";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /set-password/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let page = blank(&visit).await?;
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /set-password/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let mut page = blank(&visit).await?;
    if !visit.genuine(&form.0, FORM, &visit.segment("token"))? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match change(&visit, &page.username, &form.0).await {
        Ok(()) => visit.redirect(&visit.url("/set-password/done")),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /set-password/done`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.page(StatusCode::OK, &messages::password_set(visit.frame()), Vec::new())
}

/// The form of a link that works.
async fn blank(visit: &Visit) -> Result<SetPassword, Fault> {
    let token = visit.segment("token");
    let found = visit.ask({
        let token = token.clone();
        move |ctx, tenant, _| links::open_set_password(ctx, &tenant.id, &token)
    });
    let user = found.await?.map_err(refusals::fault)?;
    Ok(SetPassword {
        frame: visit.frame(),
        action: visit.path(&format!("/set-password/{token}")),
        csrf: visit.token(FORM, &token),
        username: user.email,
        least: visit.state.ctx.settings.password_min,
        notice: String::new(),
        problems: Problems::none(),
    })
}

async fn change(visit: &Visit, email: &str, form: &Params) -> Result<(), Refusal> {
    let password = form.get("password").unwrap_or_default();
    let phc = new_password::hash(visit, email, password).await?;
    let token = visit.segment("token");
    let changed = visit.ask(move |ctx, tenant, browser| {
        let (request, ip) = (browser.request.clone(), browser.ip.clone());
        let actor = Actor { request, ip, ..Actor::system(ctx) };
        links::set_password(ctx, &actor, &tenant.id, &token, &phc).map(|_| ())
    });
    Ok(changed.await??)
}
