//! The key of the counter of failed guesses at an identifier: a MAC, so that it exists for people
//! who do not. `issuer` counts under it; a new password forgets what was counted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::Ctx;
use store::TenantId;

/// The MAC of a canonical identifier; `device` is empty but for browsers in which the person
/// signed in before.
pub fn mac(ctx: &Ctx, tenant: &TenantId, identifier: &str, device: &[u8]) -> [u8; 32] {
    ctx.vault.lookup_mac("guesses", &[tenant.as_str().as_bytes(), identifier.as_bytes(), device])
}

/// The counter's key in the database.
pub fn key(mac: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(mac)
}
