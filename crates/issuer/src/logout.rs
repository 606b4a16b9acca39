//! Signing out (OpenID Connect RP-Initiated Logout 1.0). With an ID token of this very session the
//! session ends at once; without, the person is asked first. Back goes only to a registered URI.

use context::{Application, Ctx, Tenant};
use protocol::claims::{Audience, IdToken};
use protocol::{Params, catalogue};
use serde::{Deserialize, Serialize};
use store::{Error, SessionId, Timestamp, UserId};
use vault::Purpose;

use crate::browser::Browser;
use crate::error::PageError;
use crate::trace::{self, About};
use crate::{id_token_hint, seal};

const LIFETIME_S: i64 = 3_600;
const MAX_STATE: usize = 2_048;

/// What the browser gets.
#[derive(Debug)]
pub enum LogoutNext {
    /// The person is asked.
    Confirm {
        /// The sealed request for the form.
        request: String,
        /// Who is signed in, newest first; nobody, perhaps.
        emails: Vec<String>,
        /// The application that asks, if it is known.
        application: Option<String>,
    },
    /// Signed out.
    Done {
        /// Where to, if a registered URI was named.
        redirect: Option<String>,
    },
}

/// What is carried from the question to the answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Request {
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    redirect: Option<String>,
    #[serde(rename = "t")]
    at: Timestamp,
}

/// A sign-out request.
///
/// # Errors
/// [`PageError`] for a URI that is not registered or a hint that is not ours: nothing redirects.
pub fn begin(
    ctx: &Ctx,
    tenant: &Tenant,
    params: &Params,
    browser: &Browser,
) -> Result<LogoutNext, PageError> {
    let refuse = |code: &'static str| {
        let about = About { flow: &browser.request, ..About::default() };
        trace::note(ctx, tenant, "logout", code, about);
        PageError::new(code, &browser.request)
    };
    // A hint that is not ours is no hint: the person is asked, and nothing redirects.
    let hint = params.get("id_token_hint").and_then(|hint| id_token_hint::read(ctx, tenant, hint));
    let application = application(ctx, tenant, params, hint.as_ref())?;
    let redirect = redirect(params, application.as_deref())
        .ok_or_else(|| refuse(catalogue::LOGOUT_REDIRECT_UNREGISTERED))?;
    let here = people(ctx, tenant, browser)?;
    let named = hint.as_ref().and_then(|hint| hint.sid.as_deref());
    let this_very_session = named.is_some_and(|sid| here.iter().any(|p| p.session.as_str() == sid));
    if hint.is_some() && (this_very_session || here.is_empty()) {
        end(ctx, tenant, browser, &here, named, false)?;
        return Ok(LogoutNext::Done { redirect });
    }
    // The hint of another session says nothing about who is to be sent where.
    let redirect = redirect.filter(|_| hint.is_none());
    // Back without a hint needs both: the application named, and the person's answer.
    let request = Request { redirect, at: ctx.now() };
    Ok(LogoutNext::Confirm {
        request: seal::seal(ctx, Purpose::Flow, &tenant.id, b"logout", &request)?,
        emails: here.into_iter().map(|p| p.email).collect(),
        application: application.map(|a| a.name.clone()),
    })
}

/// The person's answer: ends the sessions of this browser in this tenant, or, with `everywhere`,
/// every session of these people and everything ever issued to them.
///
/// # Errors
/// [`PageError`] when the form is too old or not ours.
pub fn confirm(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    request: &str,
    everywhere: bool,
) -> Result<Option<String>, PageError> {
    let request: Request = seal::open(ctx, Purpose::Flow, &tenant.id, b"logout", request)
        .filter(|r: &Request| r.at.plus_seconds(LIFETIME_S) > ctx.now())
        .ok_or_else(|| PageError::new(catalogue::FLOW_EXPIRED, &browser.request))?;
    let here = people(ctx, tenant, browser)?;
    end(ctx, tenant, browser, &here, None, everywhere)?;
    Ok(request.redirect)
}

struct Person {
    session: SessionId,
    user: UserId,
    email: String,
}

fn people(ctx: &Ctx, tenant: &Tenant, browser: &Browser) -> Result<Vec<Person>, Error> {
    let hashes = browser.token_hashes();
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let rows = ctx.db.read(&tenant.id, |tx| tx.list_browser_sessions(&hashes, "", ctx.now()))?;
    let person = |row: store::sessions::BrowserSession| Person {
        session: row.id,
        user: row.user_id,
        email: row.email,
    };
    Ok(rows.into_iter().map(person).collect())
}

fn end(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    here: &[Person],
    only: Option<&str>,
    everywhere: bool,
) -> Result<(), Error> {
    if here.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| {
        for person in here.iter().filter(|p| only.is_none_or(|sid| p.session.as_str() == sid)) {
            tx.end_session(&person.session, now)?;
            tx.changed("session", person.session.as_str());
            if everywhere {
                tx.raise_user_epoch(&person.user, now)?;
                tx.end_sessions_of(&person.user, None, now)?;
                tx.changed("user", person.user.as_str());
            }
        }
        Ok::<_, Error>(())
    })?;
    for person in here {
        let about =
            About { flow: &browser.request, user: person.user.as_str(), ..About::default() };
        trace::note(ctx, tenant, "logout", trace::OK, about);
    }
    Ok(())
}

/// The application a hint or `client_id` names. Both must agree (RP-Initiated Logout §2).
fn application(
    ctx: &Ctx,
    tenant: &Tenant,
    params: &Params,
    hint: Option<&IdToken>,
) -> Result<Option<std::sync::Arc<Application>>, Error> {
    let hinted = hint.and_then(|token| match &token.aud {
        Audience::One(one) => Some(one.as_str()),
        Audience::Many(_) => None,
    });
    let named = params.get("client_id");
    let id = match (hinted, named) {
        (Some(hinted), Some(named)) if hinted != named => return Ok(None),
        (hinted, named) => hinted.or(named),
    };
    let Some(id) = id else { return Ok(None) };
    ctx.snapshots.application(ctx, &tenant.id, id)
}

/// `Some(None)` when there is nowhere to go back to; `None` when an application asked for a URI it
/// did not register.
fn redirect(params: &Params, application: Option<&Application>) -> Option<Option<String>> {
    let (Some(uri), Some(application)) = (params.get("post_logout_redirect_uri"), application)
    else {
        return Some(None);
    };
    let registered = &application.config.post_logout_redirect_uris;
    if !registered.iter().any(|known| known == uri) {
        return None;
    }
    let state = params.get("state").filter(|state| state.len() <= MAX_STATE);
    Some(Some(with_state(uri, state)))
}

fn with_state(uri: &str, state: Option<&str>) -> String {
    match state {
        Some(state) => protocol::form::append_query(uri, &[("state", state)]),
        None => uri.to_owned(),
    }
}
