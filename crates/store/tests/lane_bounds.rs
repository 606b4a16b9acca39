//! The bounds of the lane: waiting, the queue, a second process on the file, the size of the log.

mod common;

use common::{Scratch, insert, rows, tenant, until};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::{Config, Db, Error};

#[test]
fn a_writer_that_waits_too_long_or_finds_the_queue_full_is_told_busy() {
    let scratch = Scratch::sqlite();
    drop(scratch.ready());
    let config =
        Config { queue: 2, deadline: Duration::from_millis(100), ..Config::new(scratch.url()) };
    let db = &Db::open(&config).unwrap();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let (enter, entered) = std::sync::mpsc::channel();
        let slow = scope.spawn(move || {
            db.write(&tenant(1), |tx| {
                enter.send(()).unwrap();
                until("two have waited", || db.counters().busy == 3);
                insert(tx, "slow")
            })
        });
        entered.recv().unwrap();
        let first = scope.spawn(|| db.write(&tenant(2), |tx| insert(tx, "first")));
        let second = scope.spawn(|| db.write(&tenant(3), |tx| insert(tx, "second")));
        until("two wait", || db.waiting() == 2);
        assert_eq!(db.write(&tenant(4), |tx| insert(tx, "third")), Err(Error::Busy), "full");
        assert_eq!(first.join().unwrap(), Err(Error::Busy));
        assert_eq!(second.join().unwrap(), Err(Error::Busy));
        assert_eq!(slow.join().unwrap(), Ok(1));
    });
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!((rows(db, "true"), db.waiting()), (1, 0));
    db.write(&tenant(2), |tx| insert(tx, "after")).unwrap();
}

#[test]
fn two_instances_on_one_file_both_write() {
    let scratch = Scratch::sqlite();
    let (a, b) = (scratch.ready(), scratch.open());
    std::thread::scope(|scope| {
        for (name, db, writers) in [("server", &a, 8), ("cli", &b, 1)] {
            for writer in 0..writers {
                scope.spawn(move || {
                    for n in 0..200 {
                        let id = format!("{name}-{writer}-{n}");
                        db.write(&tenant(1), |tx| insert(tx, &id)).unwrap();
                    }
                });
            }
        }
    });
    assert_eq!(rows(&a, "true"), 9 * 200);
    assert_eq!(rows(&b, "id LIKE 'cli-%'"), 200);
}

#[test]
fn a_lock_held_elsewhere_is_waited_for_within_bounds() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    let mut other = SqliteConnection::establish(&scratch.url()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let answer = db.write(&tenant(1), |tx| insert(tx, "x"));
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    other.batch_execute("COMMIT").unwrap();
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
}

#[test]
fn the_log_stays_small_under_steady_reading() {
    let scratch = Scratch::sqlite();
    let db = &scratch.ready();
    let done = &AtomicBool::new(false);
    let largest = std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    rows(db, "true");
                }
            });
        }
        let mut largest = 0;
        for n in 0..600 {
            let filler = "x".repeat(200_000);
            db.write(&tenant(1), |tx| insert(tx, &format!("{n}{filler}"))).unwrap();
            let log = std::fs::metadata(format!("{}-wal", scratch.url())).unwrap().len();
            largest = largest.max(log);
        }
        done.store(true, Ordering::Relaxed);
        largest
    });
    assert!(largest < 80 * 1024 * 1024, "{largest} bytes");
}
