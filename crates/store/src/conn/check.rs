//! Looking at a database once, at the start, before anything is written to it; and saying in words
//! why it cannot be used and what to do.
//!
//! Owns the refusals of an unusable SQLite file or server and the switch to the write-ahead log.
//! Leaves versions to `migrate`.

use super::{Conn, Location, Role, open};
use crate::Error;
use crate::error::{Trouble, trouble};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long the start waits for another program's lock.
const LOCK_WAIT: Duration = Duration::from_secs(4);
const LOCKED: &str = "another program holds the lock of the database file: end it (a backup, a \
     shell with an open transaction) and start again";

/// Makes sure that the database can be used at all; a missing SQLite file is made, readable by its
/// owner only.
///
/// # Errors
/// `Schema` with the cure in words when waiting would not help, `Unavailable` when it may.
pub(crate) fn prepare(location: &Location) -> Result<(), Error> {
    match location {
        Location::Sqlite(path) => {
            check_file(path)?;
            check_use(location, path)
        }
        Location::Postgres(_) => check_server(&mut open(location, Role::Both)?),
    }
}

fn refuse<T>(path: &Path, why: &str) -> Result<T, Error> {
    Err(Error::Schema(format!("{}: {why}", path.display())))
}

/// What the file system can tell, before SQLite touches anything.
fn check_file(path: &Path) -> Result<(), Error> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let cure = "the directory it should be in does not exist: create it, or change the \
                    database URL";
        return refuse(path, cure);
    }
    if path.is_dir() {
        return refuse(path, "this is a directory: the database URL must name a file in it");
    }
    let head = match first_bytes(path) {
        Ok(head) => head,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(_) => return refuse(path, "the file cannot be read: check its owner and mode"),
    };
    if head.is_empty() {
        return start_file(path);
    }
    if head != b"SQLite format 3\0" {
        return refuse(path, "this is not an SQLite database: name another file, or restore it");
    }
    Ok(())
}

fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(16).read_to_end(&mut head)?;
    Ok(head)
}

/// An empty database is only begun where there was none: a log beside nothing means that the
/// database itself was lost, and every user with it.
fn start_file(path: &Path) -> Result<(), Error> {
    if fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
        let cure = "the file is empty or missing but its write-ahead log (-wal) is there: the \
                    database was lost; restore it from a backup, or remove the log to begin anew";
        return refuse(path, cure);
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(_) => refuse(path, "the file cannot be made: check owner and mode of its directory"),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A file with tables but without our list of migrations is not ours; `migrate` looks closer.
const OWNER: &str = "SELECT CASE WHEN count(*) = 0 OR max(name = 'schema_migrations') = 1 \
     THEN 'ours' ELSE 'foreign' END AS word \
     FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// What only SQLite can tell: that the schema can be read, the log can be used and the file can be
/// written to. Until all of it is known nothing but the file's journal mode is changed.
fn check_use(location: &Location, path: &Path) -> Result<(), Error> {
    let mode = take_possession(location).map_err(|error| in_words(path, error))?;
    match mode.as_str() {
        "wal" => Ok(()),
        "foreign" => {
            refuse(path, "the file holds another program's tables: name a file of its own")
        }
        _ => refuse(
            path,
            "the file system cannot hold SQLite's write-ahead log: use a local disk, or PostgreSQL",
        ),
    }
}

/// Switches to the write-ahead log and answers the journal mode, or "foreign" having done nothing.
fn take_possession(location: &Location) -> Result<String, Error> {
    let Conn::Sqlite(mut conn) = open(location, Role::Write)? else { return Ok(String::new()) };
    patiently(|| conn.batch_execute("SELECT count(*) FROM sqlite_schema"))?;
    let owner: Word = diesel::sql_query(OWNER).get_result(&mut conn)?;
    if owner.word != "ours" {
        return Ok(owner.word);
    }
    patiently(|| conn.batch_execute("BEGIN IMMEDIATE; ROLLBACK"))?;
    patiently(|| conn.batch_execute("PRAGMA journal_mode=WAL"))?;
    let mode = "SELECT journal_mode AS word FROM pragma_journal_mode";
    Ok(diesel::sql_query(mode).get_result::<Word>(&mut conn)?.word)
}

/// Tries again while another program holds the lock; each try waits 5 ms.
fn patiently(mut step: impl FnMut() -> QueryResult<()>) -> QueryResult<()> {
    let began = Instant::now();
    loop {
        match step() {
            Err(e) if trouble(&e) == Trouble::Lock && began.elapsed() < LOCK_WAIT => {}
            other => return other,
        }
    }
}

fn in_words(path: &Path, error: Error) -> Error {
    let words = |why: &str| Error::Schema(format!("{}: {why}", path.display()));
    match error {
        Error::Busy => Error::Unavailable(LOCKED),
        Error::Unavailable("the database is read-only") => words(
            "the file is read-only: give the user that runs the program write permission on it \
             and on its directory",
        ),
        Error::Unavailable("the database file cannot be opened") => words(
            "SQLite cannot open the file or make its log beside it: give the user that runs the \
             program write permission on both the file and its directory",
        ),
        Error::Unavailable("the database file is damaged") => {
            words("the file is damaged: restore it from a backup")
        }
        other => other,
    }
}

/// A server is usable when its text is UTF-8 and there is a schema to put tables in.
fn check_server(conn: &mut Conn) -> Result<(), Error> {
    let Conn::Pg(conn) = conn else { return Ok(()) };
    let mut ask = |sql: &str| -> Result<String, Error> {
        Ok(diesel::sql_query(sql).get_result::<Word>(conn)?.word)
    };
    if ask("SELECT current_setting('server_encoding') AS word")? != "UTF8" {
        return Err(Error::Schema(
            "the database does not store UTF-8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE \
             template0"
                .to_owned(),
        ));
    }
    if ask("SELECT coalesce(current_schema()::text, '') AS word")?.is_empty() {
        return Err(Error::Schema(
            "the database has no schema for our tables: CREATE SCHEMA, or set search_path for the \
             user of the URL"
                .to_owned(),
        ));
    }
    Ok(())
}
