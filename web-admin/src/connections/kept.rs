//! A secret that was typed into a form which has to be shown again: sealed to the session and the
//! tenant, so that it is not lost, and unreadable in the page that carries it. A form that is sent
//! too late, or in another session, comes without.

use vault::Purpose;

use crate::desk::InTenant;

/// How long a form may lie open with a secret in it, in seconds.
const LIFETIME_S: i64 = 3_600;

/// The secret as the page carries it; nothing for nothing.
pub(super) fn seal(desk: &InTenant, secret: &str) -> String {
    if secret.is_empty() {
        return String::new();
    }
    let now = desk.ctx.now_s();
    let plain = [&now.to_be_bytes()[..], secret.as_bytes()].concat();
    let (tenant, extra) = (desk.tenant.id.as_str(), extra(desk));
    desk.ctx.vault.seal_text(Purpose::ConnectionSecret, tenant, &extra, now, &plain)
}

/// The secret that a page carried; nothing where it cannot be had.
pub(super) fn open(desk: &InTenant, sealed: &str) -> String {
    let (tenant, extra) = (desk.tenant.id.as_str(), extra(desk));
    let opened = desk.ctx.vault.open_text(Purpose::ConnectionSecret, tenant, &extra, sealed);
    let plain = opened.unwrap_or_default();
    let Some((at, secret)) = plain.split_first_chunk::<8>() else { return String::new() };
    let age = desk.ctx.now_s() - i64::from_be_bytes(*at);
    match (-60..LIFETIME_S).contains(&age) {
        true => String::from_utf8_lossy(secret).into_owned(),
        false => String::new(),
    }
}

fn extra(desk: &InTenant) -> Vec<u8> {
    format!("connection-form {}", desk.facts.session).into_bytes()
}
