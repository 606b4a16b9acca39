//! A few details: the fields that somebody must have and does not, asked for on the way in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::{Me, profile};
use directory::sign_up::needed;
use directory::users::fields::{Values, read, schema};
use issuer::profile::{Lacking, of};
use issuer::{Next, Step};
use protocol::Params;
use web::views::Problems;
use web::{Fault, FormParams};

use crate::fields;
use crate::flow::{self, Stand};
use crate::refusals::Refusal;
use crate::views::{Missing, sign_in as texts};
use crate::visit::Visit;

const FORM: &str = "profile";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Where the flow stands and, while that is here, what is missing.
struct Question {
    stand: Stand,
    lacking: Option<Lacking>,
}

/// `GET /profile/{tx}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let Question { stand, lacking } = match question(&visit).await? {
        Ok(question) => question,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(lacking) = lacking else { return flow::overtaken(&visit, stand) };
    let page = blank(&visit, &stand, &lacking);
    visit.page(StatusCode::OK, &page, stand.asked.form_action())
}

/// `POST /profile/{tx}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let Question { stand, lacking } = match question(&visit).await? {
        Ok(question) => question,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(lacking) = lacking else { return flow::overtaken(&visit, stand) };
    let mut page = blank(&visit, &stand, &lacking);
    let values = fields::typed(&schema(&visit.tenant), &mut page.fields, &form.0);
    if !genuine(&visit, &stand, &lacking, &form.0)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, stand.asked.form_action());
    }
    match save(&visit, &lacking, values).await {
        Ok(()) => go_on(&visit, stand).await,
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = fields::at_controls(problems, &page.fields);
            visit.page(REFUSED, &page, stand.asked.form_action())
        }
    }
}

async fn question(visit: &Visit) -> Result<Result<Question, HttpResponse>, Fault> {
    flow::within(visit, |ctx, tenant, browser, flow| {
        let stand = flow::stand(ctx, tenant, browser, flow)?;
        let lacking = match &stand.next {
            Next::Page { step: Step::Profile(session), .. } => {
                of(ctx, tenant, &stand.asked.flow, browser, session)?
            }
            _ => None,
        };
        Ok(Question { stand, lacking })
    })
    .await
}

/// The token belongs to the flow and to the session that is asked.
fn about(stand: &Stand, lacking: &Lacking) -> String {
    format!("{} {}", stand.asked.flow.id, lacking.session)
}

fn genuine(visit: &Visit, stand: &Stand, lacking: &Lacking, form: &Params) -> Result<bool, Fault> {
    visit.genuine(form, FORM, &about(stand, lacking))
}

fn blank(visit: &Visit, stand: &Stand, lacking: &Lacking) -> Missing {
    let schema = schema(&visit.tenant);
    let mut shown = fields::own(&schema, &read(&lacking.user), |_| None);
    shown.retain(|field| lacking.keys.contains(&field.key));
    Missing {
        frame: stand.asked.frame(visit),
        action: visit.flow_path("profile"),
        csrf: visit.token(FORM, &about(stand, lacking)),
        application: stand.asked.application.name.clone(),
        name: lacking.user.name.clone(),
        email: lacking.user.email.clone(),
        switch: visit.flow_path("choose"),
        fields: shown,
        notice: String::new(),
        problems: Problems::none(),
    }
}

async fn save(visit: &Visit, lacking: &Lacking, values: Values) -> Result<(), Refusal> {
    let mut problems = Problems::none();
    let schema = schema(&visit.tenant);
    for key in lacking.keys.iter().filter(|key| values.get(*key).is_none_or(|v| v.is_null())) {
        problems.add(key, needed(&schema, key));
    }
    if !problems.is_empty() {
        return Err(Refusal::Form(problems));
    }
    let me = Me::new(lacking.user.clone(), lacking.session.clone(), &visit.actor());
    let version = lacking.user.version;
    let saved = visit.ask(move |ctx, tenant, _| profile::save(ctx, tenant, &me, &values, version));
    saved.await??;
    Ok(())
}

async fn go_on(visit: &Visit, stand: Stand) -> Result<HttpResponse, Fault> {
    let flow = stand.asked.flow;
    let next =
        visit.ask(move |ctx, tenant, browser| flow::stand(ctx, tenant, browser, flow)).await??;
    flow::answer(visit, next.next)
}
