//! What happened on each day, counted in the write that traces it. A number of the past is read in
//! one look, however many sign-ins it stands for.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::schema::daily_counts;

/// A count of one day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DailyCount {
    /// Days since 1970 UTC.
    pub day: i64,
    /// What was counted: `signed_in`, `failed`, `failed:{code}` …
    pub kind: String,
    /// How often.
    pub total: i64,
}

impl Tx<'_> {
    /// Adds to a count.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn add_daily(&mut self, day: i64, kind: &str, by: i64) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO daily_counts (tenant, day, kind, total) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, day, kind) \
             DO UPDATE SET total = daily_counts.total + excluded.total",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<BigInt, _>(day)
        .bind::<Text, _>(kind.to_owned())
        .bind::<BigInt, _>(by)
        .execute(self.conn)?;
        Ok(())
    }

    /// The counts of a day and all after it, by day and kind; at most 10,000.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_daily(&mut self, since: i64) -> Result<Vec<DailyCount>, Error> {
        Ok(daily_counts::table
            .filter(daily_counts::tenant.eq(&self.tenant))
            .filter(daily_counts::day.ge(since))
            .order((daily_counts::day, daily_counts::kind))
            .select((daily_counts::day, daily_counts::kind, daily_counts::total))
            .limit(10_000)
            .load(self.conn)?)
    }
}

impl SystemTx<'_> {
    /// Forgets at most `limit` counts of days before this one.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep_daily(&mut self, before: i64, limit: i64) -> Result<usize, Error> {
        Ok(diesel::sql_query(
            "DELETE FROM daily_counts WHERE (tenant, day, kind) IN \
             (SELECT tenant, day, kind FROM daily_counts WHERE day < $1 LIMIT $2)",
        )
        .bind::<BigInt, _>(before)
        .bind::<BigInt, _>(limit)
        .execute(self.conn)?)
    }
}
