//! What must leave the house after a commit: rows of data, added in the write that decided it,
//! leased and delivered by a job afterwards. No message is ever made inside a transaction.

use diesel::prelude::*;

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::TenantId;
use crate::schema::outbox;
use crate::time::Timestamp;

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = outbox)]
pub struct OutboxRow {
    /// The tenant it is sent for.
    pub tenant: TenantId,
    /// Its id; stays the same over every attempt.
    pub id: String,
    /// What kind of message it is.
    pub kind: String,
    /// What is needed to make it, as JSON.
    pub payload: String,
    /// When it is due.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// The node that is trying.
    pub holder: String,
    /// Until when nobody else tries.
    pub leased_until: Timestamp,
}

impl Tx<'_> {
    /// Adds a message.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_outbox(&mut self, row: &OutboxRow) -> Result<(), Error> {
        diesel::insert_into(outbox::table).values(row).execute(self.conn)?;
        Ok(())
    }
}

impl SystemTx<'_> {
    /// Leases at most `limit` messages that are due and that nobody is trying; answers them as they
    /// now stand, this attempt counted.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn lease_outbox(
        &mut self,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, Error> {
        let due: Vec<OutboxRow> = outbox::table
            .filter(outbox::due_at.le(now))
            .filter(outbox::leased_until.le(now))
            .order((outbox::due_at, outbox::tenant, outbox::id))
            .limit(limit)
            .load(self.conn)?;
        let mut mine = Vec::with_capacity(due.len());
        for mut row in due {
            let won = diesel::update(
                outbox::table
                    .find((&row.tenant, &row.id))
                    .filter(outbox::leased_until.eq(row.leased_until)),
            )
            .set((
                outbox::holder.eq(holder),
                outbox::leased_until.eq(until),
                outbox::attempts.eq(row.attempts + 1),
            ))
            .execute(self.conn)?;
            if won == 1 {
                row.holder = holder.to_owned();
                row.leased_until = until;
                row.attempts += 1;
                mine.push(row);
            }
        }
        Ok(mine)
    }

    /// Forgets a delivered message, if this node still holds it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_outbox(
        &mut self,
        tenant: &TenantId,
        id: &str,
        holder: &str,
    ) -> Result<(), Error> {
        diesel::delete(outbox::table.find((tenant, id)).filter(outbox::holder.eq(holder)))
            .execute(self.conn)?;
        Ok(())
    }
}
