//! Connections of a tenant: upstream providers, in the order in which they are offered, and every
//! mapping each of them had. What a connection's settings mean is `federation`'s.

use diesel::prelude::*;

use crate::connection_config::ConnectionConfig;
use crate::db::Tx;
use crate::error::Error;
use crate::ids::{ConnectionId, TenantId};
use crate::schema::connections;
use crate::time::Timestamp;

/// A connection as stored.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = connections)]
pub struct ConnectionRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id.
    pub id: ConnectionId,
    /// The short name in URLs, unique in the tenant.
    pub code: String,
    /// The name people read on its button.
    pub name: String,
    /// `oidc` or `oauth2`.
    pub kind: String,
    /// The preset it was made from; empty for none.
    pub preset: String,
    /// Whether it is offered.
    pub enabled: bool,
    /// Its place among the others, the smallest first.
    pub position: i64,
    /// A [`ConnectionConfig`] as JSON.
    pub config: String,
    /// Our secret at the provider, sealed; none for a public client.
    pub sealed_secret: Option<Vec<u8>>,
    /// The mapping that counts, as JSON.
    pub mapping: String,
    /// Its version.
    pub mapping_version: i64,
    /// When it was last tested as it stands; none when it was changed since.
    pub tested_at: Option<Timestamp>,
    /// What that came to: a code of the catalogue, `ok`, or empty.
    pub test_code: String,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A log line never shows the secret, sealed or not.
impl std::fmt::Debug for ConnectionRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionRow")
            .field("tenant", &self.tenant)
            .field("id", &self.id)
            .field("code", &self.code)
            .finish()
    }
}

impl ConnectionRow {
    /// Its settings.
    ///
    /// # Errors
    /// [`Error::Internal`] when the column holds what this version cannot read.
    pub fn config(&self) -> Result<ConnectionConfig, Error> {
        serde_json::from_str(&self.config)
            .map_err(|e| Error::Internal(format!("connection {}: {e}", self.id)))
    }
}

impl Tx<'_> {
    /// The connection with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_connection(&mut self, id: &ConnectionId) -> Result<Option<ConnectionRow>, Error> {
        Ok(connections::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// Every connection of the tenant in the order in which they are offered; at most 200.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_connections(&mut self) -> Result<Vec<ConnectionRow>, Error> {
        Ok(connections::table
            .filter(connections::tenant.eq(&self.tenant))
            .order((connections::position, connections::id))
            .limit(200)
            .load(self.conn)?)
    }

    /// Adds a connection.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the code is taken.
    pub fn insert_connection(&mut self, row: &ConnectionRow) -> Result<(), Error> {
        diesel::insert_into(connections::table).values(row).execute(self.conn)?;
        Ok(())
    }
}
