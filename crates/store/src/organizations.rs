//! Organizations: customers of a tenant, and the roles their members may have. Who belongs to one
//! is in `members`, who is asked to in `invitations`.

use diesel::prelude::*;

use crate::db::Tx;
use crate::deletions::Deleted;
use crate::error::Error;
use crate::ids::{OrganizationId, TenantId};
use crate::schema::{organization_roles, organizations};
use crate::time::Timestamp;

/// An organization as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = organizations)]
pub struct OrganizationRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id.
    pub id: OrganizationId,
    /// Its short name; unique in the tenant.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// Texts by key, a JSON object; for other systems.
    pub metadata: String,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A role that members of organizations may have.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = organization_roles)]
pub struct OrganizationRoleRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its name in commands and tokens.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Tx<'_> {
    /// The organization with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_organization(
        &mut self,
        id: &OrganizationId,
    ) -> Result<Option<OrganizationRow>, Error> {
        Ok(organizations::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// The organization with this short name.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_organization_by_slug(
        &mut self,
        slug: &str,
    ) -> Result<Option<OrganizationRow>, Error> {
        Ok(organizations::table
            .filter(organizations::tenant.eq(&self.tenant))
            .filter(organizations::slug.eq(slug))
            .first(self.conn)
            .optional()?)
    }

    /// Organizations by short name, after the given one, that begin with `prefix`; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_organizations(
        &mut self,
        after: Option<&str>,
        prefix: &str,
        limit: i64,
    ) -> Result<Vec<OrganizationRow>, Error> {
        Ok(organizations::table
            .filter(organizations::tenant.eq(&self.tenant))
            .filter(organizations::slug.gt(after.unwrap_or_default().to_owned()))
            .filter(organizations::slug.ge(prefix.to_owned()))
            .filter(organizations::slug.lt(format!("{prefix}\u{10ffff}")))
            .order(organizations::slug)
            .limit(limit)
            .load(self.conn)?)
    }

    /// Adds an organization.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the short name is taken.
    pub fn insert_organization(&mut self, row: &OrganizationRow) -> Result<(), Error> {
        diesel::insert_into(organizations::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Replaces what may change, if nobody else did meanwhile; `false` when somebody did.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the short name is taken.
    pub fn update_organization(
        &mut self,
        to: &OrganizationRow,
        version: i64,
    ) -> Result<bool, Error> {
        let standing = organizations::table.find((&self.tenant, &to.id));
        let changed = diesel::update(standing.filter(organizations::version.eq(version)))
            .set((
                organizations::slug.eq(&to.slug),
                organizations::name.eq(&to.name),
                organizations::metadata.eq(&to.metadata),
                organizations::version.eq(version + 1),
                organizations::updated_at.eq(to.updated_at),
            ))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Removes an organization with its members and invitations; `false` if it was not there. Where
    /// these are many, [`crate::SystemTx::sweep_orphans`] removes the rest.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_organization(&mut self, id: &OrganizationId) -> Result<bool, Error> {
        let gone =
            diesel::delete(organizations::table.find((&self.tenant, id))).execute(self.conn)?;
        if gone == 1 {
            self.forget(Deleted::Organization, id.as_str())?;
        }
        Ok(gone == 1)
    }

    /// The roles that members may have, by name; at most 200.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_organization_roles(&mut self) -> Result<Vec<OrganizationRoleRow>, Error> {
        Ok(organization_roles::table
            .filter(organization_roles::tenant.eq(&self.tenant))
            .order(organization_roles::name)
            .limit(200)
            .load(self.conn)?)
    }

    /// Adds a role.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is one of this name.
    pub fn insert_organization_role(&mut self, row: &OrganizationRoleRow) -> Result<(), Error> {
        diesel::insert_into(organization_roles::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Removes a role; `false` if there was none. Members keep its name until they are changed.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_organization_role(&mut self, name: &str) -> Result<bool, Error> {
        let gone = diesel::delete(organization_roles::table.find((&self.tenant, name)))
            .execute(self.conn)?;
        Ok(gone == 1)
    }
}
