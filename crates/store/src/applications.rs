//! Applications and their secrets. What an application may be configured to is `directory`'s;
//! the shape of its settings is in `application_config`.

use diesel::prelude::*;
use protocol::redirect_uri::ApplicationType;

use crate::application_config::ApplicationConfig;
use crate::db::Tx;
use crate::deletions::Deleted;
use crate::error::Error;
use crate::ids::{ApplicationId, SecretId, TenantId};
use crate::schema::{application_secrets, applications};
use crate::time::Timestamp;

/// An application as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = applications)]
pub struct ApplicationRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id, the `client_id` on the wire.
    pub id: ApplicationId,
    /// The name people read.
    pub name: String,
    /// The name folded for order and search.
    pub name_key: String,
    /// `web`, `spa`, `native` or `machine`.
    pub kind: String,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether it belongs to the tenant itself, so that nobody is asked for consent.
    pub first_party: bool,
    /// An [`ApplicationConfig`] as JSON.
    pub config: String,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl ApplicationRow {
    /// The settings; defaults where the row cannot be read.
    ///
    /// # Errors
    /// [`Error::Internal`] when the column does not hold JSON of the right shape.
    pub fn config(&self) -> Result<ApplicationConfig, Error> {
        serde_json::from_str(&self.config)
            .map_err(|e| Error::Internal(format!("application {}: {e}", self.id)))
    }

    /// The type; `None` for a word this version does not know.
    pub fn kind(&self) -> Option<ApplicationType> {
        self.kind.parse().ok()
    }
}

/// A client secret as stored: never the secret itself.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = application_secrets)]
pub struct SecretRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// Its id.
    pub id: SecretId,
    /// Its first characters, to tell it from others.
    pub hint: String,
    /// HMAC of the secret.
    pub hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; none for no end.
    pub expires_at: Option<Timestamp>,
}

impl Tx<'_> {
    /// The application with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_application(
        &mut self,
        id: &ApplicationId,
    ) -> Result<Option<ApplicationRow>, Error> {
        Ok(applications::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// Applications by name, after the given (name key, id), whose name begins with `prefix`
    /// (folded by the caller); at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_applications(
        &mut self,
        after: Option<(&str, &ApplicationId)>,
        prefix: &str,
        limit: i64,
    ) -> Result<Vec<ApplicationRow>, Error> {
        let mut query = applications::table
            .filter(applications::tenant.eq(&self.tenant))
            .filter(applications::name_key.ge(prefix.to_owned()))
            .order((applications::name_key, applications::id))
            .limit(limit)
            .into_boxed();
        if !prefix.is_empty() {
            query = query.filter(applications::name_key.lt(format!("{prefix}\u{10ffff}")));
        }
        if let Some((name, id)) = after {
            query = query.filter(applications::name_key.gt(name.to_owned()).or(
                applications::name_key.eq(name.to_owned()).and(applications::id.gt(id.clone())),
            ));
        }
        Ok(query.load(self.conn)?)
    }

    /// How many applications there are, counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_applications(&mut self, cap: i64) -> Result<i64, Error> {
        let ids: Vec<ApplicationId> = applications::table
            .filter(applications::tenant.eq(&self.tenant))
            .select(applications::id)
            .limit(cap)
            .load(self.conn)?;
        Ok(i64::try_from(ids.len()).unwrap_or(cap))
    }

    /// Adds an application.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_application(&mut self, row: &ApplicationRow) -> Result<(), Error> {
        diesel::insert_into(applications::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Replaces what may change, if nobody else did meanwhile; `false` when somebody did.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn update_application(&mut self, to: &ApplicationRow, version: i64) -> Result<bool, Error> {
        let changed = diesel::update(
            applications::table
                .filter(applications::tenant.eq(&self.tenant))
                .filter(applications::id.eq(&to.id))
                .filter(applications::version.eq(version)),
        )
        .set((
            applications::name.eq(&to.name),
            applications::name_key.eq(&to.name_key),
            applications::disabled.eq(to.disabled),
            applications::first_party.eq(to.first_party),
            applications::config.eq(&to.config),
            applications::version.eq(version + 1),
            applications::updated_at.eq(to.updated_at),
        ))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Removes an application with its secrets, grants and consents; `false` if it was not there.
    /// Where these are many, [`crate::SystemTx::sweep_orphans`] removes the rest: without their
    /// application they are worth nothing.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_application(&mut self, id: &ApplicationId) -> Result<bool, Error> {
        let gone =
            diesel::delete(applications::table.find((&self.tenant, id))).execute(self.conn)?;
        if gone == 1 {
            self.forget(Deleted::Application, id.as_str())?;
        }
        Ok(gone == 1)
    }

    /// The secrets of an application, oldest first.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_secrets(&mut self, application: &ApplicationId) -> Result<Vec<SecretRow>, Error> {
        Ok(application_secrets::table
            .filter(application_secrets::tenant.eq(&self.tenant))
            .filter(application_secrets::application.eq(application))
            .order(application_secrets::id)
            .load(self.conn)?)
    }

    /// Adds a secret.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_secret(&mut self, row: &SecretRow) -> Result<(), Error> {
        diesel::insert_into(application_secrets::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Removes a secret; `false` if it was not there.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_secret(
        &mut self,
        application: &ApplicationId,
        id: &SecretId,
    ) -> Result<bool, Error> {
        let gone = diesel::delete(application_secrets::table.find((&self.tenant, application, id)))
            .execute(self.conn)?;
        Ok(gone == 1)
    }
}
