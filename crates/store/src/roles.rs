//! Role assignments: rows of the tenant they are about; the actor is a user of the system tenant.
//! What a role may do is `directory`'s table.

use diesel::prelude::*;

use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::{TenantId, UserId};
use crate::schema::role_assignments;
use crate::time::Timestamp;

/// A role assignment as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = role_assignments)]
pub struct RoleRow {
    /// The tenant the right is on.
    pub tenant: TenantId,
    /// Who has it.
    pub actor: UserId,
    /// Which role.
    pub role: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl Tx<'_> {
    /// The roles of somebody on this tenant, in the order of their names.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_roles(&mut self, actor: &UserId) -> Result<Vec<String>, Error> {
        Ok(role_assignments::table
            .filter(role_assignments::tenant.eq(&self.tenant))
            .filter(role_assignments::actor.eq(actor))
            .order(role_assignments::role)
            .select(role_assignments::role)
            .load(self.conn)?)
    }

    /// Everybody who has a role on this tenant; at most 100.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_role_assignments(&mut self) -> Result<Vec<RoleRow>, Error> {
        Ok(role_assignments::table
            .filter(role_assignments::tenant.eq(&self.tenant))
            .order((role_assignments::actor, role_assignments::role))
            .limit(100)
            .load(self.conn)?)
    }

    /// Gives a role.
    ///
    /// # Errors
    /// [`Error::Conflict`] when they have it already.
    pub fn insert_role(&mut self, row: &RoleRow) -> Result<(), Error> {
        diesel::insert_into(role_assignments::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Takes a role away; `false` if they did not have it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_role(&mut self, actor: &UserId, role: &str) -> Result<bool, Error> {
        let gone = diesel::delete(role_assignments::table.find((&self.tenant, actor, role)))
            .execute(self.conn)?;
        Ok(gone == 1)
    }
}

impl SystemTx<'_> {
    /// The tenants somebody has a role on, by tenant id and role; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_roles_of(&mut self, actor: &UserId, limit: i64) -> Result<Vec<RoleRow>, Error> {
        Ok(role_assignments::table
            .filter(role_assignments::actor.eq(actor))
            .order((role_assignments::tenant, role_assignments::role))
            .limit(limit)
            .load(self.conn)?)
    }
}
