//! Opening a connection and giving it its settings. Owns the pragmas, the session settings and the
//! reading of libpq's refusals. Leaves the number of connections to `pool` and `lane`.

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

/// Only recovery after a crash ever makes a reading connection wait.
const READ: &str = "PRAGMA busy_timeout=5000; PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; \
     PRAGMA cache_size=-8000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;";

/// The lane waits for the lock itself, in short steps, to be fair to a second process.
const WRITE: &str = "PRAGMA busy_timeout=5; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
     PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; \
     PRAGMA journal_size_limit=8388608; PRAGMA wal_autocheckpoint=1000;";

/// Limits, so that a statement, a lock or a forgotten transaction never holds a thread for long.
const POSTGRES: &str = "SET statement_timeout='5s'; SET lock_timeout='2s'; \
     SET idle_in_transaction_session_timeout='15s'; SET client_min_messages='warning'; \
     SET synchronous_commit='on'";

/// Put before the parameters of the URL, so that the operator's own win. Without them libpq waits
/// for ever for a host that does not answer.
const PARAMETERS: &str = "application_name=tessera&connect_timeout=3&keepalives_idle=5\
     &keepalives_interval=2&keepalives_count=3&tcp_user_timeout=10000";

/// Opens a connection to `location`.
///
/// # Errors
/// `Unavailable` when the database does not answer, `Schema` when waiting does not help; neither
/// names a host or a secret.
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
    let mut conn = PgConnection::establish(&with_parameters(url)).map_err(|e| refused(&e))?;
    conn.batch_execute(POSTGRES)?;
    // Some failures are told apart by their text. Superusers may choose its language, others where
    // it was granted; elsewhere the server's language stays.
    let _ = conn.batch_execute("SET lc_messages='C'");
    Ok(conn)
}

fn with_parameters(url: &str) -> String {
    match url.split_once('?') {
        Some((base, own)) => format!("{base}?{PARAMETERS}&{own}"),
        None => format!("{url}?{PARAMETERS}"),
    }
}

/// What libpq writes and what we say instead, where waiting may help. Its own text names host and
/// user.
const WAIT: &[(&str, &str)] = &[
    ("too many clients", "the database has no connection left"),
    ("remaining connection slots", "the database has no connection left"),
    ("the database system is", "the database is starting or stopping"),
    ("could not translate host name", "the host of the database is not known"),
    ("timeout expired", "the database did not answer in time"),
    ("Connection refused", "nothing listens at the address of the database"),
    ("No such file", "nothing listens at the socket of the database"),
];

/// The same, where waiting does not help.
const NEVER: &[(&str, &str)] = &[
    (
        "no password supplied",
        "the database wants a password: put it into the database URL, or into a file named \
         by the environment variable PGPASSFILE",
    ),
    (
        "password authentication failed",
        "the database refused the password: check user and password in the database URL",
    ),
    (
        "no pg_hba.conf entry",
        "the database lets nobody in from here with this user, database and encryption: add \
         a line to its pg_hba.conf, or check the database URL",
    ),
    ("role \"", "the database does not know the user of the URL: CREATE ROLE … LOGIN"),
    ("database \"", "the server has no database of that name: CREATE DATABASE …"),
    (
        "SSL support is not compiled in",
        "the database URL asks for TLS, which this build does not have: build with the \
         feature pg-tls",
    ),
    ("does not support SSL", "the database URL asks for TLS, which the server does not offer"),
    ("certificate", "the certificate of the database is not trusted: set sslrootcert"),
    ("invalid URI", "the database URL cannot be read: postgres://user:password@host/database"),
    ("invalid", "the database URL has a parameter that nobody knows or that cannot be read"),
];

fn refused(error: &ConnectionError) -> Error {
    let text = error.to_string();
    let find = |list: &[(&'static str, &'static str)]| {
        list.iter().find(|(part, _)| text.contains(part)).map(|(_, why)| *why)
    };
    match (find(WAIT), find(NEVER)) {
        (Some(why), _) => Error::Unavailable(why),
        (None, Some(why)) => Error::Schema(why.to_owned()),
        (None, None) => Error::Unavailable("the database cannot be reached"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_the_operator_come_last_and_win() {
        let url = with_parameters("postgres://h/d?connect_timeout=9");
        assert!(url.ends_with("&connect_timeout=9"), "{url}");
        assert!(with_parameters("postgres://h/d").starts_with("postgres://h/d?application_name="));
    }

    #[test]
    fn refusals_are_in_our_words() {
        let refused = |text: &str| refused(&ConnectionError::BadConnection(text.to_owned()));
        let text = "connection to server at \"db.internal\", port 5432 failed: FATAL:  database \
                    \"secret\" does not exist";
        let Error::Schema(words) = refused(text) else { panic!("not a Schema error") };
        assert!(!words.contains("internal") && !words.contains("secret"), "{words}");
        let text = "connection to server at \"db\" failed: Connection refused";
        assert!(matches!(refused(text), Error::Unavailable(_)));
        assert!(matches!(refused("???"), Error::Unavailable(_)));
    }
}
