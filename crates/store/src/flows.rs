//! Requests that are too long to stand sealed in a URL. Short-lived, and bounded per tenant, for
//! anybody can make one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::schema::flows;
use crate::time::Timestamp;

/// How many such rows a tenant may hold at once; no more than these are ever counted.
pub const MAX_FLOWS: i64 = 10_000;

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Tx<'_> {
    /// Keeps a sealed flow.
    ///
    /// # Errors
    /// [`Error::Busy`] when the tenant holds [`MAX_FLOWS`] of them.
    pub fn insert_flow(&mut self, id: &str, sealed: &[u8], until: Timestamp) -> Result<(), Error> {
        let held: Held = diesel::sql_query(
            "SELECT count(*) AS n FROM (SELECT 1 FROM flows WHERE tenant = $1 LIMIT $2) held",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<BigInt, _>(MAX_FLOWS)
        .get_result(self.conn)?;
        if held.n >= MAX_FLOWS {
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
