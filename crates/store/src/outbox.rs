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

/// So many times a lease looks past tenants that have their share.
const ROUNDS: usize = 4;

impl SystemTx<'_> {
    /// Leases at most `limit` messages that are due and that nobody is trying, at most `share` of
    /// one tenant; answers them as they now stand, this attempt counted.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn lease_outbox(
        &mut self,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        share: usize,
    ) -> Result<Vec<OutboxRow>, Error> {
        let mut mine: Vec<OutboxRow> = Vec::new();
        let mut served: Vec<TenantId> = Vec::new();
        for _ in 0..ROUNDS {
            let due: Vec<OutboxRow> = outbox::table
                .filter(outbox::due_at.le(now))
                .filter(outbox::leased_until.le(now))
                .filter(outbox::tenant.ne_all(&served))
                .order((outbox::due_at, outbox::tenant, outbox::id))
                .limit(i64::try_from(limit * 2).unwrap_or(i64::MAX))
                .load(self.conn)?;
            let full = due.len() == limit * 2;
            for row in due {
                let of_tenant = mine.iter().filter(|one| one.tenant == row.tenant).count();
                if mine.len() < limit && of_tenant < share {
                    mine.extend(self.take_outbox(row, holder, until)?);
                } else if of_tenant >= share && !served.contains(&row.tenant) {
                    served.push(row.tenant);
                }
            }
            if !full || mine.len() == limit {
                break;
            }
        }
        Ok(mine)
    }

    /// Leases one message that was read as free; none when another node was faster.
    fn take_outbox(
        &mut self,
        mut row: OutboxRow,
        holder: &str,
        until: Timestamp,
    ) -> Result<Option<OutboxRow>, Error> {
        let standing = outbox::table
            .find((&row.tenant, &row.id))
            .filter(outbox::leased_until.eq(row.leased_until))
            .filter(outbox::attempts.eq(row.attempts));
        let won = diesel::update(standing)
            .set((
                outbox::holder.eq(holder),
                outbox::leased_until.eq(until),
                outbox::attempts.eq(row.attempts + 1),
            ))
            .execute(self.conn)?;
        row.holder = holder.to_owned();
        row.leased_until = until;
        row.attempts += 1;
        Ok((won == 1).then_some(row))
    }

    /// Whether something is due that nobody is trying. Reads one row.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn outbox_due(&mut self, now: Timestamp) -> Result<bool, Error> {
        let one: Option<String> = outbox::table
            .filter(outbox::due_at.le(now))
            .filter(outbox::leased_until.le(now))
            .order((outbox::due_at, outbox::tenant, outbox::id))
            .select(outbox::id)
            .first(self.conn)
            .optional()?;
        Ok(one.is_some())
    }

    /// How many messages wait, counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_outbox(&mut self, cap: i64) -> Result<i64, Error> {
        let ids: Vec<String> = outbox::table.select(outbox::id).limit(cap).load(self.conn)?;
        Ok(i64::try_from(ids.len()).unwrap_or(cap))
    }
}

impl Tx<'_> {
    /// Holds a leased message until `until`, if this attempt still holds it at `now`; `false` when
    /// its time is over. Asked right before a message leaves, so that it never leaves from a node
    /// that slept through its lease.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn hold_outbox(
        &mut self,
        row: &OutboxRow,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let mine = outbox::table
            .find((&self.tenant, &row.id))
            .filter(outbox::holder.eq(&row.holder))
            .filter(outbox::attempts.eq(row.attempts))
            .filter(outbox::leased_until.gt(now));
        let held = diesel::update(mine).set(outbox::leased_until.eq(until)).execute(self.conn)?;
        Ok(held == 1)
    }

    /// Gives a message back, to be tried again at `due`; `attempts` is what counts as tried.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn return_outbox(
        &mut self,
        row: &OutboxRow,
        due: Timestamp,
        attempts: i64,
    ) -> Result<bool, Error> {
        let mine = outbox::table
            .find((&self.tenant, &row.id))
            .filter(outbox::holder.eq(&row.holder))
            .filter(outbox::attempts.eq(row.attempts));
        let changed = diesel::update(mine)
            .set((
                outbox::due_at.eq(due),
                outbox::leased_until.eq(Timestamp(0)),
                outbox::attempts.eq(attempts),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Forgets a message that was delivered or given up, if this attempt still holds it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_outbox(&mut self, row: &OutboxRow) -> Result<bool, Error> {
        let mine = outbox::table
            .find((&self.tenant, &row.id))
            .filter(outbox::holder.eq(&row.holder))
            .filter(outbox::attempts.eq(row.attempts));
        Ok(diesel::delete(mine).execute(self.conn)? == 1)
    }

    /// Makes a message due now, whoever waits for its time; `false` when it is gone or being tried.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn hasten_outbox(&mut self, id: &str, now: Timestamp) -> Result<bool, Error> {
        let idle = outbox::table.find((&self.tenant, id)).filter(outbox::leased_until.le(now));
        Ok(diesel::update(idle).set(outbox::due_at.eq(now)).execute(self.conn)? == 1)
    }
}
