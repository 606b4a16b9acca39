//! The session chooser: as which of the people signed in here the flow goes on.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use issuer::choose::{self, Choice};
use web::{Fault, FormParams, next};

use crate::flow::{self, Asked};
use crate::views::{Account, Choose};
use crate::visit::Visit;

const FORM: &str = "choose";

/// `GET /choose/{tx}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let found = flow::within(&visit, |ctx, tenant, browser, flow| {
        let choices = choose::list(ctx, tenant, &flow, browser)?;
        Ok((flow::ask(ctx, tenant, browser, flow)?, choices))
    });
    match found.await? {
        Ok((asked, choices)) => page(&visit, StatusCode::OK, &asked, choices),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /choose/{tx}`: `session` names one, or nobody, which leads to the sign-in page.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let asked = match flow::within(&visit, flow::ask).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !visit.genuine(&form.0, FORM, &asked.flow.id)? {
        return visit.redirect(&next::flow_url(&visit.tenant, "choose", &visit.segment("tx")));
    }
    let session = form.0.get("session").unwrap_or_default().to_owned();
    let next = visit.ask(move |ctx, tenant, browser| {
        let flow = if session.is_empty() { flow::once_more(ctx, asked.flow) } else { asked.flow };
        choose::pick(ctx, tenant, &flow, browser, &session)
    });
    flow::answer(&visit, next.await??)
}

fn page(
    visit: &Visit,
    status: StatusCode,
    asked: &Asked,
    choices: Vec<Choice>,
) -> Result<HttpResponse, Fault> {
    let account = |choice: Choice| {
        let session = choice.session.clone();
        let (name, email) = flow::named(choice);
        Account { session, name, email }
    };
    let page = Choose {
        frame: asked.frame(visit),
        action: visit.flow_path("choose"),
        csrf: visit.token(FORM, &asked.flow.id),
        application: asked.application.name.clone(),
        accounts: choices.into_iter().map(account).collect(),
    };
    visit.page(status, &page, asked.form_action())
}
