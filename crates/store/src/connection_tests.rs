//! Runs of "test this connection". A row is kept for a day; what was seen is sealed. What a run
//! does is `federation`'s, who may read it is `directory`'s.

use diesel::prelude::*;

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::{ConnectionId, TenantId, TestId};
use crate::schema::connection_tests;
use crate::time::Timestamp;

/// A run as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = connection_tests)]
pub struct ConnectionTestRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id.
    pub id: TestId,
    /// The connection.
    pub connection: ConnectionId,
    /// Who began it.
    pub actor: String,
    /// `running`, `ok` or `failed`.
    pub state: String,
    /// What was seen, sealed.
    pub sealed: Vec<u8>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

impl Tx<'_> {
    /// A run that is not forgotten yet.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_connection_test(
        &mut self,
        id: &TestId,
        now: Timestamp,
    ) -> Result<Option<ConnectionTestRow>, Error> {
        Ok(connection_tests::table
            .find((&self.tenant, id))
            .filter(connection_tests::expires_at.gt(now))
            .first(self.conn)
            .optional()?)
    }

    /// The runs of a connection, newest first; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_connection_tests(
        &mut self,
        connection: &ConnectionId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<ConnectionTestRow>, Error> {
        Ok(connection_tests::table
            .filter(connection_tests::tenant.eq(&self.tenant))
            .filter(connection_tests::connection.eq(connection))
            .filter(connection_tests::expires_at.gt(now))
            .order(connection_tests::id.desc())
            .limit(limit)
            .load(self.conn)?)
    }

    /// Adds a run.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_connection_test(&mut self, row: &ConnectionTestRow) -> Result<(), Error> {
        diesel::insert_into(connection_tests::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Ends a run that is still running; `false` when it has ended before.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn end_connection_test(
        &mut self,
        id: &TestId,
        state: &str,
        sealed: &[u8],
    ) -> Result<bool, Error> {
        let running = connection_tests::table
            .find((&self.tenant, id))
            .filter(connection_tests::state.eq("running"));
        let changed = diesel::update(running)
            .set((connection_tests::state.eq(state), connection_tests::sealed.eq(sealed)))
            .execute(self.conn)?;
        Ok(changed == 1)
    }
}

impl SystemTx<'_> {
    /// Forgets at most `limit` runs whose day is over; answers how many.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep_connection_tests(&mut self, now: Timestamp, limit: i64) -> Result<usize, Error> {
        let old: Vec<(TenantId, TestId)> = connection_tests::table
            .filter(connection_tests::expires_at.le(now))
            .order(connection_tests::expires_at)
            .limit(limit)
            .select((connection_tests::tenant, connection_tests::id))
            .load(self.conn)?;
        let mut gone = 0;
        for (tenant, id) in &old {
            gone +=
                diesel::delete(connection_tests::table.find((tenant, id))).execute(self.conn)?;
        }
        Ok(gone)
    }
}
