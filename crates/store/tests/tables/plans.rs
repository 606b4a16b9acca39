//! How the databases go about each query: through an index, never over a whole table that grows.

use crate::calls::{changes, inserts, reads};
use crate::common::{Scratch, tenant};
use crate::kit::{app, fill, migrated, usr};
use crate::system_calls::SYSTEM;
use std::collections::BTreeSet;
use store::faults::recorded;
use store::{Db, Error};

/// Queries that may look at every row: of a table that stays small, or no further than a limit.
const ALLOWED: &[&str] = &[
    "list_jobs",
    "count_tenants",
    "count_outbox",
    "clear_inbox",
    "list_inbox",
    "list_nodes",
    "delete_nodes",
    "database_bytes",
];

/// Queries that may look at all that a tenant has of something: because they are asked for it,
/// because it is few, or because they stop at a limit.
/// Unless the statement says the second word.
const TENANT_WIDE: &[(&str, &str)] = &[
    ("count_applications", "-"),
    ("count_users", "-"),
    ("count_users_without_identity", "-"),
    ("delete_retired_keys", "-"),
    ("delete_tenant", "application = "),
    ("find_newest_grant", "application"),
    ("insert_flow", "-"),
    ("list_log", "-"),
    ("list_organization_roles", "-"),
    ("list_connections", "-"),
    ("list_role_assignments", "-"),
    ("list_settings", "-"),
    ("list_signing_keys", "-"),
    ("list_domains", "-"),
    ("list_mail_templates", "-"),
    ("list_traces", "-"),
    // The applications of a tenant, once a day for an image that somebody may have left behind.
    ("sweep_assets", "-"),
    ("retire_signing_keys", "-"),
];

/// Five rows at most are put in order.
const SORTED: &str = "list_browser_sessions";

/// The statements of every query, each with the name of its query.
fn statements(db: &Db) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    for (name, call) in [reads(), inserts(), changes()].concat() {
        let texts = recorded(|| {
            let _ = db.write(&tenant(1), |tx| {
                call(tx);
                Err::<(), _>(Error::NotFound)
            });
        });
        found.extend(texts.into_iter().map(|text| (name, text)));
    }
    for (name, call) in SYSTEM {
        let texts = recorded(|| {
            let _ = db.system_write(|tx| {
                if *name == "sweep_orphans" {
                    tx.tenant(&tenant(1)).delete_application(&app(1))?;
                    tx.tenant(&tenant(1)).delete_user(&usr(1))?;
                }
                call(tx);
                Err::<(), _>(Error::NotFound)
            });
        });
        found.extend(texts.into_iter().map(|text| (*name, text)));
    }
    let control = ["BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"];
    found.retain(|(_, text)| !control.iter().any(|word| text.starts_with(word)));
    assert!(found.len() > 90, "{}", found.len());
    found
}

#[test]
fn sqlite_scans_no_table() {
    let scratch = Scratch::sqlite();
    let db = migrated(&scratch);
    fill(&db, 1);
    let mut wrong = Vec::new();
    for (name, text) in statements(&db) {
        let plan = db.system_read(|tx| tx.raw_plan(&format!("EXPLAIN QUERY PLAN {text}"))).unwrap();
        let may = |(query, word): &(&str, &str)| *query == name && !text.contains(word);
        let wide = |line: &str| line.ends_with("(tenant=?)") && !TENANT_WIDE.iter().any(may);
        let scan = |line: &str| line.contains("SCAN") && !harmless(line);
        let sort = |line: &str| line.contains("TEMP B-TREE") && name != SORTED;
        let scans = |line: &&String| scan(line) || wide(line) || sort(line);
        wrong.extend(plan.iter().filter(scans).map(|line| format!("{name}: {line}: {text}")));
    }
    wrong.retain(|line| !ALLOWED.iter().any(|name| line.starts_with(&format!("{name}:"))));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Rows that the statement itself made.
fn harmless(line: &str) -> bool {
    line.ends_with("SCAN CONSTANT ROW")
        || line.ends_with("SCAN held")
        || line.ends_with("SCAN counted")
}

#[test]
fn postgres_scans_no_table() {
    let scratch = Scratch::postgres();
    let db = migrated(&scratch);
    fill(&db, 1);
    let mut wrong = Vec::new();
    for (name, text) in statements(&db) {
        let highest = (1..20).rev().find(|n| text.contains(&format!("${n}"))).unwrap_or(0);
        let nulls = vec!["NULL"; highest].join(", ");
        let call = if highest == 0 { String::new() } else { format!("({nulls})") };
        let plan = db
            .system_write(|tx| {
                // Small tables are read whole unless that is forbidden; then only what has no
                // index to use still is.
                tx.raw_execute("SET LOCAL enable_seqscan = off")?;
                tx.raw_execute("SET LOCAL plan_cache_mode = force_generic_plan")?;
                tx.raw_execute(&format!("PREPARE looked_at AS {text}"))?;
                let plan = tx.raw_plan(&format!("EXPLAIN EXECUTE looked_at{call}"));
                tx.raw_execute("DEALLOCATE looked_at")?;
                plan
            })
            .unwrap();
        if scans(&plan) {
            wrong.push(format!("{name}: {text}\n{}", plan.join("\n")));
        }
    }
    wrong.retain(|line| !ALLOWED.iter().any(|name| line.starts_with(&format!("{name}:"))));
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whether a plan reads a table whole, or an index from end to end.
fn scans(plan: &[String]) -> bool {
    let mut nodes: Vec<Vec<&str>> = Vec::new();
    for line in plan {
        match nodes.last_mut() {
            Some(node) if !line.contains("->") => node.push(line),
            _ => nodes.push(vec![line]),
        }
    }
    nodes.iter().any(|node| {
        let by_index = node[0].contains("Index Scan") || node[0].contains("Index Only Scan");
        let bounded = node.iter().any(|line| line.contains("Index Cond"));
        node[0].contains("Seq Scan") || (by_index && !bounded)
    })
}
