//! One connection to either database, and the way from a URL to it.
//!
//! Owns the two-armed connection, the escapes for what diesel cannot say about both databases at
//! once, and the settings every connection gets. Leaves pooling to `pool`, writing on SQLite to
//! `lane`, and the words for a database that cannot be used to `open`.

mod multi;
mod open;
mod url;

pub(crate) use multi::{Conn, Multi, each_backend};
pub(crate) use open::{Role, open, prepare};
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
