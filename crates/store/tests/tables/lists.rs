//! Lists by key: their order, where they go on, how many, and what a beginning matches, in any
//! script and in a database of any language.

use crate::common::{self, Scratch, tenant};
use crate::kit::{
    app, application, at, aud, entry, fill, grant, lnk, migrated, role, ses, session, signing_key,
    tenant_row, trace, user, usr, write,
};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use store::audit::AuditFilter;
use store::users::{UserPlace, UserScan, UserSearch};
use store::{Db, TenantId};

crate::on_both!(
    tenants_by_slug,
    applications_by_name_in_any_script,
    users_by_address,
    sessions_newest_first,
    the_audit_newest_first_and_by_object,
    traces_in_order,
    links_keys_secrets_and_roles_in_order,
    counts_stop_at_their_cap,
);

#[test]
fn the_language_of_the_database_does_not_matter() {
    let scratch = Scratch::postgres();
    let Scratch::Postgres { server, name } = &scratch else { return };
    let mut conn = PgConnection::establish(server).unwrap();
    conn.batch_execute(&format!("DROP DATABASE {name}")).unwrap();
    conn.batch_execute(&format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu \
         ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'"
    ))
    .unwrap();
    let db = migrated(&scratch);
    for list in [check_tenants as fn(&Db), check_applications, check_users] {
        list(&db);
    }
}

fn tenants_by_slug(scratch: &Scratch) {
    check_tenants(&migrated(scratch));
}

fn check_tenants(db: &Db) {
    let slugs = ["ab", "a-b", "a1", "abc", "a-c"];
    for (n, slug) in slugs.iter().enumerate() {
        let mut row = tenant_row(100 + n as u32);
        row.slug = (*slug).into();
        db.system_write(|tx| tx.insert_tenant(&row)).unwrap();
    }
    let list = |after: Option<&str>, limit| -> Vec<String> {
        let rows = db.system_read(|tx| tx.list_tenants(after, limit)).unwrap();
        rows.into_iter().map(|row| row.slug).collect()
    };
    assert_eq!(list(None, 9), ["a-b", "a-c", "a1", "ab", "abc"]);
    assert_eq!(list(Some("a-c"), 2), ["a1", "ab"]);
    assert_eq!(list(Some("abc"), 2), [""; 0]);
}

fn applications_by_name_in_any_script(scratch: &Scratch) {
    check_applications(&migrated(scratch));
}

const NAMES: &[&str] = &[
    "acme",
    "acme shop",
    "acme-x",
    "acme\u{301}",
    "acmé",
    "acmz",
    "äpfel",
    "äpfel 2",
    "Ω",
    "中文",
    "中文 2",
    "😀",
    "😀 2",
];

fn named(db: &Db, t: &TenantId, after: Option<(&str, u32)>, prefix: &str) -> Vec<String> {
    let after = after.map(|(name, n)| (name, app(n)));
    let rows = db.read(t, |tx| {
        tx.list_applications(after.as_ref().map(|(name, id)| (*name, id)), prefix, 50)
    });
    rows.unwrap().into_iter().map(|row| row.name_key).collect()
}

fn check_applications(db: &Db) {
    let t = &tenant(1);
    for (n, name) in NAMES.iter().enumerate().rev() {
        for copy in [0, 50] {
            let mut row = application(t, 100 + copy + n as u32);
            row.name_key = (*name).into();
            write(db, t, |tx| tx.insert_application(&row));
        }
    }
    let mut sorted: Vec<_> = NAMES.iter().flat_map(|name| [*name, *name]).collect();
    sorted.sort_unstable(); // by bytes
    assert_eq!(named(db, t, None, ""), sorted);
    for prefix in ["acme", "acme ", "acm", "ä", "äpfel", "中", "中文", "😀", "zz", "acmé", "A"]
    {
        let expected: Vec<_> = sorted.iter().filter(|name| name.starts_with(prefix)).collect();
        let found = named(db, t, None, prefix);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{prefix}");
    }
    walk_by_pages(db, t, &sorted);
    let rows = db.read(t, |tx| tx.list_applications(Some(("acme", &app(100))), "acme", 2)).unwrap();
    let ids: Vec<_> = rows.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, [app(150), app(101)], "equal names go on by id");
}

/// Pages of three meet every row once, in order.
fn walk_by_pages(db: &Db, t: &TenantId, sorted: &[&str]) {
    let mut seen = Vec::new();
    let mut after: Option<(String, store::ApplicationId)> = None;
    loop {
        let page = db.read(t, |tx| {
            tx.list_applications(after.as_ref().map(|(name, id)| (name.as_str(), id)), "", 3)
        });
        let page = page.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some((last.name_key.clone(), last.id.clone()));
        seen.extend(page.into_iter().map(|row| row.name_key));
    }
    assert_eq!(seen, sorted);
}

fn users_by_address(scratch: &Scratch) {
    check_users(&migrated(scratch));
}

fn check_users(db: &Db) {
    let t = &tenant(1);
    let keys = ["a.b@x.org", "a@x.org", "a_b@x.org", "ab@x.org", "b@x.org", "ø@x.org"];
    for (n, key) in keys.iter().enumerate().rev() {
        let mut row = user(t, 100 + n as u32);
        row.email_key = (*key).into();
        write(db, t, |tx| tx.insert_user(&row));
    }
    let place = |key: &str| UserPlace { key: key.into(), id: String::new() };
    let list = |after: Option<&str>, up, limit| -> Vec<String> {
        let after = after.map(place);
        let rows = db.read(t, |tx| tx.list_users(&UserScan::Email, after.as_ref(), up, limit));
        rows.unwrap().into_iter().map(|row| row.email_key).collect()
    };
    assert_eq!(list(None, true, 9), keys);
    assert_eq!(list(Some("a@x.org"), true, 2), ["a_b@x.org", "ab@x.org"]);
    assert_eq!(list(Some("a@x.org"), false, 2), ["a.b@x.org"]);
    assert_eq!(list(None, false, 1), ["ø@x.org"]);
    let search = |prefix: &str, after: Option<&str>| -> Vec<String> {
        let (by, after) = (UserSearch::Email, after.map(place));
        let rows = db.read(t, |tx| tx.search_users(by, prefix, after.as_ref(), 9));
        rows.unwrap().into_iter().map(|row| row.email_key).collect()
    };
    assert_eq!(search("a", None), keys[..4]);
    assert_eq!(search("a", Some("a.b@x.org")), keys[1..4]);
    assert_eq!(search("a@x.org", None), ["a@x.org"], "the whole address is its own beginning");
    assert_eq!(search("a_", None), ["a_b@x.org"], "no wildcards");
    assert_eq!(search("%", None), [""; 0]);
    assert_eq!(search("ø", None), ["ø@x.org"]);
}

fn sessions_newest_first(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    for n in 1..=5 {
        let mut row = session(t, n);
        row.user_id = usr(if n == 3 { 2 } else { 1 });
        write(&db, t, |tx| tx.insert_session(&row));
    }
    let list = |before: Option<u32>, limit| -> Vec<_> {
        let before = before.map(ses);
        let rows =
            db.read(t, |tx| tx.list_sessions(Some(&usr(1)), before.as_ref(), limit)).unwrap();
        rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(list(None, 9), [ses(5), ses(4), ses(2), ses(1)]);
    assert_eq!(list(Some(4), 1), [ses(2)]);
    assert!(list(Some(1), 9).is_empty());
    let ended = write(&db, t, |tx| tx.end_sessions_of(&usr(1), Some(&ses(4)), at(5)));
    assert_eq!(ended, 3);
    let open: Vec<_> = (1..=5)
        .filter(|n| db.read(t, |tx| tx.find_session(&ses(*n))).unwrap().unwrap().ended_at.is_none())
        .collect();
    assert_eq!(open, [3, 4]);
}

fn the_audit_newest_first_and_by_object(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    for n in 1..=5 {
        let mut row = entry(t, n);
        row.object = usr(n % 2).as_str().into();
        write(&db, t, |tx| tx.insert_audit(&row));
    }
    let list = |before: Option<u32>, object: Option<u32>, limit| -> Vec<_> {
        let (before, object) = (before.map(aud), object.map(usr));
        let object = object.map(|id| id.as_str().to_owned());
        let filter = AuditFilter { object, ..AuditFilter::default() };
        let rows = db.read(t, |tx| tx.list_audit(before.as_ref(), &filter, limit)).unwrap();
        rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(list(None, None, 3), [aud(5), aud(4), aud(3)]);
    assert_eq!(list(Some(3), None, 9), [aud(2), aud(1)]);
    assert_eq!(list(Some(5), Some(1), 9), [aud(3), aud(1)]);
}

fn traces_in_order(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    write(&db, t, |tx| {
        for n in (1..=210).rev() {
            let mut row = trace(t, n);
            row.at = at(i64::from(n / 2));
            row.flow = if n == 7 { "other".into() } else { "flow".into() };
            tx.insert_trace(&row)?;
        }
        Ok(())
    });
    let of_flow = db.read(t, |tx| tx.list_trace("flow")).unwrap();
    assert!(of_flow.len() == 200 && of_flow.is_sorted_by_key(|row| row.id.clone()));
    let latest: Vec<_> = db.read(t, |tx| tx.list_traces(3)).unwrap();
    let ids: Vec<_> = latest.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["trace-0210", "trace-0209", "trace-0208"]);
}

fn links_keys_secrets_and_roles_in_order(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    write(&db, t, |tx| {
        for n in [2, 1, 3] {
            tx.insert_link(&crate::kit::link(t, n))?;
            tx.insert_signing_key(&signing_key(t, n))?;
            tx.insert_secret(&crate::kit::secret(t, n))?;
            tx.insert_role(&role(t, n))?;
        }
        let mut other = role(t, 2);
        other.role = "a first one".into();
        tx.insert_role(&other)
    });
    let (links, keys, secrets, roles, all) = db
        .read(t, |tx| {
            Ok::<_, store::Error>((
                tx.list_links(&usr(1))?,
                tx.list_signing_keys()?,
                tx.list_secrets(&app(1))?,
                tx.list_roles(&usr(2))?,
                tx.list_role_assignments()?,
            ))
        })
        .unwrap();
    let ids: Vec<_> = links.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, [lnk(3), lnk(2), lnk(1)]);
    assert!(keys.len() == 3 && keys.is_sorted_by_key(|row| row.id.clone()));
    assert!(secrets.len() == 3 && secrets.is_sorted_by_key(|row| row.id.clone()));
    assert_eq!(roles, ["a first one", "admin"]);
    assert!(all.len() == 4 && all.is_sorted_by_key(|row| (row.actor.clone(), row.role.clone())));
}

fn counts_stop_at_their_cap(scratch: &Scratch) {
    let (db, t) = (migrated(scratch), &tenant(1));
    fill(&db, 1);
    fill(&db, 2);
    write(&db, t, |tx| {
        for n in 2..=6 {
            tx.insert_application(&application(t, n))?;
            let mut row = grant(t, n);
            row.user_id = usr(n / 3);
            row.created_at = at(100 + i64::from(n));
            tx.insert_grant(&row)?;
        }
        let mut expired = grant(t, 7);
        expired.expires_at = at(10);
        tx.insert_grant(&expired)?;
        tx.revoke_grant(&crate::kit::gra(2), "client", at(1))
    });
    let counted = |cap| db.read(t, |tx| tx.count_applications(cap)).unwrap();
    assert_eq!((counted(3), counted(50)), (3, 6));
    let tenants = |cap| db.system_read(|tx| tx.count_tenants(cap)).unwrap();
    assert_eq!((tenants(1), tenants(50)), (1, 2));
    let grants = |cap| db.read(t, |tx| tx.count_application_grants(&app(1), at(20), cap)).unwrap();
    assert_eq!(grants(50), (2, 5), "users 1 and 2; neither the revoked nor the expired one");
    assert_eq!(grants(2).1, 2);
    let newest = db.read(t, |tx| tx.find_newest_grant(Some(&app(1)))).unwrap();
    assert_eq!(newest, Some(at(1)), "by id: the last one made");
}
