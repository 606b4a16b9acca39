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
    /// What it came to for the person: `signed_in`, `signed_up`, `returned`, `signed_out`, `failed`;
    /// empty for a step in between.
    pub outcome: String,
}

/// Which steps of the log are asked for; those that came to something when nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// What it came to.
    pub outcome: Option<String>,
    /// A code of the catalogue.
    pub code: Option<String>,
    /// An application's id.
    pub application: Option<String>,
    /// A user's id.
    pub user: Option<String>,
    /// A connection's id.
    pub connection: Option<String>,
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

    /// The steps of the flow that people know by this support code, in order; at most 200.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_trace_of(&mut self, support: &str) -> Result<Vec<TraceRow>, Error> {
        Ok(traces::table
            .filter(traces::tenant.eq(&self.tenant))
            .filter(traces::support.eq(support))
            .order(traces::id)
            .limit(200)
            .load(self.conn)?)
    }

    /// Steps that came to something, newest first, before the given one; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_log(
        &mut self,
        filter: &LogFilter,
        before: Option<(Timestamp, &str)>,
        limit: i64,
    ) -> Result<Vec<TraceRow>, Error> {
        let mut query = traces::table
            .filter(traces::tenant.eq(&self.tenant))
            // As the partial index has it, so that steps in between are never looked at.
            .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("outcome <> ''"))
            .order((traces::at.desc(), traces::id.desc()))
            .limit(limit)
            .into_boxed();
        if let Some((at, id)) = before {
            let same = traces::at.eq(at).and(traces::id.lt(id.to_owned()));
            query = query.filter(traces::at.le(at)).filter(traces::at.lt(at).or(same));
        }
        if let Some(outcome) = &filter.outcome {
            query = query.filter(traces::outcome.eq(outcome.clone()));
        }
        if let Some(code) = &filter.code {
            query = query.filter(traces::code.eq(code.clone()));
        }
        if let Some(application) = &filter.application {
            query = query.filter(traces::application.eq(application.clone()));
        }
        if let Some(user) = &filter.user {
            query = query.filter(traces::user_id.eq(user.clone()));
        }
        if let Some(connection) = &filter.connection {
            query = query.filter(traces::connection.eq(connection.clone()));
        }
        Ok(query.load(self.conn)?)
    }

    /// How many steps since `since` had this code, counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_code(&mut self, code: &str, since: Timestamp, cap: i64) -> Result<i64, Error> {
        let ids: Vec<String> = traces::table
            .filter(traces::tenant.eq(&self.tenant))
            .filter(traces::code.eq(code))
            .filter(traces::at.ge(since))
            .select(traces::id)
            .limit(cap)
            .load(self.conn)?;
        Ok(i64::try_from(ids.len()).unwrap_or(cap))
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
