//! The "Check your email" pages. The address of one carries what was typed, sealed to this browser,
//! so that it can say where to look and nobody else can make it say anything. Once the link of the
//! mail was opened in another tab, Continue goes on with the sign-in here, without a form.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use issuer::{Flow, Next};
use protocol::form::append_query;
use vault::Purpose;
use web::Fault;
use web::views::{Frame, Message};

use crate::flow;
use crate::visit::Visit;

/// The page after asking for a new password.
pub(crate) const RECOVER: &str = "/recover/sent";
/// The page after asking for an account.
pub(crate) const SIGN_UP: &str = "/signup/sent";
/// The page after completing a sign-up that came from a provider.
pub(crate) const COMPLETE: &str = "/complete/sent";

const TO: &str = "to";
/// The query parameter of Continue.
const GO: &str = "go";

/// What Continue says before the link was opened here.
const EARLY: &str = "You are not signed in here yet. Open the link in this browser first. If you \
                     opened it on another device, go on there or sign in here.";

/// Where to go once a mail to `address` is asked for.
pub(crate) fn url(visit: &Visit, page: &str, address: &str) -> String {
    match visit.tx().as_str() {
        "" => url_with(visit, page, address, &[]),
        tx => url_with(visit, page, address, &[("tx", tx)]),
    }
}

/// The same with these parameters in its query.
pub(crate) fn url_with(visit: &Visit, page: &str, address: &str, more: &[(&str, &str)]) -> String {
    let ctx = &visit.state.ctx;
    let (tenant, extra) = (visit.tenant.id.as_str(), extra(visit, page));
    let sealed =
        ctx.vault.seal_text(Purpose::Link, tenant, &extra, ctx.now_s(), address.as_bytes());
    let mut query = more.to_vec();
    query.push((TO, sealed.as_str()));
    append_query(&visit.url(page), &query)
}

/// The page at `path`: `said` in its words, with Continue where a sign-in waits, and the links that
/// `more` adds.
///
/// # Errors
/// Whatever keeps a page from being made.
pub(crate) async fn page(
    visit: &Visit,
    path: &str,
    said: fn(Frame, Option<&str>) -> Message,
    more: impl FnOnce(Message) -> Message,
) -> Result<HttpResponse, Fault> {
    let asked = flow::beside(visit).await?;
    let frame = asked.as_ref().map_or_else(|| visit.frame(), |asked| asked.frame(visit));
    let mut page = said(frame, address(visit, path).as_deref());
    let Some(asked) = asked else { return visit.page(StatusCode::OK, &page, Vec::new()) };
    let mut query = visit.req.query_string().to_owned();
    if visit.query(GO).is_some() {
        if let Some(next) = next(visit, asked.flow).await? {
            return flow::answer(visit, next);
        }
        page = page.and(EARLY);
    } else {
        query = format!("{query}&{GO}=1");
    }
    page = page.link("Continue", &format!("{}?{query}", visit.path(path)));
    visit.page(StatusCode::OK, &more(page), Vec::new())
}

/// What comes next for somebody who is signed in by now.
async fn next(visit: &Visit, open: Flow) -> Result<Option<Next>, Fault> {
    let stand = visit.ask(move |ctx, tenant, browser| flow::stand(ctx, tenant, browser, open));
    Ok(Some(stand.await??.next).filter(|next| !flow::asks_to_sign_in(next)))
}

/// The address that was typed, if this browser typed it.
pub(crate) fn address(visit: &Visit, page: &str) -> Option<String> {
    let (tenant, sealed) = (visit.tenant.id.as_str(), visit.query(TO)?);
    let vault = &visit.state.ctx.vault;
    let plain = vault.open_text(Purpose::Link, tenant, &extra(visit, page), &sealed).ok()?;
    String::from_utf8(plain).ok()
}

fn extra(visit: &Visit, page: &str) -> Vec<u8> {
    format!("{page} {}", visit.visitor.browser.bid).into_bytes()
}
