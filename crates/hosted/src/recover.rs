//! Asking for a link to choose a new password. The answer is the same whether the address has an
//! account or not; what comes by mail says the rest.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::recovery::{self, Asked as Request, Back};
use web::views::Problems;
use web::{Fault, FormParams};

use crate::flow::{self, Asked};
use crate::refusals::Refusal;
use crate::sent;
use crate::views::{Recover, messages, sign_in};
use crate::visit::Visit;

const FORM: &str = "recover";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /recover`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let asked = flow::beside(&visit).await?;
    let mut page = blank(&visit, asked.as_ref());
    let hint = asked.and_then(|asked| asked.flow.request.login_hint);
    page.username = hint.unwrap_or_default();
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /recover`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let asked = flow::beside(&visit).await?;
    let mut page = blank(&visit, asked.as_ref());
    page.username = form.0.get("username").unwrap_or_default().trim().to_owned();
    if !visit.genuine(&form.0, FORM, &visit.tx())? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match request(&visit, asked.as_ref(), &page.username).await {
        Ok(()) => visit.redirect(&sent::url(&visit, sent::RECOVER, &page.username)),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /recover/sent`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    let asked = flow::beside(&visit).await?;
    let frame = asked.as_ref().map_or_else(|| visit.frame(), |asked| asked.frame(&visit));
    let mut page = messages::recovery_sent(frame, sent::address(&visit, sent::RECOVER).as_deref());
    if asked.is_some() {
        page = page.link("Back to sign-in", &visit.flow_path("login"));
    }
    visit.page(StatusCode::OK, &page, Vec::new())
}

fn blank(visit: &Visit, asked: Option<&Asked>) -> Recover {
    Recover {
        frame: asked.map_or_else(|| visit.frame(), |asked| asked.frame(visit)),
        action: visit.beside_path("/recover"),
        csrf: visit.token(FORM, &visit.tx()),
        username: String::new(),
        back: asked.map(|_| visit.flow_path("login")),
        notice: String::new(),
        problems: Problems::none(),
    }
}

/// The flow that a mail belongs to, so that its link leads on with it in this browser.
pub(crate) fn back(visit: &Visit, asked: &Asked) -> Back {
    Back {
        tx: visit.tx(),
        browser: asked.flow.browser.clone(),
        flow: asked.flow.id.clone(),
        application: asked.application.name.clone(),
    }
}

async fn request(visit: &Visit, asked: Option<&Asked>, email: &str) -> Result<(), Refusal> {
    if email.is_empty() {
        return Err(Refusal::Form(Problems::one("username", "Enter your email")));
    }
    let (actor, email) = (visit.actor(), email.to_owned());
    let back = asked.map(|asked| back(visit, asked));
    let asked = visit
        .ask(move |ctx, tenant, _| recovery::request(ctx, tenant, &actor, &email, back.as_ref()));
    match asked.await?? {
        Request::Taken => Ok(()),
        Request::TooMany => Err(Fault::too_many().into()),
    }
}
