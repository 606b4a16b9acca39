//! Two tenants whose rows have the same ids, addresses and tokens: what one writes the other never
//! sees, changes or loses; and a tenant without rows reaches neither.

use crate::calls::{Call, NOTHING, changes, inserts, reads};
use crate::common::{self, Scratch, tenant};
use crate::dump::dump;
use crate::kit::{fill, migrated, user, write};
use store::{Db, Error, TenantId};

crate::on_both!(
    nobody_sees_what_another_tenant_wrote,
    nobody_changes_what_another_tenant_has,
    a_tenant_without_rows_reaches_none,
);

fn answers(db: &Db, t: &TenantId) -> Vec<(&'static str, String)> {
    let ask = |(name, call): &Call| (*name, db.read(t, |tx| Ok::<_, Error>(call(tx))).unwrap());
    reads().iter().map(ask).collect()
}

fn nobody_sees_what_another_tenant_wrote(scratch: &Scratch) {
    let db = migrated(scratch);
    // Beside the one of each, somebody who has no identity anywhere.
    let fill = |n| {
        fill(&db, n);
        write(&db, &tenant(n), |tx| tx.insert_user(&user(tx.tenant(), 7)));
    };
    fill(1);
    let alone = answers(&db, &tenant(1));
    for (name, answer) in answers(&db, &tenant(2)) {
        assert!(NOTHING.contains(&answer.as_str()), "{name}: {answer}");
    }
    fill(2);
    assert_eq!(answers(&db, &tenant(1)), alone);
    for ((name, one), (_, two)) in alone.iter().zip(answers(&db, &tenant(2))) {
        assert!(!NOTHING.contains(&one.as_str()), "{name} found nothing: {one}");
        let counts = [
            "count_applications",
            "count_application_grants",
            "count_code",
            "count_connection_use",
            "count_mails_to",
            "count_members",
            "count_users",
            "count_users_without_identity",
            "list_roles",
        ];
        assert!(*one != two || counts.contains(name), "{name} answers the same to both");
    }
}

/// What each call, made for `as_tenant` and taken back, does to `of`: changed or not.
fn effects(db: &Db, calls: &[Call], as_tenant: &TenantId, of: &TenantId) -> Vec<(String, bool)> {
    let kind = db.kind();
    let mut found = Vec::new();
    for (name, call) in calls {
        let undone = db.write(as_tenant, |tx| {
            let before = dump(tx, kind, of)?;
            assert!(before.len() > 10 || of == as_tenant, "the other tenant is filled");
            let answer = call(tx);
            found.push((format!("{name}: {answer}"), dump(tx, kind, of)? != before));
            Err::<(), _>(Error::NotFound)
        });
        assert_eq!(undone, Err(Error::NotFound), "{name}");
    }
    found
}

fn nobody_changes_what_another_tenant_has(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    fill(&db, 2);
    for calls in [inserts(), changes()] {
        for (call, changed) in effects(&db, &calls, &tenant(1), &tenant(1)) {
            assert!(changed, "{call} did nothing");
        }
        for (call, changed) in effects(&db, &calls, &tenant(1), &tenant(2)) {
            assert!(!changed, "{call} reached into another tenant");
        }
    }
}

fn a_tenant_without_rows_reaches_none(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    for (call, changed) in effects(&db, &changes(), &tenant(3), &tenant(1)) {
        assert!(!changed, "{call} reached into another tenant");
    }
    for (call, changed) in effects(&db, &changes(), &tenant(3), &tenant(3)) {
        let (name, answer) = call.split_once(": ").unwrap();
        assert!(["false", "0", "()"].contains(&answer), "{call}");
        // What is remembered of a deletion is the one thing it leaves.
        assert!(!changed || name == "delete_tenant", "{call} made something");
    }
}
