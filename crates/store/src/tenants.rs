//! Tenants: the one table that is not inside a tenant. Reading one by its id, slug or host and
//! creating one are installation-wide, so they hang on [`SystemTx`]; a change to a tenant that is
//! known already hangs on its own [`Tx`]. Rules about slugs and hosts live in `directory`.

use diesel::prelude::*;

use crate::db::{SystemTx, Tx};
use crate::deletions::Deleted;
use crate::error::Error;
use crate::ids::TenantId;
use crate::schema::tenants;
use crate::time::Timestamp;

/// A tenant as stored.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Queryable, Insertable)]
#[diesel(table_name = tenants)]
pub struct Tenant {
    /// Its id; never used again, even after a delete.
    pub id: TenantId,
    /// The short name in URLs, unique in the installation.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// `development`, `staging` or `production`.
    pub environment: String,
    /// `active` or `suspended`.
    pub status: String,
    /// A host of its own, set by the operator.
    pub host: Option<String>,
    /// Brand colour, `#rrggbb`.
    pub brand: String,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: TenantId,
}

impl SystemTx<'_> {
    /// The tenant with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, Error> {
        Ok(tenants::table.find(id).first(self.conn).optional()?)
    }

    /// The tenant with this slug.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_tenant_by_slug(&mut self, slug: &str) -> Result<Option<Tenant>, Error> {
        Ok(tenants::table.filter(tenants::slug.eq(slug)).first(self.conn).optional()?)
    }

    /// The tenant that has this host as its own, in lower case and without a port.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_tenant_by_host(&mut self, host: &str) -> Result<Option<Tenant>, Error> {
        Ok(tenants::table.filter(tenants::host.eq(host)).first(self.conn).optional()?)
    }

    /// Tenants by slug, after the given slug; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_tenants(&mut self, after: Option<&str>, limit: i64) -> Result<Vec<Tenant>, Error> {
        let after = after.unwrap_or_default();
        Ok(tenants::table
            .filter(tenants::slug.gt(after))
            .order(tenants::slug)
            .limit(limit)
            .load(self.conn)?)
    }

    /// How many tenants there are, counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_tenants(&mut self, cap: i64) -> Result<i64, Error> {
        let ids: Vec<TenantId> = tenants::table.select(tenants::id).limit(cap).load(self.conn)?;
        Ok(i64::try_from(ids.len()).unwrap_or(cap))
    }

    /// The tenant an application, a user or a session is in, by its id alone; none when the tenant
    /// is gone and only its remains are there.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_tenant_of(&mut self, id: &str) -> Result<Option<TenantId>, Error> {
        let owner = |table: &str| {
            format!("SELECT t.id FROM {table} x JOIN tenants t ON t.id = x.tenant WHERE x.id = $1")
        };
        let sql = match id.get(..4) {
            Some("app_") => owner("applications"),
            Some("usr_") => owner("users"),
            Some("ses_") => owner("sessions"),
            Some("con_") => owner("connections"),
            _ => return Ok(None),
        };
        let found: Option<Owner> = diesel::sql_query(sql)
            .bind::<diesel::sql_types::Text, _>(id.to_owned())
            .get_result(self.conn)
            .optional()?;
        Ok(found.map(|owner| owner.id))
    }

    /// The tenants that have a connection of this code, at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_tenants_with_connection(
        &mut self,
        code: &str,
        limit: i64,
    ) -> Result<Vec<TenantId>, Error> {
        let found: Vec<Owner> = diesel::sql_query(
            "SELECT t.id FROM connections c JOIN tenants t ON t.id = c.tenant WHERE c.code = $1 \
             ORDER BY c.tenant LIMIT $2",
        )
        .bind::<diesel::sql_types::Text, _>(code.to_owned())
        .bind::<diesel::sql_types::BigInt, _>(limit)
        .load(self.conn)?;
        Ok(found.into_iter().map(|owner| owner.id).collect())
    }

    /// Adds a tenant.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the slug or the host is taken.
    pub fn insert_tenant(&mut self, tenant: &Tenant) -> Result<(), Error> {
        diesel::insert_into(tenants::table).values(tenant).execute(self.conn)?;
        Ok(())
    }
}

impl Tx<'_> {
    /// The tenant of this transaction.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn this_tenant(&mut self) -> Result<Option<Tenant>, Error> {
        Ok(tenants::table.find(&self.tenant).first(self.conn).optional()?)
    }

    /// Replaces what may change, if nobody else did meanwhile; `false` when somebody did.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the host is taken.
    pub fn update_tenant(&mut self, to: &Tenant, version: i64) -> Result<bool, Error> {
        let changed = diesel::update(
            tenants::table
                .filter(tenants::id.eq(&self.tenant))
                .filter(tenants::version.eq(version)),
        )
        .set((
            tenants::name.eq(&to.name),
            tenants::environment.eq(&to.environment),
            tenants::status.eq(&to.status),
            tenants::host.eq(&to.host),
            tenants::brand.eq(&to.brand),
            tenants::version.eq(version + 1),
            tenants::updated_at.eq(to.updated_at),
        ))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Raises the tenant's version: the lock under which rules over several rows are decided.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn lock_tenant(&mut self) -> Result<(), Error> {
        diesel::update(tenants::table.filter(tenants::id.eq(&self.tenant)))
            .set(tenants::version.eq(tenants::version + 1))
            .execute(self.conn)?;
        Ok(())
    }

    /// Removes the tenant: its row, so that its slug and host are free, and a first part of what is
    /// in it; [`SystemTx::sweep_orphans`] removes the rest. The audit stays.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_tenant(&mut self) -> Result<(), Error> {
        let id = self.tenant.as_str().to_owned();
        diesel::delete(tenants::table.filter(tenants::id.eq(&self.tenant))).execute(self.conn)?;
        self.forget(Deleted::Tenant, &id)
    }
}
