//! Puts the issuer's decision about a flow into an answer: on to the page of the next step, or back
//! to the application.
//!
//! Shared by the face that starts flows and the face that shows their pages. The decision itself is
//! `issuer::flow::next_step`; the pages are the hosted face's.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::Tenant;
use issuer::{AuthorizeResponse, Next, PageError, Step};
use protocol::authorize::ResponseMode;
use protocol::form::append_query;
use protocol::redirect_uri::form_action_of;

use crate::State;
use crate::fault::Fault;
use crate::headers::PageHeaders;
use crate::page;
use crate::views::FormPost;

/// The path, below the tenant, of the page that a step is done on; `None` for steps that have no
/// page.
pub fn page_of(step: &Step) -> Option<&'static str> {
    match step {
        Step::Authenticate { .. } => Some("login"),
        Step::Consent(_) => Some("consent"),
        Step::Choose => Some("choose"),
        Step::Profile(_) => Some("profile"),
        Step::SecondFactor(_) | Step::Enrol(_) | Step::Done(_) | Step::Fail(_) => None,
    }
}

/// The address of a page of a flow.
pub fn flow_url(tenant: &Tenant, page: &str, tx: &str) -> String {
    format!("{}/{page}/{tx}", tenant.issuer)
}

/// Answers with the next step of a flow: a redirect to its page, or the answer to the application.
///
/// # Errors
/// 500 for a step that has no page here, or an address that no header can hold.
pub fn answer(
    state: &State,
    tenant: &Tenant,
    req: &HttpRequest,
    next: Next,
) -> Result<HttpResponse, Fault> {
    match next {
        Next::Page { step, tx, .. } => {
            let page = page_of(&step).ok_or_else(|| Fault::internal("a step without a page"))?;
            page::redirect(req, &flow_url(tenant, page, &tx))
        }
        Next::Redirect(response) => to_application(state, tenant, req, &response),
    }
}

/// Sends an authorization response to the application: 302 or 303 with a query, or a page that
/// posts itself (OAuth 2.0 Form Post Response Mode).
///
/// # Errors
/// As [`answer`].
pub fn to_application(
    state: &State,
    tenant: &Tenant,
    req: &HttpRequest,
    response: &AuthorizeResponse,
) -> Result<HttpResponse, Fault> {
    let params: Vec<(&str, &str)> =
        response.params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match response.mode {
        ResponseMode::Query => page::redirect(req, &append_query(&response.redirect_uri, &params)),
        ResponseMode::FormPost => form_post(state, tenant, &response.redirect_uri, params),
    }
}

/// A page that posts `params` to `action` by itself.
///
/// # Errors
/// 500 when the template cannot be rendered.
pub fn form_post(
    state: &State,
    tenant: &Tenant,
    action: &str,
    params: Vec<(&str, &str)>,
) -> Result<HttpResponse, Fault> {
    let mut bytes = [0u8; 16];
    state.ctx.vault.random().fill(&mut bytes);
    let nonce = URL_SAFE_NO_PAD.encode(bytes);
    let host = action.split_once("://").map_or(action, |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or(host);
    let page = FormPost {
        frame: page::frame(tenant),
        application: host.to_owned(),
        action: action.to_owned(),
        params: params.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        nonce: nonce.clone(),
    };
    let headers = PageHeaders {
        form_action: vec![form_action_of(action)],
        nonce: Some(nonce),
        ..PageHeaders::default()
    };
    page::html(StatusCode::OK, &page, &headers)
}

impl From<PageError> for Fault {
    fn from(error: PageError) -> Fault {
        match error {
            PageError::Refused { code, application, home, support } => {
                let mut fault = Fault::bad_request(code).support(support);
                if let (Some(name), Some(url)) = (&application, home) {
                    fault = fault.back(format!("Back to {name}"), url);
                }
                match application {
                    Some(name) => fault.application(name),
                    None => fault,
                }
            }
            PageError::Store(error) => error.into(),
        }
    }
}
