//! The page behind the link of a sign-up. Opening it changes nothing; sending it makes the account
//! and, in the browser that asked, goes on with its sign-in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::sign_up::{self, Waiting};
use issuer::sign_up::{Verified, verify};
use issuer::upstream::{self, Arrival};
use issuer::{FlowError, flow, offer};
use protocol::catalogue;
use protocol::redirect_uri::form_action_of;
use web::{Fault, FormParams};

use crate::device;
use crate::refusals::{self, Refusal};
use crate::views::{Verify, messages, sign_in as texts};
use crate::visit::Visit;
use crate::{moments, sign_in, upstream as pages};

const FORM: &str = "verify";

/// `GET /verify/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let waiting = open(&visit).await?;
    let mut page = page(&visit, &waiting);
    match arrival(&visit, &waiting).await? {
        None => {}
        Some(Arrival::Ready(provider, label)) => page.provider = Some((provider, label)),
        Some(Arrival::Prove(pending)) => return prove(&visit, &pending),
        Some(Arrival::Refused(code)) => return refused(&visit, &waiting, code, false),
    }
    let onward = onward(&visit, &waiting).await?;
    visit.page(StatusCode::OK, &page, onward)
}

/// `POST /verify/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let token = visit.segment("token");
    if !visit.genuine(&form.0, FORM, &token)? {
        let waiting = open(&visit).await?;
        let mut page = page(&visit, &waiting);
        page.provider =
            waiting.upstream.as_ref().map(|_| (waiting.provider.clone(), String::new()));
        page.notice = texts::REFRESHED.to_owned();
        let onward = onward(&visit, &waiting).await?;
        return visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page, onward);
    }
    let waiting = open(&visit).await?;
    let made = visit.ask(move |ctx, tenant, browser| verify(ctx, tenant, browser, &token)).await?;
    let made = made.map_err(Refusal::from).map_err(refusals::over)?;
    answer(&visit, &waiting, made).await
}

async fn answer(visit: &Visit, waiting: &Waiting, made: Verified) -> Result<HttpResponse, Fault> {
    let account = visit.path("/account");
    match made {
        Verified::SignedIn(signed_in, flow) => {
            let way = if waiting.upstream.is_some() { "" } else { offer::PASSWORD };
            sign_in::go_on(visit, *flow, *signed_in, way).await
        }
        Verified::Prove(pending) => prove(visit, &pending),
        Verified::Refused(code) => refused(visit, waiting, code, true),
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

/// The owner of the account proves it first.
fn prove(visit: &Visit, pending: &str) -> Result<HttpResponse, Fault> {
    visit.redirect(&visit.url(&format!("/connect/{pending}")))
}

/// Why a sign-up through a provider is not completed here.
fn refused(
    visit: &Visit,
    waiting: &Waiting,
    code: &'static str,
    noted: bool,
) -> Result<HttpResponse, Fault> {
    let here = flow::is_of(&waiting.back.browser, &visit.visitor.browser.bid);
    let message = (code == catalogue::FLOW_FOREIGN_BROWSER).then(|| {
        format!(
            "This link belongs to a sign-up with {} that began in another browser. Open it there: \
             copy its address, or open the mail on that device. If that was not you, close this \
             page; nothing is created.",
            waiting.provider
        )
    });
    pages::refused(
        visit,
        federation::Refusal {
            code,
            noted,
            message,
            support: waiting.back.flow.clone(),
            tx: here.then(|| waiting.back.tx.clone()),
            ..federation::Refusal::default()
        },
    )
}

async fn arrival(visit: &Visit, waiting: &Waiting) -> Result<Option<Arrival>, Fault> {
    let waiting = waiting.clone();
    let found =
        visit.ask(move |ctx, tenant, browser| upstream::arrival(ctx, tenant, browser, &waiting));
    Ok(found.await??)
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
        provider: None,
        device: if ours { String::new() } else { device::words(&waiting.user_agent) },
        notice: String::new(),
    }
}
