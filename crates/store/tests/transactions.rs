//! What a read and a write promise, on both databases: `Ok` is durable, `Err` and a panic leave
//! nothing, a transaction inside a transaction is refused, reads are one snapshot and write
//! nothing, and the counters are exact.

mod common;

use common::{Scratch, insert, rows, tenant};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::faults::Fault;
use store::{Change, Db, Error, Kind, Tx};

on_both!(
    a_refusal_to_be_remembered_is_ok_and_err_leaves_nothing,
    a_panic_leaves_nothing_and_the_next_write_works,
    a_transaction_inside_a_transaction_is_refused,
    a_read_cannot_write,
    a_read_is_one_snapshot,
    a_conflict_names_the_field_and_an_insert_that_yields_goes_on,
    counters_are_exact,
    the_feed_and_nothing_else_is_counted_with_a_command,
    a_committed_change_is_told_before_the_writer_is_answered,
    a_full_disk_is_unavailable_and_passes,
    a_commit_that_fails_is_never_acknowledged,
    an_outage_is_not_mistaken_for_the_commands_own_refusal,
    what_waits_on_the_same_row_is_done_in_turn,
    the_database_answers_a_ping,
);

#[derive(Debug, PartialEq)]
enum Outcome {
    Replayed,
}

fn a_refusal_to_be_remembered_is_ok_and_err_leaves_nothing(scratch: &Scratch) {
    let db = scratch.ready();
    let outcome = db.write(&tenant(1), |tx| -> Result<Outcome, Error> {
        insert(tx, "replay")?;
        Ok(Outcome::Replayed)
    });
    assert_eq!(outcome, Ok(Outcome::Replayed));
    let refused = db.write(&tenant(1), |tx| -> Result<(), Error> {
        insert(tx, "refused")?;
        tx.changed("row", "refused");
        Err(Error::NotFound)
    });
    assert_eq!(refused, Err(Error::NotFound));
    let fresh = scratch.open();
    assert_eq!((rows(&fresh, "id = 'replay'"), rows(&fresh, "id = 'refused'")), (1, 0));
    assert_eq!(store::feed::heads(&fresh).unwrap().iter().sum::<i64>(), 0);
}

fn a_panic_leaves_nothing_and_the_next_write_works(scratch: &Scratch) {
    let db = scratch.ready();
    for n in 0..20 {
        let panicked = db.write(&tenant(1), |tx| -> Result<(), Error> {
            insert(tx, "panicked")?;
            if n % 2 == 0 {
                tx.raw_begin()?;
            }
            panic!("the panic that was asked for")
        });
        assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
        let read = db.read(&tenant(1), |_| -> Result<(), Error> { panic!("and in a read") });
        assert!(matches!(read, Err(Error::Internal(_))), "{read:?}");
        db.write(&tenant(1), |tx| insert(tx, &format!("kept-{n}"))).unwrap();
    }
    assert_eq!((rows(&db, "id = 'panicked'"), rows(&db, "true")), (0, 20));
    assert_eq!(db.counters().panics, 40);
}

fn a_transaction_inside_a_transaction_is_refused(scratch: &Scratch) {
    let db = scratch.ready();
    let t = tenant(1);
    let read = |db: &Db| db.read(&t, |_| Ok::<_, Error>(()));
    let write = |db: &Db| db.write(&t, |tx| insert(tx, "inner").map(|_| ()));
    for inner in [&read as &dyn Fn(&Db) -> Result<(), Error>, &write] {
        assert_eq!(db.write(&t, |_| inner(&db)), Err(Error::Nested));
        assert_eq!(db.read(&t, |_| inner(&db)), Err(Error::Nested));
        assert_eq!(db.system_write(|_| inner(&db)), Err(Error::Nested));
    }
    assert_eq!(rows(&db, "true"), 0);
    write(&db).unwrap();
    assert_eq!(rows(&db, "true"), 1);
}

fn a_read_cannot_write(scratch: &Scratch) {
    let db = scratch.ready();
    let answer = db.read(&tenant(1), |tx| insert(tx, "x"));
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(rows(&db, "true"), 0);
}

fn a_read_is_one_snapshot(scratch: &Scratch) {
    let db = scratch.ready();
    let count = |tx: &mut Tx| tx.raw_number("SELECT count(*) AS n FROM rows");
    let (before, after) = db
        .read(&tenant(1), |tx| {
            let before = count(tx)?;
            std::thread::scope(|scope| {
                let write = || db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
                scope.spawn(write).join().unwrap();
            });
            Ok::<_, Error>((before, count(tx)?))
        })
        .unwrap();
    assert_eq!((before, after, rows(&db, "true")), (0, 0, 1));
}

fn a_conflict_names_the_field_and_an_insert_that_yields_goes_on(scratch: &Scratch) {
    let db = scratch.ready();
    db.system_write(|tx| {
        tx.raw_execute("ALTER TABLE rows ADD COLUMN slug TEXT")?;
        tx.raw_execute("CREATE UNIQUE INDEX rows_slug ON rows (tenant, slug)")?;
        tx.raw_execute("INSERT INTO rows VALUES ('t', 'first', 0, 'taken')")
    })
    .unwrap();
    let add = |row: &str| {
        let sql = format!("INSERT INTO rows VALUES {row}");
        db.write(&tenant(1), |tx| tx.raw_execute(&sql))
    };
    assert_eq!(add("('t', 'second', 0, 'taken')"), Err(Error::Conflict("slug")));
    assert_eq!(add("('t', 'first', 0, 'free')"), Err(Error::Conflict("key")));
    let yielded = db.write(&tenant(1), |tx| {
        let insert = "INSERT INTO rows VALUES ('t', 'first', 0, 'x'), ('t', 'y', 0, 'y') \
                      ON CONFLICT DO NOTHING";
        let done = tx.raw_execute(insert)?;
        tx.raw_execute("INSERT INTO rows VALUES ('t', 'z', 1, 'z')")?;
        Ok::<_, Error>(done)
    });
    assert_eq!((yielded, rows(&db, "tenant = 't'")), (Ok(1), 3));
}

/// Writes, reads and statements that `work` is counted as.
fn spent(db: &Db, work: impl Fn(&Db)) -> (u64, u64, u64) {
    let before = db.counters();
    work(db);
    let after = db.counters();
    (
        after.write_transactions - before.write_transactions,
        after.read_transactions - before.read_transactions,
        after.statements - before.statements,
    )
}

fn counters_are_exact(scratch: &Scratch) {
    let db = scratch.ready();
    db.write(&tenant(1), |tx| insert(tx, "warm")).unwrap();
    assert_eq!(rows(&db, "true"), 1);
    let two = |tx: &mut Tx| {
        insert(tx, "a")?;
        insert(tx, "b")
    };
    assert_eq!(spent(&db, |db| assert!(db.write(&tenant(1), two).is_ok())), (1, 0, 2));
    assert_eq!(spent(&db, |db| assert_eq!(rows(db, "true"), 3)), (0, 1, 1));
    assert_eq!(spent(&db, |db| db.ping().unwrap()), (0, 0, 0));
}

fn the_feed_and_nothing_else_is_counted_with_a_command(scratch: &Scratch) {
    let db = scratch.ready();
    db.write(&tenant(1), |tx| insert(tx, "warm")).unwrap();
    let tell = |tx: &mut Tx| {
        tx.changed("row", "a");
        tx.changed("row", "a");
        Ok::<_, Error>(())
    };
    let told = |db: &Db| assert!(db.write(&tenant(1), tell).is_ok());
    assert_eq!(spent(&db, told), (1, 0, 2), "one head and one change, however often it is told");
    let refuse = |tx: &mut Tx| {
        tell(tx)?;
        tx.raw_begin()?;
        Err::<(), _>(Error::NotFound)
    };
    let refused = |db: &Db| assert!(db.write(&tenant(1), refuse).is_err());
    assert_eq!(spent(&db, refused), (0, 0, 0), "savepoints are transaction control");
}

fn a_committed_change_is_told_before_the_writer_is_answered(scratch: &Scratch) {
    let db = scratch.ready();
    let told = Arc::new(parking_lot::Mutex::new(Vec::<Change>::new()));
    let listener = told.clone();
    db.on_commit(Box::new(|_| panic!("a listener that panics spoils nothing")));
    db.on_commit(Box::new(move |changes| listener.lock().extend_from_slice(changes)));
    db.system_write(|tx| {
        tx.tenant(&tenant(1)).changed("application", "one");
        tx.changed(&tenant(2), "tenant", "two");
        Ok::<_, Error>(())
    })
    .unwrap();
    let heard: Vec<_> = told.lock().iter().map(|c| (c.tenant.clone(), c.id.clone())).collect();
    assert_eq!(heard.len(), 2);
    assert!(
        heard.contains(&(tenant(1), "one".into())) && heard.contains(&(tenant(2), "two".into()))
    );
    assert_eq!(store::feed::poll(&db, [0; 16]).unwrap(), *told.lock());
}

/// Strikes the next command only.
fn strike_once(db: &Db, fault: Fault) {
    let left = AtomicUsize::new(1);
    db.plan_faults(Some(Box::new(move |_| (left.swap(0, Ordering::SeqCst) == 1).then_some(fault))));
}

fn a_full_disk_is_unavailable_and_passes(scratch: &Scratch) {
    let db = scratch.ready();
    strike_once(&db, Fault::DiskFull);
    let answer = db.write(&tenant(1), |tx| insert(tx, "x"));
    assert_eq!(answer, Err(Error::Unavailable("the disk is full")));
    assert_eq!(rows(&db, "true"), 0);
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
}

fn a_commit_that_fails_is_never_acknowledged(scratch: &Scratch) {
    let db = scratch.ready();
    let runs = AtomicUsize::new(0);
    strike_once(&db, Fault::Commit);
    let answer = db.write(&tenant(1), |tx| {
        runs.fetch_add(1, Ordering::SeqCst);
        insert(tx, "x")
    });
    match db.kind() {
        Kind::Sqlite => assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}"),
        Kind::Postgres => assert_eq!(answer, Err(Error::Unknown)),
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1, "never run again");
    assert_eq!(rows(&db, "true"), 0);
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
}

#[derive(Debug, PartialEq)]
enum Domain {
    InvalidGrant,
    Store(Error),
}

impl From<Error> for Domain {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

fn an_outage_is_not_mistaken_for_the_commands_own_refusal(scratch: &Scratch) {
    let db = scratch.ready();
    let full = match db.kind() {
        Kind::Sqlite => "PRAGMA max_page_count=1",
        Kind::Postgres => "SELECT 1",
    };
    let answer = db.write(&tenant(1), |tx| {
        let _ = tx.raw_execute(full);
        let fill = match db.kind() {
            Kind::Sqlite => "INSERT INTO rows SELECT 't', zeroblob(9000000), 0",
            Kind::Postgres => "SELECT pg_terminate_backend(pg_backend_pid())",
        };
        tx.raw_execute(fill).map_err(|_| Domain::InvalidGrant)
    });
    assert!(matches!(answer, Err(Domain::Store(Error::Unavailable(_)))), "{answer:?}");
    db.write(&tenant(1), |tx| insert(tx, "x")).unwrap();
}

fn what_waits_on_the_same_row_is_done_in_turn(scratch: &Scratch) {
    let db = scratch.ready();
    db.write(&tenant(1), |tx| insert(tx, "counter")).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let add = "UPDATE rows SET n = n + 1 WHERE id = 'counter'";
                    assert_eq!(db.write(&tenant(1), |tx| tx.raw_execute(add)), Ok(1));
                }
            });
        }
    });
    assert_eq!(rows(&db, "n = 150"), 1);
}

fn the_database_answers_a_ping(scratch: &Scratch) {
    let db = scratch.open();
    db.ping().unwrap();
    let text = format!("{:?}", db.counters());
    assert!(text.contains("write_transactions: 0"), "{text}");
}
