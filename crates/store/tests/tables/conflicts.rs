//! What must be unique is, in its own tenant only, and the conflict names the field.

use crate::calls::inserts;
use crate::common::{self, Scratch, tenant};
use crate::kit::{
    app, application, fill, grant, key, link, message, migrated, role, secret, session,
    signing_key, tenant_row, trace, user, write,
};
use store::{Db, Error, Tx};

crate::on_both!(
    a_conflict_names_its_field,
    a_row_that_is_there_already_is_a_conflict,
    the_same_again_in_another_tenant_is_none,
    a_host_that_is_taken_cannot_be_moved_to,
);

type Insert = fn(&mut Tx) -> Result<(), Error>;

fn refused(db: &Db, insert: impl Fn(&mut Tx) -> Result<(), Error>) -> &'static str {
    match db.write(&tenant(1), |tx| insert(tx)) {
        Err(Error::Conflict(field)) => field,
        other => panic!("{other:?}"),
    }
}

fn a_conflict_names_its_field(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    let taken = |change: fn(&mut store::tenants::Tenant)| {
        let mut row = tenant_row(5);
        change(&mut row);
        db.system_write(|tx| tx.insert_tenant(&row))
    };
    assert_eq!(taken(|row| row.slug = "slug-1".into()), Err(Error::Conflict("slug")));
    assert_eq!(taken(|row| row.host = Some("h1.example".into())), Err(Error::Conflict("host")));
    assert_eq!(taken(|row| row.id = tenant(1)), Err(Error::Conflict("key")));
    for n in [6, 7] {
        let mut row = tenant_row(n);
        row.host = None;
        assert_eq!(db.system_write(|tx| tx.insert_tenant(&row)), Ok(()), "many have no host");
    }
    let mut row = user(t, 2);
    row.email_key = "u1@example.org".into();
    assert_eq!(refused(&db, |tx| tx.insert_user(&row)), "email");
    let mut row = session(t, 2);
    row.token_hash = session(t, 1).token_hash;
    assert_eq!(refused(&db, |tx| tx.insert_session(&row)), "token");
    let mut row = link(t, 2);
    row.token_hash = link(t, 1).token_hash;
    assert_eq!(refused(&db, |tx| tx.insert_link(&row)), "token");
    write(&db, t, |tx| tx.insert_session(&session(t, 2)));
    let mut row = session(t, 2);
    row.token_hash = session(t, 1).token_hash;
    let from = session(t, 2).token_hash;
    assert_eq!(refused(&db, |tx| tx.renew_session(&row, &from).map(|_| ())), "token");
}

fn a_row_that_is_there_already_is_a_conflict(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    let inserts: [Insert; 8] = [
        |tx| tx.insert_application(&application(&tenant(1), 1)),
        |tx| tx.insert_secret(&secret(&tenant(1), 1)),
        |tx| tx.insert_signing_key(&signing_key(&tenant(1), 1)),
        |tx| tx.insert_grant(&grant(&tenant(1), 1)),
        |tx| tx.insert_role(&role(&tenant(1), 1)),
        |tx| tx.insert_trace(&trace(&tenant(1), 1)),
        |tx| tx.insert_outbox(&message(&tenant(1), 1)),
        |tx| tx.insert_flow("flow-1", b"x", crate::kit::at(1)),
    ];
    for insert in inserts {
        assert_eq!(refused(&db, insert), "key");
    }
    let mut same_name = application(t, 2);
    same_name.name_key = application(t, 1).name_key;
    write(&db, t, |tx| tx.insert_application(&same_name));
    assert!(db.read(t, |tx| tx.find_application(&app(2))).unwrap().is_some());
}

fn the_same_again_in_another_tenant_is_none(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    fill(&db, 2);
    for (name, insert) in inserts() {
        for t in [tenant(1), tenant(2)] {
            let done = db.write(&t, |tx| Ok::<_, Error>(insert(tx)));
            assert!(done.is_ok(), "{name}: {done:?}");
        }
    }
    let keys = db.read(&tenant(2), |tx| tx.list_signing_keys()).unwrap();
    assert_eq!(keys.last().map(|row| row.id.clone()), Some(key(2)));
}

fn a_host_that_is_taken_cannot_be_moved_to(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    fill(&db, 2);
    let mut to = tenant_row(2);
    to.host = Some("h1.example".into());
    let moved = db.write(&tenant(2), |tx| tx.update_tenant(&to, 1));
    assert_eq!(moved, Err(Error::Conflict("host")));
    let row = db.read(&tenant(2), |tx| tx.this_tenant()).unwrap().unwrap();
    assert_eq!((row.host.as_deref(), row.version), (Some("h2.example"), 1));
}
