//! Traces: what happened to each sign-in, step by step. Written in batches by `context`; a crash
//! may lose the last second of them, never of anything else.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::schema::traces;
use crate::time::Timestamp;

/// One step as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = traces)]
pub struct TraceRow {
    /// The tenant it happened in.
    pub tenant: crate::ids::TenantId,
    /// The flow it belongs to: the support code people see.
    pub flow: String,
    /// Its id; ordered by time.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Which step: `authorize`, `password`, `consent`, `token` …
    pub step: String,
    /// What it came to: a code of the catalogue, or `ok`.
    pub code: String,
    /// Which application it was about; may be empty.
    pub application: String,
    /// Who; may be empty.
    pub user_id: String,
    /// More, as JSON. Never a secret.
    pub detail: String,
    /// How often the same thing happened within the minute.
    pub times: i64,
    /// The flow's support code.
    pub support: String,
    /// The connection it went through; may be empty.
    pub connection: String,
}

impl Tx<'_> {
    /// Adds a step.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_trace(&mut self, row: &TraceRow) -> Result<(), Error> {
        diesel::insert_into(traces::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The steps of one flow, in order; at most 200.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_trace(&mut self, flow: &str) -> Result<Vec<TraceRow>, Error> {
        Ok(traces::table
            .filter(traces::tenant.eq(&self.tenant))
            .filter(traces::flow.eq(flow))
            .order(traces::id)
            .limit(200)
            .load(self.conn)?)
    }

    /// The latest steps of the tenant, newest first; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_traces(&mut self, limit: i64) -> Result<Vec<TraceRow>, Error> {
        Ok(traces::table
            .filter(traces::tenant.eq(&self.tenant))
            .order((traces::at.desc(), traces::id.desc()))
            .limit(limit)
            .load(self.conn)?)
    }
}
