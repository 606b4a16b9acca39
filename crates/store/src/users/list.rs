//! Lists of users. Each scan has an index that gives its rows in order, so a page reads its own rows
//! and one more, however many users there are. A search is three scans by prefix; putting them
//! together is `directory`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::UserRow;
use crate::db::Tx;
use crate::error::Error;
use crate::ids::ConnectionId;

/// Which users a list shows, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserScan {
    /// All, by canonical e-mail.
    Email,
    /// All, by folded name.
    Name,
    /// All, by the time they were created.
    Created,
    /// Those who are kept out, by e-mail.
    Blocked,
    /// Those whose address nobody proved, by e-mail.
    Unverified,
    /// Those who never signed in, by e-mail.
    NeverSignedIn,
    /// Those who can sign in through a connection, by the time they were created.
    Connection(ConnectionId),
}

/// What a prefix is searched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserSearch {
    /// The canonical e-mail address.
    Email,
    /// The folded name.
    Name,
    /// The key of other systems.
    ExternalId,
}

/// Where a list goes on: behind this row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPlace {
    /// The value the list is ordered by.
    pub key: String,
    /// The row's id.
    pub id: String,
}

/// Greater than every key.
const LAST: &str = "\u{10ffff}";

impl UserPlace {
    fn edge(up: bool) -> UserPlace {
        let edge = if up { "" } else { LAST };
        UserPlace { key: edge.to_owned(), id: edge.to_owned() }
    }
}

impl UserScan {
    /// Where a row stands in this list.
    pub fn place(&self, row: &UserRow) -> UserPlace {
        let key = match self {
            UserScan::Name => row.name_key.clone(),
            UserScan::Created | UserScan::Connection(_) => String::new(),
            _ => row.email_key.clone(),
        };
        UserPlace { key, id: row.id.as_str().to_owned() }
    }

    /// Tables and condition; `$1` is the tenant.
    fn rows(&self) -> &'static str {
        match self {
            UserScan::Email | UserScan::Name | UserScan::Created => "users u WHERE u.tenant = $1",
            UserScan::Blocked => "users u WHERE u.tenant = $1 AND u.blocked = TRUE",
            UserScan::Unverified => "users u WHERE u.tenant = $1 AND u.email_verified = FALSE",
            UserScan::NeverSignedIn => "users u WHERE u.tenant = $1 AND u.last_sign_in_at IS NULL",
            // Somebody with two identities at one provider is listed once.
            UserScan::Connection(_) => {
                "identities i WHERE i.tenant = $1 AND i.connection = $2 AND NOT EXISTS \
                 (SELECT 1 FROM identities j WHERE j.tenant = i.tenant AND j.user_id = i.user_id \
                 AND j.connection = i.connection AND j.id < i.id)"
            }
        }
    }

    /// The columns of the order.
    fn order(&self) -> &'static str {
        match self {
            UserScan::Name => "u.name_key, u.id",
            UserScan::Created => "u.id",
            UserScan::Connection(_) => "i.user_id",
            _ => "u.email_key",
        }
    }
}

impl Tx<'_> {
    /// Users of a list after `after`, upwards or downwards; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_users(
        &mut self,
        scan: &UserScan,
        after: Option<&UserPlace>,
        up: bool,
        limit: i64,
    ) -> Result<Vec<UserRow>, Error> {
        let place = after.cloned().unwrap_or_else(|| UserPlace::edge(up));
        let (rows, order) = (scan.rows(), scan.order());
        let (sign, way) = if up { (">", "") } else { ("<", " DESC") };
        let ordered = order.split(", ").map(|c| format!("{c}{way}")).collect::<Vec<_>>().join(", ");
        let tenant = self.tenant.as_str().to_owned();
        Ok(match scan {
            UserScan::Name => diesel::sql_query(format!(
                "SELECT u.* FROM {rows} AND ({order}) {sign} ($2, $3) ORDER BY {ordered} LIMIT $4"
            ))
            .bind::<Text, _>(tenant)
            .bind::<Text, _>(place.key)
            .bind::<Text, _>(place.id)
            .bind::<BigInt, _>(limit)
            .load(self.conn)?,
            UserScan::Connection(id) => self.users_at(scan, id, &place.id, up, limit)?,
            other => diesel::sql_query(format!(
                "SELECT u.* FROM {rows} AND {order} {sign} $2 ORDER BY {ordered} LIMIT $3"
            ))
            .bind::<Text, _>(tenant)
            .bind::<Text, _>(if *other == UserScan::Created { place.id } else { place.key })
            .bind::<BigInt, _>(limit)
            .load(self.conn)?,
        })
    }

    /// The page's ids first: joined before the limit, a planner may walk all users.
    fn users_at(
        &mut self,
        scan: &UserScan,
        id: &ConnectionId,
        after: &str,
        up: bool,
        limit: i64,
    ) -> Result<Vec<UserRow>, Error> {
        let (sign, way) = if up { (">", "") } else { ("<", " DESC") };
        let (rows, order) = (scan.rows(), scan.order());
        let mut found: Vec<UserRow> = diesel::sql_query(format!(
            "SELECT u.* FROM (SELECT i.user_id FROM {rows} AND {order} {sign} $3 \
             ORDER BY {order}{way} LIMIT $4) held \
             JOIN users u ON u.tenant = $1 AND u.id = held.user_id"
        ))
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(id.as_str().to_owned())
        .bind::<Text, _>(after.to_owned())
        .bind::<BigInt, _>(limit)
        .load(self.conn)?;
        found.sort_by(|a, b| if up { a.id.cmp(&b.id) } else { b.id.cmp(&a.id) });
        Ok(found)
    }

    /// How many users a list has, counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_users(&mut self, scan: &UserScan, cap: i64) -> Result<i64, Error> {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let rows = scan.rows();
        let tenant = self.tenant.as_str().to_owned();
        let counted: Counted = match scan {
            UserScan::Connection(id) => diesel::sql_query(format!(
                "SELECT count(*) AS n FROM (SELECT 1 AS one FROM {rows} LIMIT $3) counted"
            ))
            .bind::<Text, _>(tenant)
            .bind::<Text, _>(id.as_str().to_owned())
            .bind::<BigInt, _>(cap)
            .get_result(self.conn)?,
            _ => diesel::sql_query(format!(
                "SELECT count(*) AS n FROM (SELECT 1 AS one FROM {rows} LIMIT $2) counted"
            ))
            .bind::<Text, _>(tenant)
            .bind::<BigInt, _>(cap)
            .get_result(self.conn)?,
        };
        Ok(counted.n)
    }

    /// Users of whom something begins with `prefix`, in the order of what is searched, from the
    /// beginning or after a row; at most `limit`. There are no wildcards.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn search_users(
        &mut self,
        by: UserSearch,
        prefix: &str,
        after: Option<&UserPlace>,
        limit: i64,
    ) -> Result<Vec<UserRow>, Error> {
        let beyond = format!("{prefix}{LAST}");
        // Before the first: no key of two parts is smaller than the prefix and no id.
        let first = UserPlace { key: prefix.to_owned(), id: String::new() };
        let from = after.unwrap_or(&first).clone();
        let key = match by {
            UserSearch::Email => "email_key",
            UserSearch::Name => "name_key",
            UserSearch::ExternalId => "external_id",
        };
        // An address and an external id are nobody else's, so the id adds no order; the index of
        // names needs it.
        let order = if by == UserSearch::Name { "name_key, id" } else { key };
        let place = match (by, after) {
            (UserSearch::Name, _) => "(name_key, id) > ($2, $3)".to_owned(),
            (_, Some(_)) => format!("{key} > $2 AND id <> $3"),
            (_, None) => format!("{key} >= $2 AND id <> $3"),
        };
        Ok(diesel::sql_query(format!(
            "SELECT * FROM users WHERE tenant = $1 AND {place} AND {key} < $4 \
             ORDER BY {order} LIMIT $5"
        ))
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(from.key)
        .bind::<Text, _>(from.id)
        .bind::<Text, _>(beyond)
        .bind::<BigInt, _>(limit)
        .load(self.conn)?)
    }
}
