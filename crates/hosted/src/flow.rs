//! Arriving at a page of a flow: the sealed flow is opened, or the same authorization is begun
//! again in this browser when the flow is too old or belongs to another one. Nothing typed or
//! proven goes over.
//!
//! Owns what the pages of a flow share, and `/flow/{tx}`, which goes on to whatever comes next.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use context::{Application, Ctx, Tenant};
use issuer::choose::{self, Choice};
use issuer::flow::{self, restart_params};
use issuer::offer::{self, Offer};
use issuer::{Browser, Flow, FlowError, Next, PageError, Step, authorize, portal};
use protocol::authorize::AuthorizeRequest;
use protocol::form::append_query;
use protocol::redirect_uri::form_action_of;
use protocol::{Params, catalogue};
use store::RequestId;
use web::views::Frame;
use web::{Fault, FormParams, next, page};

use crate::views::SignedIn;
use crate::visit::Visit;

const FORM: &str = "flow";
/// Marks the address of a flow that was begun again because its browser was not known. Not known
/// once more, the browser keeps no cookies, and beginning again would never end.
const AGAIN: &str = "again";

/// A flow, the application it is for, and what that offers.
pub(crate) struct Asked {
    pub flow: Flow,
    pub application: Arc<Application>,
    pub offer: Offer,
}

impl Asked {
    /// The frame of the flow's pages: the application's colour and notices before the tenant's.
    pub fn frame(&self, visit: &Visit) -> Frame {
        let (own, house) = (&self.application.config, &visit.tenant.sign_in);
        let privacy = own.privacy_url.as_deref().or(house.privacy_url.as_deref());
        let terms = own.terms_url.as_deref().or(house.terms_url.as_deref());
        let frame = page::dressed(&visit.tenant, &own.sign_in).with_notices(privacy, terms);
        frame.with_help(house.help_url.as_deref()).of_flow(&self.flow.id)
    }

    /// Where forms of the flow's pages may end, beside us.
    pub fn form_action(&self) -> Vec<String> {
        vec![form_action_of(&self.flow.request.redirect_uri)]
    }
}

/// Where a flow stands.
pub(crate) struct Stand {
    pub asked: Asked,
    pub next: Next,
    /// The person it is about: signed in and done, or asked to prove it again.
    pub person: Option<Choice>,
}

/// What came of opening a flow.
enum Found<T> {
    Here(T),
    Restarted { next: Next, foreign: bool },
    Garbage,
}

/// Opens the flow that the address names and works with it. The inner error is the answer for a
/// browser that has to go somewhere else first.
///
/// # Errors
/// 404 for what is no flow of this tenant, 400 for a browser without cookies, and the refusals of
/// `f`.
pub(crate) async fn within<T: Send + 'static>(
    visit: &Visit,
    f: impl FnOnce(&Ctx, &Arc<Tenant>, &Browser, Flow) -> Result<T, PageError> + Send + 'static,
) -> Result<Result<T, HttpResponse>, Fault> {
    within_tx(visit, visit.tx(), f).await
}

/// As [`within`], for a flow that is named elsewhere than in the path.
///
/// # Errors
/// As [`within`].
pub(crate) async fn within_tx<T: Send + 'static>(
    visit: &Visit,
    tx: String,
    f: impl FnOnce(&Ctx, &Arc<Tenant>, &Browser, Flow) -> Result<T, PageError> + Send + 'static,
) -> Result<Result<T, HttpResponse>, Fault> {
    let found =
        visit.ask(move |ctx, tenant, browser| match flow::open(ctx, tenant, &tx, &browser.bid) {
            Ok(flow) => f(ctx, tenant, browser, flow).map(Found::Here),
            Err(FlowError::Expired(request)) => restart(ctx, tenant, browser, &request, false),
            Err(FlowError::ForeignBrowser(request)) => {
                restart(ctx, tenant, browser, &request, true)
            }
            Err(FlowError::Garbage) => Ok(Found::Garbage),
            Err(FlowError::Store(error)) => Err(error.into()),
        });
    match found.await?? {
        Found::Here(value) => Ok(Ok(value)),
        Found::Restarted { next, foreign } => restarted(visit, next, foreign).map(Err),
        Found::Garbage => Err(Fault::not_found()),
    }
}

fn restart<T>(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    request: &AuthorizeRequest,
    foreign: bool,
) -> Result<Found<T>, PageError> {
    if portal::is(&request.client_id) {
        let next = portal::restart(ctx, tenant, browser, request)?;
        return Ok(Found::Restarted { next, foreign });
    }
    let params = restart_params(request);
    let pairs: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, &**value)).collect();
    let query = append_query("", &pairs);
    let params = Params::parse(query.trim_start_matches('?').as_bytes())
        .map_err(|_| PageError::new(catalogue::FLOW_EXPIRED, &browser.request))?;
    let next = authorize::start(ctx, tenant, &params, browser)?;
    Ok(Found::Restarted { next, foreign })
}

fn restarted(visit: &Visit, next: Next, foreign: bool) -> Result<HttpResponse, Fault> {
    if let Next::Page { step, tx, .. } = &next
        && foreign
    {
        if visit.query(AGAIN).is_some() {
            return Err(Fault::bad_request(catalogue::FLOW_FOREIGN_BROWSER));
        }
        let page = next::page_of(step).unwrap_or("flow");
        let url = next::flow_url(&visit.tenant, page, tx);
        return visit.redirect(&append_query(&url, &[(AGAIN, "1")]));
    }
    answer(visit, next)
}

/// The flow with its application; used as the work of [`within`].
pub(crate) fn ask(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    flow: Flow,
) -> Result<Asked, PageError> {
    let application = match portal::is(&flow.request.client_id) {
        true => Arc::new(portal::application(tenant)),
        false => ctx
            .snapshots
            .application(ctx, &tenant.id, &flow.request.client_id)?
            .ok_or_else(|| PageError::new(catalogue::APPLICATION_UNKNOWN, &browser.request))?,
    };
    let offer = offer::of(ctx, tenant, &application)?;
    Ok(Asked { flow, application, offer })
}

/// Where the flow stands; used as the work of [`within`].
pub(crate) fn stand(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    flow: Flow,
) -> Result<Stand, PageError> {
    let next = authorize::resume(ctx, tenant, &flow, browser)?;
    let wanted = match &next {
        Next::Redirect(_) => Some(flow.chosen.clone()),
        Next::Page { step: Step::Authenticate { again: Some(session) }, .. } => {
            Some(Some(session.as_str().to_owned()))
        }
        Next::Page { .. } => None,
    };
    let person = match wanted {
        None => None,
        Some(session) => {
            let fits = |choice: &Choice| session.as_ref().is_none_or(|id| *id == choice.session);
            choose::list(ctx, tenant, &flow, browser)?.into_iter().find(fits)
        }
    };
    Ok(Stand { asked: ask(ctx, tenant, browser, flow)?, next, person })
}

/// The flow for one more sign-in. Each flow has one; once somebody has signed in in it, another
/// password would come to nothing.
pub(crate) fn once_more(ctx: &Ctx, flow: Flow) -> Flow {
    Flow { id: RequestId::new(ctx.now(), ctx.vault.random()).to_string(), ..flow }
}

/// Whether the next step is to sign in.
pub(crate) fn asks_to_sign_in(next: &Next) -> bool {
    matches!(next, Next::Page { step: Step::Authenticate { .. }, .. })
}

/// The answer where a page of a flow is opened whose step is not the present one: on to the present
/// one, or, when all is done, a page from which one press leads on. It does not leave for the
/// application by itself, since nobody asked it to (Back, a tab that is shown again).
pub(crate) fn overtaken(visit: &Visit, stand: Stand) -> Result<HttpResponse, Fault> {
    let Next::Redirect(_) = &stand.next else { return answer(visit, stand.next) };
    let asked = &stand.asked;
    let (name, _) = stand.person.map_or_else(Default::default, named);
    let page = SignedIn {
        frame: asked.frame(visit),
        action: visit.flow_path("flow"),
        csrf: visit.token(FORM, &asked.flow.id),
        application: asked.application.name.clone(),
        name,
        switch: visit.flow_path("choose"),
    };
    visit.page(StatusCode::OK, &page, asked.form_action())
}

/// What a person is called, and the address below it: nothing where the address is the name.
pub(crate) fn named(choice: Choice) -> (String, String) {
    match choice.name.trim().is_empty() {
        true => (choice.email, String::new()),
        false => (choice.name, choice.email),
    }
}

/// The flow that a page beside it was opened from, if the address names one and this browser may go
/// on with it.
pub(crate) async fn beside(visit: &Visit) -> Result<Option<Asked>, Fault> {
    let tx = visit.tx();
    if tx.is_empty() {
        return Ok(None);
    }
    let found =
        visit.ask(move |ctx, tenant, browser| match flow::open(ctx, tenant, &tx, &browser.bid) {
            Ok(flow) => ask(ctx, tenant, browser, flow).map(Some),
            Err(FlowError::Store(error)) => Err(error.into()),
            Err(_) => Ok(None),
        });
    Ok(found.await??)
}

/// The issuer's next step as an answer.
pub(crate) fn answer(visit: &Visit, next: Next) -> Result<HttpResponse, Fault> {
    Ok(visit.dressed(next::answer(&visit.state, &visit.tenant, &visit.req, next)?))
}

/// `GET /flow/{tx}`: the address of a flow as such, for whoever kept it.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    match within(&visit, stand).await? {
        Ok(stand) => overtaken(&visit, stand),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /flow/{tx}`: Continue.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let stand = match within(&visit, stand).await? {
        Ok(stand) => stand,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match visit.genuine(&form.0, FORM, &stand.asked.flow.id)? {
        true => answer(&visit, stand.next),
        false => overtaken(&visit, stand),
    }
}
