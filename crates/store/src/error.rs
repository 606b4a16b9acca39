//! What can go wrong in the database, sorted by what the caller can do about it.
//!
//! Owns the sorting of diesel's errors and of what both databases write. Leaves the answer a
//! client sees to the faces; no text here holds a bound value, and what a client may see holds
//! neither SQL nor a host name.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as Diesel};

/// An error of the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A row that had to be there is not.
    #[error("not found")]
    NotFound,
    /// A unique or foreign key refused the write: "slug", "host", "email", "name", "token",
    /// "external_id", or "key" for any other.
    #[error("conflict on {0}")]
    Conflict(&'static str),
    /// The database cannot be used now: answer 503, nothing of this command is stored.
    #[error("database unavailable: {0}")]
    Unavailable(&'static str),
    /// Too much to do at once: answer 503 with Retry-After, nothing of this command is stored.
    #[error("the database is busy")]
    Busy,
    /// The connection was lost during COMMIT: whether the command is stored is not known. Answer
    /// 503; never run it again.
    #[error("the outcome of the commit is unknown")]
    Unknown,
    /// A transaction was opened inside another one on the same thread: a mistake in the program.
    #[error("a transaction inside a transaction")]
    Nested,
    /// The database as configured cannot be used by this program, and waiting does not help. The
    /// text is for the operator and says what to do.
    #[error("{0}")]
    Schema(String),
    /// Anything else: a mistake in the program. The text is for the log only.
    #[error("internal: {0}")]
    Internal(String),
}

/// What a failure means for the command and for the connection it happened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Lost a race (SQLSTATE 40001, 40P01): nothing is committed, running again may help.
    Race,
    /// A lock was not had in time.
    Lock,
    /// Storage failed or is full: what the connection holds is in doubt.
    Storage(&'static str),
    /// The connection is of no more use, another one may be.
    Connection(&'static str),
    /// None of these.
    Other,
}

/// Texts both databases write, in the order they are looked for.
const TEXTS: &[(&str, Trouble)] = &[
    ("deadlock", Trouble::Race),
    ("could not serialize access", Trouble::Race),
    ("database or disk is full", Trouble::Storage("the disk is full")),
    ("No space left on device", Trouble::Storage("the disk is full")),
    ("disk I/O error", Trouble::Storage("the disk reports an error")),
    ("database disk image is malformed", Trouble::Storage("the database file is damaged")),
    ("file is not a database", Trouble::Storage("the database file is damaged")),
    ("attempt to write a readonly database", Trouble::Storage("the database is read-only")),
    ("unable to open database file", Trouble::Storage("the database file cannot be opened")),
    ("out of memory", Trouble::Storage("out of memory")),
    ("is locked", Trouble::Lock),
    ("lock timeout", Trouble::Lock),
    ("statement timeout", Trouble::Lock),
    ("terminating connection", Trouble::Connection("the database closed the connection")),
    ("server closed the connection", Trouble::Connection("the database closed the connection")),
    ("no connection to the server", Trouble::Connection("the database closed the connection")),
    ("the database system is", Trouble::Connection("the database is starting or stopping")),
    ("too many clients", Trouble::Connection("the database has no connection left")),
    ("remaining connection slots", Trouble::Connection("the database has no connection left")),
    ("connection pointer is NULL", Trouble::Connection("the database closed the connection")),
];

/// What `error` means for the connection it came from.
pub(crate) fn trouble(error: &Diesel) -> Trouble {
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Trouble::Race,
        Diesel::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => {
            Trouble::Connection("the database is read-only")
        }
        Diesel::DatabaseError(DatabaseErrorKind::Unknown, info) => by_text(info.message()),
        Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
            match by_text(info.message()) {
                known @ Trouble::Connection(_) => known,
                _ => Trouble::Connection("the database closed the connection"),
            }
        }
        Diesel::BrokenTransactionManager | Diesel::RollbackErrorOnCommit { .. } => {
            Trouble::Connection("the database closed the connection")
        }
        _ => Trouble::Other,
    }
}

fn by_text(message: &str) -> Trouble {
    TEXTS.iter().find(|(text, _)| message.contains(text)).map_or(Trouble::Other, |(_, t)| *t)
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(
                DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation,
                info,
            ) => Self::Conflict(field(&**info)),
            _ => match trouble(&error) {
                Trouble::Race | Trouble::Lock => Self::Busy,
                Trouble::Storage(why) | Trouble::Connection(why) => Self::Unavailable(why),
                Trouble::Other => Self::Internal(error.to_string()),
            },
        }
    }
}

/// What a conflict can be about: the end of a constraint's name (PostgreSQL) or of the list of its
/// columns (SQLite), and our word for it. Everything else, primary keys included, is "key".
const FIELDS: &[(&str, &str)] = &[
    ("code", "code"),
    ("slug", "slug"),
    ("host", "host"),
    ("email", "email"),
    ("email_key", "email"),
    ("name", "name"),
    ("name_key", "name"),
    ("token", "token"),
    ("token_hash", "token"),
    ("external_id", "external_id"),
];

/// The field a unique or foreign key violation is about: the same word on both databases.
fn field(info: &dyn DatabaseErrorInformation) -> &'static str {
    let name = info.constraint_name().unwrap_or_else(|| info.message());
    let ends = |end: &str| name.strip_suffix(end).is_some_and(|rest| rest.ends_with(['.', '_']));
    FIELDS.iter().find(|(end, _)| ends(end)).map_or("key", |(_, field)| field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(kind: DatabaseErrorKind, message: &str) -> Error {
        Error::from(Diesel::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn a_unique_violation_names_its_last_column() {
        let message = "UNIQUE constraint failed: users.tenant, users.email_key";
        assert_eq!(database(DatabaseErrorKind::UniqueViolation, message), Error::Conflict("email"));
        let message = "UNIQUE constraint failed: odd.column_nobody_knows";
        assert_eq!(database(DatabaseErrorKind::UniqueViolation, message), Error::Conflict("key"));
    }

    #[test]
    fn storage_and_connection_trouble_is_unavailable_and_races_are_busy() {
        let unknown = |text| database(DatabaseErrorKind::Unknown, text);
        assert_eq!(unknown("database or disk is full"), Error::Unavailable("the disk is full"));
        assert!(matches!(unknown("disk I/O error"), Error::Unavailable(_)));
        assert!(matches!(
            unknown("terminating connection due to administrator command"),
            Error::Unavailable(_)
        ));
        assert_eq!(unknown("database is locked"), Error::Busy);
        assert_eq!(unknown("deadlock detected"), Error::Busy);
        assert!(matches!(unknown("no such table: x"), Error::Internal(_)));
        assert_eq!(database(DatabaseErrorKind::SerializationFailure, ""), Error::Busy);
        assert_eq!(
            database(DatabaseErrorKind::ReadOnlyTransaction, ""),
            Error::Unavailable("the database is read-only")
        );
    }
}
