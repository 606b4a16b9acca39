//! What only PostgreSQL can do to a write: deadlocks, serialization failures, connections that the
//! server ends, statements that failed and were ignored, locks that are held elsewhere.

mod common;

use common::{Scratch, insert, rows, tenant, until};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::{Error, Tx};

#[test]
fn a_deadlock_is_run_again_and_nobody_hears_of_it() {
    let scratch = Scratch::postgres();
    let db = scratch.ready();
    for id in ["a", "b"] {
        db.write(&tenant(1), |tx| insert(tx, id)).unwrap();
    }
    let both = Barrier::new(2);
    let run = |first: &str, second: &str| {
        let mut again = false;
        db.write(&tenant(1), |tx| {
            let add = |id| format!("UPDATE rows SET n = n + 1 WHERE id = '{id}'");
            tx.raw_execute("SET LOCAL deadlock_timeout = '50ms'")?;
            // The rows are taken crosswise once; the run again takes them in one order, so that
            // chance cannot bring about a second deadlock.
            let (one, two) = if again { ("a", "b") } else { (first, second) };
            tx.raw_execute(&add(one))?;
            if !std::mem::replace(&mut again, true) {
                both.wait();
            }
            tx.raw_execute(&add(two))
        })
    };
    std::thread::scope(|scope| {
        let one = scope.spawn(|| run("a", "b"));
        assert_eq!(run("b", "a"), Ok(1));
        assert_eq!(one.join().unwrap(), Ok(1));
    });
    assert_eq!(rows(&db, "n = 2"), 2);
    assert!(db.counters().retries >= 1);
}

#[test]
fn a_race_that_is_always_lost_is_busy_after_three_tries() {
    let scratch = Scratch::postgres();
    let db = scratch.ready();
    for code in ["40001", "40P01"] {
        let runs = AtomicUsize::new(0);
        let answer = db.write(&tenant(1), |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            insert(tx, "x")?;
            let text = if code == "40001" { "serialization" } else { "deadlock detected" };
            tx.raw_execute(&format!(
                "DO $$ BEGIN RAISE EXCEPTION '{text}' USING ERRCODE = '{code}'; END $$"
            ))
        });
        assert_eq!((answer, runs.load(Ordering::SeqCst)), (Err(Error::Busy), 3), "{code}");
    }
    assert_eq!(rows(&db, "true"), 0);
}

#[test]
fn a_failed_statement_that_was_ignored_is_never_acknowledged() {
    let scratch = Scratch::postgres();
    let db = scratch.ready();
    let answer = db.write(&tenant(1), |tx| {
        insert(tx, "x")?;
        let _ = tx.raw_execute("SELECT no_such_column FROM rows");
        Ok::<_, Error>(())
    });
    assert!(matches!(answer, Err(Error::Internal(_))), "{answer:?}");
    assert_eq!(rows(&db, "true"), 0);
}

/// Ends every other connection to the database, as a restart of the server would.
fn terminate(scratch: &Scratch) {
    let mut conn = PgConnection::establish(&scratch.url()).unwrap();
    conn.batch_execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .unwrap();
}

#[test]
fn connections_the_server_ended_are_replaced() {
    let scratch = Scratch::postgres();
    let db = scratch.ready();
    let count = |tx: &mut Tx| tx.raw_number("SELECT count(*) AS n FROM rows");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| db.read(&tenant(1), count).unwrap());
        }
    });
    let began = Instant::now();
    for n in 0..5 {
        terminate(&scratch);
        until("a write gets through", || {
            db.write(&tenant(1), |tx| insert(tx, &format!("w{n}"))).is_ok()
        });
        assert!(db.read(&tenant(1), count).is_ok());
    }
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(rows(&db, "true"), 5);
}

#[test]
fn a_lock_held_elsewhere_is_waited_for_within_bounds() {
    let scratch = Scratch::postgres();
    let db = scratch.ready();
    let mut other = PgConnection::establish(&scratch.url()).unwrap();
    other.batch_execute("BEGIN; LOCK TABLE rows IN ACCESS EXCLUSIVE MODE").unwrap();
    let began = Instant::now();
    assert_eq!(db.write(&tenant(1), |tx| insert(tx, "x")), Err(Error::Busy));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    other.batch_execute("COMMIT").unwrap();
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
}

#[test]
fn more_callers_than_connections_wait_or_are_told_within_a_second() {
    let scratch = Scratch::postgres();
    drop(scratch.ready());
    let db = store::Db::open(&store::Config { pool_size: 2, ..scratch.config() }).unwrap();
    let (began, inside) = (Instant::now(), Barrier::new(3));
    std::thread::scope(|scope| {
        let hold = || {
            db.write(&tenant(1), |tx| {
                inside.wait();
                tx.raw_execute("SELECT pg_sleep(1.6)")
            })
        };
        let holders = [scope.spawn(hold), scope.spawn(hold)];
        inside.wait();
        let answer = db.write(&tenant(1), |tx| insert(tx, "x"));
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
        assert!(began.elapsed() < Duration::from_millis(1600), "{:?}", began.elapsed());
        for holder in holders {
            assert_eq!(holder.join().unwrap(), Ok(1));
        }
    });
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
}
