//! Choosing among the sessions of a browser. The choice is sealed into the flow; nothing is
//! written.

use std::sync::Arc;

use context::{Ctx, Tenant};
use store::sessions::BrowserSession;

use crate::authorize::{self, Next, sessions};
use crate::browser::Browser;
use crate::error::PageError;
use crate::flow::Flow;

/// One session to choose.
#[derive(Debug)]
pub struct Choice {
    /// The session.
    pub session: String,
    /// The person's name; may be empty.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// The sessions of this browser.
///
/// # Errors
/// Whatever the database reports.
pub fn list(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    browser: &Browser,
) -> Result<Vec<Choice>, PageError> {
    let rows = sessions(ctx, tenant, flow, browser)?;
    let choice = |s: BrowserSession| Choice {
        session: s.id.as_str().to_owned(),
        name: s.name,
        email: s.email,
    };
    Ok(rows.into_iter().filter(|s| !s.blocked).map(choice).collect())
}

/// Goes on as one of them. A session that is not of this browser is not found by the flow.
///
/// # Errors
/// [`PageError`] when the application was switched off or changed meanwhile.
pub fn pick(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    flow: &Flow,
    browser: &Browser,
    session: &str,
) -> Result<Next, PageError> {
    let flow = Flow { chosen: Some(session.to_owned()), ..flow.clone() };
    authorize::resume(ctx, tenant, &flow, browser)
}
