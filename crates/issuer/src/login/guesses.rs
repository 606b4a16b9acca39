//! When guesses are refused, and the counter they share. After ten failures in a row an identifier
//! is refused for a minute, doubling to fifteen. A browser in which the same person signed in
//! before has a counter of its own, so nobody else's guesses keep them out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::{Ctx, Tenant};
use store::users::UserRow;

use crate::browser::Browser;

/// Failures in a row that are looked at without a pause.
pub const LIMIT: i64 = 10;
/// The first pause, in seconds.
pub const FIRST_REFUSAL_S: i64 = 60;
/// The longest pause, in seconds.
pub const LONGEST_REFUSAL_S: i64 = 15 * 60;

/// The pause after so many failures, in seconds.
pub(super) fn refusal_s(failures: i64) -> i64 {
    if failures < LIMIT {
        return 0;
    }
    let doublings = u32::try_from(failures - LIMIT).unwrap_or(u32::MAX).min(10);
    FIRST_REFUSAL_S.saturating_mul(1 << doublings).min(LONGEST_REFUSAL_S)
}

fn device_mac(ctx: &Ctx, tenant: &Tenant, user: &str, device: &str) -> String {
    let parts = [tenant.id.as_str().as_bytes(), user.as_bytes(), device.as_bytes()];
    URL_SAFE_NO_PAD.encode(ctx.vault.lookup_mac("known-browser", &parts))
}

/// The device id of a proof in this browser's cookie that this user signed in from it.
pub(super) fn known_device(
    ctx: &Ctx,
    tenant: &Tenant,
    user: &UserRow,
    browser: &Browser,
) -> Option<String> {
    browser.known.iter().take(5).find_map(|entry| {
        let (device, proof) = entry.split_once('.')?;
        let right = device_mac(ctx, tenant, user.id.as_str(), device);
        vault::ct_eq(right.as_bytes(), proof.as_bytes()).then(|| device.to_owned())
    })
}

/// The proof for the cookie: the one the browser has, or a new one.
pub(super) fn known_proof(ctx: &Ctx, tenant: &Tenant, user: &UserRow, browser: &Browser) -> String {
    let device = known_device(ctx, tenant, user, browser).unwrap_or_else(|| {
        let mut bytes = [0u8; 12];
        ctx.vault.random().fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    });
    let proof = device_mac(ctx, tenant, user.id.as_str(), &device);
    format!("{device}.{proof}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_begins_at_ten_and_doubles_to_fifteen_minutes() {
        assert_eq!(refusal_s(9), 0);
        assert_eq!(refusal_s(10), 60);
        assert_eq!(refusal_s(11), 120);
        assert_eq!(refusal_s(13), 480);
        assert_eq!(refusal_s(14), 900);
        assert_eq!(refusal_s(i64::MAX), 900);
    }
}
