//! The grants of one user as a page lists them, and their end for one application. Each goes by the
//! index of users; how a grant is made, judged and rotated is with its row.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::GrantRow;
use crate::db::Tx;
use crate::error::Error;
use crate::ids::{ApplicationId, GrantId, UserId};
use crate::schema::grants;
use crate::time::Timestamp;

/// So many grants of a user are looked through, ended ones included.
const NEWEST: i64 = 500;

impl Tx<'_> {
    /// The grants of a user that are still good among their newest 500, the newest first; at most
    /// `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_user_grants(
        &mut self,
        user: &UserId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<GrantRow>, Error> {
        // The ids first, from the index alone: asked for whole rows in this order, SQLite goes
        // through every grant of the tenant.
        let newest: Vec<GrantId> = grants::table
            .filter(grants::tenant.eq(&self.tenant))
            .filter(grants::user_id.eq(user))
            .order(grants::id.desc())
            .limit(NEWEST)
            .select(grants::id)
            .load(self.conn)?;
        let mut good: Vec<GrantRow> = grants::table
            .filter(grants::tenant.eq(&self.tenant))
            .filter(grants::id.eq_any(&newest))
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.gt(now))
            .load(self.conn)?;
        good.sort_by(|a, b| b.id.cmp(&a.id));
        good.truncate(usize::try_from(limit).unwrap_or_default());
        Ok(good)
    }

    /// Revokes what was issued to a user for one application, at most `limit` grants; answers how
    /// many.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn revoke_user_grants(
        &mut self,
        user: &UserId,
        application: &ApplicationId,
        now: Timestamp,
        limit: i64,
    ) -> Result<usize, Error> {
        // A user has few grants, an application may have all of them: as an expression its column
        // has no index. The join is there for the same reason as above.
        Ok(diesel::sql_query(
            "UPDATE grants SET revoked_at = $1, revoked_why = 'admin' WHERE tenant = $2 AND id IN \
             (SELECT g.id FROM grants a JOIN grants g ON g.tenant = a.tenant AND g.id = a.id \
             WHERE a.tenant = $2 AND a.user_id = $3 AND g.application || '' = $4 \
             AND g.revoked_at IS NULL LIMIT $5)",
        )
        .bind::<BigInt, _>(now.0)
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(user.as_str().to_owned())
        .bind::<Text, _>(application.as_str().to_owned())
        .bind::<BigInt, _>(limit)
        .execute(self.conn)?)
    }
}
