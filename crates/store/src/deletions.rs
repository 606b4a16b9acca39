//! What was deleted, until nothing of it is left. Deleting a tenant, an application, a user, a
//! connection or an organization removes its own row and at most [`INLINE`] rows that belong to it;
//! the rest is worth nothing from then on and goes in chunks, by a leased job. A deletion is looked
//! at once more after a while, for rows that a write of the same moment left behind. When to delete
//! is `directory`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::conn::Conn;
use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::TenantId;
use crate::schema::deletions;
use crate::time::Timestamp;

/// Rows that the deleting command itself removes at most.
const INLINE: i64 = 400;

/// After how many seconds a deletion of which nothing is left is looked at once more.
const LINGER_S: i64 = 600;

/// What can be deleted with all that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deleted {
    Tenant,
    Application,
    User,
    Connection,
    Organization,
}

/// A table that may hold rows of what was deleted, its key beside the tenant, and which rows they
/// are: `$1` is the tenant, `$2` the id of what was deleted.
type Belonging = (&'static str, &'static str, &'static str);

const WHOLE: &str = "tenant = $1 AND tenant = $2";
const OF_APPLICATION: &str = "tenant = $1 AND application = $2";
const OF_CONNECTION: &str = "tenant = $1 AND connection = $2";
const OF_ORGANIZATION: &str = "tenant = $1 AND organization = $2";
/// Led by the kind, as the index is.
const INVITED_TO: &str = "tenant = $1 AND kind = 'organization' AND organization = $2";
const OF_USER: &str = "tenant = $1 AND user_id = $2";
/// Only a user of the system tenant is an actor elsewhere.
const OF_ACTOR: &str = "$1 = 'ten_00000000000000000000000000' AND actor = $2";

/// Everything that is in a tenant.
const OF_TENANT: &[Belonging] = &[
    ("outbox", "id", WHOLE),
    ("mails", "id", WHOLE),
    ("mail_templates", "template, language", WHOLE),
    ("inbox", "id", WHOLE),
    ("domains", "host", WHOLE),
    ("role_assignments", "actor, role", WHOLE),
    ("links", "id", WHOLE),
    ("signing_keys", "id", WHOLE),
    ("application_secrets", "application, id", WHOLE),
    ("applications", "id", WHOLE),
    ("users", "id", WHOLE),
    ("sessions", "id", WHOLE),
    ("grants", "id", WHOLE),
    ("consents", "user_id, application, api", WHOLE),
    ("guesses", "id", WHOLE),
    ("flows", "id", WHOLE),
    ("spent", "kind, id", WHOLE),
    ("traces", "flow, id", WHOLE),
    ("daily_counts", "day, kind", WHOLE),
    ("connections", "id", WHOLE),
    ("mapping_versions", "connection, version", WHOLE),
    ("identities", "connection, issuer, subject", WHOLE),
    ("connection_tests", "id", WHOLE),
    ("settings", "name", WHOLE),
    ("assets", "id", WHOLE),
    ("members", "organization, user_id", WHOLE),
    ("invitations", "id", WHOLE),
    ("organizations", "id", WHOLE),
    ("organization_roles", "name", WHOLE),
    ("batch_parts", "batch, side, seq", WHOLE),
    ("batches", "id", WHOLE),
];

impl Deleted {
    fn as_str(self) -> &'static str {
        match self {
            Deleted::Tenant => "tenant",
            Deleted::Application => "application",
            Deleted::User => "user",
            Deleted::Connection => "connection",
            Deleted::Organization => "organization",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        use Deleted::{Application, Connection, Organization, Tenant, User};
        [Tenant, Application, User, Connection, Organization]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    fn belongings(self) -> &'static [Belonging] {
        match self {
            Deleted::Tenant => OF_TENANT,
            Deleted::Application => &[
                ("application_secrets", "application, id", OF_APPLICATION),
                ("grants", "id", OF_APPLICATION),
                ("consents", "user_id, application, api", OF_APPLICATION),
            ],
            Deleted::User => &[
                ("role_assignments", "actor, role", OF_ACTOR),
                ("links", "id", OF_USER),
                ("sessions", "id", OF_USER),
                ("grants", "id", OF_USER),
                ("consents", "user_id, application, api", OF_USER),
                ("identities", "connection, issuer, subject", OF_USER),
                ("members", "organization, user_id", OF_USER),
            ],
            Deleted::Connection => &[
                ("connection_tests", "id", OF_CONNECTION),
                ("mapping_versions", "connection, version", OF_CONNECTION),
                ("identities", "connection, issuer, subject", OF_CONNECTION),
            ],
            Deleted::Organization => &[
                ("members", "organization, user_id", OF_ORGANIZATION),
                ("invitations", "id", INVITED_TO),
            ],
        }
    }
}

/// Removes at most `limit` rows that belong to what was deleted; answers how many went.
fn erase(
    conn: &mut Conn,
    kind: Deleted,
    tenant: &TenantId,
    id: &str,
    limit: i64,
) -> Result<i64, Error> {
    let mut gone = 0;
    for (table, key, rows) in kind.belongings() {
        if gone >= limit {
            break;
        }
        let went = diesel::sql_query(format!(
            "DELETE FROM {table} WHERE (tenant, {key}) IN \
             (SELECT tenant, {key} FROM {table} WHERE {rows} LIMIT $3)"
        ))
        .bind::<Text, _>(tenant.as_str().to_owned())
        .bind::<Text, _>(id.to_owned())
        .bind::<BigInt, _>(limit - gone)
        .execute(conn)?;
        gone += i64::try_from(went).unwrap_or(limit);
    }
    Ok(gone)
}

impl Tx<'_> {
    /// Removes a first part of what belongs to something whose own row was just deleted, and
    /// remembers to remove the rest.
    pub(crate) fn forget(&mut self, kind: Deleted, id: &str) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO deletions (tenant, kind, id, due_at) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (tenant, kind, id) DO NOTHING",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(kind.as_str())
        .bind::<Text, _>(id.to_owned())
        .execute(self.conn)?;
        erase(self.conn, kind, &self.tenant, id, INLINE)?;
        Ok(())
    }
}

impl SystemTx<'_> {
    /// Removes at most `limit` rows that belonged to one tenant, application or user that was
    /// deleted; answers 0 when there is nothing left to do now.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep_orphans(&mut self, now: Timestamp, limit: i64) -> Result<usize, Error> {
        let next: Option<(TenantId, String, String, Timestamp)> = deletions::table
            .filter(deletions::due_at.le(now))
            .order(deletions::due_at)
            .first(self.conn)
            .optional()?;
        let Some((tenant, word, id, due)) = next else { return Ok(0) };
        let gone = match Deleted::parse(&word) {
            Some(kind) => erase(self.conn, kind, &tenant, &id, limit)?,
            // A newer version of the program wrote it and sweeps it.
            None => 0,
        };
        if gone > 0 {
            return Ok(usize::try_from(gone).unwrap_or(1));
        }
        let row = deletions::table.find((&tenant, &word, &id));
        if due == Timestamp(0) || Deleted::parse(&word).is_none() {
            let later = now.plus_seconds(LINGER_S);
            diesel::update(row).set(deletions::due_at.eq(later)).execute(self.conn)?;
        } else {
            diesel::delete(row).execute(self.conn)?;
        }
        Ok(1)
    }
}
