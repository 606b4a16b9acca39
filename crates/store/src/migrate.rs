//! Migrations: bringing a database to the shape this program expects.
//!
//! Owns the table `schema_migrations` and the order: each embedded migration runs once, whole, in
//! one write together with its row, so a kill at any point leaves either all or nothing of it. Two
//! migrators take turns. Leaves the text of the migrations to `migrations/` and when to migrate to
//! the command line.

mod record;

use crate::conn::{Conn, Kind};
use crate::feed::fnv;
use crate::{Db, Error, Timestamp};
use diesel::connection::SimpleConnection;
use record::Found;

/// A migration as built into the program.
#[derive(Debug, Clone, Copy)]
struct Embedded {
    version: i64,
    name: &'static str,
    up: &'static str,
}

const EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// How often `up` waits for another migrator or a lock; each wait is 1 s on PostgreSQL and 5 s on
/// SQLite.
const WAITS: usize = 30;

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number; they run in ascending order.
    pub version: i64,
    /// Its folder under `migrations/`.
    pub name: &'static str,
    /// When it was applied; `None` while it is pending.
    pub applied_at: Option<Timestamp>,
}

impl Embedded {
    /// What tells an edited migration from the one that was applied.
    fn checksum(&self) -> String {
        format!("{:016x}", fnv(self.up.as_bytes()))
    }

    /// The text for one database: the portable text with its markers resolved. PostgreSQL orders
    /// text by the language of the database unless it is told not to; SQLite never does.
    fn text(&self, kind: Kind) -> String {
        let (rowid, bytes) = match kind {
            Kind::Sqlite => (" WITHOUT ROWID", ""),
            Kind::Postgres => ("", "COLLATE \"C\""),
        };
        self.up.replace("/*rowid*/", rowid).replace("/*bytes*/", bytes)
    }
}

/// Every migration of this program, in order, with when it was applied. Writes nothing.
///
/// # Errors
/// `Schema`, in words, when the database belongs to another program, was migrated by a newer
/// version of this one, or has a migration whose text has changed since.
pub fn status(db: &Db) -> Result<Vec<Migration>, Error> {
    let found = db.system_read(|system| record::read(system.conn))?;
    compare(&found)
}

/// Applies what is pending and returns the names; an empty list when there was nothing to do.
/// `now` is what is written down as the time. Waits for another migrator for up to a minute or so.
///
/// # Errors
/// As [`status`]; `Busy` when another program held the lock all the time; what a migration failed
/// with, after it was rolled back whole.
pub fn up(db: &Db, now: Timestamp) -> Result<Vec<&'static str>, Error> {
    let mut applied = Vec::new();
    waiting(|| prepare(db))?;
    for migration in EMBEDDED {
        if waiting(|| apply(db, migration, now))? {
            tracing::info!(migration = migration.name, "migrated");
            applied.push(migration.name);
        }
    }
    Ok(applied)
}

/// Runs `step` again while somebody else holds the lock.
fn waiting<T>(mut step: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 1..WAITS {
        match step() {
            Err(Error::Busy) => {}
            other => return other,
        }
    }
    step()
}

/// Makes the table of migrations in a database that is empty or ours.
fn prepare(db: &Db) -> Result<(), Error> {
    compare(&db.system_read(|system| record::read(system.conn))?)?;
    match db.system_write(|system| record::create(system.conn)) {
        // PostgreSQL answers so to the slower of two that create the same table at once.
        Err(Error::Conflict(_)) => Err(Error::Busy),
        other => other,
    }
}

/// Applies one migration if it is pending; whether it was.
fn apply(db: &Db, migration: &Embedded, now: Timestamp) -> Result<bool, Error> {
    let kind = db.kind();
    db.system_write(|system| {
        long_statements(system.conn)?;
        record::lock(system.conn)?;
        let found = record::read(system.conn)?;
        let known = compare(&found)?;
        if known.iter().any(|m| m.version == migration.version && m.applied_at.is_some()) {
            return Ok(false);
        }
        system.conn.batch_execute(&migration.text(kind))?;
        record::insert(system.conn, migration, now)?;
        Ok(true)
    })
}

/// A migration may take long, but must not make the running nodes wait for its locks.
fn long_statements(conn: &mut Conn) -> Result<(), Error> {
    if let Conn::Pg(conn) = conn {
        conn.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '1s'")?;
    }
    Ok(())
}

/// Sets what the database has against what this program has.
fn compare(found: &Found) -> Result<Vec<Migration>, Error> {
    let Found::Ours(rows) = found else {
        return Ok(EMBEDDED.iter().map(|m| pending(m, None)).collect());
    };
    for row in rows {
        let Some(known) = EMBEDDED.iter().find(|m| m.version == row.version) else {
            return Err(Error::Schema(format!(
                "the database has the migration {} which this version of the program does not \
                 know: run the version that applied it, or a newer one",
                row.name
            )));
        };
        if known.checksum() != row.checksum {
            return Err(Error::Schema(format!(
                "the migration {} was changed after it had been applied: run the version that \
                 applied it, or restore the migration's text and add a new one",
                row.name
            )));
        }
    }
    let at = |m: &Embedded| rows.iter().find(|row| row.version == m.version);
    Ok(EMBEDDED.iter().map(|m| pending(m, at(m).map(|row| row.applied_at))).collect())
}

fn pending(migration: &Embedded, applied_at: Option<Timestamp>) -> Migration {
    Migration { version: migration.version, name: migration.name, applied_at }
}
