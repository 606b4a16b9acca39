//! Refusals that must outlive the command that refuses: they are `Ok`, and stand in the database
//! afterwards. And what single writes keep and leave alone.

use crate::common::{self, Scratch, tenant};
use crate::kit::{app, at, fill, gra, grant, hash, key, migrated, ses, session, usr, write};
use store::flows::MAX_FLOWS;
use store::spent::{Spend, SpentKind};
use store::{Error, Timestamp};

crate::on_both!(
    a_replayed_code_revokes_what_its_first_use_made,
    a_replayed_refresh_token_is_remembered_and_an_error_is_not,
    wrong_guesses_are_remembered_until_a_success,
    kinds_of_spent_things_do_not_meet,
    a_link_that_was_used_or_voided_stays_so,
    a_password_is_upgraded_only_while_it_stands,
    a_consent_keeps_its_beginning,
    a_renewed_session_keeps_its_beginning,
    retired_keys_are_the_other_ones,
    long_requests_have_a_quota_and_an_end,
);

fn a_replayed_code_revokes_what_its_first_use_made(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    let redeem = |n: u32| {
        let made = gra(n);
        db.write(t, |tx| match tx.spend(SpentKind::Code, "code", made.as_str(), at(300))? {
            Spend::Fresh => {
                tx.insert_grant(&grant(t, n))?;
                Ok::<_, Error>("fresh")
            }
            Spend::Replayed { result } => {
                let first = store::GrantId::parse(&result).ok_or(Error::NotFound)?;
                tx.revoke_grant(&first, "replayed_code", at(2))?;
                Ok("replayed")
            }
        })
        .unwrap()
    };
    assert_eq!([redeem(2), redeem(3), redeem(4)], ["fresh", "replayed", "replayed"]);
    let fresh = scratch.open();
    let state = |n| fresh.read(t, |tx| tx.find_grant_state(&gra(n), at(3))).unwrap();
    assert_eq!(state(2).unwrap().revoked_at, Some(at(2)));
    assert!(state(3).is_none() && state(4).is_none());
    let spent = fresh.read(t, |tx| tx.find_spent(SpentKind::Code, "code")).unwrap();
    assert_eq!(spent.as_deref(), Some(gra(2).as_str()));
}

fn a_replayed_refresh_token_is_remembered_and_an_error_is_not(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    let refused = db.write(t, |tx| -> Result<(), Error> {
        tx.spend(SpentKind::Code, "rolled back", "x", at(300))?;
        tx.revoke_grant(&gra(1), "replayed_refresh", at(2))?;
        Err(Error::NotFound)
    });
    assert_eq!(refused, Err(Error::NotFound));
    let why = "SELECT coalesce(revoked_why, '-') AS line FROM grants";
    let read = || scratch.open().read(t, |tx| tx.raw_lines(why)).unwrap();
    assert_eq!(read(), ["-"]);
    assert_eq!(db.read(t, |tx| tx.find_spent(SpentKind::Code, "rolled back")), Ok(None));
    assert!(write(&db, t, |tx| tx.revoke_grant(&gra(1), "replayed_refresh", at(2))));
    assert!(
        !write(&db, t, |tx| tx.revoke_grant(&gra(1), "client", at(3))),
        "the first reason stays"
    );
    assert_eq!(read(), ["replayed_refresh"]);
}

fn wrong_guesses_are_remembered_until_a_success(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    for n in 1..=3 {
        let guesses = write(&db, t, |tx| tx.raise_guesses("id", at(n)));
        assert_eq!((guesses.failures, guesses.refused_until), (n, Timestamp(0)));
    }
    write(&db, t, |tx| tx.refuse_guesses("id", at(900)));
    let again = write(&db, t, |tx| tx.raise_guesses("id", at(5)));
    assert_eq!((again.failures, again.refused_until), (4, at(900)), "raising keeps the refusal");
    let stored = scratch.open().read(t, |tx| tx.find_guesses("id")).unwrap();
    assert_eq!(stored, again);
    write(&db, t, |tx| tx.reset_guesses("id"));
    assert_eq!(write(&db, t, |tx| tx.raise_guesses("id", at(6))).failures, 1);
    write(&db, t, |tx| tx.refuse_guesses("nobody guessed", at(900)));
    assert_eq!(db.read(t, |tx| tx.find_guesses("nobody guessed")).unwrap().failures, 0);
}

fn kinds_of_spent_things_do_not_meet(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    for kind in
        [SpentKind::Code, SpentKind::Flow, SpentKind::Link, SpentKind::Upstream, SpentKind::Form]
    {
        assert_eq!(write(&db, t, |tx| tx.spend(kind, "same", "first", at(1))), Spend::Fresh);
        let again = write(&db, t, |tx| tx.spend(kind, "same", "second", at(1)));
        assert_eq!(again, Spend::Replayed { result: "first".into() });
    }
    assert_eq!(
        write(&db, &tenant(2), |tx| tx.spend(SpentKind::Code, "same", "", at(1))),
        Spend::Fresh
    );
}

fn a_link_that_was_used_or_voided_stays_so(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    write(&db, t, |tx| {
        for n in 2..=5 {
            let mut row = crate::kit::link(t, n);
            row.kind = if n == 5 { "setup".into() } else { row.kind };
            row.user_id = if n == 4 { usr(2).as_str().into() } else { row.user_id };
            tx.insert_link(&row)?;
        }
        Ok(())
    });
    let one = usr(1);
    assert!(write(&db, t, |tx| tx.spend_link(&crate::kit::lnk(2), at(1))));
    assert_eq!(write(&db, t, |tx| tx.void_links("set_password", one.as_str(), at(2))), 2);
    let used: Vec<_> = (1..=5)
        .map(|n| db.read(t, |tx| tx.find_link(&hash(n))).unwrap().unwrap().used_at)
        .collect();
    assert_eq!(used, [Some(at(2)), Some(at(1)), Some(at(2)), None, None]);
    assert!(!write(&db, t, |tx| tx.spend_link(&crate::kit::lnk(1), at(3))));
}

fn a_password_is_upgraded_only_while_it_stands(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    let password = || db.read(t, |tx| tx.find_user(&usr(1))).unwrap().unwrap().password;
    write(&db, t, |tx| tx.upgrade_user_password(&usr(1), "another", "x"));
    assert_eq!(password().as_deref(), Some("phc"));
    write(&db, t, |tx| tx.upgrade_user_password(&usr(1), "phc", "phc2"));
    assert_eq!(password().as_deref(), Some("phc2"));
    write(&db, t, |tx| tx.touch_user(&usr(1), at(9)));
    assert!(write(&db, t, |tx| tx.set_user_password(&usr(1), "new", at(5))));
    let user = db.read(t, |tx| tx.find_user(&usr(1))).unwrap().unwrap();
    assert_eq!((user.epoch, user.version, user.updated_at), (1, 2, at(5)));
    assert_eq!((user.password.as_deref(), user.last_sign_in_at), (Some("new"), Some(at(9))));
    assert!(!write(&db, t, |tx| tx.set_user_password(&usr(9), "new", at(5))));
}

fn a_consent_keeps_its_beginning(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    for (scopes, seconds) in [("openid", 1), ("openid email", 2)] {
        write(&db, t, |tx| tx.put_consent(&usr(1), &app(1), scopes, at(seconds)));
    }
    let row = db.read(t, |tx| tx.find_consent(&usr(1), &app(1))).unwrap().unwrap();
    assert_eq!((row.scopes.as_str(), row.api.as_str()), ("openid email", ""));
    assert_eq!((row.created_at, row.updated_at), (at(1), at(2)));
    assert!(write(&db, t, |tx| tx.delete_consent(&usr(1), &app(1))));
    assert!(!write(&db, t, |tx| tx.delete_consent(&usr(1), &app(1))));
}

fn a_renewed_session_keeps_its_beginning(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    let mut row = session(t, 1);
    row.token_hash = hash(9).to_vec();
    (row.created_at, row.authenticated_at, row.expires_at) = (at(50), at(50), at(99_000));
    assert!(write(&db, t, |tx| tx.renew_session(&row, &hash(1))));
    assert!(!write(&db, t, |tx| tx.renew_session(&row, &hash(1))), "it has another token now");
    assert!(db.read(t, |tx| tx.find_session_by_token(&hash(1))).unwrap().is_none());
    let found = db.read(t, |tx| tx.find_session_by_token(&hash(9))).unwrap().unwrap();
    assert_eq!((found.id, found.created_at), (ses(1), at(0)));
    assert_eq!((found.authenticated_at, found.expires_at), (at(50), at(99_000)));
}

fn retired_keys_are_the_other_ones(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    write(&db, t, |tx| {
        for n in 1..=4 {
            let mut row = crate::kit::signing_key(t, n);
            row.algorithm = if n == 4 { "RS256".into() } else { row.algorithm };
            row.retire_at = (n == 1).then_some(at(1));
            tx.insert_signing_key(&row)?;
        }
        Ok(())
    });
    assert_eq!(write(&db, t, |tx| tx.retire_signing_keys("ES256", &key(3), at(60))), 1);
    let ends: Vec<_> = db.read(t, |tx| tx.list_signing_keys()).unwrap();
    let ends: Vec<_> = ends.iter().map(|row| row.retire_at).collect();
    assert_eq!(ends, [Some(at(1)), Some(at(60)), None, None]);
    assert_eq!(write(&db, t, |tx| tx.delete_retired_keys(at(60))), 1);
    write(&db, t, |tx| tx.reseal_signing_key(&key(3), b"anew"));
    let keys = db.read(t, |tx| tx.list_signing_keys()).unwrap();
    let left: Vec<_> = keys.iter().map(|row| (row.id.clone(), row.sealed.clone())).collect();
    assert_eq!(left, [(key(2), vec![2]), (key(3), b"anew".to_vec()), (key(4), vec![4])]);
}

fn long_requests_have_a_quota_and_an_end(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    write(&db, t, |tx| tx.insert_flow("a", b"sealed", at(10)));
    assert_eq!(db.read(t, |tx| tx.find_flow("a", at(9))), Ok(Some(b"sealed".to_vec())));
    assert_eq!(db.read(t, |tx| tx.find_flow("a", at(10))), Ok(None));
    let blob = match db.kind() {
        store::Kind::Sqlite => "x'00'",
        store::Kind::Postgres => "'\\x00'::bytea",
    };
    let fill = format!(
        "INSERT INTO flows WITH RECURSIVE c(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c \
         WHERE n < {MAX_FLOWS}) SELECT '{t}', CAST(n AS TEXT), {blob}, 5 FROM c"
    );
    assert_eq!(db.write(t, |tx| tx.raw_execute(&fill)), Ok(9_999));
    assert_eq!(db.write(t, |tx| tx.insert_flow("b", b"x", at(10))), Err(Error::Busy));
    assert_eq!(db.write(&tenant(2), |tx| tx.insert_flow("b", b"x", at(10))), Ok(()));
    assert_eq!(db.system_write(|tx| tx.sweep(Timestamp(6), Timestamp(0), 400)), Ok(400));
    assert_eq!(db.write(t, |tx| tx.insert_flow("b", b"x", at(10))), Ok(()));
}
