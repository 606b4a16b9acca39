//! Identities: the link between a user and one (connection, upstream issuer, upstream subject).
//! Whether one is made, and of what proof, is decided in `issuer`; here it is a row, found by what
//! the provider says or by its user.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{ConnectionId, IdentityId, TenantId, UserId};
use crate::schema::identities;
use crate::time::Timestamp;

/// An identity as stored.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = identities)]
pub struct IdentityRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// The connection it came through.
    pub connection: ConnectionId,
    /// The upstream issuer.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// Its id.
    pub id: IdentityId,
    /// Whose it is here.
    pub user_id: UserId,
    /// What the provider calls them, for people to recognise: an address or a name.
    pub label: String,
    /// The last profile the provider sent, sealed.
    pub sealed_profile: Vec<u8>,
    /// The version of the mapping that last read it.
    pub mapping_version: i64,
    /// How it was linked.
    pub linked_by: String,
    /// The address it was linked from.
    pub linked_from: String,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When somebody last signed in with it.
    pub signed_in_at: Timestamp,
}

/// A log line never shows a person's fields.
impl std::fmt::Debug for IdentityRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityRow").field("tenant", &self.tenant).field("id", &self.id).finish()
    }
}

impl Tx<'_> {
    /// Adds an identity.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is somebody's already.
    pub fn insert_identity(&mut self, row: &IdentityRow) -> Result<(), Error> {
        diesel::insert_into(identities::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The identities of a user, oldest first; at most 100.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_identities_of(&mut self, user: &UserId) -> Result<Vec<IdentityRow>, Error> {
        Ok(identities::table
            .filter(identities::tenant.eq(&self.tenant))
            .filter(identities::user_id.eq(user))
            .order(identities::id)
            .limit(100)
            .load(self.conn)?)
    }

    /// Removes an identity of a user; `false` if they had no such one.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_identity(&mut self, user: &UserId, id: &IdentityId) -> Result<bool, Error> {
        let gone = diesel::delete(
            identities::table
                .filter(identities::tenant.eq(&self.tenant))
                .filter(identities::id.eq(id))
                .filter(identities::user_id.eq(user)),
        )
        .execute(self.conn)?;
        Ok(gone == 1)
    }
}
