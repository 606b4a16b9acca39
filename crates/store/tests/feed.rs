//! The change feed, on both databases: no gaps, commit order, and a poller that misses nothing
//! while eight writers are at work.

mod common;

use common::{Scratch, insert, tenant};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::feed::{self, Heads, LOST, Pruner};
use store::{Change, Db, Error, Timestamp};

on_both!(
    a_poller_misses_nothing_and_sees_commit_order,
    what_was_rolled_back_is_never_polled,
    a_command_over_many_tenants_reports_to_each_shard,
    pruned_changes_are_reported_as_lost,
    commands_over_many_tenants_never_wait_for_each_other_in_a_ring,
);

const WRITERS: u32 = 8;
const WRITES: u32 = 60;

/// Polls once and moves the reader's place.
fn follow(db: &Db, after: &mut Heads, seen: &mut Vec<Change>) {
    for change in feed::poll(db, *after).unwrap() {
        assert_ne!(change.kind, LOST, "nothing was pruned");
        assert_eq!(change.seq, after[change.shard] + 1, "a gap in shard {}", change.shard);
        after[change.shard] = change.seq;
        seen.push(change);
    }
}

fn a_poller_misses_nothing_and_sees_commit_order(scratch: &Scratch) {
    let db = scratch.ready();
    db.write(&tenant(0), |tx| insert(tx, "counter")).unwrap();
    let (writer, reader) = (&db, scratch.open());
    let (done, retries) = (AtomicBool::new(false), AtomicI64::new(0));
    let (mut after, mut seen) = ([0; feed::SHARDS], Vec::new());
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|w| {
                let retries = &retries;
                scope.spawn(move || {
                    for n in 0..WRITES {
                        write(writer, w, n, retries);
                    }
                })
            })
            .collect();
        let poller = scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                follow(&reader, &mut after, &mut seen);
            }
            follow(&reader, &mut after, &mut seen);
        });
        writers.into_iter().for_each(|w| w.join().unwrap());
        done.store(true, Ordering::SeqCst);
        poller.join().unwrap();
    });
    let told: HashSet<_> = seen.iter().map(|c| (c.tenant.clone(), c.id.clone())).collect();
    assert_eq!(told.len(), (WRITERS * WRITES) as usize, "each change is polled");
    assert_eq!(seen.len(), told.len(), "and once");
    assert_eq!(feed::heads(&db).unwrap(), after);
    in_commit_order(&seen);
}

/// One write: takes the next number of a shared row under its lock, so that the number is the
/// order of commits, and reports it.
fn write(db: &Db, writer: u32, n: u32, retries: &AtomicI64) {
    let own = tenant(writer % 3);
    loop {
        let answer = db.write(&own, |tx| {
            let next =
                tx.raw_number("UPDATE rows SET n = n + 1 WHERE id = 'counter' RETURNING n")?;
            tx.changed("number", &format!("{next}"));
            Ok::<_, Error>(())
        });
        match answer {
            Ok(()) => return,
            Err(Error::Busy | Error::Unavailable(_)) => retries.fetch_add(1, Ordering::SeqCst),
            Err(other) => panic!("write {n}: {other}"),
        };
    }
}

fn in_commit_order(seen: &[Change]) {
    for shard in 0..feed::SHARDS {
        let own = seen.iter().filter(|change| change.shard == shard);
        let numbers: Vec<i64> = own.map(|change| change.id.parse().unwrap()).collect();
        assert!(numbers.is_sorted(), "shard {shard}: {numbers:?}");
    }
}

fn what_was_rolled_back_is_never_polled(scratch: &Scratch) {
    let db = scratch.ready();
    for n in 0..10 {
        let _ = db.write(&tenant(1), |tx| {
            tx.changed("row", &format!("{n}"));
            if n % 2 == 0 { Ok(()) } else { Err(Error::NotFound) }
        });
    }
    let seen = feed::poll(&db, [0; feed::SHARDS]).unwrap();
    let ids: Vec<_> = seen.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(ids, ["0", "2", "4", "6", "8"]);
    assert!(seen.iter().map(|change| change.seq).eq(1..=5));
}

fn a_command_over_many_tenants_reports_to_each_shard(scratch: &Scratch) {
    let db = scratch.ready();
    db.system_write(|tx| {
        for n in 0..100 {
            tx.changed(&tenant(n), "tenant", "x");
            tx.tenant(&tenant(n)).changed("tenant", "x");
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    let (mut after, mut seen) = ([0; feed::SHARDS], Vec::new());
    follow(&db, &mut after, &mut seen);
    assert_eq!(seen.len(), 100);
    assert!(after.iter().filter(|head| **head > 0).count() > 8, "spread over shards: {after:?}");
    let tenants: HashSet<_> = seen.iter().map(|change| &change.tenant).collect();
    assert_eq!(tenants.len(), 100);
}

fn pruned_changes_are_reported_as_lost(scratch: &Scratch) {
    let db = scratch.ready();
    let change = |id: &str| {
        db.write(&tenant(1), |tx| {
            tx.changed("row", id);
            Ok::<_, Error>(())
        })
        .unwrap();
    };
    let at = |seconds: i64| Timestamp::from_seconds(1_000_000 + seconds);
    let mut pruner = Pruner::default();
    for n in 0..700 {
        change(&format!("old-{n}"));
    }
    assert_eq!(pruner.run(&db, at(0)), Ok(0));
    change("young");
    assert_eq!(pruner.run(&db, at(3599)), Ok(0), "nothing is an hour old");
    assert_eq!(pruner.run(&db, at(3601)), Ok(700));
    let heads = feed::heads(&db).unwrap();
    let shard = heads.iter().position(|head| *head > 0).unwrap();

    let lost = feed::poll(&db, [0; feed::SHARDS]).unwrap();
    assert_eq!((lost.len(), lost[0].kind.as_str(), lost[0].seq), (1, LOST, 701));
    let mut after = heads;
    after[shard] = 700;
    let young = feed::poll(&db, after).unwrap();
    assert_eq!((young.len(), young[0].id.as_str()), (1, "young"));
    after[shard] = 9000;
    let lost = feed::poll(&db, after).unwrap();
    assert_eq!((lost[0].kind.as_str(), lost[0].seq), (LOST, 701), "a restored database");
    assert_eq!(feed::poll(&db, heads), Ok(vec![]));
}

fn commands_over_many_tenants_never_wait_for_each_other_in_a_ring(scratch: &Scratch) {
    let db = scratch.ready();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let db = &db;
            scope.spawn(move || {
                for n in 0..25 {
                    let mut tenants: Vec<u32> = (0..40).collect();
                    tenants.rotate_left((writer * 11 + n) % 40);
                    if writer % 2 == 1 {
                        tenants.reverse();
                    }
                    db.system_write(|tx| {
                        tenants.iter().for_each(|t| tx.changed(&tenant(*t), "tenant", "x"));
                        Ok::<_, Error>(())
                    })
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(db.counters().retries, 0);
    assert_eq!(feed::heads(&db).unwrap().iter().sum::<i64>(), 4 * 25 * 40);
}
