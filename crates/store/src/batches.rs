//! Batches: work on many rows, done in small commands by whichever node holds the lease. What goes
//! in and what comes out are sealed parts beside the row. What a batch does is `directory`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::{BatchId, TenantId};
use crate::schema::{batch_parts, batches};
use crate::time::Timestamp;

/// A batch as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = batches)]
pub struct BatchRow {
    /// The tenant it works in.
    pub tenant: TenantId,
    /// Its id.
    pub id: BatchId,
    /// What it does, such as `user.import`.
    pub kind: String,
    /// What it was asked for, as JSON.
    pub input: String,
    /// `checking`, `checked`, `running`, `done`, `cancelled` or `failed`.
    pub state: String,
    /// Where it goes on; its form is the kind's.
    pub place: String,
    /// How many rows there are, as far as it is known; -1 when it is not.
    pub total: i64,
    /// How many were looked at.
    pub done: i64,
    /// How many of them had a problem.
    pub failed: i64,
    /// Why it stopped; empty when it did not.
    pub last_error: String,
    /// Who asked for it.
    pub actor: String,
    /// What people call them.
    pub actor_name: String,
    /// The node that works on it.
    pub holder: String,
    /// Until when.
    pub leased_until: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// When it is forgotten with its parts.
    pub expires_at: Timestamp,
}

/// States in which somebody works on a batch.
const MOVING: [&str; 2] = ["checking", "running"];

impl Tx<'_> {
    /// Adds a batch.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_batch(&mut self, row: &BatchRow) -> Result<(), Error> {
        diesel::insert_into(batches::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The batch with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_batch(&mut self, id: &BatchId) -> Result<Option<BatchRow>, Error> {
        Ok(batches::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// Batches, newest first, before the given one; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_batches(
        &mut self,
        before: Option<&BatchId>,
        limit: i64,
    ) -> Result<Vec<BatchRow>, Error> {
        let mut query = batches::table
            .filter(batches::tenant.eq(&self.tenant))
            .order(batches::id.desc())
            .limit(limit)
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(batches::id.lt(before.clone()));
        }
        Ok(query.load(self.conn)?)
    }

    /// Moves a batch on, if it is still in the state and at the place it was read in; `false` when
    /// another node or a person was faster.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn move_batch(&mut self, from: &BatchRow, to: &BatchRow) -> Result<bool, Error> {
        let standing = batches::table.find((&self.tenant, &from.id));
        let changed = diesel::update(
            standing.filter(batches::state.eq(&from.state)).filter(batches::place.eq(&from.place)),
        )
        .set((
            batches::state.eq(&to.state),
            batches::place.eq(&to.place),
            batches::total.eq(to.total),
            batches::done.eq(to.done),
            batches::failed.eq(to.failed),
            batches::last_error.eq(&to.last_error),
            batches::leased_until.eq(to.leased_until),
            batches::updated_at.eq(to.updated_at),
            batches::expires_at.eq(to.expires_at),
        ))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Removes a batch that nobody works on, with its first parts; the sweep removes the rest.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn expire_batch(&mut self, id: &BatchId, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(
            batches::table.find((&self.tenant, id)).filter(batches::state.ne_all(MOVING)),
        )
        .set(batches::expires_at.eq(now))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Adds a part, or replaces it: a step that is done again writes the same part again.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_batch_part(
        &mut self,
        batch: &BatchId,
        side: &str,
        seq: i64,
        sealed: &[u8],
    ) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO batch_parts (tenant, batch, side, seq, sealed) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, batch, side, seq) \
             DO UPDATE SET sealed = excluded.sealed",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(batch.as_str().to_owned())
        .bind::<Text, _>(side.to_owned())
        .bind::<BigInt, _>(seq)
        .bind::<diesel::sql_types::Binary, _>(sealed.to_vec())
        .execute(self.conn)?;
        Ok(())
    }

    /// Parts of one side after a number, in order; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_batch_parts(
        &mut self,
        batch: &BatchId,
        side: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>, Error> {
        Ok(batch_parts::table
            .filter(batch_parts::tenant.eq(&self.tenant))
            .filter(batch_parts::batch.eq(batch.as_str()))
            .filter(batch_parts::side.eq(side))
            .filter(batch_parts::seq.gt(after))
            .order(batch_parts::seq)
            .select((batch_parts::seq, batch_parts::sealed))
            .limit(limit)
            .load(self.conn)?)
    }
}

impl SystemTx<'_> {
    /// Whether any batch has work to do and nobody who does it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn has_batch_due(&mut self, now: Timestamp) -> Result<bool, Error> {
        for state in MOVING {
            let next: Option<BatchId> = batches::table
                .filter(batches::state.eq(state))
                .filter(batches::leased_until.le(now))
                .select(batches::id)
                .first(self.conn)
                .optional()?;
            if next.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Leases the first batch that has work to do and that nobody works on.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn lease_batch(
        &mut self,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<BatchRow>, Error> {
        for state in MOVING {
            let next: Option<BatchRow> = batches::table
                .filter(batches::state.eq(state))
                .filter(batches::leased_until.le(now))
                .order((batches::leased_until, batches::tenant, batches::id))
                .first(self.conn)
                .optional()?;
            let Some(mut row) = next else { continue };
            let won = diesel::update(
                batches::table
                    .find((&row.tenant, &row.id))
                    .filter(batches::leased_until.eq(row.leased_until)),
            )
            .set((batches::holder.eq(holder), batches::leased_until.eq(until)))
            .execute(self.conn)?;
            if won == 1 {
                row.holder = holder.to_owned();
                row.leased_until = until;
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Forgets at most `limit` parts of batches that expired, and then the batches; answers how
    /// many rows went.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep_batches(&mut self, now: Timestamp, limit: i64) -> Result<usize, Error> {
        let dead: Option<(TenantId, BatchId)> = batches::table
            .filter(batches::expires_at.le(now))
            .order(batches::expires_at)
            .select((batches::tenant, batches::id))
            .first(self.conn)
            .optional()?;
        let Some((tenant, id)) = dead else { return Ok(0) };
        let gone = diesel::sql_query(
            "DELETE FROM batch_parts WHERE (tenant, batch, side, seq) IN (SELECT tenant, batch, \
             side, seq FROM batch_parts WHERE tenant = $1 AND batch = $2 LIMIT $3)",
        )
        .bind::<Text, _>(tenant.as_str().to_owned())
        .bind::<Text, _>(id.as_str().to_owned())
        .bind::<BigInt, _>(limit)
        .execute(self.conn)?;
        if gone > 0 {
            return Ok(gone);
        }
        Ok(diesel::delete(batches::table.find((&tenant, &id))).execute(self.conn)?)
    }
}
