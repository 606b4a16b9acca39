//! Migrations run unchanged on SQLite, PostgreSQL and the distributed engines that speak its
//! language, and every row belongs to a tenant.

use crate::sources::{files, read, shown};

/// Constructs that one of the databases lacks or that hide work in the server.
const FORBIDDEN: &[&str] = &[
    "serial",
    "autoincrement",
    "identity",
    "trigger",
    "sequence",
    "nextval",
    "function",
    "procedure",
    "listen",
    "notify",
    "advisory",
    "ctid",
    "rowid ",
    "jsonb",
    "uuid",
    "timestamptz",
    "timestamp",
    "current_timestamp",
    "now()",
    "strftime",
    "alter column",
    "add constraint",
    "pragma",
    "without rowid",
    "create extension",
    "tablespace",
    "concurrently",
    "collate",
    "lower(",
];

/// Tables of the installation itself.
const INSTALLATION: &[&str] = &["tenants", "meta", "jobs", "nodes", "feed_heads", "changes"];

/// Column types that are the same on every database.
const TYPES: &[&str] = &["text", "bigint", "boolean", "bytea"];

struct Table {
    name: String,
    body: String,
}

fn up_files() -> Vec<(String, String)> {
    let ups = files(&["migrations"], "up.sql");
    assert!(!ups.is_empty(), "no migrations found");
    ups.iter().map(|path| (shown(path), plain(&read(path)))).collect()
}

/// Lower case, comments gone, blanks folded.
fn plain(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join(" ").to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tables(sql: &str) -> Vec<Table> {
    sql.split("create table ")
        .skip(1)
        .filter_map(|rest| {
            let (name, rest) = rest.split_once('(')?;
            let body = rest.split_once(';').map_or(rest, |(body, _)| body);
            Some(Table { name: name.trim().to_owned(), body: body.to_owned() })
        })
        .collect()
}

#[test]
fn only_portable_sql() {
    let mut wrong = Vec::new();
    for (name, sql) in up_files() {
        for word in FORBIDDEN {
            if sql.contains(word) {
                wrong.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_portable_types() {
    let mut wrong = Vec::new();
    for (file, sql) in up_files() {
        for table in tables(&sql) {
            for column in table.body.split(',') {
                let words: Vec<_> = column.split_whitespace().collect();
                let is_column = words.len() >= 2
                    && !["constraint", "primary", "unique", "foreign", "check"].contains(&words[0])
                    && !column.contains(')');
                if is_column && !TYPES.contains(&words[1]) {
                    wrong.push(format!("{file}: {}.{}: {}", table.name, words[0], words[1]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_key_begins_with_the_tenant() {
    let mut wrong = Vec::new();
    for (file, sql) in up_files() {
        for table in tables(&sql) {
            let ours = INSTALLATION.contains(&table.name.as_str());
            if !ours && !table.body.contains("primary key (tenant,") {
                wrong.push(format!("{file}: {}", table.name));
            }
            if !ours && table.body.split("unique (").skip(1).any(|key| !key.starts_with("tenant")) {
                wrong.push(format!("{file}: a unique key of {}", table.name));
            }
        }
    }
    assert!(wrong.is_empty(), "these keys do not begin with the tenant: {wrong:#?}");
}

#[test]
fn every_migration_can_go_back() {
    for up in files(&["migrations"], "up.sql") {
        let down = up.with_file_name("down.sql");
        let sql = plain(&read(&down));
        for table in tables(&plain(&read(&up))) {
            assert!(
                sql.contains(&format!("drop table {}", table.name)),
                "{} keeps {}",
                shown(&down),
                table.name
            );
        }
    }
}
