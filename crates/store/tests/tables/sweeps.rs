//! Forgetting: only what is dead goes, never more than asked for, and of what was deleted nothing
//! is left in the end, however much it was.

use crate::common::{self, Scratch, tenant};
use crate::dump::dump;
use crate::kit::{
    app, at, fill, gra, grant, hash, lnk, migrated, role, ses, session, trace, usr, write,
};
use store::spent::SpentKind;
use store::{Db, Error, TenantId, Timestamp};

crate::on_both!(
    a_sweep_takes_the_dead_and_nothing_else,
    a_sweep_is_bounded,
    records_go_by_their_age,
    a_deleted_tenant_is_gone_at_once_and_its_rows_in_chunks,
    rows_written_while_a_tenant_was_deleted_go_too,
    a_deleted_application_leaves_nothing,
    a_deleted_user_leaves_nothing,
    images_in_use_stay_and_others_go,
);

fn count(db: &Db, table: &str, filter: &str) -> i64 {
    let sql = format!("SELECT count(*) AS n FROM {table} WHERE {filter}");
    db.system_read(|tx| tx.raw_number(&sql)).unwrap()
}

/// Rows of each swept table that die at 10, 20 and 30.
fn mortals(db: &Db) {
    let t = &tenant(1);
    write(db, t, |tx| {
        for n in 1..=3 {
            let end = at(i64::from(n) * 10);
            tx.spend(SpentKind::Code, &format!("{n}"), "", end)?;
            tx.insert_flow(&format!("{n}"), b"x", end)?;
            let mut row = crate::kit::link(t, n);
            row.expires_at = end;
            tx.insert_link(&row)?;
            let mut row = grant(t, n);
            row.expires_at = end;
            tx.insert_grant(&row)?;
            let mut row = session(t, n);
            row.expires_at = end;
            tx.insert_session(&row)?;
        }
        tx.end_session(&ses(3), at(1))?;
        tx.revoke_grant(&gra(3), "client", at(1))?;
        tx.spend_link(&lnk(3), at(1)).map(|_| ())
    });
}

fn a_sweep_takes_the_dead_and_nothing_else(scratch: &Scratch) {
    let db = migrated(scratch);
    mortals(&db);
    let sweep = |now, kept| db.system_write(|tx| tx.sweep(at(now), at(kept), 100)).unwrap();
    assert_eq!(sweep(10, 10), 0, "what dies now is not dead yet");
    assert_eq!(sweep(21, 11), 2 + 4, "a long request goes when it expired");
    assert_eq!(sweep(21, 21), 4);
    for table in ["spent", "links", "grants", "sessions", "flows"] {
        assert_eq!(count(&db, table, "true"), 1, "{table} keeps what ended before its time");
    }
    assert_eq!((sweep(99, 99), sweep(99, 99)), (5, 0));
}

fn a_sweep_is_bounded(scratch: &Scratch) {
    let db = migrated(scratch);
    mortals(&db);
    let mut swept = Vec::new();
    while swept.last() != Some(&0) {
        swept.push(db.system_write(|tx| tx.sweep(at(99), at(99), 4)).unwrap());
    }
    assert_eq!(swept, [4, 4, 4, 3, 0]);
}

fn records_go_by_their_age(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    write(&db, t, |tx| {
        for n in 1..=3 {
            tx.raise_guesses(&format!("{n}"), at(n))?;
            let mut row = trace(t, n as u32);
            row.at = at(n);
            tx.insert_trace(&row)?;
        }
        tx.refuse_guesses("1", at(50))
    });
    let sweep = |guesses, traces, limit| {
        db.system_write(|tx| tx.sweep_records(at(guesses), at(traces), limit)).unwrap()
    };
    assert_eq!(sweep(3, 2, 100), 2, "a counter that refuses is not dead");
    assert_eq!(count(&db, "guesses", "id IN ('1', '3')"), 2);
    assert_eq!(count(&db, "traces", "id <> 'trace-0001'"), 2);
    assert_eq!([sweep(51, 51, 3), sweep(51, 51, 3), sweep(51, 51, 3)], [3, 1, 0]);
}

/// Copies a row of tenant 1 `times` times, each with an id of its own.
fn multiply(db: &Db, table: &str, columns: &str, values: &str, times: i64) {
    let sql = format!(
        "INSERT INTO {table} ({columns}) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 \
         FROM c WHERE n < {times}) SELECT {values} FROM c"
    );
    assert_eq!(db.system_write(|tx| tx.raw_execute(&sql)), Ok(times as usize));
}

fn many_spent(db: &Db, t: &TenantId, times: i64) {
    let values = format!("'{t}', 'code', 'x' || CAST(n AS TEXT), '', 0");
    multiply(db, "spent", "tenant, kind, id, result, until", &values, times);
}

fn many_grants(db: &Db, t: &TenantId, times: i64) {
    let columns = "tenant, id, application, user_id, session, code, scopes, amr, authenticated_at, \
                   epoch, offline, sealed_key, generation, rotated_at, idle_us, created_at, \
                   expires_at";
    let key = if db.kind() == store::Kind::Sqlite { "x'01'" } else { "'\\x01'::bytea" };
    let (app, usr) = (app(1), usr(1));
    let values = format!(
        "'{t}', 'x' || CAST(n AS TEXT), '{app}', '{usr}', '', '', '', '', 0, 0, true, {key}, 0, 0, \
         0, 0, 0"
    );
    multiply(db, "grants", columns, &values, times);
}

/// Sweeps until nothing is left to do now; the sizes of the writes.
fn sweep_all(db: &Db, now: Timestamp, limit: i64) -> Vec<usize> {
    let mut sizes = Vec::new();
    while sizes.last() != Some(&0) {
        sizes.push(db.system_write(|tx| tx.sweep_orphans(now, limit)).unwrap());
        assert!(sizes.len() < 100, "it ends");
    }
    sizes
}

fn left(db: &Db, t: &TenantId) -> Vec<String> {
    let kind = db.kind();
    let lines = db.read(t, |tx| dump(tx, kind, t)).unwrap();
    lines.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
}

fn a_deleted_tenant_is_gone_at_once_and_its_rows_in_chunks(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    fill(&db, 2);
    many_spent(&db, t, 1500);
    let neighbour = left(&db, &tenant(2));
    let (before, began) = (left(&db, t).len(), std::time::Instant::now());
    db.write(t, |tx| tx.delete_tenant()).unwrap();
    assert!(began.elapsed().as_millis() < 2000, "one small write: {:?}", began.elapsed());
    let went = before + 1 - left(&db, t).len(); // one row more: that of the deletion
    assert!((1..=401).contains(&went), "{went}");
    let found = db.system_read(|tx| {
        let by_slug = tx.find_tenant_by_slug("slug-1")?;
        Ok::<_, Error>((tx.find_tenant(t)?, by_slug, tx.find_tenant_of(app(1).as_str())?))
    });
    assert_eq!(found, Ok((None, None, Some(tenant(2)))));
    let mut next = crate::kit::tenant_row(1);
    next.id = tenant(7);
    assert_eq!(db.system_write(|tx| tx.insert_tenant(&next)), Ok(()), "slug and host are free");
    let sizes = sweep_all(&db, at(0), 100);
    assert!(sizes.len() > 10 && sizes.iter().all(|size| *size <= 100), "{sizes:?}");
    assert_eq!(left(&db, t), ["audit", "deletions"]);
    assert_eq!(sweep_all(&db, at(599), 100), [0], "nothing to do for a while");
    assert_eq!(sweep_all(&db, at(600), 100), [1, 0]);
    assert_eq!((left(&db, t), left(&db, &tenant(2))), (vec!["audit".to_owned()], neighbour));
}

fn rows_written_while_a_tenant_was_deleted_go_too(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    db.write(t, |tx| tx.delete_tenant()).unwrap();
    assert_eq!(left(&db, t), ["audit", "deletions"], "a small tenant goes in one write");
    assert_eq!(sweep_all(&db, at(0), 100), [1, 0]);
    db.write(t, |tx| tx.insert_user(&crate::kit::user(t, 1))).unwrap();
    assert_eq!(sweep_all(&db, at(600), 100), [1, 1, 0]);
    assert_eq!(left(&db, t), ["audit"]);
}

fn a_deleted_application_leaves_nothing(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    fill(&db, 2);
    many_grants(&db, t, 900);
    let neighbour = left(&db, &tenant(2));
    assert_eq!(db.write(t, |tx| tx.delete_application(&app(1))), Ok(true));
    assert_eq!(db.write(t, |tx| tx.delete_application(&app(1))), Ok(false));
    assert!(count(&db, "grants", "application LIKE 'app_%'") >= 500, "the rest is swept");
    assert!(db.read(t, |tx| tx.find_grant_state(&gra(1), at(1))).unwrap().is_none());
    sweep_all(&db, at(0), 400);
    sweep_all(&db, at(600), 400);
    for table in ["application_secrets", "applications", "consents", "deletions", "grants"] {
        assert!(!left(&db, t).contains(&table.to_owned()), "{table}");
    }
    assert_eq!(left(&db, &tenant(2)), neighbour);
    assert_eq!(count(&db, "users", "true"), 2);
}

fn a_deleted_user_leaves_nothing(scratch: &Scratch) {
    let db = migrated(scratch);
    let system = &TenantId::system();
    fill(&db, 1);
    fill(&db, 0); // the system tenant: its user 1 has the role of tenant 1
    assert_eq!(tenant(0), *system);
    many_grants(&db, system, 900);
    let neighbour = left(&db, &tenant(1));
    assert_eq!(db.write(system, |tx| tx.delete_user(&usr(1))), Ok(true));
    assert_eq!(db.write(system, |tx| tx.delete_user(&usr(1))), Ok(false));
    assert_eq!(count(&db, "role_assignments", "true"), 0, "an actor of everywhere");
    let found = db.read(system, |tx| tx.find_session_by_token(&hash(1))).unwrap();
    assert!(found.is_none(), "sessions go first");
    sweep_all(&db, at(0), 400);
    sweep_all(&db, at(600), 400);
    for table in ["users", "sessions", "grants", "consents", "links", "deletions"] {
        assert!(!left(&db, system).contains(&table.to_owned()), "{table}");
    }
    let others: Vec<_> =
        neighbour.into_iter().filter(|table| table != "role_assignments").collect();
    assert_eq!(left(&db, &tenant(1)), others);
    // A user of another tenant is no actor: a role of the same id is somebody else's.
    db.write(&tenant(1), |tx| tx.insert_role(&role(&tenant(1), 1))).unwrap();
    db.write(&tenant(1), |tx| tx.delete_user(&usr(1))).unwrap();
    assert_eq!(count(&db, "role_assignments", "true"), 1);
}

fn images_in_use_stay_and_others_go(scratch: &Scratch) {
    use crate::kit::{application, asset, img};
    use store::settings::{Branding, Picture};
    let db = migrated(scratch);
    let t = &tenant(1);
    let picture = |n| Picture { id: img(n).to_string(), width: 120, height: 40 };
    write(&db, t, |tx| {
        (1..=3).try_for_each(|n| tx.put_asset(&asset(tx.tenant(), n)))?;
        let branding = Branding { logo: Some(picture(1)), ..Branding::default() };
        tx.put_setting(&branding, 0, at(0))?;
        let mut row = application(tx.tenant(), 1);
        row.config = format!(r#"{{"sign_in":{{"logo":{{"id":"{}"}}}}}}"#, img(2));
        tx.insert_application(&row)
    });
    let sweep = |now, limit| db.system_write(|tx| tx.sweep_assets(at(now), limit)).unwrap();
    assert_eq!(sweep(100, 9), 0, "their time has not come");
    assert_eq!(sweep(200, 2), 2);
    assert_eq!(sweep(200, 9), 1);
    assert_eq!(sweep(200, 9), 0, "what is in use is looked at much later");
    assert_eq!(count(&db, "assets", "true"), 2);
    write(&db, t, |tx| tx.release_asset(&img(1), at(200)));
    assert_eq!(sweep(200 + store::assets::ORPHAN_S, 9), 1);
    assert_eq!(count(&db, "assets", "true"), 2, "still in use");
    write(&db, t, |tx| {
        tx.put_setting(&Branding::default(), 1, at(1))?;
        tx.release_asset(&img(1), at(200))
    });
    assert_eq!(sweep(200 + store::assets::ORPHAN_S, 9), 1);
    assert_eq!(count(&db, "assets", "true"), 1);
}
