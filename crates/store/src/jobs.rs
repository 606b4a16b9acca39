//! Leases: a job runs on the node that holds its lease, and on another when that node is gone.
//! And the sweeps that forget what has expired, a bounded number of rows at a time.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::SystemTx;
use crate::error::Error;
use crate::schema::jobs;
use crate::time::Timestamp;

/// A job as stored.
#[derive(Debug, Clone, Queryable)]
pub struct JobRow {
    /// Its name.
    pub name: String,
    /// The node that holds it.
    pub holder: String,
    /// Until when.
    pub leased_until: Timestamp,
    /// When it runs next.
    pub due_at: Timestamp,
    /// When it ran last.
    pub ran_at: Timestamp,
    /// What went wrong last; empty when nothing did.
    pub last_error: String,
}

/// Tables that are swept, the column that says when a row died, and its key beside the tenant.
const SWEPT: &[(&str, &str, &str)] = &[
    ("spent", "until", "kind, id"),
    ("links", "expires_at", "id"),
    ("invitations", "expires_at", "id"),
    ("grants", "expires_at", "id"),
    ("sessions", "expires_at", "id"),
];

impl SystemTx<'_> {
    /// Takes the lease of a job that is due and that nobody holds; `false` otherwise.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn lease_job(
        &mut self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Error> {
        diesel::sql_query(
            "INSERT INTO jobs (name, holder, leased_until, due_at, ran_at, last_error) \
             VALUES ($1, '', 0, 0, 0, '') ON CONFLICT (name) DO NOTHING",
        )
        .bind::<Text, _>(name.to_owned())
        .execute(self.conn)?;
        let changed = diesel::update(
            jobs::table.find(name).filter(jobs::due_at.le(now)).filter(jobs::leased_until.le(now)),
        )
        .set((jobs::holder.eq(holder), jobs::leased_until.eq(until)))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Gives a lease back and says when the job is due again.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn finish_job(
        &mut self,
        name: &str,
        holder: &str,
        now: Timestamp,
        due: Timestamp,
        error: &str,
    ) -> Result<(), Error> {
        diesel::update(jobs::table.find(name).filter(jobs::holder.eq(holder)))
            .set((
                jobs::leased_until.eq(Timestamp(0)),
                jobs::due_at.eq(due),
                jobs::ran_at.eq(now),
                jobs::last_error.eq(error),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Every job.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_jobs(&mut self) -> Result<Vec<JobRow>, Error> {
        Ok(jobs::table.order(jobs::name).load(self.conn)?)
    }

    /// Forgets at most `limit` rows that died before `kept_since`, and long requests that expired
    /// before `now`; answers how many went.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep(
        &mut self,
        now: Timestamp,
        kept_since: Timestamp,
        limit: i64,
    ) -> Result<usize, Error> {
        // Nobody is told more about a long request that expired, and they have a quota.
        let mut gone = self.sweep_table("flows", "id", "expires_at < $1", now, limit)?;
        for (table, column, key) in SWEPT {
            let dead = format!("{column} < $1");
            gone += self.sweep_table(table, key, &dead, kept_since, limit - gone)?;
        }
        Ok(usize::try_from(gone).unwrap_or_default())
    }

    /// Forgets at most `limit` counters and traces that were last written before the given times;
    /// a counter that still refuses stays.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep_records(
        &mut self,
        guesses_before: Timestamp,
        traces_before: Timestamp,
        limit: i64,
    ) -> Result<usize, Error> {
        let dead = "updated_at < $1 AND refused_until < $1";
        let mut gone = self.sweep_table("guesses", "id", dead, guesses_before, limit)?;
        gone += self.sweep_table("traces", "flow, id", "at < $1", traces_before, limit - gone)?;
        let old = "created_at < $1";
        gone += self.sweep_table("mails", "id", old, traces_before, limit - gone)?;
        gone += self.sweep_table("inbox", "id", old, traces_before, limit - gone)?;
        Ok(usize::try_from(gone).unwrap_or_default())
    }

    fn sweep_table(
        &mut self,
        table: &str,
        key: &str,
        dead: &str,
        before: Timestamp,
        limit: i64,
    ) -> Result<i64, Error> {
        if limit <= 0 {
            return Ok(0);
        }
        let gone = diesel::sql_query(format!(
            "DELETE FROM {table} WHERE (tenant, {key}) IN \
             (SELECT tenant, {key} FROM {table} WHERE {dead} LIMIT $2)"
        ))
        .bind::<BigInt, _>(before.0)
        .bind::<BigInt, _>(limit)
        .execute(self.conn)?;
        Ok(i64::try_from(gone).unwrap_or(limit))
    }
}
