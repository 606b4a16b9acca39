//! Two connections at once, as two nodes or a node and the command line have them: a compare-and-set
//! has one winner, a counter counts everybody.

use crate::common::{self, Scratch, tenant};
use crate::kit::{
    app, application, at, fill, gra, lnk, message, migrated, ses, session, tenant_row,
};
use std::sync::Barrier;
use store::outbox::OutboxRow;
use store::spent::{Spend, SpentKind};
use store::{Db, Error, Tx};

crate::on_both!(
    a_grant_is_rotated_once,
    a_thing_is_spent_once_and_the_others_hear_of_it,
    a_link_is_spent_once,
    a_tenant_is_updated_by_one,
    an_application_is_updated_by_one,
    a_session_that_ended_is_never_renewed,
    a_session_is_renewed_by_one,
    a_job_is_leased_by_one,
    a_message_is_leased_by_one,
    every_failed_guess_is_counted,
    a_grant_is_revoked_or_rotated_in_some_order,
);

const ROUNDS: u32 = 25;

/// Runs `f` on two databases at the same moment; both answers.
fn both<T: Send>(one: &Db, two: &Db, f: impl Fn(&Db, usize) -> T + Sync) -> [T; 2] {
    let start = Barrier::new(2);
    let run = |db: &Db, who| {
        start.wait();
        f(db, who)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| run(two, 1));
        let first = run(one, 0);
        [first, other.join().unwrap()]
    })
}

fn two(scratch: &Scratch) -> (Db, Db) {
    let one = migrated(scratch);
    fill(&one, 1);
    (one, scratch.open())
}

/// Exactly one of two calls of `f` in parallel answers `true`, round after round.
fn one_wins(scratch: &Scratch, f: impl Fn(&mut Tx, u32, usize) -> Result<bool, Error> + Sync) {
    let (one, other) = two(scratch);
    for round in 0..ROUNDS {
        let won = both(&one, &other, |db, who| db.write(&tenant(1), |tx| f(tx, round, who)));
        assert_eq!(won.iter().filter(|w| **w == Ok(true)).count(), 1, "{round}: {won:?}");
        assert!(won.contains(&Ok(false)), "{round}: {won:?}");
    }
}

fn a_grant_is_rotated_once(scratch: &Scratch) {
    one_wins(scratch, |tx, round, _| tx.rotate_grant(&gra(1), i64::from(round), at(1)));
    let state = scratch.open().read(&tenant(1), |tx| tx.find_grant_state(&gra(1), at(2)));
    assert_eq!(state.unwrap().unwrap().generation, i64::from(ROUNDS));
}

fn a_thing_is_spent_once_and_the_others_hear_of_it(scratch: &Scratch) {
    let (one, other) = two(scratch);
    for round in 0..ROUNDS {
        let id = format!("code {round}");
        let answers = both(&one, &other, |db, who| {
            let made = format!("grant of {who}");
            db.write(&tenant(1), |tx| tx.spend(SpentKind::Code, &id, &made, at(300))).unwrap()
        });
        let winner = answers.iter().position(|a| *a == Spend::Fresh).unwrap();
        let replayed = Spend::Replayed { result: format!("grant of {winner}") };
        assert_eq!(answers[1 - winner], replayed);
    }
}

fn a_link_is_spent_once(scratch: &Scratch) {
    let (one, other) = two(scratch);
    for round in 0..ROUNDS {
        let id = lnk(100 + round);
        let mut link = crate::kit::link(&tenant(1), 100 + round);
        link.id = id.clone();
        one.write(&tenant(1), |tx| tx.insert_link(&link)).unwrap();
        let won = both(&one, &other, |db, _| {
            db.write(&tenant(1), |tx| tx.spend_link(&id, at(1))).unwrap()
        });
        assert_eq!(won.iter().filter(|w| **w).count(), 1);
    }
    let late = one.write(&tenant(1), |tx| tx.spend_link(&lnk(1), at(3600)));
    assert_eq!(late, Ok(false), "expired");
}

fn a_tenant_is_updated_by_one(scratch: &Scratch) {
    one_wins(scratch, |tx, round, who| {
        let mut to = tenant_row(1);
        to.name = format!("by {who}");
        tx.update_tenant(&to, i64::from(round) + 1)
    });
}

fn an_application_is_updated_by_one(scratch: &Scratch) {
    one_wins(scratch, |tx, round, who| {
        let mut to = application(tx.tenant(), 1);
        to.name = format!("by {who}");
        tx.update_application(&to, i64::from(round) + 1)
    });
    let row = scratch.open().read(&tenant(1), |tx| tx.find_application(&app(1)));
    assert_eq!(row.unwrap().unwrap().version, i64::from(ROUNDS) + 1);
}

fn a_session_that_ended_is_never_renewed(scratch: &Scratch) {
    let (one, other) = two(scratch);
    for round in 0..ROUNDS {
        let n = 50 + round;
        one.write(&tenant(1), |tx| tx.insert_session(&session(&tenant(1), n))).unwrap();
        let mut renewed = session(&tenant(1), n);
        let from = renewed.token_hash.clone();
        renewed.token_hash = crate::kit::hash(100 + n).to_vec();
        let [ended, _] = both(&one, &other, |db, who| {
            db.write(&tenant(1), |tx| match who {
                0 => tx.end_session(&ses(n), at(1)),
                _ => tx.renew_session(&renewed, &from),
            })
        });
        assert_eq!(ended, Ok(true), "a renewal does not keep it from ending");
        let row = one.read(&tenant(1), |tx| tx.find_session(&ses(n))).unwrap().unwrap();
        assert_eq!(row.ended_at, Some(at(1)));
        let again = one.write(&tenant(1), |tx| tx.renew_session(&renewed, &renewed.token_hash));
        assert_eq!(again, Ok(false));
        assert_eq!(one.write(&tenant(1), |tx| tx.end_session(&ses(n), at(2))), Ok(false));
    }
}

fn a_session_is_renewed_by_one(scratch: &Scratch) {
    let (one, other) = two(scratch);
    for round in 0..ROUNDS {
        let n = 150 + round;
        let row = session(&tenant(1), n);
        one.write(&tenant(1), |tx| tx.insert_session(&row)).unwrap();
        let [first, second] = both(&one, &other, |db, who| {
            let mut renewed = row.clone();
            renewed.token_hash = vec![0xAA; 32];
            renewed.token_hash[..2].copy_from_slice(&[round as u8, who as u8]);
            db.write(&tenant(1), |tx| tx.renew_session(&renewed, &row.token_hash))
        });
        assert_eq!(u8::from(first.unwrap()) + u8::from(second.unwrap()), 1, "one winner");
    }
}

fn a_job_is_leased_by_one(scratch: &Scratch) {
    let (one, other) = two(scratch);
    for round in 0..ROUNDS {
        let now = at(i64::from(round) * 60);
        let won = both(&one, &other, |db, who| {
            let node = format!("node {who}");
            db.system_write(|tx| tx.lease_job("sweep", &node, now, now.plus_seconds(30))).unwrap()
        });
        assert_eq!(won.iter().filter(|w| **w).count(), 1, "{won:?}");
        let winner = format!("node {}", usize::from(won[1]));
        let job = one.system_read(|tx| tx.list_jobs()).unwrap().remove(0);
        assert_eq!((job.holder, job.leased_until), (winner, now.plus_seconds(30)));
    }
}

fn a_message_is_leased_by_one(scratch: &Scratch) {
    let (one, other) = two(scratch);
    for n in 2..=60 {
        one.write(&tenant(1), |tx| tx.insert_outbox(&message(&tenant(1), n))).unwrap();
    }
    for round in 1..=i64::from(ROUNDS) {
        let now = at(round * 60);
        let mine = both(&one, &other, |db, who| {
            let node = format!("node {who}");
            db.system_write(|tx| tx.lease_outbox(&node, now, now.plus_seconds(30), 100, 100))
                .unwrap()
        });
        let mut ids: Vec<_> = mine.iter().flatten().map(|row| row.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), mine[0].len() + mine[1].len()), (60, 60), "each once");
        for (who, rows) in mine.iter().enumerate() {
            let held = |row: &&OutboxRow| row.holder == format!("node {who}");
            assert_eq!(rows.iter().filter(held).count(), rows.len());
            assert!(rows.iter().all(|row| row.attempts == round), "each attempt counted once");
        }
    }
}

fn every_failed_guess_is_counted(scratch: &Scratch) {
    let (one, other) = two(scratch);
    let mut seen: Vec<i64> = std::thread::scope(|scope| {
        let guess = |db: &Db| db.write(&tenant(1), |tx| tx.raise_guesses("id", at(1))).unwrap();
        let (one, other) = (&one, &other);
        let threads: Vec<_> = (0..200)
            .map(|n| scope.spawn(move || guess(if n % 2 == 0 { one } else { other }).failures))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    seen.sort_unstable();
    assert_eq!(seen, (1..=200).collect::<Vec<i64>>());
    let stored = one.read(&tenant(1), |tx| tx.find_guesses("id")).unwrap();
    assert_eq!(stored.failures, 200);
}

fn a_grant_is_revoked_or_rotated_in_some_order(scratch: &Scratch) {
    let (one, other) = two(scratch);
    let [revoked, rotated] = both(&one, &other, |db, who| {
        db.write(&tenant(1), |tx| match who {
            0 => tx.revoke_grant(&gra(1), "replayed_refresh", at(1)),
            _ => tx.rotate_grant(&gra(1), 0, at(1)),
        })
    });
    assert_eq!(revoked, Ok(true));
    let state = one.read(&tenant(1), |tx| tx.find_grant_state(&gra(1), at(2))).unwrap().unwrap();
    assert_eq!(state.revoked_at, Some(at(1)));
    assert_eq!(state.generation, i64::from(rotated.unwrap()));
    let after = one.write(&tenant(1), |tx| {
        Ok::<_, Error>((
            tx.rotate_grant(&gra(1), state.generation, at(3))?,
            tx.revoke_grant(&gra(1), "client", at(3))?,
        ))
    });
    assert_eq!(after, Ok((false, false)));
}
