//! The end of a sign-up: the address is proven, the user is made, and the browser that asked goes
//! on with its sign-in. Any other browser has proven the address and nothing else.

use std::sync::Arc;

use context::{Ctx, Tenant};
use directory::sign_up::{self, Waiting};
use directory::{Actor, Error};
use store::users::UserRow;
use store::{ApplicationId, Error as StoreError};

use crate::browser::Browser;
use crate::flow::{self, Flow, FlowError};
use crate::login::{self, Outcome, SignedIn};
use crate::offer::{self, Offer};
use crate::portal;
use crate::trace::{self, About};
use crate::upstream::{self, Completion};

/// What came of it.
#[derive(Debug)]
pub enum Verified {
    /// There is a user, signed in in this browser; the flow goes on.
    SignedIn(Box<SignedIn>, Box<Flow>),
    /// There is a user; this is not the browser that asked.
    Elsewhere,
    /// Somebody has the address by now.
    Taken,
    /// Strangers may not create an account any more.
    Closed,
    /// The address of somebody who comes through a provider has an account: the page that asks its
    /// owner to prove it, by what is sealed in its address.
    Prove(String),
    /// Refused, with the catalogue's code: only where a provider has part in it.
    Refused(&'static str),
}

/// Makes the user of a sign-up that waits.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when the link does not work, or whatever the database
/// reports.
pub fn verify(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    token: &str,
) -> Result<Verified, Error> {
    let waiting = sign_up::open(ctx, tenant, token)?;
    if waiting.upstream.is_some() {
        return Ok(match upstream::complete(ctx, tenant, browser, token, &waiting)? {
            Completion::SignedIn(signed_in, flow) => Verified::SignedIn(signed_in, flow),
            Completion::Prove(pending) => Verified::Prove(pending),
            Completion::Refused(code) => Verified::Refused(code),
        });
    }
    if !offered(ctx, tenant, &waiting)?.is_some_and(|offer| offer.sign_up) {
        return Ok(Verified::Closed);
    }
    let user = sign_up::row(ctx, tenant, &waiting)?;
    let visitor = Actor::visitor(&browser.request, &browser.ip);
    let made =
        ctx.db.write(&tenant.id, |tx| sign_up::complete(tx, ctx, &visitor, token, &user, &waiting));
    match made {
        Ok(true) => {}
        Ok(false) | Err(Error::Store(StoreError::Conflict(_))) => return Ok(Verified::Taken),
        Err(other) => return Err(other),
    }
    note(ctx, tenant, &waiting, &user);
    match own_flow(ctx, tenant, browser, &waiting) {
        Some(flow) => Ok(enter(ctx, tenant, browser, flow, user)?),
        None => Ok(Verified::Elsewhere),
    }
}

/// What the application of a sign-up offers by now; none when it is gone or switched off.
pub(crate) fn offered(
    ctx: &Ctx,
    tenant: &Tenant,
    waiting: &Waiting,
) -> Result<Option<Offer>, StoreError> {
    if portal::is(&waiting.application) {
        return offer::of(ctx, tenant, &portal::application(tenant)).map(Some);
    }
    let Some(id) = ApplicationId::parse(&waiting.application) else { return Ok(None) };
    match ctx.snapshots.application(ctx, &tenant.id, id.as_str())? {
        Some(application) if !application.disabled => {
            offer::of(ctx, tenant, &application).map(Some)
        }
        _ => Ok(None),
    }
}

/// The flow to go on with, in the browser that asked: as it was, or begun anew when it is too old.
/// Somebody may have signed in in it meanwhile, so it gets an id of its own.
pub(crate) fn own_flow(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    waiting: &Waiting,
) -> Option<Flow> {
    let request = match flow::open(ctx, tenant, &waiting.back.tx, &browser.bid) {
        Ok(flow) => flow.request,
        Err(FlowError::Expired(request)) => *request,
        Err(_) => return None,
    };
    Some(Flow::new(ctx, request, &browser.bid))
}

fn enter(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    flow: Flow,
    user: UserRow,
) -> Result<Verified, StoreError> {
    let outcome = login::signed_up(ctx, tenant, &flow, browser, user)?;
    Ok(match outcome {
        Outcome::SignedIn(signed_in) => Verified::SignedIn(signed_in, Box::new(flow)),
        // Blocked or changed in this very moment: the user is there, and signs in as anybody.
        _ => Verified::Elsewhere,
    })
}

fn note(ctx: &Ctx, tenant: &Tenant, waiting: &Waiting, user: &UserRow) {
    let about = About {
        flow: &waiting.back.flow,
        application: &waiting.application,
        user: user.id.as_str(),
        ..About::default()
    };
    trace::note(ctx, tenant, "sign_up", trace::OK, about);
}
