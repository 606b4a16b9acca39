//! Opening a connection and giving it its settings; and, once at the start, saying in words why a
//! database cannot be used and what to do about it.
//!
//! Owns the pragmas and session settings. Leaves the number of connections to `pool` and `lane`.

use super::{Conn, Location};
use crate::Error;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError};
use std::path::Path;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Reading only (SQLite).
    Read,
    /// The one writing connection of this process (SQLite).
    Write,
    /// Both (PostgreSQL).
    Both,
}

/// Waits of a reading connection on a lock: only recovery after a crash ever makes it wait.
const READ: &str = "PRAGMA busy_timeout=5000; PRAGMA query_only=ON; PRAGMA cache_size=-8000; \
     PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;";

/// The lane waits for the lock itself, in short steps, to be fair to a second process.
const WRITE: &str = "PRAGMA busy_timeout=5; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
     PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=8388608; \
     PRAGMA wal_autocheckpoint=1000; PRAGMA trusted_schema=OFF;";

/// Limits so that a statement, a lock or a forgotten transaction never holds a thread for long;
/// messages in English because some are told apart by their text.
const POSTGRES: &str = "SET statement_timeout='5s'; SET lock_timeout='2s'; \
     SET idle_in_transaction_session_timeout='15s'; SET client_min_messages='warning'; \
     SET standard_conforming_strings=on; SET timezone='UTC'; SET synchronous_commit='on'";

/// Opens a connection to `location`.
///
/// # Errors
/// `Unavailable` when the database does not answer, with a reason that holds no host or secret.
pub(crate) fn open(location: &Location, role: Role) -> Result<Conn, Error> {
    match location {
        Location::Postgres(url) => open_postgres(url).map(Conn::Pg),
        Location::Sqlite(path) => open_sqlite(path, role).map(Conn::Sqlite),
    }
}

fn open_sqlite(path: &Path, role: Role) -> Result<SqliteConnection, Error> {
    let text = path.to_str().ok_or(Error::Unavailable("the path of the database is not UTF-8"))?;
    let mut conn = SqliteConnection::establish(text)
        .map_err(|_| Error::Unavailable("the database file cannot be opened"))?;
    conn.batch_execute(if role == Role::Read { READ } else { WRITE })?;
    Ok(conn)
}

fn open_postgres(url: &str) -> Result<PgConnection, Error> {
    let mut conn = PgConnection::establish(&with_timeout(url)).map_err(|e| refused(&e))?;
    conn.batch_execute(POSTGRES)?;
    // Allowed to superusers and where it was granted; elsewhere the server's language stays.
    let _ = conn.batch_execute("SET lc_messages='C'");
    Ok(conn)
}

/// libpq waits for ever by default.
fn with_timeout(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}connect_timeout=3&application_name=tessera")
}

fn refused(error: &ConnectionError) -> Error {
    let text = error.to_string();
    let known: &[(&str, &'static str)] = &[
        ("password", "the database refused the user or the password"),
        ("authentication", "the database refused the user or the password"),
        ("role \"", "the database does not know the user"),
        ("database \"", "the server has no database of that name"),
        ("too many clients", "the database has no connection left"),
        ("remaining connection slots", "the database has no connection left"),
        ("the database system is", "the database is starting or stopping"),
        ("SSL", "the database wants TLS: use a build with the feature pg-tls"),
        ("could not translate host name", "the host of the database is not known"),
        ("timeout", "the database did not answer in time"),
        ("Connection refused", "nothing listens at the address of the database"),
        ("No such file", "nothing listens at the socket of the database"),
    ];
    let why = known.iter().find(|(part, _)| text.contains(part));
    Error::Unavailable(why.map_or("the database cannot be reached", |(_, why)| why))
}

/// Makes sure, once at the start, that the database can be used at all.
///
/// # Errors
/// `Schema` with the cure in words when waiting would not help.
pub(crate) fn prepare(location: &Location) -> Result<(), Error> {
    let mut conn = open(location, Role::Both)?;
    if let Conn::Sqlite(conn) = &mut conn {
        conn.batch_execute("PRAGMA journal_mode=WAL")?;
    }
    Ok(())
}
