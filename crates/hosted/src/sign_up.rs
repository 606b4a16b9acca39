//! Creating an account with an address and a password. The answer is always "Check your email";
//! the account is made on the page behind the link.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::recovery::Asked as Request;
use directory::sign_up::{self, Waiting, Wanted};
use directory::users::fields::{Values, schema};
use issuer::{Next, portal};
use protocol::Params;
use protocol::email::CanonicalEmail;
use protocol::form::append_query;
use web::views::{Link, Problems};
use web::{Fault, FormParams};

use crate::flow::{self, Asked};
use crate::refusals::Refusal;
use crate::views::{SignUp, messages, sign_in as texts};
use crate::visit::Visit;
use crate::{fields, new_password, recover, sent, sign_in};

const FORM: &str = "signup";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /signup`. Without a sign-in to belong to, one at the account pages begins.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    if visit.tx().is_empty() {
        return begin(&visit).await;
    }
    let asked = match flow::within(&visit, flow::ask).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match asked.offer.sign_up {
        true => visit.page(StatusCode::OK, &blank(&visit, &asked), Vec::new()),
        false => closed(&visit, &asked),
    }
}

/// `POST /signup`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let asked = match flow::within(&visit, flow::ask).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !asked.offer.sign_up || !asked.offer.password {
        return closed(&visit, &asked);
    }
    let mut page = blank(&visit, &asked);
    let wanted = typed(&visit, &asked, &mut page, &form.0);
    if !visit.genuine(&form.0, FORM, &asked.flow.id)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    let password = form.0.get("password").unwrap_or_default();
    match request(&visit, &asked, &page, wanted, password).await {
        Ok(()) => visit.redirect(&sent::url(&visit, sent::SIGN_UP, &page.email)),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = fields::at_controls(problems, &page.fields);
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// `GET /signup/sent`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    sent::page(&visit, sent::SIGN_UP, messages::sign_up_sent, |page| {
        page.link("Use another address", &visit.beside_path("/signup"))
    })
    .await
}

/// A sign-in at the account pages, opened at its sign-up; whoever is signed in goes there.
async fn begin(visit: &Visit) -> Result<HttpResponse, Fault> {
    let next = visit
        .ask(|ctx, tenant, browser| portal::start(ctx, tenant, browser, "/account", None))
        .await??;
    match &next {
        Next::Page { tx, .. } => {
            visit.redirect(&append_query(&visit.url("/signup"), &[("tx", tx)]))
        }
        Next::Redirect(_) => flow::answer(visit, next),
    }
}

fn closed(visit: &Visit, asked: &Asked) -> Result<HttpResponse, Fault> {
    let page = messages::sign_up_closed(asked.frame(visit));
    let page = page.link("Back to sign-in", &visit.flow_path("login"));
    visit.page(StatusCode::FORBIDDEN, &page, Vec::new())
}

fn blank(visit: &Visit, asked: &Asked) -> SignUp {
    let terms = visit.tenant.sign_in.terms_url.as_deref();
    SignUp {
        frame: asked.frame(visit),
        action: visit.beside_path("/signup"),
        csrf: visit.token(FORM, &asked.flow.id),
        application: asked.application.name.clone(),
        email: asked.flow.request.login_hint.clone().unwrap_or_default(),
        fields: fields::asked(&schema(&visit.tenant), &asked.offer.required),
        password: asked.offer.password,
        least: visit.state.ctx.settings.password_min,
        terms: terms.and_then(|url| Link::new("terms", url)),
        agreed: false,
        providers: sign_in::providers(visit, asked),
        back: visit.flow_path("login"),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn typed(visit: &Visit, asked: &Asked, page: &mut SignUp, form: &Params) -> Wanted {
    page.email = form.get("email").unwrap_or_default().trim().to_owned();
    page.agreed = form.has("agree");
    Wanted {
        email: page.email.clone(),
        values: fields::typed(&schema(&visit.tenant), &mut page.fields, form),
        required: asked.offer.required.clone(),
    }
}

async fn request(
    visit: &Visit,
    asked: &Asked,
    page: &SignUp,
    wanted: Wanted,
    password: &str,
) -> Result<(), Refusal> {
    let (email, values) = judge(visit, page, &wanted, password)?;
    let phc = new_password::hash(visit, &page.email, password).await?;
    let waiting = waiting(visit, asked, &email, values, Some(phc));
    let actor = visit.actor();
    let asked = visit
        .ask(move |ctx, tenant, _| sign_up::request(ctx, tenant, &actor, &email, &waiting))
        .await??;
    match asked {
        Request::Taken => Ok(()),
        Request::TooMany => Err(Fault::too_many().into()),
    }
}

/// Everything that is to be corrected, at once.
fn judge(
    visit: &Visit,
    page: &SignUp,
    wanted: &Wanted,
    password: &str,
) -> Result<(CanonicalEmail, Values), Refusal> {
    let mut problems = Problems::none();
    let judged = sign_up::check(&visit.state.ctx, &visit.tenant, wanted).map_err(Refusal::from);
    let judged = gather(&mut problems, judged)?;
    gather(&mut problems, new_password::judge(visit, &page.email, password))?;
    if page.terms.is_some() && !page.agreed {
        problems.add("agree", "Agree to the terms to create an account.");
    }
    judged.filter(|_| problems.is_empty()).ok_or(Refusal::Form(problems))
}

/// What waits for the proof of the address.
pub(crate) fn waiting(
    visit: &Visit,
    asked: &Asked,
    email: &CanonicalEmail,
    values: Values,
    phc: Option<String>,
) -> Waiting {
    let browser = &visit.visitor.browser;
    Waiting {
        email: email.display.clone(),
        values,
        phc,
        application: asked.flow.request.client_id.clone(),
        terms: visit.tenant.sign_in.terms_url.clone(),
        back: recover::back(visit, asked),
        at: visit.state.ctx.now(),
        user_agent: browser.user_agent.clone(),
        ip: browser.ip.clone(),
        upstream: None,
        provider: String::new(),
    }
}

/// Adds what is to be corrected to the rest; only a fault ends the judging.
pub(crate) fn gather<T>(
    problems: &mut Problems,
    judged: Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    match judged {
        Ok(value) => Ok(Some(value)),
        Err(Refusal::Form(more)) => {
            problems.0.extend(more.0);
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}
