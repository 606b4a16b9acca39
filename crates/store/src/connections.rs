//! Connections of a tenant: upstream providers, in the order in which they are offered. Which
//! mappings each of them had is in `mapping_versions`; what its settings mean is `federation`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::connection_config::ConnectionConfig;
use crate::db::Tx;
use crate::deletions::Deleted;
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
    /// When its credentials were last checked as they stand; none when they were changed since.
    pub checked_at: Option<Timestamp>,
    /// What that came to: a code of the catalogue, `ok`, or empty.
    pub check_code: String,
    /// When the provider stops taking the secret, as far as somebody said.
    pub secret_expires_at: Option<Timestamp>,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What hangs on a connection, each counted up to a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct ConnectionUse {
    /// Identities that were made through it.
    #[diesel(sql_type = BigInt)]
    pub identities: i64,
    /// Those of them that signed in since a moment.
    #[diesel(sql_type = BigInt)]
    pub recent: i64,
    /// Those of them whose user has no password and no identity of another connection.
    #[diesel(sql_type = BigInt)]
    pub stranded: i64,
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

    /// The connection with this code.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_connection_by_code(&mut self, code: &str) -> Result<Option<ConnectionRow>, Error> {
        Ok(connections::table
            .filter(connections::tenant.eq(&self.tenant))
            .filter(connections::code.eq(code))
            .first(self.conn)
            .optional()?)
    }

    /// Replaces what may change of a connection if it still stands at `version`; `false` when it
    /// does not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn update_connection(&mut self, to: &ConnectionRow, version: i64) -> Result<bool, Error> {
        let standing = connections::table.find((&self.tenant, &to.id));
        let changed = diesel::update(standing.filter(connections::version.eq(version)))
            .set((
                connections::name.eq(&to.name),
                connections::enabled.eq(to.enabled),
                connections::config.eq(&to.config),
                connections::sealed_secret.eq(&to.sealed_secret),
                connections::mapping.eq(&to.mapping),
                connections::mapping_version.eq(to.mapping_version),
                connections::tested_at.eq(to.tested_at),
                connections::test_code.eq(&to.test_code),
                connections::checked_at.eq(to.checked_at),
                connections::check_code.eq(&to.check_code),
                connections::secret_expires_at.eq(to.secret_expires_at),
                connections::version.eq(version + 1),
                connections::updated_at.eq(to.updated_at),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Gives a connection its place among the others; `false` if it is not there.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn place_connection(&mut self, id: &ConnectionId, position: i64) -> Result<bool, Error> {
        let changed = diesel::update(connections::table.find((&self.tenant, id)))
            .set(connections::position.eq(position))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Notes what a test of a connection came to, if the connection still is what was tested: no
    /// version of a later change.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn note_connection_test(
        &mut self,
        id: &ConnectionId,
        version: i64,
        code: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let standing = connections::table.find((&self.tenant, id));
        let changed = diesel::update(standing.filter(connections::version.eq(version)))
            .set((connections::tested_at.eq(Some(now)), connections::test_code.eq(code)))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Notes what a check of a connection's credentials came to, under the same condition.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn note_connection_check(
        &mut self,
        id: &ConnectionId,
        version: i64,
        code: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let standing = connections::table.find((&self.tenant, id));
        let changed = diesel::update(standing.filter(connections::version.eq(version)))
            .set((connections::checked_at.eq(Some(now)), connections::check_code.eq(code)))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Removes a connection with its mappings, tests and identities; `false` if it was not there.
    /// Where these are many, [`crate::SystemTx::sweep_orphans`] removes the rest.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_connection(&mut self, id: &ConnectionId) -> Result<bool, Error> {
        let gone =
            diesel::delete(connections::table.find((&self.tenant, id))).execute(self.conn)?;
        if gone == 1 {
            self.forget(Deleted::Connection, id.as_str())?;
        }
        Ok(gone == 1)
    }

    /// What hangs on a connection; each number stops at `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_connection_use(
        &mut self,
        id: &ConnectionId,
        since: Timestamp,
        limit: i64,
    ) -> Result<ConnectionUse, Error> {
        Ok(diesel::sql_query(USE)
            .bind::<Text, _>(self.tenant.as_str().to_owned())
            .bind::<Text, _>(id.as_str().to_owned())
            .bind::<BigInt, _>(since.0)
            .bind::<BigInt, _>(limit)
            .get_result(self.conn)?)
    }
}

/// The issuer is always there: naming it keeps SQLite from walking an index of all identities that
/// happens to hold the other columns, and makes it look the one person up.
const USE: &str = "SELECT \
    (SELECT count(*) FROM (SELECT 1 FROM identities \
      WHERE tenant = $1 AND connection = $2 LIMIT $4) held) AS identities, \
    (SELECT count(*) FROM (SELECT 1 FROM identities \
      WHERE tenant = $1 AND connection = $2 AND signed_in_at >= $3 LIMIT $4) held) AS recent, \
    (SELECT count(*) FROM (SELECT 1 FROM identities i \
      JOIN users u ON u.tenant = i.tenant AND u.id = i.user_id \
      WHERE i.tenant = $1 AND i.connection = $2 AND u.password IS NULL \
      AND NOT EXISTS (SELECT 1 FROM identities o WHERE o.tenant = i.tenant \
       AND o.user_id = i.user_id AND o.connection <> i.connection \
       AND o.issuer IS NOT NULL) LIMIT $4) held) AS stranded";
