//! Consents: what a user allowed an application, one row per user, application and API. When
//! consent is asked is `issuer`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{ApplicationId, TenantId, UserId};
use crate::schema::consents;
use crate::time::Timestamp;

/// A consent as stored.
#[derive(Debug, Clone, Queryable)]
pub struct ConsentRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Who allowed it.
    pub user_id: UserId,
    /// To which application.
    pub application: ApplicationId,
    /// For which API; empty for the tenant's own.
    pub api: String,
    /// What was allowed, space-separated.
    pub scopes: String,
    /// When it was first given.
    pub created_at: Timestamp,
    /// When it was last given.
    pub updated_at: Timestamp,
}

impl Tx<'_> {
    /// Gives or widens a consent: `scopes` replaces what stood there.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_consent(
        &mut self,
        user: &UserId,
        application: &ApplicationId,
        scopes: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO consents (tenant, user_id, application, api, scopes, created_at, \
             updated_at) VALUES ($1, $2, $3, '', $4, $5, $5) \
             ON CONFLICT (tenant, user_id, application, api) DO UPDATE SET \
             scopes = excluded.scopes, updated_at = excluded.updated_at",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(user.as_str().to_owned())
        .bind::<Text, _>(application.as_str().to_owned())
        .bind::<Text, _>(scopes.to_owned())
        .bind::<BigInt, _>(now.0)
        .execute(self.conn)?;
        Ok(())
    }

    /// What a user allowed an application.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_consent(
        &mut self,
        user: &UserId,
        application: &ApplicationId,
    ) -> Result<Option<ConsentRow>, Error> {
        Ok(consents::table
            .find((&self.tenant, user, application, ""))
            .first(self.conn)
            .optional()?)
    }

    /// Takes a consent back; `false` if there was none.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_consent(
        &mut self,
        user: &UserId,
        application: &ApplicationId,
    ) -> Result<bool, Error> {
        let gone = diesel::delete(consents::table.find((&self.tenant, user, application, "")))
            .execute(self.conn)?;
        Ok(gone == 1)
    }

    /// What a user allowed, by application id, after the given one; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_consents(
        &mut self,
        user: &UserId,
        after: Option<&ApplicationId>,
        limit: i64,
    ) -> Result<Vec<ConsentRow>, Error> {
        let mut query = consents::table
            .filter(consents::tenant.eq(&self.tenant))
            .filter(consents::user_id.eq(user))
            .order((consents::application, consents::api))
            .limit(limit)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(consents::application.gt(after.clone()));
        }
        Ok(query.load(self.conn)?)
    }
}
