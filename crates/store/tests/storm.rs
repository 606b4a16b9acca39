//! Sixteen writers while panics, refusals, full disks and failing commits strike at random places:
//! what was acknowledged is durable, nothing else is, and the feed tells exactly the same.

mod common;

use common::{Scratch, insert, rows, tenant};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::faults::Fault;
use store::{Db, Error, feed};

on_both!(acknowledged_is_durable_and_nothing_else_is);

const WRITERS: usize = 16;
const WRITES: usize = 60;

fn plan_a_storm(db: &Db) {
    let asked = AtomicUsize::new(0);
    db.plan_faults(Some(Box::new(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        n if n % 53 == 17 => Some(Fault::DiskFull),
        n if n % 59 == 23 => Some(Fault::Commit),
        n if n % 11 == 5 => Some(Fault::Panic),
        _ => None,
    })));
}

/// One writer's acknowledged rows.
fn writer(db: &Db, w: usize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0..WRITES {
        let id = format!("{w}-{n}");
        let answer = db.write(&tenant(w as u32 % 5), |tx| {
            insert(tx, &id)?;
            tx.changed("row", &id);
            if n % 7 == 3 { Err(Error::NotFound) } else { Ok(()) }
        });
        match answer {
            Ok(()) => acknowledged.push(id),
            Err(Error::NotFound) => assert_eq!(n % 7, 3),
            Err(Error::Internal(_) | Error::Unavailable(_) | Error::Unknown) => {}
            Err(other) => panic!("{other}"),
        }
    }
    acknowledged
}

fn acknowledged_is_durable_and_nothing_else_is(scratch: &Scratch) {
    let db = scratch.ready();
    let told = Arc::new(parking_lot::Mutex::new(BTreeSet::new()));
    let listener = told.clone();
    db.on_commit(Box::new(move |changes| {
        listener.lock().extend(changes.iter().map(|change| change.id.clone()));
    }));
    plan_a_storm(&db);
    let acknowledged: BTreeSet<String> = std::thread::scope(|scope| {
        let db = &db;
        let writers: Vec<_> = (0..WRITERS).map(|w| scope.spawn(move || writer(db, w))).collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    db.plan_faults(None);

    let fresh = scratch.open();
    assert!(acknowledged.len() > WRITERS * WRITES / 4, "{}", acknowledged.len());
    assert_eq!(rows(&fresh, "true"), acknowledged.len() as i64);
    let changes = feed::poll(&fresh, [0; feed::SHARDS]).unwrap();
    let polled: BTreeSet<String> = changes.into_iter().map(|change| change.id).collect();
    assert_eq!(polled, acknowledged);
    assert!(told.lock().is_superset(&acknowledged), "each was told to this node");
    for id in acknowledged {
        assert_eq!(rows(&fresh, &format!("id = '{id}'")), 1, "{id}");
    }
    let counters = db.counters();
    assert!(counters.panics > 10 && counters.doubts > 10, "{counters:?}");
    db.write(&tenant(1), |tx| insert(tx, "after")).unwrap();
}
