//! Which ways in people have, counted over the tables that know: users and identities.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

const ALONE: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM users WHERE users.tenant = $1 \
     AND NOT EXISTS (SELECT 1 FROM identities WHERE identities.tenant = $1 \
     AND identities.user_id = users.id) LIMIT $2) AS counted";

impl Tx<'_> {
    /// How many users have no identity at a provider, up to `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_users_without_identity(&mut self, limit: i64) -> Result<i64, Error> {
        let found: Count = diesel::sql_query(ALONE)
            .bind::<Text, _>(self.tenant.as_str().to_owned())
            .bind::<BigInt, _>(limit)
            .get_result(self.conn)?;
        Ok(found.n)
    }
}
