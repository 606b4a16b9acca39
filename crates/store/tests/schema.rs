//! `src/schema.rs` against the migrated database, on both: the same tables, with the same columns
//! in the same order, of the same types and equally nullable.

mod common;

use common::Scratch;
use store::{Db, Kind, Timestamp, migrate};

on_both!(the_schema_is_what_the_migrations_made);

/// Tables that are read and written with SQL text alone.
const WITHOUT_SCHEMA: &[&str] = &["changes", "feed_heads", "schema_migrations"];

/// `table column type null?`, as `schema.rs` has it.
fn written_down() -> Vec<String> {
    let text = include_str!("../src/schema.rs");
    let mut lines = Vec::new();
    for part in text.split("diesel::table! {").skip(1) {
        let (head, rest) = part.split_once(") {").unwrap();
        let table = head.split_once('(').unwrap().0.trim();
        let body = rest.split_once('}').unwrap().0;
        for column in body.split(',').map(str::trim).filter(|column| !column.is_empty()) {
            let (name, kind) = column.split_once(" -> ").unwrap();
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            let null = if inner.is_some() { "null" } else { "set" };
            lines.push(format!("{table} {name} {} {null}", inner.unwrap_or(kind)));
        }
    }
    lines
}

/// The same, as the database has it; columns in order.
fn found(db: &Db) -> Vec<String> {
    let sql = match db.kind() {
        Kind::Sqlite => {
            "SELECT m.name || ' ' || c.name || ' ' || lower(c.type) || \
             CASE WHEN c.\"notnull\" = 1 THEN ' set' ELSE ' null' END AS line \
             FROM sqlite_schema m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' ORDER BY m.name, c.cid"
        }
        Kind::Postgres => {
            "SELECT table_name || ' ' || column_name || ' ' || data_type || \
             CASE WHEN is_nullable = 'NO' THEN ' set' ELSE ' null' END AS line \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             ORDER BY table_name, ordinal_position"
        }
    };
    let lines = db.system_read(|tx| tx.raw_lines(sql)).unwrap();
    let ours = |line: &String| {
        let table = line.split(' ').next().unwrap_or_default();
        !WITHOUT_SCHEMA.contains(&table) && !table.starts_with("sqlite_")
    };
    let word = |line: &String| {
        [("text", "Text"), ("bigint", "BigInt"), ("boolean", "Bool"), ("bytea", "Binary")]
            .iter()
            .fold(line.clone(), |line, (from, to)| {
                line.replace(&format!(" {from} "), &format!(" {to} "))
            })
    };
    lines.iter().filter(|line| ours(line)).map(word).collect()
}

fn the_schema_is_what_the_migrations_made(scratch: &Scratch) {
    let db = scratch.open();
    migrate::up(&db, Timestamp(1)).unwrap();
    let (mut expected, mut found) = (written_down(), found(&db));
    assert!(expected.len() > 100, "{}", expected.len());
    // By table; the order of the columns within one stays.
    let table = |line: &String| line.split(' ').next().unwrap_or_default().to_owned();
    expected.sort_by_key(table);
    found.sort_by_key(table);
    assert_eq!(found, expected);
}
