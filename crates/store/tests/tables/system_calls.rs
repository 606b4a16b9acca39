//! One call of every query across tenants, and the proof that none is missing here or in `calls`.

use crate::calls::{changes, inserts, reads, show};
use crate::common::tenant;
use crate::kit::{at, node, tenant_row, usr};
use std::collections::BTreeSet;
use store::SystemTx;

/// A query across tenants by its name, and a call of it that answers as text.
pub type SystemCall = (&'static str, fn(&mut SystemTx) -> String);

pub const SYSTEM: &[SystemCall] = &[
    ("find_tenant", |tx| show(tx.find_tenant(&tenant(1)))),
    ("find_tenant_by_slug", |tx| show(tx.find_tenant_by_slug("slug-1"))),
    ("find_tenant_by_host", |tx| show(tx.find_tenant_by_host("h1.example"))),
    ("list_tenants", |tx| show(tx.list_tenants(Some("a"), 9))),
    ("count_tenants", |tx| show(tx.count_tenants(9))),
    ("find_tenant_of", |tx| show(tx.find_tenant_of(usr(1).as_str()))),
    ("find_tenants_with_connection", |tx| show(tx.find_tenants_with_connection("google", 2))),
    ("insert_tenant", |tx| show(tx.insert_tenant(&tenant_row(9)))),
    ("list_roles_of", |tx| show(tx.list_roles_of(&usr(1), 9))),
    ("find_meta", |tx| show(tx.find_meta("x"))),
    ("init_meta", |tx| show(tx.init_meta("x", b"1"))),
    ("put_meta", |tx| show(tx.put_meta("x", b"2"))),
    ("lease_job", |tx| show(tx.lease_job("sweep", "n1", at(0), at(30)))),
    ("finish_job", |tx| show(tx.finish_job("sweep", "n1", at(1), at(60), ""))),
    ("list_jobs", |tx| show(tx.list_jobs())),
    ("lease_outbox", |tx| show(tx.lease_outbox("n1", at(0), at(30), 9, 4))),
    ("outbox_due", |tx| show(tx.outbox_due(at(0)))),
    ("count_outbox", |tx| show(tx.count_outbox(9))),
    ("list_inbox", |tx| show(tx.list_inbox(9))),
    ("clear_inbox", |tx| show(tx.clear_inbox(9))),
    ("list_domains_due", |tx| show(tx.list_domains_due(at(90), 9))),
    ("database_bytes", |tx| show(tx.database_bytes().map(|bytes| bytes > 0))),
    ("put_node", |tx| show(tx.put_node(&node("n1", 0)))),
    ("list_nodes", |tx| show(tx.list_nodes())),
    ("delete_nodes", |tx| show(tx.delete_nodes(at(9)))),
    ("delete_node", |tx| show(tx.delete_node("n1"))),
    ("has_batch_due", |tx| show(tx.has_batch_due(at(0)))),
    ("lease_batch", |tx| show(tx.lease_batch("n1", at(0), at(30)))),
    ("sweep_batches", |tx| show(tx.sweep_batches(at(0), 100))),
    ("sweep", |tx| show(tx.sweep(at(0), at(0), 100))),
    ("sweep_records", |tx| show(tx.sweep_records(at(0), at(0), 100))),
    ("sweep_daily", |tx| show(tx.sweep_daily(1, 100))),
    ("sweep_connection_tests", |tx| show(tx.sweep_connection_tests(at(0), 100))),
    ("sweep_assets", |tx| show(tx.sweep_assets(at(99_999), 9))),
    ("sweep_orphans", |tx| show(tx.sweep_orphans(at(0), 100))),
];

/// The queries of the store: functions on a transaction, in the files of the tables.
fn queries() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("faults.rs") && !path.ends_with("tx.rs") {
                let text = std::fs::read_to_string(path).unwrap();
                for part in text.split("\n    pub fn ").skip(1) {
                    let (name, rest) = part.split_once('(').unwrap();
                    let name = name.split('<').next().unwrap_or(name);
                    if rest.trim_start().starts_with("&mut self") {
                        found.insert(name.to_owned());
                    }
                }
            }
        }
    }
    found
}

#[test]
fn every_query_is_called() {
    let called: BTreeSet<String> = [reads(), inserts(), changes()]
        .concat()
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(SYSTEM.iter().map(|(name, _)| (*name).to_owned()))
        .collect();
    let elsewhere = ["run"].map(str::to_owned).into(); // the pruner of the feed
    let missing: BTreeSet<_> = &(&queries() - &called) - &elsewhere;
    assert!(missing.is_empty(), "{missing:?}");
    assert!(called.is_subset(&queries()));
}
