//! Choosing a password with a one-time link. Opening the link changes nothing (mail scanners open
//! links too); sending the form uses it up.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::recovery::{self, Opened};
use issuer::flow;
use protocol::Params;
use protocol::form::append_query;
use web::views::Problems;
use web::{Fault, FormParams, next};

use crate::new_password;
use crate::refusals::{self, Refusal};
use crate::sign_in::{DONE, PASSWORD_SET};
use crate::views::{SetPassword, messages, sign_in};
use crate::visit::Visit;

const FORM: &str = "set-password";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /set-password/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let opened = open(&visit).await?;
    visit.page(StatusCode::OK, &blank(&visit, &opened), Vec::new())
}

/// `POST /set-password/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let opened = open(&visit).await?;
    let mut page = blank(&visit, &opened);
    page.everywhere = form.0.has("everywhere");
    if !visit.genuine(&form.0, FORM, &visit.segment("token"))? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match change(&visit, &page, &form.0).await {
        Ok(()) => visit.redirect(&onward(&visit, opened).await?),
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

async fn open(visit: &Visit) -> Result<Opened, Fault> {
    let token = visit.segment("token");
    let found = visit.ask(move |ctx, tenant, _| recovery::open(ctx, tenant, &token));
    found.await?.map_err(refusals::fault)
}

/// The form of a link that works.
fn blank(visit: &Visit, opened: &Opened) -> SetPassword {
    let token = visit.segment("token");
    SetPassword {
        frame: visit.frame(),
        action: visit.path(&format!("/set-password/{token}")),
        csrf: visit.token(FORM, &token),
        username: opened.user.email.clone(),
        first: opened.user.password.is_none(),
        everywhere: true,
        least: visit.state.ctx.settings.password_min,
        notice: String::new(),
        problems: Problems::none(),
    }
}

async fn change(visit: &Visit, page: &SetPassword, form: &Params) -> Result<(), Refusal> {
    let password = form.get("password").unwrap_or_default();
    let phc = new_password::hash(visit, &page.username, password).await?;
    let (token, actor) = (visit.segment("token"), visit.actor());
    let everywhere = page.first || page.everywhere;
    let changed = visit.ask(move |ctx, tenant, _| {
        recovery::reset(ctx, tenant, &actor, &token, &phc, everywhere).map(|_| ())
    });
    Ok(changed.await??)
}

/// On with the sign-in that the link was asked from, in the browser that asked.
async fn onward(visit: &Visit, opened: Opened) -> Result<String, Fault> {
    let Some(back) = opened.back else { return Ok(visit.url("/set-password/done")) };
    let tx = back.tx.clone();
    let ours = visit
        .ask(move |ctx, tenant, browser| flow::open(ctx, tenant, &tx, &browser.bid).is_ok())
        .await?;
    Ok(match ours {
        true => {
            append_query(&next::flow_url(&visit.tenant, "login", &back.tx), &[(DONE, PASSWORD_SET)])
        }
        false => visit.url("/set-password/done"),
    })
}
