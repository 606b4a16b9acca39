//! The table `schema_migrations`: which migrations a database has, and the row that makes two
//! migrators take turns. Owns its statements; deciding is left to `migrate`.

use super::Embedded;
use crate::conn::Conn;
use crate::{Error, Timestamp};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// The version of the row that is only there to be locked.
const LOCK: i64 = -1;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);
INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (-1, 'lock', '', 0)
    ON CONFLICT (version) DO NOTHING";

/// What is in the database.
pub(super) enum Found {
    /// Nothing yet.
    Empty,
    /// A database of ours, with these migrations.
    Ours(Vec<Row>),
}

/// An applied migration.
#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub checksum: String,
    #[diesel(sql_type = BigInt)]
    pub applied_at: Timestamp,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables and, for one of them, its columns: told apart by the database's own catalogue.
fn names(conn: &mut Conn, sqlite: &str, postgres: &str) -> Result<Vec<String>, Error> {
    let sql = if matches!(conn, Conn::Sqlite(_)) { sqlite } else { postgres };
    let rows: Vec<Name> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Looks at the database; `Schema` when it is somebody else's.
pub(super) fn read(conn: &mut Conn) -> Result<Found, Error> {
    let tables = names(
        conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "SELECT table_name::text AS name FROM information_schema.tables \
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
    )?;
    if tables.is_empty() {
        return Ok(Found::Empty);
    }
    if !tables.iter().any(|table| table == "schema_migrations") || !has_our_columns(conn)? {
        return Err(Error::Schema(
            "the database holds tables of another program: name an empty database (on PostgreSQL \
             an empty schema does, set with search_path) in the database URL"
                .to_owned(),
        ));
    }
    let rows = diesel::sql_query(
        "SELECT version, name, checksum, applied_at FROM schema_migrations WHERE version > $1 \
         ORDER BY version",
    );
    Ok(Found::Ours(rows.bind::<BigInt, _>(LOCK).load(conn)?))
}

/// Other programs have a table of that name too.
fn has_our_columns(conn: &mut Conn) -> Result<bool, Error> {
    let columns = names(
        conn,
        "SELECT name FROM pragma_table_info('schema_migrations')",
        "SELECT column_name::text AS name FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = 'schema_migrations'",
    )?;
    let ours = ["version", "name", "checksum", "applied_at"];
    Ok(ours.iter().all(|column| columns.iter().any(|c| c == column)))
}

/// Makes the table, if it is not there.
pub(super) fn create(conn: &mut Conn) -> Result<(), Error> {
    Ok(conn.batch_execute(CREATE)?)
}

/// Waits until no other migrator is at work; until this write ends none can be. A row lock, not an
/// advisory one: the databases that only speak PostgreSQL's protocol know no other.
pub(super) fn lock(conn: &mut Conn) -> Result<(), Error> {
    let lock = diesel::sql_query(
        "UPDATE schema_migrations SET applied_at = applied_at WHERE version = $1",
    );
    lock.bind::<BigInt, _>(LOCK).execute(conn)?;
    Ok(())
}

/// Writes down that `migration` is applied.
pub(super) fn insert(conn: &mut Conn, migration: &Embedded, now: Timestamp) -> Result<(), Error> {
    diesel::sql_query(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) \
         VALUES ($1, $2, $3, $4)",
    )
    .bind::<BigInt, _>(migration.version)
    .bind::<Text, _>(migration.name)
    .bind::<Text, _>(migration.checksum())
    .bind::<BigInt, _>(now)
    .execute(conn)?;
    Ok(())
}
