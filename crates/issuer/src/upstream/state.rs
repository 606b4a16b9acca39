//! What travels with a browser to a provider and back, sealed; and that it counts once. What is in
//! it is `federation`'s.

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::spent::SpentKind;
use store::{Error, Timestamp};
use vault::Purpose;

use super::write::spend;
use crate::error::PageError;
use crate::flow::Flow;
use crate::{authorize, seal};

macro_rules! travellers {
    ($($(#[$doc:meta])* $seal:ident, $open:ident = $extra:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// Whatever the database reports, when it is so long that it becomes a row.
        pub fn $seal<T: Serialize>(
            ctx: &Ctx,
            tenant: &Tenant,
            value: &T,
            until: Timestamp,
        ) -> Result<String, Error> {
            seal::carry(ctx, Purpose::Upstream, &tenant.id, $extra, value, until)
        }

        #[doc = concat!("Opens what [`", stringify!($seal), "`] sealed.")]
        ///
        /// # Errors
        /// Whatever the database reports.
        pub fn $open<T: DeserializeOwned>(
            ctx: &Ctx,
            tenant: &Tenant,
            text: &str,
        ) -> Result<Option<T>, Error> {
            seal::fetch(ctx, Purpose::Upstream, &tenant.id, $extra, text)
        }
    )*};
}

travellers! {
    /// Seals the `state` of a sign-in at a provider.
    seal_state, fetch_state = b"state";
    /// Seals an answer that a provider posted.
    seal_posted_state, open_posted_state = b"posted";
    /// Seals the start of a connection's test.
    seal_test_state, open_test_state = b"test";
}

/// Whether a sign-in at a provider was used up.
///
/// # Errors
/// Whatever the database reports.
pub fn state_is_spent(ctx: &Ctx, tenant: &Tenant, id: &str) -> Result<bool, Error> {
    ctx.db.read(&tenant.id, |tx| Ok(tx.find_spent(SpentKind::Upstream, id)?.is_some()))
}

/// Uses a sign-in at a provider up without effect: its answer was not to be trusted.
///
/// # Errors
/// Whatever the database reports.
pub fn spend_state(ctx: &Ctx, tenant: &Tenant, id: &str) -> Result<(), Error> {
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| spend(tx, id, "refused", now).map(drop))
}

/// The application of a flow, if it may still go on.
///
/// # Errors
/// Whatever the database reports.
pub fn application(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
) -> Result<Option<Arc<Application>>, Error> {
    match authorize::still_valid(ctx, tenant, flow) {
        Ok(application) => Ok(Some(application)),
        Err(PageError::Store(error)) => Err(error),
        Err(PageError::Refused { .. }) => Ok(None),
    }
}
