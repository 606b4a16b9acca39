//! Completing a sign-up: a provider vouches for somebody, but for no address of theirs. They type
//! one, a mail proves it, and only then there is a user, who has the identity from the beginning.
//!
//! What waits counts in the browser in which the provider vouched, and nowhere else. So nobody has
//! an account made with somebody else's address and their own identity, whoever opens the mail.

use std::sync::Arc;

use context::{Connection, Ctx, Tenant};
use directory::sign_up::Waiting;
use protocol::catalogue;
use protocol::email::{CanonicalEmail, canonical_email};
use serde_json::Value;
use store::Error;

use super::{Pending, seal_pending, state_is_spent};
use crate::browser::Browser;
use crate::flow::{Flow, is_of};
use crate::login::SignedIn;
use crate::offer::Offer;
use crate::sign_up::{offered, own_flow};

mod write;

pub(crate) use write::complete;

/// The connection through which a sign-up may still be completed.
///
/// # Errors
/// The catalogue's code of what has changed meanwhile.
pub fn sign_up_connection(
    tenant: &Tenant,
    offer: &Offer,
    pending: &Pending,
) -> Result<Arc<Connection>, &'static str> {
    let found = offer.connections.iter().find(|c| c.id.as_str() == pending.connection);
    let connection = found.ok_or(catalogue::CONNECTION_DISABLED)?;
    match offer.sign_up && !tenant.is_system() && connection.config.sign_up {
        true => Ok(Arc::clone(connection)),
        false => Err(catalogue::SIGN_UP_CLOSED),
    }
}

/// Keys of the fields that must have a value and that the provider has said nothing of.
pub fn lacking(offer: &Offer, pending: &Pending) -> Vec<String> {
    let empty = |value: &Value| value.is_null() || value.as_str().is_some_and(str::is_empty);
    let said = |key: &String| pending.fields.get(key).is_some_and(|value| !empty(value));
    offer.required.iter().filter(|key| *key != "email" && !said(key)).cloned().collect()
}

/// Whether people of this connection may have this address.
pub fn allows(connection: &Connection, email: &CanonicalEmail) -> bool {
    let domains = &connection.config.email_domains;
    domains.is_empty() || domains.iter().any(|d| d.eq_ignore_ascii_case(email.domain()))
}

/// What the link of such a sign-up comes to in this browser.
#[derive(Debug)]
pub enum Arrival {
    /// It can be completed: provider and name there.
    Ready(String, String),
    /// The address has an account: its owner proves it, then the identity joins it.
    Prove(String),
    /// Refused, with the catalogue's code.
    Refused(&'static str),
}

/// What came of completing a sign-up.
#[derive(Debug)]
pub enum Completion {
    /// There is a user, signed in; the flow goes on.
    SignedIn(Box<SignedIn>, Box<Flow>),
    /// As [`Arrival::Prove`].
    Prove(String),
    /// Refused, with the catalogue's code.
    Refused(&'static str),
}

/// Everybody who has a part in it.
struct Parties {
    pending: Pending,
    connection: Arc<Connection>,
    flow: Flow,
}

/// What the link comes to; none for a sign-up without a provider. Changes nothing.
///
/// # Errors
/// Whatever the database reports.
pub fn arrival(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    waiting: &Waiting,
) -> Result<Option<Arrival>, Error> {
    if waiting.upstream.is_none() {
        return Ok(None);
    }
    let parties = match parties(ctx, tenant, browser, waiting)? {
        Ok(parties) => parties,
        Err(code) => return Ok(Some(Arrival::Refused(code))),
    };
    if let Some(pending) = taken(ctx, tenant, &parties.pending, waiting)? {
        return Ok(Some(Arrival::Prove(pending)));
    }
    Ok(Some(Arrival::Ready(parties.connection.name.clone(), parties.pending.label)))
}

/// The inner error is the catalogue's code.
fn parties(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    waiting: &Waiting,
) -> Result<Result<Parties, &'static str>, Error> {
    let pending: Option<Pending> =
        waiting.upstream.clone().and_then(|value| serde_json::from_value(value).ok());
    let Some(pending) = pending else { return Ok(Err(catalogue::UPSTREAM_STATE)) };
    if !is_of(&pending.browser, &browser.bid) {
        return Ok(Err(catalogue::FLOW_FOREIGN_BROWSER));
    }
    let Some(flow) = own_flow(ctx, tenant, browser, waiting) else {
        return Ok(Err(catalogue::UPSTREAM_STATE));
    };
    if state_is_spent(ctx, tenant, &pending.id)? {
        return Ok(Err(catalogue::UPSTREAM_STATE));
    }
    let Some(offer) = offered(ctx, tenant, waiting)? else {
        return Ok(Err(catalogue::APPLICATION_DISABLED));
    };
    let connection = match sign_up_connection(tenant, &offer, &pending) {
        Ok(connection) => connection,
        Err(code) => return Ok(Err(code)),
    };
    let allowed = canonical_email(&waiting.email).is_ok_and(|email| allows(&connection, &email));
    Ok(match allowed {
        true => Ok(Parties { pending, connection, flow }),
        false => Err(catalogue::EMAIL_DOMAIN),
    })
}

/// What waits, for the owner of the account that has the address; none when nobody has it.
fn taken(
    ctx: &Ctx,
    tenant: &Tenant,
    pending: &Pending,
    waiting: &Waiting,
) -> Result<Option<String>, Error> {
    let Ok(email) = canonical_email(&waiting.email) else { return Ok(None) };
    let user = ctx.db.read(&tenant.id, |tx| tx.find_user_by_email(&email.key))?;
    let Some(user) = user else { return Ok(None) };
    let pending = Pending {
        user: Some(user.id.as_str().to_owned()),
        email: Some(email.display),
        verified: false,
        ..pending.clone()
    };
    seal_pending(ctx, tenant, &pending).map(Some)
}
