//! Signing out: the endpoint of RP-Initiated Logout, its question, and its end.
//!
//! An application may send its user here by GET or POST. A POST from its site comes without our
//! cookies, so it is turned into a GET of our own, where the browser is looked at.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use context::{Ctx, Tenant};
use issuer::logout::{self, LogoutNext};
use issuer::{Browser, PageError};
use protocol::form::append_query;
use protocol::redirect_uri::form_action_of;
use web::{Fault, FormParams, QueryParams, cookies};

use crate::views::{Logout, messages};
use crate::visit::Visit;

const FORM: &str = "logout";
/// What an application may send (OpenID Connect RP-Initiated Logout 1.0 §2).
const PARAMETERS: [&str; 6] = [
    "id_token_hint",
    "logout_hint",
    "client_id",
    "post_logout_redirect_uri",
    "state",
    "ui_locales",
];

/// What a request for a sign-out came to, and the session tokens that are still good after it.
struct After {
    next: LogoutNext,
    left: Vec<String>,
}

/// `GET /logout`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let back = query.0.get("post_logout_redirect_uri").map(str::to_owned);
    let after = visit.ask(move |ctx, tenant, browser| {
        let next = logout::begin(ctx, tenant, &query.0, browser)?;
        Ok::<_, PageError>(After { next, left: left(ctx, tenant, browser)? })
    });
    let After { next, left } = after.await??;
    match next {
        LogoutNext::Done { redirect } => done_with(&visit, redirect, &left),
        LogoutNext::Confirm { request, emails, application } => {
            question(&visit, request, emails, application, back)
        }
    }
}

/// `POST /logout`: our own form, or an application's.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let Some(request) = form.0.get("request").map(str::to_owned) else {
        let sent = PARAMETERS.iter().filter_map(|name| Some((*name, form.0.get(name)?)));
        let pairs: Vec<(&str, &str)> = sent.collect();
        return visit.redirect(&append_query(&visit.url("/logout"), &pairs));
    };
    if !visit.genuine(&form.0, FORM, "")? {
        return visit.redirect(&visit.url("/logout"));
    }
    let everywhere = form.0.has("everywhere");
    let ended = visit.ask(move |ctx, tenant, browser| {
        logout::confirm(ctx, tenant, browser, &request, everywhere)
    });
    done_with(&visit, ended.await??, &[])
}

/// `GET /logout/done`.
pub(crate) async fn done(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.page(StatusCode::OK, &messages::signed_out(visit.frame()), Vec::new())
}

/// The tokens of this browser whose sessions live: a sign-out that an application proved ends one
/// of several.
fn left(ctx: &Ctx, tenant: &Tenant, browser: &Browser) -> Result<Vec<String>, store::Error> {
    let hash = |token: &String| vault::session_token_hash(token);
    let hashes: Vec<[u8; 32]> = browser.tokens.iter().map(hash).collect();
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let now = ctx.now();
    let rows = ctx.db.read(&tenant.id, |tx| tx.list_browser_sessions(&hashes, "", now))?;
    let lives = |token: &&String| rows.iter().any(|row| row.token_hash == hash(token));
    Ok(browser.tokens.iter().filter(lives).cloned().collect())
}

fn done_with(
    visit: &Visit,
    redirect: Option<String>,
    left: &[String],
) -> Result<HttpResponse, Fault> {
    let mut response = visit.redirect(&redirect.unwrap_or_else(|| visit.url("/logout/done")))?;
    cookies::set(&mut response, &visit.visitor.jar.keep_sessions(left, None));
    Ok(response)
}

fn question(
    visit: &Visit,
    request: String,
    emails: Vec<String>,
    application: Option<String>,
    back: Option<String>,
) -> Result<HttpResponse, Fault> {
    // A way back counts only where an application is known: then it is a registered one.
    let back = back.filter(|_| application.is_some());
    if emails.is_empty() && back.is_none() {
        return visit.page(StatusCode::OK, &messages::not_signed_in(visit.frame()), Vec::new());
    }
    let page = Logout {
        frame: visit.frame(),
        action: visit.path("/logout"),
        csrf: visit.token(FORM, ""),
        request,
        emails,
        application: application.unwrap_or_default(),
    };
    visit.page(StatusCode::OK, &page, back.iter().map(|uri| form_action_of(uri)).collect())
}
