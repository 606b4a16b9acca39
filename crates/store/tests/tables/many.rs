//! A tenant with 100,000 users: a page of a list reads its own rows and few more, from the
//! beginning, from the middle and backwards, on both databases, with statistics as they grow.

use crate::common::{Scratch, tenant};
use crate::kit::{con, migrated};
use store::faults::recorded;
use store::users::{UserPlace, UserScan, UserSearch};
use store::{Db, Error};

const USERS: usize = 100_000;
const CHUNK: usize = 500;
/// A page of 25 and one more; twice that for the join of identities.
const MOST: u64 = 80;

fn id(n: usize) -> String {
    format!("usr_{n:026}")
}

/// Users in chunks, as a job writes them: every hundredth is blocked, every tenth unproven, every
/// second never signed in, and one in ten has an identity. Half of them share one name.
fn fill(db: &Db) {
    let t = tenant(1);
    for chunk in 0..USERS / CHUNK {
        let numbers = chunk * CHUNK..(chunk + 1) * CHUNK;
        let row = |n: usize| {
            let name = if n.is_multiple_of(2) { String::new() } else { format!("name {n:06}") };
            let seen = if n.is_multiple_of(2) { "NULL" } else { "5" };
            format!(
                "('{t}','{}','u{n:06}@x.org','u{n:06}@x.org',{},'{name}','{{}}',NULL,{},0,1,1,1,\
                 {seen},'{name}','{{}}','{{}}','x{n:06}')",
                id(n),
                !n.is_multiple_of(10),
                n.is_multiple_of(100),
            )
        };
        let rows: Vec<String> = numbers.map(row).collect();
        let sql = format!(
            "INSERT INTO users (tenant,id,email,email_key,email_verified,name,profile,password,\
             blocked,epoch,version,created_at,updated_at,last_sign_in_at,name_key,custom,sources,\
             external_id) VALUES {}",
            rows.join(",")
        );
        db.system_write(|tx| tx.raw_execute(&sql)).unwrap();
    }
    let blob = if db.kind() == store::Kind::Postgres { "'\\x00'::bytea" } else { "x'00'" };
    let link = |n: usize| {
        let (con, user) = (con(1), id(n * 10));
        format!("('{t}','{con}','i','s{n}','idn_{n:026}','{user}','',{blob},1,'','',1,1)")
    };
    for first in (0..USERS / 10).step_by(CHUNK) {
        let linked = (first..first + CHUNK).map(link).collect::<Vec<_>>().join(",");
        let sql = format!(
            "INSERT INTO identities (tenant,connection,issuer,subject,id,user_id,label,\
             sealed_profile,mapping_version,linked_by,linked_from,created_at,signed_in_at) \
             VALUES {linked}"
        );
        db.system_write(|tx| tx.raw_execute(&sql)).unwrap();
    }
    db.system_write(|tx| tx.raw_execute("ANALYZE")).unwrap();
}

/// A list, where it goes on, and its parameters after the tenant, as SQL.
type Case = (UserScan, Option<UserPlace>, bool, String);

fn cases() -> Vec<Case> {
    let at = |key: &str| Some(UserPlace { key: key.to_owned(), id: id(50_000) });
    let mut cases = Vec::new();
    for scan in [UserScan::Email, UserScan::Blocked, UserScan::Unverified, UserScan::NeverSignedIn]
    {
        for (up, edge) in [(true, "''"), (false, "'\u{10ffff}'")] {
            cases.push((scan.clone(), None, up, format!("{edge}, 26")));
            cases.push((scan.clone(), at("u050000@x.org"), up, "'u050000@x.org', 26".into()));
        }
    }
    for up in [true, false] {
        let middle = id(50_000);
        // In the middle of those who have no name at all.
        cases.push((UserScan::Name, at(""), up, format!("'', '{middle}', 26")));
        cases.push((
            UserScan::Name,
            at("name 050001"),
            up,
            format!("'name 050001', '{middle}', 26"),
        ));
        cases.push((UserScan::Created, at(""), up, format!("'{middle}', 26")));
        let through = UserScan::Connection(con(1));
        cases.push((through, at(""), up, format!("'{}', '{middle}', 26", con(1))));
    }
    cases
}

/// The statement behind a list, and how many rows it gives.
fn statement(db: &Db, (scan, after, up, _): &Case) -> (String, usize) {
    let mut found = 0;
    let texts = recorded(|| {
        found =
            db.read(&tenant(1), |tx| tx.list_users(scan, after.as_ref(), *up, 26)).unwrap().len();
    });
    let text = texts.into_iter().find(|text| text.starts_with("SELECT")).expect("a statement");
    (text, found)
}

#[test]
fn postgres_reads_no_more_rows_than_a_page() {
    let scratch = Scratch::postgres();
    let db = migrated(&scratch);
    fill(&db);
    for case in cases() {
        let (text, found) = statement(&db, &case);
        let plan = db
            .system_write(|tx| {
                tx.raw_execute(&format!("PREPARE looked_at AS {text}"))?;
                let call = format!("'{}', {}", tenant(1), case.3);
                let plan =
                    tx.raw_plan(&format!("EXPLAIN (ANALYZE, COSTS OFF) EXECUTE looked_at({call})"));
                tx.raw_execute("DEALLOCATE looked_at")?;
                plan
            })
            .unwrap();
        assert!(found >= 2, "{case:?}");
        let visited: u64 = plan.iter().map(|line| rows_in(line)).sum();
        assert!(visited <= MOST, "{:?} {}: {visited} rows\n{}", case.0, case.2, plan.join("\n"));
    }
    search_is_bounded(&db);
}

/// Rows that a scan of the plan gave or threw away, times its loops.
fn rows_in(line: &str) -> u64 {
    let number = |after: &str| -> f64 {
        let digits = |c: &char| c.is_ascii_digit() || *c == '.';
        line.split(after)
            .nth(1)
            .map(|rest| rest.chars().take_while(digits).collect::<String>())
            .and_then(|text| text.parse().ok())
            .unwrap_or(0.0)
    };
    if line.contains("Rows Removed by") {
        return number(": ") as u64;
    }
    if !line.contains("Scan") || !line.contains("actual") {
        return 0;
    }
    let actual = line.split("actual").nth(1).unwrap_or_default();
    let rows = actual.split("rows=").nth(1).unwrap_or_default();
    let digits = |c: &char| c.is_ascii_digit() || *c == '.';
    let rows: f64 = rows.chars().take_while(digits).collect::<String>().parse().unwrap_or(0.0);
    (rows * number("loops=")) as u64
}

#[test]
fn sqlite_goes_to_the_place_of_a_page() {
    let scratch = Scratch::sqlite();
    let db = migrated(&scratch);
    fill(&db);
    for case in cases() {
        let (text, found) = statement(&db, &case);
        let plan = db.system_read(|tx| tx.raw_plan(&format!("EXPLAIN QUERY PLAN {text}"))).unwrap();
        // The ids of a page are read through, once they are found.
        let held = |line: &str| line.ends_with("held") && !line.contains("SEARCH");
        let lists = plan.iter().filter(|line| !line.contains("CORRELATED") && !held(line));
        for line in lists {
            let bounded = line.contains("SEARCH") && !line.ends_with("(tenant=?)");
            assert!(bounded, "{:?}: {line}: {text}", case.0);
        }
        assert!(found >= 2, "{case:?}");
    }
    search_is_bounded(&db);
}

/// What is searched is found from the middle on as from the beginning.
fn search_is_bounded(db: &Db) {
    let search = |by, prefix: &str, after: Option<&UserPlace>| {
        db.read(&tenant(1), |tx| tx.search_users(by, prefix, after, 10)).unwrap()
    };
    let first = search(UserSearch::Email, "u0999", None);
    assert_eq!(first[0].email_key, "u099900@x.org");
    let place = UserPlace { key: "u099950@x.org".into(), id: id(99_950) };
    assert_eq!(search(UserSearch::Email, "u0999", Some(&place))[0].email_key, "u099951@x.org");
    assert_eq!(search(UserSearch::Name, "name 0500", None).len(), 10);
    assert_eq!(search(UserSearch::ExternalId, "x099999", None).len(), 1);
    let counted = db.read(&tenant(1), |tx| tx.count_users(&UserScan::Email, 1_001));
    assert_eq!(counted, Ok::<_, Error>(1_001), "a count stops");
}
