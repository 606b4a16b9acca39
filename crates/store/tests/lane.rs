//! The lane of SQLite: groups, and what a fault at any place of a group does to its members. What
//! was acknowledged is what a fresh look at the file finds.

mod common;

use common::{Scratch, insert, rows, tenant, until};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::faults::Fault;
use store::{Db, Error};

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
fn no_member_is_answered_before_the_changes_are_told() {
    let scratch = Scratch::sqlite();
    let db = &scratch.ready();
    let (told, inside) = (Arc::new(AtomicBool::new(false)), AtomicBool::new(false));
    let listener = told.clone();
    db.on_commit(Box::new(move |_| {
        std::thread::park_timeout(Duration::from_millis(50));
        listener.store(true, Ordering::SeqCst);
    }));
    db.hold_groups_open(Duration::from_secs(30));
    let write = |wait: bool| {
        db.write(&tenant(1), |tx| {
            tx.changed("row", "x");
            inside.store(true, Ordering::SeqCst);
            until("another waits", || !wait || db.waiting() == 1);
            Ok::<_, Error>(())
        })
        .unwrap();
        assert!(told.load(Ordering::SeqCst));
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(|| write(true));
        until("the first runs", || inside.load(Ordering::SeqCst));
        let second = scope.spawn(|| write(false));
        second.join().unwrap();
        first.join().unwrap();
    });
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
