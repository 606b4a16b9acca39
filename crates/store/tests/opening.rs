//! A database that cannot be used: what `Db::open` says, that it says it soon, and that it leaves
//! everything as it was.

mod common;

use common::{Scratch, insert, rows, tenant};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use store::{Config, Db, Error};

/// What `Db::open` answers; it must answer within five seconds.
fn refused(url: &str) -> Error {
    let began = Instant::now();
    let answer = Db::open(&Config::new(url));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    answer.err().unwrap_or_else(|| panic!("{url} was opened"))
}

fn schema_error(error: &Error, part: &str) {
    assert!(matches!(error, Error::Schema(text) if text.contains(part)), "{error:?}");
}

fn folder(scratch: &Scratch) -> PathBuf {
    Path::new(&scratch.url()).parent().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn what_names_no_database_is_refused() {
    schema_error(&refused(":memory:"), "in-memory");
    schema_error(&refused("sqlite::memory:"), "in-memory");
    schema_error(&refused("mysql://h/d"), "scheme");
    schema_error(&refused(""), "empty");
}

#[test]
fn a_missing_directory_is_named_and_not_made() {
    let scratch = Scratch::sqlite();
    let path = folder(&scratch).join("missing/t.db");
    let error = refused(path.to_str().unwrap());
    schema_error(&error, "does not exist");
    schema_error(&error, path.to_str().unwrap());
    assert!(names(&folder(&scratch)).is_empty());
    schema_error(&refused(folder(&scratch).to_str().unwrap()), "directory");
}

#[test]
fn a_file_of_another_kind_is_left_as_it_was() {
    let scratch = Scratch::sqlite();
    let text = "a letter to a friend, longer than a page header\n".repeat(200);
    fs::write(scratch.url(), &text).unwrap();
    schema_error(&refused(&scratch.url()), "not an SQLite database");
    assert_eq!(fs::read_to_string(scratch.url()).unwrap(), text);
    assert_eq!(names(&folder(&scratch)), ["t.db"]);
}

#[test]
fn another_programs_sqlite_file_is_left_as_it_was() {
    let scratch = Scratch::sqlite();
    let mut conn = SqliteConnection::establish(&scratch.url()).unwrap();
    conn.batch_execute("CREATE TABLE blog_posts (id INT)").unwrap();
    drop(conn);
    let before = fs::read(scratch.url()).unwrap();
    schema_error(&refused(&scratch.url()), "another program");
    assert_eq!(fs::read(scratch.url()).unwrap(), before);
    assert_eq!(names(&folder(&scratch)), ["t.db"]);
}

#[test]
fn a_damaged_file_is_refused() {
    let scratch = Scratch::sqlite();
    drop(scratch.ready());
    let mut bytes = fs::read(scratch.url()).unwrap();
    bytes[100..4000].fill(0xa5);
    fs::write(scratch.url(), &bytes).unwrap();
    schema_error(&refused(&scratch.url()), "damaged");
}

#[test]
fn a_lost_database_beside_its_log_is_not_begun_anew() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
    for lost in [true, false] {
        let there = folder(&scratch).join(format!("lost-{lost}.db"));
        fs::copy(format!("{}-wal", scratch.url()), format!("{}-wal", there.display())).unwrap();
        if !lost {
            fs::write(&there, b"").unwrap();
        }
        schema_error(&refused(there.to_str().unwrap()), "lost");
    }
}

#[test]
fn a_locked_file_is_waited_for_within_bounds() {
    let scratch = Scratch::sqlite();
    drop(scratch.ready());
    let mut other = SqliteConnection::establish(&scratch.url()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let error = refused(&scratch.url());
    assert!(matches!(error, Error::Unavailable(text) if text.contains("lock")), "{error:?}");
    other.batch_execute("COMMIT").unwrap();
    scratch.open();
}

#[cfg(unix)]
#[test]
fn a_new_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
    for name in names(&folder(&scratch)) {
        let mode = fs::metadata(folder(&scratch).join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn settings_are_durable_and_checked() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    let settings = [("synchronous", 2), ("foreign_keys", 1), ("query_only", 0)];
    for (name, expected) in settings {
        let ask = format!("SELECT {name} AS n FROM pragma_{name}");
        assert_eq!(db.system_write(|tx| tx.raw_number(&ask)), Ok(expected), "{name}");
    }
    let ask = "SELECT query_only AS n FROM pragma_query_only";
    assert_eq!(db.system_read(|tx| tx.raw_number(ask)), Ok(1));
}

/// Root may write to everything: as root this test runs itself again as nobody.
#[cfg(unix)]
#[test]
fn what_may_not_be_written_is_refused_with_the_cure() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    if let Some(folder) = std::env::var_os("TESSERA_TEST_READ_ONLY") {
        return read_only(Path::new(&folder));
    }
    let scratch = Scratch::sqlite();
    drop(scratch.ready());
    let folder = folder(&scratch);
    let own = folder.join("test");
    fs::copy(std::env::current_exe().unwrap(), &own).unwrap();
    fs::copy(scratch.url(), folder.join("other.db")).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    mode(Path::new(&scratch.url()), 0o444).unwrap();
    mode(&folder.join("other.db"), 0o666).unwrap();
    mode(&own, 0o755).unwrap();
    mode(&folder, 0o555).unwrap();
    let probe = fs::OpenOptions::new().append(true).open(scratch.url());
    let mut again = Command::new(&own);
    again.args(["--exact", "what_may_not_be_written_is_refused_with_the_cure"]);
    again.current_dir("/").env("TESSERA_TEST_READ_ONLY", &folder);
    if probe.is_ok() {
        again.uid(NOBODY).gid(NOBODY);
    }
    let output = again.output().unwrap();
    mode(&folder, 0o755).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn read_only(folder: &Path) {
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let error = refused(&at("t.db"));
    assert!(matches!(&error, Error::Schema(text) if text.contains("permission")), "{error:?}");
    let error = refused(&at("other.db"));
    assert!(matches!(&error, Error::Schema(text) if text.contains("directory")), "{error:?}");
    schema_error(&refused(&at("new.db")), "directory");
}

#[test]
fn a_server_that_is_not_there_is_told_in_our_words() {
    let error = refused("postgres://somebody:hunter2@127.0.0.1:9/d");
    let Error::Unavailable(text) = error else { panic!("{error:?}") };
    assert!(!text.contains("127.0.0.1") && !text.contains("hunter2"), "{text}");
}

#[test]
fn a_missing_database_or_user_is_told_with_the_cure() {
    let scratch = Scratch::postgres();
    let url = scratch.url();
    schema_error(&refused(&format!("{url}_missing")), "CREATE DATABASE");
    let (_, address) = url.rsplit_once('@').unwrap();
    let error = refused(&format!("postgres://nobody_knows_me@{address}"));
    assert!(matches!(error, Error::Schema(_)), "{error:?}");
    schema_error(&refused(&format!("{url}?sslmode=nonsense")), "database URL");
}

#[test]
fn opening_writes_nothing_to_a_database_that_is_there() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
    drop(db);
    let before = fs::read(scratch.url()).unwrap();
    let db = scratch.open();
    assert_eq!(rows(&db, "true"), 1);
    drop(db);
    assert_eq!(fs::read(scratch.url()).unwrap(), before);
}
