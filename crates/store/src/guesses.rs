//! Failed guesses in a row, one durable counter per identifier. The key is a MAC of the canonical
//! identifier, so that it exists for people who do not. When to refuse is `issuer`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::schema::guesses;
use crate::time::Timestamp;

/// How often the last guesses failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Guesses {
    /// Failures in a row.
    #[diesel(sql_type = BigInt)]
    pub failures: i64,
    /// Until when no guess is looked at.
    #[diesel(sql_type = BigInt)]
    pub refused_until: Timestamp,
}

impl Tx<'_> {
    /// The counter of an identifier; zero when nobody guessed.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_guesses(&mut self, id: &str) -> Result<Guesses, Error> {
        let row: Option<(i64, Timestamp)> = guesses::table
            .find((&self.tenant, id))
            .select((guesses::failures, guesses::refused_until))
            .first(self.conn)
            .optional()?;
        Ok(row
            .map(|(failures, refused_until)| Guesses { failures, refused_until })
            .unwrap_or_default())
    }

    /// Counts a failure and answers the count after it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn raise_guesses(&mut self, id: &str, now: Timestamp) -> Result<Guesses, Error> {
        Ok(diesel::sql_query(
            "INSERT INTO guesses (tenant, id, failures, refused_until, updated_at) \
             VALUES ($1, $2, 1, 0, $3) ON CONFLICT (tenant, id) DO UPDATE SET \
             failures = guesses.failures + 1, updated_at = excluded.updated_at \
             RETURNING failures, refused_until",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(id.to_owned())
        .bind::<BigInt, _>(now.0)
        .get_result(self.conn)?)
    }

    /// Refuses guesses until a time.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn refuse_guesses(&mut self, id: &str, until: Timestamp) -> Result<(), Error> {
        diesel::update(guesses::table.find((&self.tenant, id)))
            .set(guesses::refused_until.eq(until))
            .execute(self.conn)?;
        Ok(())
    }

    /// Forgets the failures, after a success.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn reset_guesses(&mut self, id: &str) -> Result<(), Error> {
        diesel::delete(guesses::table.find((&self.tenant, id))).execute(self.conn)?;
        Ok(())
    }
}
