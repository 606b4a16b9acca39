//! The delivery log: one row per mail, added with its outbox row. Neither its text nor its values
//! are in it. And the inbox of dev mode, which holds the mails themselves, sealed.

use diesel::prelude::*;

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::{MailId, TenantId};
use crate::schema::{inbox, mails};
use crate::time::Timestamp;

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = mails)]
pub struct MailRow {
    /// The tenant it is sent for.
    pub tenant: TenantId,
    /// Its id, the same as in the outbox.
    pub id: MailId,
    /// Which text.
    pub template: String,
    /// The language it was made in; empty until then.
    pub language: String,
    /// The address it goes to.
    pub recipient: String,
    /// `queued`, `sending`, `sent`, `retrying`, `given_up` or `suppressed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What the mail server said last, or why it was not sent; at most 500 characters.
    pub answer: String,
    /// The flow it belongs to; may be empty.
    pub flow: String,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
}

/// A mail of dev mode as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = inbox)]
pub struct InboxRow {
    /// The tenant it is sent for.
    pub tenant: TenantId,
    /// Its id.
    pub id: MailId,
    /// The mail, sealed.
    pub sealed: Vec<u8>,
    /// When it arrived.
    pub created_at: Timestamp,
}

/// Which mails of a tenant are listed.
#[derive(Debug, Clone, Default)]
pub struct MailFilter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those to this address.
    pub recipient: Option<String>,
}

impl Tx<'_> {
    /// Adds a mail to the log.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_mail(&mut self, row: &MailRow) -> Result<(), Error> {
        diesel::insert_into(mails::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// A mail of the log.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_mail(&mut self, id: &MailId) -> Result<Option<MailRow>, Error> {
        Ok(mails::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// Mails, newest first, older than `before`; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_mails(
        &mut self,
        before: Option<&MailId>,
        filter: &MailFilter,
        limit: i64,
    ) -> Result<Vec<MailRow>, Error> {
        let mut query = mails::table.filter(mails::tenant.eq(&self.tenant)).into_boxed();
        if let Some(before) = before {
            query = query.filter(mails::id.lt(before));
        }
        if let Some(recipient) = &filter.recipient {
            query = query.filter(mails::recipient.eq(recipient));
        }
        if let Some(state) = &filter.state {
            query = query.filter(mails::state.eq(state));
        }
        Ok(query.order(mails::id.desc()).limit(limit).load(self.conn)?)
    }

    /// How many mails went to an address since a mail with this id, counted up to `cap`; those that
    /// were held back do not count.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_mails_to(
        &mut self,
        recipient: &str,
        since: &MailId,
        cap: i64,
    ) -> Result<i64, Error> {
        let ids: Vec<MailId> = mails::table
            .filter(mails::tenant.eq(&self.tenant))
            .filter(mails::recipient.eq(recipient))
            .filter(mails::id.gt(since))
            .filter(mails::state.ne("suppressed"))
            .select(mails::id)
            .limit(cap)
            .load(self.conn)?;
        Ok(i64::try_from(ids.len()).unwrap_or(cap))
    }

    /// Notes what became of a mail.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn update_mail(&mut self, row: &MailRow) -> Result<(), Error> {
        diesel::update(mails::table.find((&self.tenant, &row.id)))
            .set((
                mails::language.eq(&row.language),
                mails::state.eq(&row.state),
                mails::attempts.eq(row.attempts),
                mails::answer.eq(&row.answer),
                mails::updated_at.eq(row.updated_at),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Keeps a mail in the inbox of dev mode; one that is there already stays as it is.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_inbox(
        &mut self,
        id: &MailId,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<(), Error> {
        use diesel::sql_types::{BigInt, Binary, Text};
        diesel::sql_query(
            "INSERT INTO inbox (tenant, id, sealed, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, id) DO NOTHING",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(id.as_str().to_owned())
        .bind::<Binary, _>(sealed.to_vec())
        .bind::<BigInt, _>(now.0)
        .execute(self.conn)?;
        Ok(())
    }
}

impl SystemTx<'_> {
    /// Mails of the inbox of dev mode, newest first; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_inbox(&mut self, limit: i64) -> Result<Vec<InboxRow>, Error> {
        Ok(inbox::table.order(inbox::created_at.desc()).limit(limit).load(self.conn)?)
    }

    /// Empties the inbox of dev mode, at most `limit` mails of it; answers how many went.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn clear_inbox(&mut self, limit: i64) -> Result<usize, Error> {
        Ok(diesel::sql_query(
            "DELETE FROM inbox WHERE (tenant, id) IN (SELECT tenant, id FROM inbox LIMIT $1)",
        )
        .bind::<diesel::sql_types::BigInt, _>(limit)
        .execute(self.conn)?)
    }
}
