//! Requests that are too long to stand sealed in a URL. Short-lived, and bounded per tenant, for
//! anybody can make one.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::schema::flows;
use crate::time::Timestamp;

/// How many such rows a tenant may hold at once.
pub const MAX_FLOWS: i64 = 10_000;

impl Tx<'_> {
    /// Keeps a sealed flow.
    ///
    /// # Errors
    /// [`Error::Busy`] when the tenant holds [`MAX_FLOWS`] of them.
    pub fn insert_flow(&mut self, id: &str, sealed: &[u8], until: Timestamp) -> Result<(), Error> {
        let held: i64 =
            flows::table.filter(flows::tenant.eq(&self.tenant)).count().get_result(self.conn)?;
        if held >= MAX_FLOWS {
            return Err(Error::Busy);
        }
        diesel::insert_into(flows::table)
            .values((
                flows::tenant.eq(&self.tenant),
                flows::id.eq(id),
                flows::sealed.eq(sealed),
                flows::expires_at.eq(until),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// A sealed flow that has not expired.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_flow(&mut self, id: &str, now: Timestamp) -> Result<Option<Vec<u8>>, Error> {
        Ok(flows::table
            .find((&self.tenant, id))
            .filter(flows::expires_at.gt(now))
            .select(flows::sealed)
            .first(self.conn)
            .optional()?)
    }
}
