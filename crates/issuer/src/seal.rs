//! Sealing of values that travel through the browser: JSON inside, tagged members, unknown ones
//! ignored, so that nodes of two versions read each other's.

use context::Ctx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Error, RequestId, TenantId, Timestamp};
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

/// A sealed value longer than this is kept as a row and named by its id.
const MAX_SEALED: usize = 1_400;
const ROW: &str = "r.";

/// As [`seal`], for a value that stands in a URL: one that is too long becomes a row until `until`.
pub(crate) fn carry<T: Serialize>(
    ctx: &Ctx,
    purpose: Purpose,
    tenant: &TenantId,
    extra: &[u8],
    value: &T,
    until: Timestamp,
) -> Result<String, Error> {
    let sealed = seal(ctx, purpose, tenant, extra, value)?;
    if sealed.len() <= MAX_SEALED {
        return Ok(sealed);
    }
    let id = RequestId::new(ctx.now(), ctx.vault.random());
    ctx.db.write(tenant, |tx| tx.insert_flow(id.as_str(), sealed.as_bytes(), until))?;
    Ok(format!("{ROW}{}", id.as_str()))
}

/// Opens what [`carry`] sealed.
pub(crate) fn fetch<T: DeserializeOwned>(
    ctx: &Ctx,
    purpose: Purpose,
    tenant: &TenantId,
    extra: &[u8],
    carried: &str,
) -> Result<Option<T>, Error> {
    let Some(id) = carried.strip_prefix(ROW) else {
        return Ok(open(ctx, purpose, tenant, extra, carried));
    };
    let Some(id) = RequestId::parse(id) else { return Ok(None) };
    let row = ctx.db.read(tenant, |tx| tx.find_flow(id.as_str(), ctx.now()))?;
    let sealed = row.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(sealed.and_then(|text| open(ctx, purpose, tenant, extra, &text)))
}
