//! Pages of a list, by key. Where the next page begins is sealed: it cannot be forged, belongs to
//! one list of one tenant, and tells nothing.

use context::Ctx;
use vault::Purpose;

use crate::error::Error;

/// A list is never longer than this, whatever was asked for.
pub const MAX: i64 = 100;
/// Counts stop here.
pub const COUNT_CAP: i64 = 1_001;

/// One page of a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How to ask for the next one; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Cuts a list that was read one row too far, and seals where it goes on.
pub(crate) fn cut<T>(
    ctx: &Ctx,
    scope: (&str, &str),
    mut rows: Vec<T>,
    limit: i64,
    key: impl Fn(&T) -> String,
) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| seal(ctx, scope, &key(last)));
    Page { items: rows, next }
}

/// Seals where a list goes on.
pub(crate) fn seal(ctx: &Ctx, scope: (&str, &str), key: &str) -> String {
    let (tenant, list) = scope;
    let (list, now) = (list.as_bytes(), ctx.now_s());
    ctx.vault.seal_text(Purpose::PageToken, tenant, list, now, key.as_bytes())
}

/// Opens where a page begins.
///
/// # Errors
/// [`Error::Form`] when it is not ours, or belongs to another list or tenant.
pub(crate) fn open(
    ctx: &Ctx,
    scope: (&str, &str),
    after: Option<&str>,
) -> Result<Option<String>, Error> {
    let Some(after) = after else { return Ok(None) };
    let (tenant, list) = scope;
    let broken = || {
        Error::field(
            "after",
            "page_token",
            "This page link does not fit this list. Start at the first page.",
        )
    };
    let plain = ctx
        .vault
        .open_text(Purpose::PageToken, tenant, list.as_bytes(), after)
        .map_err(|_| broken())?;
    String::from_utf8(plain.to_vec()).map(Some).map_err(|_| broken())
}

/// A limit within bounds.
pub(crate) fn limit(asked: Option<i64>) -> i64 {
    asked.unwrap_or(25).clamp(1, MAX)
}
