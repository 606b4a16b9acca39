//! Every mapping a connection ever had, with who saved it and when. Which one counts stands in the
//! connection's own row; what rules mean is `mapping`'s.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{ConnectionId, TenantId};
use crate::schema::mapping_versions;
use crate::time::Timestamp;

/// A mapping as it was saved.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = mapping_versions)]
pub struct MappingVersionRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// The connection it is for.
    pub connection: ConnectionId,
    /// Its number, from 1.
    pub version: i64,
    /// The rules as JSON.
    pub mapping: String,
    /// Who saved it: the name people read.
    pub author: String,
    /// When.
    pub created_at: Timestamp,
}

impl Tx<'_> {
    /// Adds a version.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is one with this number.
    pub fn insert_mapping_version(&mut self, row: &MappingVersionRow) -> Result<(), Error> {
        diesel::insert_into(mapping_versions::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// One version of a connection's mapping.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_mapping_version(
        &mut self,
        connection: &ConnectionId,
        version: i64,
    ) -> Result<Option<MappingVersionRow>, Error> {
        Ok(mapping_versions::table
            .find((&self.tenant, connection, version))
            .first(self.conn)
            .optional()?)
    }

    /// Versions of a connection's mapping before one of them, the newest first.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_mapping_versions(
        &mut self,
        connection: &ConnectionId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<MappingVersionRow>, Error> {
        Ok(mapping_versions::table
            .filter(mapping_versions::tenant.eq(&self.tenant))
            .filter(mapping_versions::connection.eq(connection))
            .filter(mapping_versions::version.lt(before.unwrap_or(i64::MAX)))
            .order(mapping_versions::version.desc())
            .limit(limit)
            .load(self.conn)?)
    }
}
