//! An identity that waits: for a proof that an account is theirs, or for what a new account lacks.
//! It is sealed and bound to the browser; nothing is stored of somebody who never finishes.

use std::sync::Arc;

use context::{Connection, Ctx, Tenant};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Error, Timestamp};
use vault::Purpose;

use super::{Asking, Upstream};
use crate::browser::Browser;
use crate::flow::{LIFETIME_S, fingerprint};
use crate::seal;

const EXTRA: &[u8] = b"pending";

/// An identity that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pending {
    /// The sign-in at the provider: used up when this is.
    #[serde(rename = "i")]
    pub id: String,
    /// The connection.
    #[serde(rename = "c")]
    pub connection: String,
    /// The upstream issuer.
    #[serde(rename = "s")]
    pub issuer: String,
    /// The upstream subject.
    #[serde(rename = "u")]
    pub subject: String,
    /// The name the identity is listed under.
    #[serde(rename = "l", default)]
    pub label: String,
    /// What the provider said, secrets left out.
    #[serde(rename = "p", default)]
    pub profile: Value,
    /// The version of the mapping that was applied.
    #[serde(rename = "v", default)]
    pub mapping_version: i64,
    /// What the mapping made of it for a new user.
    #[serde(rename = "f", default)]
    pub fields: Map<String, Value>,
    /// The address.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the provider is trusted to have proven it.
    #[serde(rename = "y", default)]
    pub verified: bool,
    /// The flow to go on with, as its pages' URLs name it; empty at the account pages.
    #[serde(rename = "x", default)]
    pub tx: String,
    /// The flow's id: the support code.
    #[serde(rename = "o", default)]
    pub flow: String,
    /// Fingerprint of the browser it belongs to.
    #[serde(rename = "b")]
    pub browser: String,
    /// When it began.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// The user it is to be linked to.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The session at the account pages from which linking was asked for.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

/// Why something that waits does not open.
#[derive(Debug, thiserror::Error)]
pub enum PendingError {
    /// It is not ours, or too old.
    #[error("over")]
    Over,
    /// It began in another browser.
    #[error("another browser")]
    Foreign,
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Pending {
    pub(super) fn new(
        ctx: &Ctx,
        asking: &Asking,
        who: &Upstream,
        fields: &Map<String, Value>,
    ) -> Pending {
        let flow = asking.flow.id.clone();
        Pending { tx: asking.tx.to_owned(), flow, ..Pending::of(ctx, asking.browser, who, fields) }
    }

    /// An identity that waits outside of a flow.
    pub fn of(
        ctx: &Ctx,
        browser: &Browser,
        who: &Upstream,
        fields: &Map<String, Value>,
    ) -> Pending {
        Pending {
            id: who.transaction.clone(),
            connection: who.connection.id.as_str().to_owned(),
            issuer: who.issuer.clone(),
            subject: who.subject.clone(),
            label: who.label.clone(),
            profile: who.profile.clone(),
            mapping_version: who.connection.mapping_version,
            fields: fields.clone(),
            email: who.address.as_ref().map(|a| a.email.display.clone()),
            verified: who.address.as_ref().is_some_and(|a| a.verified),
            tx: String::new(),
            flow: String::new(),
            browser: fingerprint(&browser.bid),
            at: ctx.now(),
            user: None,
            session: None,
        }
    }

    /// Somebody as their provider vouched for them.
    pub(super) fn vouched(&self, connection: &Arc<Connection>) -> Upstream {
        Upstream {
            connection: Arc::clone(connection),
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            label: self.label.clone(),
            profile: self.profile.clone(),
            address: None,
            transaction: self.id.clone(),
        }
    }

    /// When it stops counting.
    pub fn expires_at(&self) -> Timestamp {
        self.at.plus_seconds(LIFETIME_S)
    }
}

/// Seals it for a URL.
///
/// # Errors
/// Whatever the database reports, when it is so long that it becomes a row.
pub fn seal_pending(ctx: &Ctx, tenant: &Tenant, pending: &Pending) -> Result<String, Error> {
    seal::carry(ctx, Purpose::Upstream, &tenant.id, EXTRA, pending, pending.expires_at())
}

/// Opens it in the browser it belongs to.
///
/// # Errors
/// [`PendingError`] says why not.
pub fn open_pending(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    text: &str,
) -> Result<Pending, PendingError> {
    let found: Option<Pending> = seal::fetch(ctx, Purpose::Upstream, &tenant.id, EXTRA, text)?;
    let pending = found.ok_or(PendingError::Over)?;
    if !vault::ct_eq(pending.browser.as_bytes(), fingerprint(&browser.bid).as_bytes()) {
        return Err(PendingError::Foreign);
    }
    if pending.expires_at() <= ctx.now() {
        return Err(PendingError::Over);
    }
    Ok(pending)
}
