//! The address of a "Check your email" page. It carries what was typed, sealed to this browser, so
//! that the page can say where to look and nobody else can make it say anything.

use protocol::form::append_query;
use vault::Purpose;

use crate::visit::Visit;

/// The page after asking for a new password.
pub(crate) const RECOVER: &str = "/recover/sent";
/// The page after asking for an account.
pub(crate) const SIGN_UP: &str = "/signup/sent";

const TO: &str = "to";

/// Where to go once a mail to `address` is asked for.
pub(crate) fn url(visit: &Visit, page: &str, address: &str) -> String {
    let ctx = &visit.state.ctx;
    let (tenant, extra) = (visit.tenant.id.as_str(), extra(visit, page));
    let sealed =
        ctx.vault.seal_text(Purpose::Link, tenant, &extra, ctx.now_s(), address.as_bytes());
    let mut query = vec![(TO, sealed.as_str())];
    let tx = visit.tx();
    if !tx.is_empty() {
        query.insert(0, ("tx", &tx));
    }
    append_query(&visit.url(page), &query)
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
