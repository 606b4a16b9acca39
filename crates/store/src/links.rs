//! One-time links: set-up, reset and set-password. Only a hash of the token is kept; using one up
//! is a compare-and-set on its row.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{LinkId, TenantId, UserId};
use crate::schema::links;
use crate::time::Timestamp;

/// A one-time link as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = links)]
pub struct LinkRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id.
    pub id: LinkId,
    /// `setup` or `set_password`.
    pub kind: String,
    /// Whose it is; empty for a set-up link, which has no user yet.
    pub user_id: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// What it carries, sealed; empty for a link that carries nothing.
    pub payload: String,
}

impl Tx<'_> {
    /// Adds a link.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_link(&mut self, row: &LinkRow) -> Result<(), Error> {
        diesel::insert_into(links::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The link behind a token, usable or not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_link(&mut self, token_hash: &[u8; 32]) -> Result<Option<LinkRow>, Error> {
        Ok(links::table
            .filter(links::tenant.eq(&self.tenant))
            .filter(links::token_hash.eq(token_hash.as_slice()))
            .first(self.conn)
            .optional()?)
    }

    /// Uses a link up; `false` when it was used or has expired.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn spend_link(&mut self, id: &LinkId, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(
            links::table
                .find((&self.tenant, id))
                .filter(links::used_at.is_null())
                .filter(links::expires_at.gt(now)),
        )
        .set(links::used_at.eq(Some(now)))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Voids the unused links of a kind and user (empty for a kind without users), so that only
    /// the newest works.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn void_links(&mut self, kind: &str, user: &str, now: Timestamp) -> Result<usize, Error> {
        Ok(diesel::update(
            links::table
                .filter(links::tenant.eq(&self.tenant))
                .filter(links::kind.eq(kind))
                .filter(links::user_id.eq(user))
                .filter(links::used_at.is_null()),
        )
        .set(links::used_at.eq(Some(now)))
        .execute(self.conn)?)
    }

    /// The links of a user, newest first.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_links(&mut self, user: &UserId) -> Result<Vec<LinkRow>, Error> {
        Ok(links::table
            .filter(links::tenant.eq(&self.tenant))
            .filter(links::user_id.eq(user.as_str()))
            .order(links::id.desc())
            .limit(100)
            .load(self.conn)?)
    }
}
