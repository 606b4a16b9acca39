//! The consent page: what an application wants of whose account, and the two answers.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use context::{Ctx, Tenant};
use issuer::consent::{self, ConsentView};
use issuer::{Browser, Flow, Next, PageError, Step};
use protocol::redirect_uri::origin_of;
use web::views::Link;
use web::{Fault, FormParams};

use crate::flow::{self, Stand};
use crate::views::{Consent, ConsentScope};
use crate::visit::Visit;

const FORM: &str = "consent";

/// Where the flow stands and, while that is here, what the page shows.
struct Question {
    stand: Stand,
    view: Option<ConsentView>,
}

fn question(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    flow: Flow,
) -> Result<Question, PageError> {
    let stand = flow::stand(ctx, tenant, browser, flow)?;
    let view = match &stand.next {
        Next::Page { step: Step::Consent(_), .. } => {
            consent::view(ctx, tenant, &stand.asked.flow, browser)?
        }
        _ => None,
    };
    Ok(Question { stand, view })
}

/// `GET /consent/{tx}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    match flow::within(&visit, question).await? {
        Ok(question) => page(&visit, StatusCode::OK, question),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /consent/{tx}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let question = match flow::within(&visit, question).await? {
        Ok(question) => question,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let genuine = visit.genuine(&form.0, FORM, &question.stand.asked.flow.id)?;
    let flow = question.stand.asked.flow.clone();
    match form.0.get("answer").filter(|_| genuine && question.view.is_some()) {
        Some("allow") => {
            let shown_for = form.0.get("session").unwrap_or_default().to_owned();
            let next = visit.ask(move |ctx, tenant, browser| {
                consent::allow(ctx, tenant, &flow, browser, &shown_for)
            });
            flow::answer(&visit, next.await??)
        }
        Some("cancel") => {
            let denied = visit.ask(move |ctx, tenant, _| consent::deny(ctx, tenant, &flow));
            flow::answer(&visit, Next::Redirect(denied.await??))
        }
        _ => page(&visit, StatusCode::UNPROCESSABLE_ENTITY, question),
    }
}

fn page(visit: &Visit, status: StatusCode, question: Question) -> Result<HttpResponse, Fault> {
    let Question { stand, view } = question;
    let Some(view) = view else { return flow::overtaken(visit, stand) };
    let asked = &stand.asked;
    let mut scopes: Vec<ConsentScope> = view.wants.iter().copied().map(ConsentScope::new).collect();
    scopes.extend(view.offline.then(ConsentScope::offline));
    let (name, email) = match view.name.trim().is_empty() {
        true => (view.email, String::new()),
        false => (view.name, view.email),
    };
    let config = &view.application.config;
    let page = Consent {
        frame: asked.frame(visit),
        action: visit.flow_path("consent"),
        csrf: visit.token(FORM, &asked.flow.id),
        session: view.session,
        application: view.application.name.clone(),
        returns_to: host_of(&asked.flow.request.redirect_uri),
        name,
        email,
        switch: visit.flow_path("choose"),
        scopes,
        privacy: config.privacy_url.as_deref().and_then(|url| Link::new("privacy notice", url)),
    };
    visit.page(status, &page, asked.form_action())
}

/// The host of a redirect URI; nothing for a scheme of an app's own.
fn host_of(uri: &str) -> String {
    let origin = origin_of(uri).unwrap_or_default();
    origin.split_once("://").map_or(String::new(), |(_, host)| host.to_owned())
}
