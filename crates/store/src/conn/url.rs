//! From the configured URL to a database: `postgres://…`, `postgresql://…`, `sqlite:PATH` or a bare
//! path. Owns the choice; looks at nothing outside the text.

use crate::Error;
use std::fmt;
use std::path::PathBuf;

/// Where the database is. `Debug` and `Display` hold no credential.
#[derive(Clone)]
pub(crate) enum Location {
    /// A libpq URL.
    Postgres(String),
    /// The path of a file.
    Sqlite(PathBuf),
}

impl Location {
    /// Reads a URL; `Error::Schema` with the cure when it names no database we can use.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::Schema(why.to_owned()));
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.trim().is_empty() {
            return refuse("the database URL is empty; write sqlite:PATH or postgres://…");
        }
        if path.contains(":memory:") || path.contains("mode=memory") {
            return refuse(
                "an in-memory SQLite database is refused: each connection would see a database \
                 of its own and a restart would forget every user; name a file instead",
            );
        }
        if path.contains("://") || path.starts_with("file:") {
            return refuse(
                "the database URL has a scheme that is not known; write sqlite:PATH or \
                 postgres://user@host/database",
            );
        }
        if path.contains('\0') || path.contains('?') {
            return refuse("the SQLite path holds a character it must not (NUL or '?')");
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("the PostgreSQL database"),
            Self::Sqlite(path) => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_nothing_falls_through() {
        assert!(matches!(Location::parse("postgres://u@h/d"), Ok(Location::Postgres(_))));
        assert!(matches!(Location::parse("postgresql:///d"), Ok(Location::Postgres(_))));
        for (url, path) in [
            ("sqlite:a/b.db", "a/b.db"),
            ("sqlite:///var/t.db", "/var/t.db"),
            ("/var/t.db", "/var/t.db"),
            ("t.db", "t.db"),
        ] {
            let Ok(Location::Sqlite(found)) = Location::parse(url) else { panic!("{url}") };
            assert_eq!(found, PathBuf::from(path), "{url}");
        }
        for url in ["", "sqlite:", ":memory:", "sqlite::memory:", "mysql://x", "file:x?mode=memory"]
        {
            assert!(matches!(Location::parse(url), Err(Error::Schema(_))), "{url}");
        }
    }

    #[test]
    fn no_text_holds_a_password() {
        let location = Location::parse("postgres://u:hunter2@h/d").unwrap();
        assert!(!format!("{location} {location:?}").contains("hunter2"));
    }
}
