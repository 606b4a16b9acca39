//! Consent: what the page asks, and what an answer does. Allowing writes the consent and goes on
//! with the flow; refusing writes nothing.

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use protocol::scope::{ADDRESS, EMAIL, OFFLINE_ACCESS, OPENID, PHONE, PROFILE};
use protocol::{ErrorCode, OauthError, Scopes, catalogue};
use store::sessions::BrowserSession;
use store::{ApplicationId, Error};

use crate::authorize::{self, AuthorizeResponse, Next, about, sessions, still_valid};
use crate::browser::Browser;
use crate::error::PageError;
use crate::flow::Flow;
use crate::trace::{self, About};

/// What the page shows.
#[derive(Debug)]
pub struct ConsentView {
    /// Who asks.
    pub application: Arc<Application>,
    /// The session that answers.
    pub session: String,
    /// Who is asked: name, may be empty.
    pub name: String,
    /// Who is asked: address.
    pub email: String,
    /// What the application wants, one sentence each.
    pub wants: Vec<&'static str>,
    /// Whether it wants to go on while the person is away.
    pub offline: bool,
}

/// What a scope means, as the end of "It will …".
pub fn sentence(scope: &str) -> Option<&'static str> {
    Some(match scope {
        OPENID => "Know that it is you when you come back",
        PROFILE => "See your name, picture and the other fields of your profile",
        EMAIL => "See your email address",
        ADDRESS => "See your postal address",
        PHONE => "See your phone number",
        OFFLINE_ACCESS => "Keep working while you are away, until you end it",
        _ => return None,
    })
}

/// What the page shows; `None` when nobody who could answer is signed in any more.
///
/// # Errors
/// [`PageError`] when the application was switched off or changed meanwhile.
pub fn view(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    flow: &Flow,
    browser: &Browser,
) -> Result<Option<ConsentView>, PageError> {
    let application = still_valid(ctx, tenant, flow)?;
    let Some(session) = answering(ctx, tenant, flow, browser, None)? else { return Ok(None) };
    let scopes = &flow.request.scopes;
    Ok(Some(ConsentView {
        application,
        session: session.id.as_str().to_owned(),
        name: session.name,
        email: session.email,
        wants: scopes.iter().filter(|s| *s != OFFLINE_ACCESS).filter_map(sentence).collect(),
        offline: scopes.contains(OFFLINE_ACCESS),
    }))
}

/// The session that answers: the chosen one, or the one signed in to last. An answer names the
/// session its page was shown for, so that nobody answers for somebody else.
fn answering(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    browser: &Browser,
    shown_for: Option<&str>,
) -> Result<Option<BrowserSession>, Error> {
    let rows = sessions(ctx, tenant, flow, browser)?;
    let fits = |s: &BrowserSession| {
        !s.blocked
            && flow.chosen.as_ref().is_none_or(|id| id == s.id.as_str())
            && flow.expected_user.as_ref().is_none_or(|user| user == s.user_id.as_str())
    };
    let found = rows.into_iter().find(fits);
    Ok(found.filter(|s| shown_for.is_none_or(|id| id == s.id.as_str())))
}

/// Allows what the flow asks for, and goes on.
///
/// # Errors
/// [`PageError`] when the application was switched off or changed meanwhile.
pub fn allow(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    flow: &Flow,
    browser: &Browser,
    shown_for: &str,
) -> Result<Next, PageError> {
    let application = still_valid(ctx, tenant, flow)?;
    if let Some(session) = answering(ctx, tenant, flow, browser, Some(shown_for))? {
        put(ctx, tenant, flow, &application.id, &session)?;
        let user = session.user_id.as_str();
        trace::note(ctx, tenant, "consent", trace::OK, About { user, ..about(flow) });
    }
    authorize::resume(ctx, tenant, flow, browser)
}

fn put(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    application: &ApplicationId,
    session: &BrowserSession,
) -> Result<(), Error> {
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| {
        let before = tx.find_consent(&session.user_id, application)?;
        let before = before.and_then(|row| Scopes::parse(&row.scopes).ok()).unwrap_or_default();
        let scopes = before.union(&flow.request.scopes).to_string();
        tx.put_consent(&session.user_id, application, &scopes, now)
    })
}

/// Refuses, and tells the application so.
///
/// # Errors
/// [`PageError`] when the application was switched off or changed meanwhile.
pub fn deny(ctx: &Ctx, tenant: &Arc<Tenant>, flow: &Flow) -> Result<AuthorizeResponse, PageError> {
    still_valid(ctx, tenant, flow)?;
    trace::note(ctx, tenant, "consent", catalogue::CONSENT_DENIED, about(flow));
    let error = OauthError::new(ErrorCode::AccessDenied, "the person did not allow it");
    Ok(authorize::refuse(tenant, flow, &error))
}
