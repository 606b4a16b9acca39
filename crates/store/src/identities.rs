//! Identities: who is whom at a provider. The key is (connection, upstream issuer, upstream
//! subject); an address or a name never is. Who may link and unlink is decided in `issuer` and
//! `directory`.

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
    /// Who vouches for it: the upstream issuer.
    pub issuer: String,
    /// The upstream subject.
    pub subject: String,
    /// Its id, for URLs and commands.
    pub id: IdentityId,
    /// Whose it is.
    pub user_id: UserId,
    /// The name it is listed under, such as an address or a login name; may be empty.
    pub label: String,
    /// What the provider said last, secrets left out, sealed.
    pub sealed_profile: Vec<u8>,
    /// The version of the mapping that was applied last.
    pub mapping_version: i64,
    /// What made the link: `sign_up`, `sign_in`, `mail` or `account`.
    pub linked_by: String,
    /// The network address it was made from.
    pub linked_from: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in through it.
    pub signed_in_at: Timestamp,
}

/// A log line never shows what a provider said about somebody.
impl std::fmt::Debug for IdentityRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityRow")
            .field("tenant", &self.tenant)
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .finish()
    }
}

/// What names somebody at a provider.
#[derive(Debug, Clone, Copy)]
pub struct IdentityKey<'a> {
    /// The connection.
    pub connection: &'a ConnectionId,
    /// The upstream issuer.
    pub issuer: &'a str,
    /// The upstream subject.
    pub subject: &'a str,
}

impl Tx<'_> {
    /// The identity with this key.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_identity(&mut self, key: IdentityKey) -> Result<Option<IdentityRow>, Error> {
        Ok(identities::table
            .find((&self.tenant, key.connection, key.issuer, key.subject))
            .first(self.conn)
            .optional()?)
    }

    /// The identity with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_identity_by_id(&mut self, id: &IdentityId) -> Result<Option<IdentityRow>, Error> {
        Ok(identities::table
            .filter(identities::tenant.eq(&self.tenant))
            .filter(identities::id.eq(id))
            .first(self.conn)
            .optional()?)
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

    /// The identity of a connection that was used last: the profile a mapping is tried on.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_latest_identity(
        &mut self,
        connection: &ConnectionId,
    ) -> Result<Option<IdentityRow>, Error> {
        Ok(identities::table
            .filter(identities::tenant.eq(&self.tenant))
            .filter(identities::connection.eq(connection))
            .order(identities::signed_in_at.desc())
            .first(self.conn)
            .optional()?)
    }

    /// Links an identity.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it belongs to somebody already.
    pub fn insert_identity(&mut self, row: &IdentityRow) -> Result<(), Error> {
        diesel::insert_into(identities::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Notes that somebody signed in through an identity, and what the provider said this time;
    /// `false` when it is not theirs any more.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn renew_identity(&mut self, row: &IdentityRow) -> Result<bool, Error> {
        let key = (&self.tenant, &row.connection, &row.issuer, &row.subject);
        let standing = identities::table.find(key).filter(identities::user_id.eq(&row.user_id));
        let changed = diesel::update(standing)
            .set((
                identities::label.eq(&row.label),
                identities::sealed_profile.eq(&row.sealed_profile),
                identities::mapping_version.eq(row.mapping_version),
                identities::signed_in_at.eq(row.signed_in_at),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Unlinks an identity of a user; `false` if there is no such one.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_identity(&mut self, user: &UserId, id: &IdentityId) -> Result<bool, Error> {
        let gone = diesel::delete(
            identities::table
                .filter(identities::tenant.eq(&self.tenant))
                .filter(identities::user_id.eq(user))
                .filter(identities::id.eq(id)),
        )
        .execute(self.conn)?;
        Ok(gone == 1)
    }
}
