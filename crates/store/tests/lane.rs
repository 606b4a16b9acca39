//! The lane of SQLite: groups, and what a fault at any place of a group does to its members. What
//! was acknowledged is what a fresh look at the file finds.

mod common;

use common::{Scratch, insert, rows, tenant, until};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::faults::Fault;
use store::{Config, Db, Error};

const MEMBERS: usize = 5;

/// Runs `MEMBERS` commands as one group, in order; command `i` inserts the row `r{i}`.
fn one_group(
    db: &Db,
    command: impl Fn(usize) -> Result<(), Error> + Sync,
) -> Vec<Result<(), Error>> {
    db.hold_groups_open(Duration::from_secs(30));
    let (inside, go) = (AtomicBool::new(false), AtomicBool::new(false));
    let run = &|i: usize| {
        db.write(&tenant(1), |tx| {
            inside.store(true, Ordering::SeqCst);
            until("all others wait", || go.load(Ordering::SeqCst));
            insert(tx, &format!("r{i}"))?;
            command(i)
        })
    };
    let answers = std::thread::scope(|scope| {
        let members: Vec<_> = (0..MEMBERS)
            .map(|i| {
                let member = scope.spawn(move || run(i));
                until("it runs or waits", || inside.load(Ordering::SeqCst) && db.waiting() == i);
                member
            })
            .collect();
        go.store(true, Ordering::SeqCst);
        members.into_iter().map(|member| member.join().unwrap()).collect()
    });
    db.hold_groups_open(Duration::from_millis(2));
    answers
}

/// Acknowledged rows are there, others are not, for this `Db` and for one that opens the file anew.
fn acknowledged_is_durable(scratch: &Scratch, db: &Db, answers: &[Result<(), Error>]) {
    for db in [db, &scratch.open()] {
        for (i, answer) in answers.iter().enumerate() {
            let there = rows(db, &format!("id = 'r{i}'"));
            assert_eq!(there, i64::from(answer.is_ok()), "row {i}, answered {answer:?}");
        }
    }
}

/// Strikes once, at the command whose place in the group is `at`.
fn plan(db: &Db, at: usize, fault: Fault) {
    let struck = AtomicBool::new(false);
    db.plan_faults(Some(Box::new(move |place| {
        (place == at && !struck.swap(true, Ordering::SeqCst)).then_some(fault)
    })));
}

const PLACES: [usize; 3] = [0, MEMBERS / 2, MEMBERS - 1];

#[test]
fn five_commands_that_wait_are_one_commit() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    let before = db.counters();
    let answers = one_group(&db, |_| Ok(()));
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let after = db.counters();
    assert_eq!(after.commits - before.commits, 1);
    assert_eq!(after.write_transactions - before.write_transactions, MEMBERS as u64);
    acknowledged_is_durable(&scratch, &db, &answers);
}

#[test]
fn a_panic_rolls_back_its_own_command_only() {
    for place in PLACES {
        let scratch = Scratch::sqlite();
        let db = scratch.ready();
        plan(&db, place, Fault::Panic);
        let answers = one_group(&db, |_| Ok(()));
        for (i, answer) in answers.iter().enumerate() {
            assert_eq!(matches!(answer, Err(Error::Internal(_))), i == place, "{answers:?}");
        }
        acknowledged_is_durable(&scratch, &db, &answers);
        assert_eq!(db.counters().panics, 1);
        assert_eq!(db.counters().doubts, 0);
    }
}

#[test]
fn a_refused_command_rolls_back_itself_only() {
    for place in PLACES {
        let scratch = Scratch::sqlite();
        let db = scratch.ready();
        let answers = one_group(&db, |i| if i == place { Err(Error::NotFound) } else { Ok(()) });
        for (i, answer) in answers.iter().enumerate() {
            assert_eq!(answer == &Err(Error::NotFound), i == place, "{answers:?}");
        }
        acknowledged_is_durable(&scratch, &db, &answers);
    }
}

#[test]
fn a_full_disk_loses_the_group_so_far_and_nothing_else() {
    for place in PLACES {
        let scratch = Scratch::sqlite();
        let db = scratch.ready();
        plan(&db, place, Fault::DiskFull);
        let answers = one_group(&db, |_| Ok(()));
        for (i, answer) in answers.iter().enumerate() {
            if i <= place {
                assert_eq!(answer, &Err(Error::Unavailable("the disk is full")), "{answers:?}");
            } else {
                assert!(answer.is_ok(), "the connection is new for those behind: {answers:?}");
            }
        }
        acknowledged_is_durable(&scratch, &db, &answers);
        assert_eq!(db.counters().doubts, 1);
    }
}

#[test]
fn a_failed_commit_is_unavailable_for_every_member() {
    for place in PLACES {
        let scratch = Scratch::sqlite();
        let db = scratch.ready();
        plan(&db, place, Fault::Commit);
        let answers = one_group(&db, |_| Ok(()));
        assert!(answers.iter().all(|a| matches!(a, Err(Error::Unavailable(_)))), "{answers:?}");
        acknowledged_is_durable(&scratch, &db, &answers);
        db.write(&tenant(1), |tx| insert(tx, "later")).unwrap();
        assert_eq!(rows(&scratch.open(), "id = 'later'"), 1);
    }
}

#[test]
fn a_panic_inside_an_inner_savepoint_rolls_back_its_own_command_only() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    let answer = db.write(&tenant(1), |tx| -> Result<(), Error> {
        insert(tx, "outer")?;
        tx.raw_begin()?;
        insert(tx, "inner")?;
        panic!("the panic that was asked for")
    });
    assert!(matches!(answer, Err(Error::Internal(_))), "{answer:?}");
    db.write(&tenant(1), |tx| insert(tx, "after")).unwrap();
    assert_eq!((rows(&db, "id = 'after'"), rows(&db, "id <> 'after'")), (1, 0));
    assert_eq!(db.counters().doubts, 0);
}

#[test]
fn a_command_that_leaves_or_ends_the_transaction_is_doubted() {
    for sql in ["COMMIT", "ROLLBACK", "RELEASE tessera_group"] {
        let scratch = Scratch::sqlite();
        let db = scratch.ready();
        let answer = db.write(&tenant(1), |tx| tx.raw_execute(sql).map(|_| ()));
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{sql}: {answer:?}");
        db.write(&tenant(1), |tx| insert(tx, "after")).unwrap();
        assert_eq!(rows(&db, "true"), 1);
    }
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    let answer = db.write(&tenant(1), |tx| {
        insert(tx, "deep")?;
        tx.raw_begin()
    });
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    assert_eq!(rows(&db, "true"), 0);
}

#[test]
fn sixty_four_writers_share_commits_and_lose_nothing() {
    let scratch = Scratch::sqlite();
    let db = scratch.ready();
    let before = db.counters();
    std::thread::scope(|scope| {
        for writer in 0..64 {
            let db = &db;
            scope.spawn(move || {
                for n in 0..50 {
                    db.write(&tenant(writer % 7), |tx| insert(tx, &format!("{writer}-{n}")))
                        .unwrap();
                }
            });
        }
    });
    let after = db.counters();
    assert_eq!(after.write_transactions - before.write_transactions, 3200);
    let commits = after.commits - before.commits;
    assert!(commits < 3200 / 2, "{commits} commits for 3200 commands");
    assert_eq!(rows(&scratch.open(), "true"), 3200);
}

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
    use diesel::connection::SimpleConnection;
    use diesel::{Connection, SqliteConnection};
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
