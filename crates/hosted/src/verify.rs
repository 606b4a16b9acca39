//! The page behind the link of a sign-up. Opening it changes nothing; sending it makes the account
//! and, in the browser that asked, goes on with its sign-in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::sign_up::{self, Waiting};
use issuer::sign_up::{Verified, verify};
use issuer::{FlowError, flow, offer};
use protocol::redirect_uri::form_action_of;
use web::{Fault, FormParams};

use crate::device;
use crate::refusals::{self, Refusal};
use crate::views::{Verify, messages, sign_in as texts};
use crate::visit::Visit;
use crate::{moments, sign_in};

const FORM: &str = "verify";

/// `GET /verify/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let waiting = open(&visit).await?;
    let onward = onward(&visit, &waiting).await?;
    visit.page(StatusCode::OK, &page(&visit, &waiting), onward)
}

/// `POST /verify/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let token = visit.segment("token");
    if !visit.genuine(&form.0, FORM, &token)? {
        let waiting = open(&visit).await?;
        let mut page = page(&visit, &waiting);
        page.notice = texts::REFRESHED.to_owned();
        let onward = onward(&visit, &waiting).await?;
        return visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page, onward);
    }
    let made = visit.ask(move |ctx, tenant, browser| verify(ctx, tenant, browser, &token)).await?;
    let account = visit.path("/account");
    match made.map_err(Refusal::from).map_err(refusals::over)? {
        Verified::SignedIn(signed_in, flow) => {
            sign_in::go_on(&visit, *flow, *signed_in, offer::PASSWORD).await
        }
        Verified::Elsewhere => visit.redirect(&visit.url("/verify/done")),
        Verified::Taken => {
            let page = messages::address_taken(visit.frame()).link("Sign in", &account);
            visit.page(StatusCode::CONFLICT, &page, Vec::new())
        }
        Verified::Closed => {
            visit.page(StatusCode::FORBIDDEN, &messages::sign_up_closed(visit.frame()), Vec::new())
        }
    }
}

/// `GET /verify/done`: the address is proven in another browser than the one that asked.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    let page = messages::verified_elsewhere(visit.frame());
    let page = page.link("Sign in here instead", &visit.path("/account"));
    visit.page(StatusCode::OK, &page, Vec::new())
}

async fn open(visit: &Visit) -> Result<Waiting, Fault> {
    let token = visit.segment("token");
    let found = visit.ask(move |ctx, tenant, _| sign_up::open(ctx, tenant, &token));
    found.await?.map_err(refusals::fault)
}

/// Where the form may end beside us: at the application of the sign-in that goes on here.
async fn onward(visit: &Visit, waiting: &Waiting) -> Result<Vec<String>, Fault> {
    let tx = waiting.back.tx.clone();
    let opened =
        visit.ask(move |ctx, tenant, browser| flow::open(ctx, tenant, &tx, &browser.bid)).await?;
    Ok(match opened {
        Ok(flow) => vec![form_action_of(&flow.request.redirect_uri)],
        Err(FlowError::Expired(request)) => vec![form_action_of(&request.redirect_uri)],
        Err(_) => Vec::new(),
    })
}

fn page(visit: &Visit, waiting: &Waiting) -> Verify {
    let token = visit.segment("token");
    let ours = flow::is_of(&waiting.back.browser, &visit.visitor.browser.bid);
    Verify {
        frame: visit.frame(),
        action: visit.path(&format!("/verify/{token}")),
        csrf: visit.token(FORM, &token),
        email: waiting.email.clone(),
        application: waiting.back.application.clone(),
        when: moments::both(waiting.at),
        device: if ours { String::new() } else { device::words(&waiting.user_agent) },
        notice: String::new(),
    }
}
