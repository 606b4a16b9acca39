//! Queries across tenants: finding one, facts of the installation, jobs and messages.

use crate::common::{self, Scratch, tenant};
use crate::kit::{app, at, fill, message, migrated, node, role, ses, tenant_row, usr};
use store::outbox::OutboxRow;
use store::{Error, Timestamp};

crate::on_both!(
    a_tenant_is_found_by_id_slug_and_host,
    a_tenant_is_found_by_what_is_in_it,
    a_tenant_changes_only_what_may_change,
    the_first_value_of_a_fact_stands,
    a_job_runs_when_it_is_due_and_not_held,
    a_message_is_tried_again_when_its_lease_ends,
    no_tenant_fills_a_lease,
    nodes_come_and_go,
    the_roles_of_somebody_over_all_tenants,
);

fn a_tenant_is_found_by_id_slug_and_host(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    fill(&db, 2);
    db.system_read(|tx| {
        let two = Some(tenant_row(2));
        assert_eq!(tx.find_tenant(&tenant(2))?, two);
        assert_eq!(tx.find_tenant_by_slug("slug-2")?, two);
        assert_eq!(tx.find_tenant_by_host("h2.example")?, two);
        assert_eq!(tx.find_tenant(&tenant(3))?, None);
        assert_eq!(tx.find_tenant_by_slug("SLUG-2")?, None);
        assert_eq!(tx.find_tenant_by_host("")?, None);
        Ok::<_, Error>(())
    })
    .unwrap();
}

fn a_tenant_is_found_by_what_is_in_it(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    let of = |id: &str| db.system_read(|tx| tx.find_tenant_of(id)).unwrap();
    for id in [app(1).as_str(), usr(1).as_str(), ses(1).as_str()] {
        assert_eq!(of(id), Some(tenant(1)), "{id}");
    }
    for id in [app(2).as_str(), "gra_x", "", "ap", "äöü", "app_' OR ''='"] {
        assert_eq!(of(id), None, "{id}");
    }
    // A session is left behind by a tenant that is gone.
    db.system_write(|tx| tx.raw_execute("DELETE FROM tenants")).unwrap();
    assert_eq!(of(ses(1).as_str()), None);
}

fn a_tenant_changes_only_what_may_change(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    let mut to = tenant_row(1);
    (to.slug, to.name, to.status) = ("other".into(), "Other".into(), "suspended".into());
    (to.host, to.created_at, to.updated_at) = (None, at(7), at(8));
    assert_eq!(db.write(&tenant(1), |tx| tx.update_tenant(&to, 2)), Ok(false), "another version");
    assert_eq!(db.write(&tenant(1), |tx| tx.update_tenant(&to, 1)), Ok(true));
    let row = db.read(&tenant(1), |tx| tx.this_tenant()).unwrap().unwrap();
    assert_eq!((row.slug.as_str(), row.created_at), ("slug-1", at(0)));
    assert_eq!((row.name.as_str(), row.status.as_str()), ("Other", "suspended"));
    assert_eq!((row.host, row.updated_at, row.version), (None, at(8), 2));
    db.write(&tenant(1), |tx| tx.lock_tenant()).unwrap();
    let row = db.read(&tenant(1), |tx| tx.this_tenant()).unwrap().unwrap();
    assert_eq!((row.version, row.updated_at), (3, at(8)));
}

fn the_first_value_of_a_fact_stands(scratch: &Scratch) {
    let db = migrated(scratch);
    let (one, other) = (scratch.open(), scratch.open());
    let init =
        |db: &store::Db, value: &[u8]| db.system_write(|tx| tx.init_meta("key", value)).unwrap();
    let [first, second] = std::thread::scope(|scope| {
        let thread = scope.spawn(|| init(&other, b"2"));
        [init(&one, b"1"), thread.join().unwrap()]
    });
    assert_eq!(first, second, "both agree");
    assert_eq!(db.system_read(|tx| tx.find_meta("key")), Ok(Some(first)));
    db.system_write(|tx| tx.put_meta("key", b"3")).unwrap();
    assert_eq!(init(&db, b"4"), b"3");
    assert_eq!(db.system_read(|tx| tx.find_meta("other")), Ok(None));
}

fn a_job_runs_when_it_is_due_and_not_held(scratch: &Scratch) {
    let db = migrated(scratch);
    let lease = |node: &str, now: i64| {
        db.system_write(|tx| tx.lease_job("sweep", node, at(now), at(now + 30))).unwrap()
    };
    let finish = |node: &str, now: i64, error: &str| {
        db.system_write(|tx| tx.finish_job("sweep", node, at(now), at(now + 60), error)).unwrap();
    };
    assert_eq!([lease("a", 0), lease("b", 10), lease("a", 29)], [true, false, false]);
    assert!(lease("b", 30), "the lease of a node that is gone ends");
    finish("a", 31, "too late");
    assert!(!lease("a", 32), "who lost the lease does not give it back");
    finish("b", 40, "it broke");
    let job = db.system_read(|tx| tx.list_jobs()).unwrap().remove(0);
    assert_eq!((job.name.as_str(), job.last_error.as_str()), ("sweep", "it broke"));
    assert_eq!((job.ran_at, job.due_at, job.leased_until), (at(40), at(100), Timestamp(0)));
    assert_eq!([lease("a", 99), lease("a", 100)], [false, true]);
}

fn a_message_is_tried_again_when_its_lease_ends(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), tenant(1));
    for n in 1..=4 {
        let mut row = message(&t, n);
        row.due_at = at(i64::from(5 - n));
        db.write(&t, |tx| tx.insert_outbox(&row)).unwrap();
    }
    let lease = |node: &str, now: i64, limit| -> Vec<OutboxRow> {
        db.system_write(|tx| tx.lease_outbox(node, at(now), at(now + 30), limit, 9)).unwrap()
    };
    let ids = |rows: &[OutboxRow]| -> Vec<(String, i64)> {
        rows.iter().map(|row| (row.id[8..].to_owned(), row.attempts)).collect()
    };
    let of = |list: &[(&str, i64)]| -> Vec<(String, i64)> {
        list.iter().map(|(id, attempts)| ((*id).to_owned(), *attempts)).collect()
    };
    let first = lease("a", 2, 9);
    assert_eq!(ids(&first), of(&[("0004", 1), ("0003", 1)]), "due first, first");
    assert_eq!(ids(&lease("b", 10, 1)), of(&[("0002", 1)]));
    let again = lease("b", 32, 1);
    assert_eq!(ids(&again), of(&[("0004", 2)]), "held by who is gone");
    let (lost, held) = (&first[0], &again[0]);
    let hold = |row, now| db.write(&t, |tx| tx.hold_outbox(row, at(now), at(now + 9))).unwrap();
    assert_eq!([hold(lost, 33), hold(held, 33), hold(held, 42)], [false, true, false]);
    let delete = |row: &OutboxRow| db.write(&t, |tx| tx.delete_outbox(row)).unwrap();
    assert_eq!([delete(lost), delete(held), delete(held)], [false, true, false]);
    let due = |now| db.system_read(|tx| tx.outbox_due(at(now))).unwrap();
    assert_eq!([due(3), due(32)], [false, true]);
    assert_eq!(db.system_read(|tx| tx.count_outbox(9)), Ok(3));
}

fn no_tenant_fills_a_lease(scratch: &Scratch) {
    let db = migrated(scratch);
    for (n, count) in [(1, 40), (2, 3), (3, 1)] {
        for of in 1..=count {
            let mut row = message(&tenant(n), of);
            row.due_at = at(i64::from(n * 100 + of));
            db.write(&tenant(n), |tx| tx.insert_outbox(&row)).unwrap();
        }
    }
    let rows = db.system_write(|tx| tx.lease_outbox("a", at(1_000), at(1_030), 10, 4)).unwrap();
    let of = |n| rows.iter().filter(|row| row.tenant == tenant(n)).count();
    assert_eq!([of(1), of(2), of(3)], [4, 3, 1]);
}

fn nodes_come_and_go(scratch: &Scratch) {
    let db = migrated(scratch);
    let names = || -> Vec<String> {
        let rows = db.system_read(|tx| tx.list_nodes()).unwrap();
        rows.into_iter().map(|row| row.name).collect()
    };
    for (name, seen) in [("b", 0), ("a", 1), ("b", 9)] {
        db.system_write(|tx| tx.put_node(&node(name, seen))).unwrap();
    }
    assert_eq!(names(), ["a", "b"]);
    db.system_write(|tx| tx.delete_nodes(at(5))).unwrap();
    assert_eq!(names(), ["b"]);
    db.system_write(|tx| tx.delete_node("b")).unwrap();
    assert!(names().is_empty());
}

fn the_roles_of_somebody_over_all_tenants(scratch: &Scratch) {
    let db = migrated(scratch);
    for n in [3, 1, 2] {
        for actor in [1, 2] {
            db.write(&tenant(n), |tx| tx.insert_role(&role(&tenant(n), actor))).unwrap();
        }
    }
    let of = |limit| -> Vec<_> {
        let rows = db.system_read(|tx| tx.list_roles_of(&usr(1), limit)).unwrap();
        rows.into_iter().map(|row| row.tenant).collect()
    };
    assert_eq!(of(9), [tenant(1), tenant(2), tenant(3)]);
    assert_eq!(of(2), [tenant(1), tenant(2)]);
    let deleted = db.write(&tenant(1), |tx| {
        Ok::<_, Error>((tx.delete_role(&usr(1), "admin")?, tx.delete_role(&usr(1), "owner")?))
    });
    assert_eq!(deleted, Ok((true, false)));
    assert_eq!(of(9), [tenant(2), tenant(3)]);
}
