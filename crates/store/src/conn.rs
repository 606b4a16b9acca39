//! One connection to either database, and the way from a URL to it.
//!
//! Owns the two-armed connection, the escape for what diesel cannot say about both databases at
//! once, the settings every connection gets, and the words for a database that cannot be used.
//! Leaves pooling to `pool` and writing on SQLite to `lane`.

mod check;
mod multi;
mod open;
mod url;

pub(crate) use check::prepare;
pub(crate) use multi::{Conn, each_backend};
pub(crate) use open::{Role, open};
pub(crate) use url::Location;

/// Which database a `Db` runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An embedded SQLite file.
    Sqlite,
    /// A PostgreSQL server, or one that speaks its protocol.
    Postgres,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}
