//! Completing a sign-up: somebody came from a provider that names no proven address of theirs. They
//! type one, and what else is missing; the answer is always "Check your email", and the account is
//! made on the page behind the link, in this browser.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use context::{Connection, Ctx, Tenant};
use directory::recovery::Asked as Request;
use directory::sign_up::{self, Waiting, Wanted};
use directory::users::fields::{Values, schema};
use federation::Refusal as Refused;
use issuer::upstream::{self, Pending, PendingError};
use issuer::{Browser, FlowError, PageError};
use protocol::Params;
use protocol::catalogue;
use protocol::email::CanonicalEmail;
use web::views::{Link, Problems};
use web::{Fault, FormParams};

use crate::flow::{self, Asked};
use crate::refusals::Refusal;
use crate::sign_up::{gather, waiting};
use crate::views::{Complete, messages, sign_in as texts};
use crate::visit::Visit;
use crate::{fields, sent, upstream as pages};

const FORM: &str = "complete";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
/// The query parameter that names what waits, on the page after the form.
const PENDING: &str = "pending";

/// What the address stands for.
struct Question {
    pending: Pending,
    connection: Arc<Connection>,
    asked: Asked,
}

/// `GET /complete/{pending}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    match question(&visit, visit.segment(PENDING)).await? {
        Ok(question) => visit.page(StatusCode::OK, &blank(&visit, &question), Vec::new()),
        Err(refused) => pages::refused(&visit, refused),
    }
}

/// `POST /complete/{pending}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let question = match question(&visit, visit.segment(PENDING)).await? {
        Ok(question) => question,
        Err(refused) => return pages::refused(&visit, refused),
    };
    let mut page = blank(&visit, &question);
    let wanted = typed(&visit, &question, &mut page, &form.0);
    if !visit.genuine(&form.0, FORM, &question.pending.id)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match request(&visit, &question, &page, wanted).await {
        Ok(()) => {
            let pending = visit.segment(PENDING);
            let more = [(PENDING, pending.as_str()), ("tx", question.pending.tx.as_str())];
            visit.redirect(&sent::url_with(&visit, sent::COMPLETE, &page.email, &more))
        }
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = fields::at_controls(problems, &page.fields);
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /complete/sent`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    let waits = visit.query(PENDING).unwrap_or_default();
    sent::page(&visit, sent::COMPLETE, messages::complete_sent, |page| match waits.as_str() {
        "" => page,
        waits => page.link("Use another address", &visit.path(&format!("/complete/{waits}"))),
    })
    .await
}

/// What waits in this browser. The inner error is what is shown where nothing does.
async fn question(visit: &Visit, text: String) -> Result<Result<Question, Refused>, Fault> {
    let found = visit.ask(move |ctx, tenant, browser| {
        let pending = match waits(ctx, tenant, browser, &text)? {
            Ok(pending) => pending,
            Err(refused) => return Ok(Err(refused)),
        };
        let flow = match issuer::flow::open(ctx, tenant, &pending.tx, &browser.bid) {
            Ok(flow) => flow,
            Err(FlowError::Store(error)) => return Err(error.into()),
            Err(_) => return Ok(Err(refusal(Some(&pending), OVER))),
        };
        let asked = flow::ask(ctx, tenant, browser, flow)?;
        Ok::<_, PageError>(match upstream::sign_up_connection(tenant, &asked.offer, &pending) {
            Ok(connection) => Ok(Question { pending, connection, asked }),
            Err(code) => Err(refusal(Some(&pending), code)),
        })
    });
    Ok(found.await??)
}

/// The identity that waits: not one that was used up, nor one that is to join an account.
fn waits(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    text: &str,
) -> Result<Result<Pending, Refused>, store::Error> {
    Ok(match upstream::open_pending(ctx, tenant, browser, text) {
        Ok(pending) if upstream::state_is_spent(ctx, tenant, &pending.id)? => {
            Err(refusal(Some(&pending), OVER))
        }
        Ok(pending) if pending.user.is_none() => Ok(pending),
        Ok(_) | Err(PendingError::Over) => Err(refusal(None, OVER)),
        Err(PendingError::Foreign) => Err(refusal(None, catalogue::FLOW_FOREIGN_BROWSER)),
        Err(PendingError::Store(error)) => return Err(error),
    })
}

const OVER: &str = catalogue::UPSTREAM_STATE;

fn refusal(pending: Option<&Pending>, code: &'static str) -> Refused {
    Refused {
        code,
        tx: pending.map(|pending| pending.tx.clone()),
        support: pending.map(|pending| pending.flow.clone()).unwrap_or_default(),
        ..Refused::default()
    }
}

fn blank(visit: &Visit, question: &Question) -> Complete {
    let Question { pending, connection, asked } = question;
    let terms = visit.tenant.sign_in.terms_url.as_deref();
    let mut shown =
        fields::asked(&schema(&visit.tenant), &upstream::lacking(&asked.offer, pending));
    shown.retain(|field| !pending.fields.contains_key(&field.key));
    Complete {
        frame: asked.frame(visit),
        action: visit.path(&format!("/complete/{}", visit.segment(PENDING))),
        csrf: visit.token(FORM, &pending.id),
        application: asked.application.name.clone(),
        provider: connection.name.clone(),
        label: pending.label.clone(),
        email: pending.email.clone().unwrap_or_default(),
        fields: shown,
        terms: terms.and_then(|url| Link::new("terms", url)),
        agreed: false,
        back: visit.path(&format!("/login/{}", pending.tx)),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn typed(visit: &Visit, question: &Question, page: &mut Complete, form: &Params) -> Wanted {
    page.email = form.get("email").unwrap_or_default().trim().to_owned();
    page.agreed = form.has("agree");
    let mut values = fields::typed(&schema(&visit.tenant), &mut page.fields, form);
    values.retain(|_, value| !value.is_null());
    Wanted {
        email: page.email.clone(),
        values,
        required: upstream::lacking(&question.asked.offer, &question.pending),
    }
}

async fn request(
    visit: &Visit,
    question: &Question,
    page: &Complete,
    wanted: Wanted,
) -> Result<(), Refusal> {
    let (email, values) = judge(visit, question, page, &wanted)?;
    let Question { pending, connection, asked } = question;
    let upstream = serde_json::to_value(pending).map_err(Fault::internal)?;
    let mut waiting = waiting(visit, asked, &email, values, None);
    waiting.back.tx.clone_from(&pending.tx);
    let waiting =
        Waiting { upstream: Some(upstream), provider: connection.name.clone(), ..waiting };
    let actor = visit.actor();
    let sent =
        visit.ask(move |ctx, tenant, _| sign_up::request(ctx, tenant, &actor, &email, &waiting));
    match sent.await?? {
        Request::Taken => Ok(()),
        Request::TooMany => Err(Fault::too_many().into()),
    }
}

/// Everything that is to be corrected, at once. Nothing of it says who has an account.
fn judge(
    visit: &Visit,
    question: &Question,
    page: &Complete,
    wanted: &Wanted,
) -> Result<(CanonicalEmail, Values), Refusal> {
    let mut problems = Problems::none();
    let judged = sign_up::check(&visit.state.ctx, &visit.tenant, wanted).map_err(Refusal::from);
    let judged = gather(&mut problems, judged)?;
    let connection = &question.connection;
    if judged.as_ref().is_some_and(|(email, _)| !upstream::allows(connection, email)) {
        let domains = connection.config.email_domains.join(", ");
        problems.add("email", format!("Use an address of {domains}."));
    }
    if page.terms.is_some() && !page.agreed {
        problems.add("agree", "Agree to the terms to create an account.");
    }
    judged.filter(|_| problems.is_empty()).ok_or(Refusal::Form(problems))
}
