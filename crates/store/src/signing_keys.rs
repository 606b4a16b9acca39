//! Signing keys of a tenant, sealed. When a key is published, signs and retires is decided by
//! time in `context`; making and opening keys is `vault`'s.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{KeyId, TenantId};
use crate::schema::signing_keys;
use crate::time::Timestamp;

/// A signing key as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = signing_keys)]
pub struct SigningKeyRow {
    /// Whose key it is.
    pub tenant: TenantId,
    /// Its id, the `kid` on the wire.
    pub id: KeyId,
    /// `ES256`, `RS256` or `EdDSA`.
    pub algorithm: String,
    /// PKCS#8, sealed by the vault.
    pub sealed: Vec<u8>,
    /// The public half as a JWK (RFC 7517).
    pub public_jwk: String,
    /// From when it is in the JWKS.
    pub publish_at: Timestamp,
    /// From when it signs.
    pub sign_from: Timestamp,
    /// From when it is gone from the JWKS; none while it is in use.
    pub retire_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Tx<'_> {
    /// Every key of the tenant, oldest first.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_signing_keys(&mut self) -> Result<Vec<SigningKeyRow>, Error> {
        Ok(signing_keys::table
            .filter(signing_keys::tenant.eq(&self.tenant))
            .order(signing_keys::id)
            .load(self.conn)?)
    }

    /// Adds a key.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_signing_key(&mut self, key: &SigningKeyRow) -> Result<(), Error> {
        diesel::insert_into(signing_keys::table).values(key).execute(self.conn)?;
        Ok(())
    }

    /// Sets when the keys of an algorithm that have no end yet leave the JWKS, the given one
    /// excepted.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn retire_signing_keys(
        &mut self,
        algorithm: &str,
        except: &KeyId,
        at: Timestamp,
    ) -> Result<usize, Error> {
        Ok(diesel::update(
            signing_keys::table
                .filter(signing_keys::tenant.eq(&self.tenant))
                .filter(signing_keys::algorithm.eq(algorithm))
                .filter(signing_keys::id.ne(except))
                .filter(signing_keys::retire_at.is_null()),
        )
        .set(signing_keys::retire_at.eq(Some(at)))
        .execute(self.conn)?)
    }

    /// Replaces the sealed half, when a key is sealed anew under another master.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn reseal_signing_key(&mut self, id: &KeyId, sealed: &[u8]) -> Result<(), Error> {
        diesel::update(
            signing_keys::table
                .filter(signing_keys::tenant.eq(&self.tenant))
                .filter(signing_keys::id.eq(id)),
        )
        .set(signing_keys::sealed.eq(sealed))
        .execute(self.conn)?;
        Ok(())
    }

    /// Removes keys that left the JWKS before `before`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_retired_keys(&mut self, before: Timestamp) -> Result<usize, Error> {
        Ok(diesel::delete(
            signing_keys::table
                .filter(signing_keys::tenant.eq(&self.tenant))
                .filter(signing_keys::retire_at.lt(Some(before))),
        )
        .execute(self.conn)?)
    }
}
