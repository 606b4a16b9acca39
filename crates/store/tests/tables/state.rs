//! What is judged together: the sessions of a browser, what a code needs to be redeemed, and what a
//! token that names a grant is worth. Each condition alone, one after the other.

use crate::common::{self, Scratch, tenant};
use crate::kit::{app, at, fill, gra, grant, hash, migrated, ses, session, user, usr, write};
use store::sessions::{BrowserSession, SessionRow};
use store::{Db, Error, Timestamp, Tx};

crate::on_both!(
    a_browser_session_is_listed_while_it_lives,
    browser_sessions_come_newest_first_with_their_consent,
    a_redemption_is_judged_by_each_of_its_parts,
    a_grant_is_judged_by_each_of_its_parts,
    a_grant_without_user_or_application_is_nothing,
);

fn listed(db: &Db, now: Timestamp) -> Vec<BrowserSession> {
    db.read(&tenant(1), |tx| tx.list_browser_sessions(&[hash(1)], app(1).as_str(), now)).unwrap()
}

type Change = fn(&mut SessionRow);

fn a_browser_session_is_listed_while_it_lives(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    fill(&db, 2);
    assert_eq!(listed(&db, at(1)).len(), 1);
    assert_eq!(listed(&db, at(3599)).len(), 1);
    assert_eq!(listed(&db, at(3600)).len(), 0, "idle");
    write(&db, t, |tx| tx.touch_session(&ses(1), at(3000)));
    assert_eq!(listed(&db, at(6599)).len(), 1, "used since");
    write(&db, t, |tx| tx.touch_session(&ses(1), at(86_399)));
    assert_eq!(listed(&db, at(86_399)).len(), 1);
    assert_eq!(listed(&db, at(86_400)).len(), 0, "over in any case");
    let changes: [(&str, Change); 4] = [
        ("ended", |row| row.ended_at = Some(at(1))),
        ("of an earlier epoch", |row| row.epoch = -1),
        ("of another kind", |row| row.kind = "console".into()),
        ("of a user who is gone", |row| row.user_id = usr(99)),
    ];
    for (n, (what, change)) in changes.into_iter().enumerate() {
        let n = 20 + n as u32;
        let mut row = session(t, n);
        change(&mut row);
        write(&db, t, |tx| tx.insert_session(&row));
        let found = db.read(t, |tx| tx.list_browser_sessions(&[hash(n)], "", at(2))).unwrap();
        assert!(found.is_empty(), "{what}");
    }
    write(&db, t, |tx| tx.raise_user_epoch(&usr(1), at(5)));
    assert_eq!(listed(&db, at(10)).len(), 0, "the user signed out everywhere");
    assert!(db.read(t, |tx| tx.list_browser_sessions(&[], "", at(2))).unwrap().is_empty());
}

fn browser_sessions_come_newest_first_with_their_consent(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    write(&db, t, |tx| {
        tx.insert_user(&user(t, 2))?;
        tx.set_user_blocked(&usr(2), true, at(1))?;
        for n in 2..=7 {
            let mut row = session(t, n);
            row.user_id = usr(2);
            row.authenticated_at = at(i64::from(n % 5));
            tx.insert_session(&row)?;
        }
        Ok(())
    });
    let hashes: Vec<_> = (1..=5).map(hash).collect();
    let found = db.read(t, |tx| tx.list_browser_sessions(&hashes, app(1).as_str(), at(9))).unwrap();
    let order: Vec<_> = found.iter().map(|s| s.id.clone()).collect();
    assert_eq!(order, [ses(4), ses(3), ses(2), ses(5), ses(1)], "newest proof, then newest id");
    let one = &found[4];
    assert_eq!((one.consented.as_deref(), one.consented_at), (Some("of 1"), Some(at(0))));
    assert_eq!((one.email.as_str(), one.blocked), ("U1@example.org", false));
    assert_eq!((&found[0].consented, found[0].blocked), (&None, true));
    assert_eq!(found[0].token_hash, hash(4));
    let other = db.read(t, |tx| tx.list_browser_sessions(&hashes, app(2).as_str(), at(9))).unwrap();
    assert!(other.len() == 5 && other.iter().all(|s| s.consented.is_none()));
}

/// Makes a change, looks, and takes it back.
fn glimpse<T>(
    db: &Db,
    change: impl Fn(&mut Tx) -> Result<(), Error>,
    look: impl Fn(&mut Tx) -> Result<T, Error>,
) -> T {
    let mut seen = None;
    let undone = db.write(&tenant(1), |tx| {
        change(tx)?;
        seen = Some(look(tx)?);
        Err::<(), _>(Error::NotFound)
    });
    assert_eq!(undone, Err(Error::NotFound));
    seen.unwrap()
}

type Step = fn(&mut Tx) -> Result<(), Error>;

const NONE: Step = |_| Ok(());
const END: Step = |tx| tx.end_session(&ses(1), at(1)).map(|_| ());
const BLOCK: Step = |tx| tx.set_user_blocked(&usr(1), true, at(1)).map(|_| ());
const EPOCH: Step = |tx| tx.raise_user_epoch(&usr(1), at(1)).map(|_| ());
const PASSWORD: Step = |tx| tx.set_user_password(&usr(1), "new", at(1)).map(|_| ());
const DISABLE: Step = |tx| {
    let mut row = crate::kit::application(tx.tenant(), 1);
    row.disabled = true;
    tx.update_application(&row, 1).map(|_| ())
};
const FIRST_PARTY: Step = |tx| {
    let mut row = crate::kit::application(tx.tenant(), 1);
    row.first_party = true;
    tx.update_application(&row, 1).map(|_| ())
};
const WITHDRAW: Step = |tx| tx.delete_consent(&usr(1), &app(1)).map(|_| ());
const DELETE_USER: Step = |tx| tx.delete_user(&usr(1)).map(|_| ());
const DELETE_APPLICATION: Step = |tx| tx.delete_application(&app(1)).map(|_| ());
const NO_SESSION: Step =
    |tx| tx.raw_execute("DELETE FROM sessions WHERE tenant LIKE '%1'").map(|_| ());

fn a_redemption_is_judged_by_each_of_its_parts(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    fill(&db, 2);
    let look = |step: Step, now: i64| {
        let state = glimpse(&db, step, |tx| tx.find_redemption(&ses(1), &usr(1), &app(1), at(now)));
        state.map(|s| {
            let consented = s.consented.is_some();
            let over = (s.session_over, s.user_moved_on, s.user_blocked);
            (over, s.application_disabled, s.first_party, consented)
        })
    };
    let good = (false, false, false);
    assert_eq!(look(NONE, 2), Some((good, false, false, true)));
    for (step, now) in [(END, 2), (NONE, 3600), (NONE, 86_400)] {
        assert_eq!(look(step, now), Some(((true, false, false), false, false, true)), "{now}");
    }
    for step in [EPOCH, PASSWORD] {
        assert_eq!(look(step, 2), Some(((false, true, false), false, false, true)));
    }
    assert_eq!(look(BLOCK, 2), Some(((false, false, true), false, false, true)));
    assert_eq!(look(DISABLE, 2), Some((good, true, false, true)));
    assert_eq!(look(FIRST_PARTY, 2), Some((good, false, true, true)));
    assert_eq!(look(WITHDRAW, 2), Some((good, false, false, false)));
    for step in [NO_SESSION, DELETE_USER, DELETE_APPLICATION] {
        assert_eq!(look(step, 2), None);
    }
    let foreign = db
        .read(&tenant(1), |tx| tx.find_redemption(&ses(1), &usr(2), &app(1), at(2)))
        .map(|found| found.is_none());
    assert_eq!(foreign, Ok(true), "a session of somebody else");
}

fn a_grant_is_judged_by_each_of_its_parts(scratch: &Scratch) {
    let db = migrated(scratch);
    fill(&db, 1);
    fill(&db, 2);
    let look = |step: Step, now: i64| {
        let state = glimpse(&db, step, |tx| tx.find_grant_state(&gra(1), at(now))).unwrap();
        let user = (state.user_blocked, state.user_moved_on);
        (state.session_over, user, state.application_disabled, state.revoked_at)
    };
    let user = (false, false);
    assert_eq!(look(NONE, 2), (false, user, false, None));
    assert_eq!(look(NONE, 3601), (false, user, false, None), "a session that idles still stands");
    for (step, now) in [(END, 2), (NONE, 86_400), (NO_SESSION, 2)] {
        assert_eq!(look(step, now), (true, user, false, None), "{now}");
    }
    assert_eq!(look(BLOCK, 2), (false, (true, false), false, None));
    for step in [EPOCH, PASSWORD] {
        assert_eq!(look(step, 2), (false, (false, true), false, None));
    }
    assert_eq!(look(DISABLE, 2), (false, user, true, None));
    let revoke: Step = |tx| tx.revoke_grant(&gra(1), "client", at(1)).map(|_| ());
    assert_eq!(look(revoke, 2), (false, user, false, Some(at(1))));
    let of_session: Step = |tx| tx.revoke_session_grants(&ses(1), "admin", at(1)).map(|_| ());
    assert_eq!(look(of_session, 2), (false, user, false, Some(at(1))));
}

fn a_grant_without_user_or_application_is_nothing(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    for (n, odd) in [(2, (usr(99), app(1))), (3, (usr(1), app(99)))] {
        let mut row = grant(t, n);
        (row.user_id, row.application) = odd;
        write(&db, t, |tx| tx.insert_grant(&row));
        assert!(db.read(t, |tx| tx.find_grant_state(&gra(n), at(1))).unwrap().is_none());
    }
}
