//! Users of a tenant. What an address means and who may change what live elsewhere; here a user is
//! a row, found by id or by canonical e-mail.

mod list;

use diesel::prelude::*;

use crate::db::Tx;
use crate::deletions::Deleted;
use crate::error::Error;
use crate::ids::{TenantId, UserId};
use crate::schema::users;
use crate::time::Timestamp;

pub use list::{UserPlace, UserScan, UserSearch};

/// A user as stored.
#[derive(Clone, Queryable, QueryableByName, Insertable)]
#[diesel(table_name = users)]
pub struct UserRow {
    /// The tenant they belong to.
    pub tenant: TenantId,
    /// Their id, the `sub` on the wire; never used again.
    pub id: UserId,
    /// The address as they wrote it.
    pub email: String,
    /// The address in its one canonical form.
    pub email_key: String,
    /// Whether somebody proved that it is theirs.
    pub email_verified: bool,
    /// The name people read.
    pub name: String,
    /// A `mapping::UserProfile` as JSON, without the address and the name.
    pub profile: String,
    /// Argon2id in PHC form; none for a user who has no password.
    pub password: Option<String>,
    /// Whether they are kept out.
    pub blocked: bool,
    /// Raised when everything signed in before must end: a new password, "sign out everywhere".
    pub epoch: i64,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When they were created.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The name folded for search and order; see [`fold`].
    pub name_key: String,
    /// Values of the tenant's own fields, a JSON object by field key.
    pub custom: String,
    /// Where fields came from: a JSON object from field key to a connection's id, `user`, `admin`
    /// or `import`. A field that is not in it came with the user.
    pub sources: String,
    /// The key other systems know the person by; unique in the tenant.
    pub external_id: Option<String>,
}

/// A name as it is searched and ordered: lower case, at most 200 characters.
pub fn fold(name: &str) -> String {
    name.trim().to_lowercase().chars().take(200).collect()
}

/// A log line never shows the password's hash or the person's fields.
impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow").field("tenant", &self.tenant).field("id", &self.id).finish()
    }
}

impl Tx<'_> {
    /// The user with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_user(&mut self, id: &UserId) -> Result<Option<UserRow>, Error> {
        Ok(users::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// The user with this canonical e-mail address.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_user_by_email(&mut self, email_key: &str) -> Result<Option<UserRow>, Error> {
        Ok(users::table
            .filter(users::tenant.eq(&self.tenant))
            .filter(users::email_key.eq(email_key))
            .first(self.conn)
            .optional()?)
    }

    /// The user whom another system knows by this key.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_user_by_external_id(&mut self, external: &str) -> Result<Option<UserRow>, Error> {
        Ok(users::table
            .filter(users::tenant.eq(&self.tenant))
            .filter(users::external_id.eq(Some(external)))
            .first(self.conn)
            .optional()?)
    }

    /// Replaces what a profile holds, address and name included, if nobody else changed it
    /// meanwhile; `false` when somebody did. Password, epoch and block stay as they stand.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the address or the external id is somebody else's.
    pub fn update_user(&mut self, to: &UserRow, version: i64) -> Result<bool, Error> {
        let standing = users::table.find((&self.tenant, &to.id));
        let changed = diesel::update(standing.filter(users::version.eq(version)))
            .set((
                users::email.eq(&to.email),
                users::email_key.eq(&to.email_key),
                users::email_verified.eq(to.email_verified),
                users::name.eq(&to.name),
                users::name_key.eq(&to.name_key),
                users::profile.eq(&to.profile),
                users::custom.eq(&to.custom),
                users::sources.eq(&to.sources),
                users::external_id.eq(&to.external_id),
                users::version.eq(version + 1),
                users::updated_at.eq(to.updated_at),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the address is taken.
    pub fn insert_user(&mut self, user: &UserRow) -> Result<(), Error> {
        diesel::insert_into(users::table).values(user).execute(self.conn)?;
        Ok(())
    }

    /// Blocks or unblocks; `false` if there is no such user.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn set_user_blocked(
        &mut self,
        id: &UserId,
        blocked: bool,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let changed = diesel::update(users::table.find((&self.tenant, id)))
            .set((
                users::blocked.eq(blocked),
                users::version.eq(users::version + 1),
                users::updated_at.eq(now),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Sets a password and ends everything that was signed in with the old one.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn set_user_password(
        &mut self,
        id: &UserId,
        password: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let changed = diesel::update(users::table.find((&self.tenant, id)))
            .set((
                users::password.eq(Some(password)),
                users::epoch.eq(users::epoch + 1),
                users::version.eq(users::version + 1),
                users::updated_at.eq(now),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Renews a hash that was made with older parameters, if it is still the one that was checked.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn upgrade_user_password(
        &mut self,
        id: &UserId,
        from: &str,
        to: &str,
    ) -> Result<(), Error> {
        diesel::update(
            users::table.find((&self.tenant, id)).filter(users::password.eq(Some(from))),
        )
        .set(users::password.eq(Some(to)))
        .execute(self.conn)?;
        Ok(())
    }

    /// Notes that the address of a user is proven to be theirs, if it is still this one.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn verify_user_email(
        &mut self,
        id: &UserId,
        email_key: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let row = users::table.find((&self.tenant, id)).filter(users::email_key.eq(email_key));
        let changed = diesel::update(row)
            .set((
                users::email_verified.eq(true),
                users::version.eq(users::version + 1),
                users::updated_at.eq(now),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Raises a user's version first in a write that decides over several of their rows: another
    /// such write waits for this one to end.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn lock_user(&mut self, id: &UserId) -> Result<bool, Error> {
        let changed = diesel::update(users::table.find((&self.tenant, id)))
            .set(users::version.eq(users::version + 1))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Notes that the user signed in.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn touch_user(&mut self, id: &UserId, now: Timestamp) -> Result<(), Error> {
        diesel::update(users::table.find((&self.tenant, id)))
            .set(users::last_sign_in_at.eq(Some(now)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Raises the epoch: every session and grant of before ends.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn raise_user_epoch(&mut self, id: &UserId, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(users::table.find((&self.tenant, id)))
            .set((users::epoch.eq(users::epoch + 1), users::updated_at.eq(now)))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Gives a user to whoever has just proven the address: it counts as proven, the password of
    /// before is gone, and everything that was signed in ends.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn claim_user(&mut self, id: &UserId, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(users::table.find((&self.tenant, id)))
            .set((
                users::password.eq(None::<String>),
                users::email_verified.eq(true),
                users::epoch.eq(users::epoch + 1),
                users::version.eq(users::version + 1),
                users::updated_at.eq(now),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Removes a user with their sessions, grants, consents, links and, in the system tenant, roles;
    /// `false` if there was none. Where these are many, [`crate::SystemTx::sweep_orphans`] removes
    /// the rest: without their user they are worth nothing.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_user(&mut self, id: &UserId) -> Result<bool, Error> {
        let gone = diesel::delete(users::table.find((&self.tenant, id))).execute(self.conn)?;
        if gone == 1 {
            self.forget(Deleted::User, id.as_str())?;
        }
        Ok(gone == 1)
    }
}
