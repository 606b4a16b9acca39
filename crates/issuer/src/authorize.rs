//! The authorization endpoint: checks a request, in one order, and hands it to the flow. Until the
//! redirect URI is verified nothing here can redirect. `GET /authorize` writes nothing.

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use protocol::authorize::ResponseMode;
use protocol::{OauthError, Params, Scopes, authorize, catalogue, redirect_uri};
use store::GrantType;
use store::sessions::BrowserSession;

mod checks;
mod refusals;

pub(crate) use refusals::refuse;
use refusals::{reason, refusal, silent};

use crate::browser::Browser;
use crate::code;
use crate::error::PageError;
use crate::flow::{self, Candidate, Flow, SecondFactor, SignInPolicy, Step, next_step};
use crate::trace::{self, About};
use crate::{portal, profile};

/// An answer on its way to the application.
#[derive(Debug, Clone)]
pub struct AuthorizeResponse {
    /// Where to: a registered URI.
    pub redirect_uri: String,
    /// How.
    pub mode: ResponseMode,
    /// What: `code` or `error`, `state`, `iss` (RFC 9207).
    pub params: Vec<(&'static str, String)>,
}

/// What the browser gets.
#[derive(Debug)]
pub enum Next {
    /// A page of the flow.
    Page {
        /// Which.
        step: Step,
        /// The sealed flow for its URL.
        tx: String,
        /// The flow.
        flow: Box<Flow>,
    },
    /// Back to the application.
    Redirect(AuthorizeResponse),
}

/// Starts a flow.
///
/// # Errors
/// [`PageError`] for everything that must not redirect.
pub fn start(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    params: &Params,
    browser: &Browser,
) -> Result<Next, PageError> {
    let (application, redirect_uri) = find(ctx, tenant, params, browser)?;
    let read = authorize::parse(params, &redirect_uri)
        .map_err(|r| (r.error.clone(), reason(&r.error), r.state, r.response_mode));
    let checked = read.and_then(|request| {
        let (state, mode) = (request.state.clone(), request.response_mode);
        checks::check(ctx, tenant, &application, request).map_err(|(e, c)| (e, c, state, mode))
    });
    match checked {
        Ok((request, expected_user)) => {
            let mut flow = Flow::new(ctx, request, &browser.bid);
            flow.expected_user = expected_user;
            resume(ctx, tenant, &flow, browser)
        }
        Err((error, code, state, mode)) => {
            let about = About {
                flow: &browser.request,
                application: application.id.as_str(),
                detail: serde_json::json!({ "error": error.code.as_str(), "hint": error.hint }),
                ..About::default()
            };
            trace::note(ctx, tenant, "authorize", code, about);
            Ok(Next::Redirect(refusal(tenant, redirect_uri, mode, state, &error, &browser.request)))
        }
    }
}

/// Who asks, and where the answer goes. RFC 6749 §4.1.2.1, RFC 9700 §4.11.2 // R4
fn find(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    params: &Params,
    browser: &Browser,
) -> Result<(Arc<Application>, String), PageError> {
    let refuse = |code, application: Option<&Application>, sent: Option<&str>| {
        refused(ctx, tenant, browser, code, application, sent)
    };
    let (client_id, sent) = authorize::client_and_redirect(params)
        .map_err(|_| refuse(catalogue::REQUEST_INVALID, None, None))?;
    let application = ctx
        .snapshots
        .application(ctx, &tenant.id, client_id)?
        .ok_or_else(|| refuse(catalogue::APPLICATION_UNKNOWN, None, None))?;
    let registered = &application.config.redirect_uris;
    // OIDC Core §3.1.2.1: always required; RFC 9700 §2.1: equal as strings. // R1
    let uri = sent
        .filter(|sent| redirect_uri::matches(sent, registered, application.kind))
        .ok_or_else(|| refuse(catalogue::REDIRECT_URI_MISMATCH, Some(&application), sent))?;
    if application.disabled {
        return Err(refuse(catalogue::APPLICATION_DISABLED, Some(&application), None));
    }
    let uri = uri.to_owned();
    Ok((application, uri))
}

/// A refusal on our own page. The cause and the nearest registered URI are for the trace alone.
fn refused(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    code: &'static str,
    application: Option<&Application>,
    sent: Option<&str>,
) -> PageError {
    let nearest = application
        .zip(sent)
        .and_then(|(a, sent)| redirect_uri::nearest(sent, &a.config.redirect_uris));
    let about = About {
        flow: &browser.request,
        application: application.map_or("", |a| a.id.as_str()),
        detail: serde_json::json!({ "redirect_uri": sent, "nearest": nearest }),
        ..About::default()
    };
    trace::note(ctx, tenant, "authorize", code, about);
    PageError::Refused {
        code,
        application: application.map(|a| a.name.clone()),
        home: application.and_then(|a| a.config.home_url.clone()),
        support: browser.request.clone(),
    }
}

/// Goes on with a flow: reads the browser's sessions in one statement and takes the next step.
///
/// # Errors
/// [`PageError`] when the application was switched off or changed meanwhile.
pub fn resume(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    flow: &Flow,
    browser: &Browser,
) -> Result<Next, PageError> {
    let application = still_valid(ctx, tenant, flow)?;
    let sessions = sessions(ctx, tenant, flow, browser)?;
    let policy = SignInPolicy {
        consent: !application.first_party,
        second_factor: SecondFactor::Off,
        scopes: flow.request.scopes.clone(),
        required: profile::required(tenant, &application),
    };
    let candidates: Vec<Candidate> =
        sessions.iter().filter_map(|row| Candidate::from_row(row, &policy)).collect();
    match next_step(flow, &candidates, &policy, ctx.now()) {
        Step::Done(id) => done(ctx, tenant, flow, sessions.iter().find(|s| s.id == id)),
        Step::Fail(code) => {
            let (name, hint) = silent(code);
            trace::note(ctx, tenant, "authorize", name, about(flow));
            let error = OauthError::new(code, hint);
            Ok(Next::Redirect(refuse(tenant, flow, &error)))
        }
        step => {
            let tx = flow::seal(ctx, tenant, flow)?;
            Ok(Next::Page { step, tx, flow: Box::new(flow.clone()) })
        }
    }
}

pub(crate) fn about(flow: &Flow) -> About<'_> {
    About { flow: &flow.id, application: &flow.request.client_id, ..About::default() }
}

pub(crate) fn sessions(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    browser: &Browser,
) -> Result<Vec<BrowserSession>, store::Error> {
    let hashes = browser.token_hashes();
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let now = ctx.now();
    ctx.db.read(&tenant.id, |tx| tx.list_browser_sessions(&hashes, &flow.request.client_id, now))
}

/// A flow may be an hour old: the application and its redirect URI are checked again.
pub(crate) fn still_valid(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
) -> Result<Arc<Application>, PageError> {
    if portal::is(&flow.request.client_id) {
        return portal::still_valid(tenant, flow);
    }
    let application = ctx
        .snapshots
        .application(ctx, &tenant.id, &flow.request.client_id)?
        .ok_or_else(|| PageError::new(catalogue::APPLICATION_UNKNOWN, &flow.id))?;
    let refused = |code| PageError::Refused {
        code,
        application: Some(application.name.clone()),
        home: application.config.home_url.clone(),
        support: flow.id.clone(),
    };
    if application.disabled {
        return Err(refused(catalogue::APPLICATION_DISABLED));
    }
    let uris = &application.config.redirect_uris;
    if !redirect_uri::matches(&flow.request.redirect_uri, uris, application.kind) {
        return Err(refused(catalogue::REDIRECT_URI_MISMATCH));
    }
    if !application.may(GrantType::AuthorizationCode) {
        return Err(refused(catalogue::GRANT_TYPE_NOT_ALLOWED));
    }
    Ok(application)
}

fn done(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    session: Option<&BrowserSession>,
) -> Result<Next, PageError> {
    let session = session.ok_or_else(|| PageError::new(catalogue::SESSION_EXPIRED, &flow.id))?;
    let proof = code::Proof {
        session: session.id.as_str(),
        user: session.user_id.as_str(),
        amr: &session.amr,
        authenticated_at: session.authenticated_at,
    };
    let user = session.user_id.as_str();
    trace::note(ctx, tenant, "authorize", trace::OK, About { user, ..about(flow) });
    if portal::is(&flow.request.client_id) {
        return Ok(Next::Redirect(portal::arrived(flow)));
    }
    let code = code::issue(ctx, tenant, flow, &proof)?;
    let mut params = vec![("code", code)];
    params.extend(flow.request.state.clone().map(|state| ("state", state)));
    params.push(("iss", tenant.issuer.clone())); // RFC 9207 §2 // R8
    Ok(Next::Redirect(AuthorizeResponse {
        redirect_uri: flow.request.redirect_uri.clone(),
        mode: flow.request.response_mode,
        params,
    }))
}

/// Scopes an application may ask for, of those this tenant knows.
pub(crate) fn grantable(application: &Application, asked: &Scopes) -> Scopes {
    let refresh = application.may(GrantType::RefreshToken);
    let known = |scope: &&str| {
        protocol::scope::STANDARD.contains(scope)
            && (refresh || *scope != protocol::scope::OFFLINE_ACCESS)
    };
    let names: Vec<&str> = asked.iter().filter(known).collect();
    Scopes::parse(&names.join(" ")).unwrap_or_default()
}
