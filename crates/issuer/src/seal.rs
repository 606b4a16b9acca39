//! Sealing of values that travel through the browser: JSON inside, tagged members, unknown ones
//! ignored, so that nodes of two versions read each other's.

use context::Ctx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Error, TenantId};
use vault::Purpose;

pub(crate) fn seal<T: Serialize>(
    ctx: &Ctx,
    purpose: Purpose,
    tenant: &TenantId,
    extra: &[u8],
    value: &T,
) -> Result<String, Error> {
    let plain = serde_json::to_vec(value).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(ctx.vault.seal_text(purpose, tenant.as_str(), extra, ctx.now_s(), &plain))
}

pub(crate) fn open<T: DeserializeOwned>(
    ctx: &Ctx,
    purpose: Purpose,
    tenant: &TenantId,
    extra: &[u8],
    sealed: &str,
) -> Option<T> {
    let plain = ctx.vault.open_text(purpose, tenant.as_str(), extra, sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}
