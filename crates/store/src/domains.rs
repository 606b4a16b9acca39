//! Hosts a tenant says are its own, and what DNS said about each. Several tenants may claim one
//! host; the one that serves there is the one whose row in `tenants` names it, and that is unique.

use diesel::prelude::*;

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::TenantId;
use crate::schema::domains;
use crate::time::Timestamp;

/// A host as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = domains)]
pub struct DomainRow {
    /// The tenant that claims it.
    pub tenant: TenantId,
    /// The host: lower-case ASCII.
    pub host: String,
    /// What its TXT record has to say.
    pub token: String,
    /// Since when it is proven.
    pub proven_at: Option<Timestamp>,
    /// `dns` or `operator`; empty when it is not proven.
    pub proven_by: String,
    /// When it was last looked up.
    pub checked_at: Option<Timestamp>,
    /// What was wrong then; empty when nothing was.
    pub last_error: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it is looked up next.
    pub due_at: Timestamp,
    /// Since when the record of a proven host is missing.
    pub failing_since: Option<Timestamp>,
}

impl Tx<'_> {
    /// Adds a host.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the tenant has it already.
    pub fn insert_domain(&mut self, row: &DomainRow) -> Result<(), Error> {
        diesel::insert_into(domains::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// A host.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_domain(&mut self, host: &str) -> Result<Option<DomainRow>, Error> {
        Ok(domains::table.find((&self.tenant, host)).first(self.conn).optional()?)
    }

    /// The hosts of the tenant by name; at most 100.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_domains(&mut self) -> Result<Vec<DomainRow>, Error> {
        Ok(domains::table
            .filter(domains::tenant.eq(&self.tenant))
            .order(domains::host)
            .limit(100)
            .load(self.conn)?)
    }

    /// Notes what a look-up found, if the host still has the token it was made with.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn update_domain(&mut self, row: &DomainRow) -> Result<bool, Error> {
        let standing = domains::table.find((&self.tenant, &row.host));
        let changed = diesel::update(standing.filter(domains::token.eq(&row.token)))
            .set((
                domains::proven_at.eq(row.proven_at),
                domains::proven_by.eq(&row.proven_by),
                domains::checked_at.eq(row.checked_at),
                domains::last_error.eq(&row.last_error),
                domains::due_at.eq(row.due_at),
                domains::failing_since.eq(row.failing_since),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Removes a host; `false` when there is none.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_domain(&mut self, host: &str) -> Result<bool, Error> {
        Ok(diesel::delete(domains::table.find((&self.tenant, host))).execute(self.conn)? == 1)
    }
}

impl SystemTx<'_> {
    /// Hosts that are due to be looked up, the longest due first; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_domains_due(
        &mut self,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<DomainRow>, Error> {
        Ok(domains::table
            .filter(domains::due_at.le(now))
            .order(domains::due_at)
            .limit(limit)
            .load(self.conn)?)
    }
}
