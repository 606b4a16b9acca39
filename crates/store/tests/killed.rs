//! Killed at any moment (SIGKILL), on SQLite: what was acknowledged is there, the file is sound,
//! and a migration is there whole or not at all. The test runs itself again as the victim.

mod common;

use common::{Scratch, insert, rows, tenant};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use store::{Config, Db, Timestamp, migrate};

const VICTIM: &str = "TESSERA_TEST_VICTIM";
const WRITERS: usize = 8;

fn victim(test: &str, url: &str, round: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(VICTIM, format!("{round} {url}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The round and the database, when this process is the victim.
fn am_victim() -> Option<(String, Db)> {
    let order = std::env::var(VICTIM).ok()?;
    let (round, url) = order.split_once(' ').unwrap();
    Some((round.to_owned(), Db::open(&Config::new(url)).unwrap()))
}

fn sound(db: &Db) {
    let check = "SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check = 'ok'";
    assert_eq!(db.system_read(|tx| tx.raw_number(check)), Ok(1));
}

/// Writes for ever, and prints what was acknowledged.
fn write_for_ever(round: &str, db: &Db) {
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for n in 0.. {
                    let id = format!("{round}-{writer}-{n}");
                    db.write(&tenant(1), |tx| insert(tx, &id)).unwrap();
                    writeln!(std::io::stdout().lock(), "row {id}").unwrap();
                }
            });
        }
    });
}

fn ready_soon(scratch: &Scratch) -> Db {
    let began = Instant::now();
    let db = scratch.open();
    sound(&db);
    assert!(began.elapsed() < Duration::from_secs(2), "ready after {:?}", began.elapsed());
    db
}

fn all_there(db: &Db, ids: &HashSet<String>) {
    let ids: Vec<_> = ids.iter().map(|id| format!("'{id}'")).collect();
    for some in ids.chunks(1000) {
        let found = rows(db, &format!("id IN ({})", some.join(",")));
        assert_eq!(found, some.len() as i64, "an acknowledged row is missing");
    }
}

#[test]
fn acknowledged_rows_survive() {
    if let Some((round, db)) = am_victim() {
        return write_for_ever(&round, &db);
    }
    let scratch = Scratch::sqlite();
    drop(scratch.ready());
    let mut acknowledged = HashSet::new();
    for round in 0..10 {
        let mut child = victim("acknowledged_rows_survive", &scratch.url(), round);
        let output = BufReader::new(child.stdout.take().unwrap());
        let (line, lines) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            for text in output.lines().map_while(Result::ok) {
                let _ = line.send(text);
            }
        });
        let deadline = Instant::now() + Duration::from_millis(150 + u64::from(round) * 37);
        let mut end = deadline;
        let take = |text: String, acknowledged: &mut HashSet<String>| {
            acknowledged.extend(text.strip_prefix("row ").map(str::to_owned));
        };
        while let Ok(text) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            take(text, &mut acknowledged);
            end = deadline;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        reader.join().unwrap();
        lines.try_iter().for_each(|text| take(text, &mut acknowledged));

        let db = ready_soon(&scratch);
        all_there(&db, &acknowledged);
        let unheard = rows(&db, "true") - acknowledged.len() as i64;
        let most = (WRITERS as i64) * (i64::from(round) + 1);
        assert!((0..=most).contains(&unheard), "{unheard} rows nobody heard of");
    }
    assert!(acknowledged.len() > 100, "{} rows were acknowledged", acknowledged.len());
}

#[test]
fn a_migration_is_whole_or_not_there() {
    if let Some((_, db)) = am_victim() {
        migrate::up(&db, Timestamp(1)).unwrap();
        return;
    }
    for round in 0..20 {
        let scratch = Scratch::sqlite();
        let mut child = victim("a_migration_is_whole_or_not_there", &scratch.url(), round);
        let (_wait, never) = mpsc::channel::<()>();
        let _ = never.recv_timeout(Duration::from_millis(4 + u64::from(round)));
        child.kill().unwrap();
        child.wait().unwrap();
        let db = scratch.open();
        let before = migrate::status(&db).unwrap();
        let first = before.iter().take_while(|m| m.applied_at.is_some()).count();
        assert!(before[first..].iter().all(|m| m.applied_at.is_none()), "in order: {before:?}");
        let applied = migrate::up(&db, Timestamp(2)).unwrap();
        assert_eq!(applied.len(), before.len() - first);
        sound(&db);
        assert_eq!(store::feed::heads(&db), Ok([0; 16]));
    }
}
