//! The `id_token_hint`: an ID token of ours, expired or not, that names a person and a session
//! (OIDC Core §3.1.2.1, RP-Initiated Logout §2).

use context::{Ctx, Tenant};
use protocol::claims::{ID_TOKEN_TYPE, IdToken};
use vault::Expect;

/// Reads a hint; `None` unless this tenant signed it as an ID token.
pub(crate) fn read(ctx: &Ctx, tenant: &Tenant, hint: &str) -> Option<IdToken> {
    let expect = Expect {
        typ: &[ID_TOKEN_TYPE],
        issuer: &tenant.issuer,
        audience: None,
        now_s: ctx.now_s(),
        allow_expired: true,
        leeway_s: 60,
    };
    vault::verify(tenant.keys.verifying(), hint, expect).ok()
}
