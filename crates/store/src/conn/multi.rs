//! The two-armed connection, and `each_backend!` for what only the real backends can say. An upsert
//! needs neither: `sql_query` with `$1, $2, …` in ascending order runs on both.
//!
//! Never use the derived `Conn::establish`: it goes on to SQLite when PostgreSQL is down.

#![allow(missing_docs)] // of what the derive writes

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A connection to whichever database the installation runs on.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs `$body` on the real connection inside a `&mut Conn`; the body is compiled once for each.
macro_rules! each_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::conn::Conn::Pg($c) => $body,
            $crate::conn::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use each_backend;
