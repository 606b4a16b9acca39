//! The route table as `tessera routes --json` prints it, and what every row must declare.

use harness::cli::bare;
use serde::Deserialize;

/// One row.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub path: String,
    pub verb: String,
    pub face: String,
    pub kind: String,
    pub scope: String,
    pub role: String,
    pub cors: String,
}

/// All rows.
pub fn rows() -> Vec<Row> {
    let outcome = bare(&["routes", "--json"], &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let value: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let list = if value.is_array() { value } else { value["routes"].clone() };
    let rows: Vec<Row> = serde_json::from_value(list).expect("rows of the table");
    assert!(rows.len() > 20, "{rows:?}");
    rows
}

/// Names of the parameters of a path: `{id}` and `{id:.*}` are both `id`.
pub fn parameters(path: &str) -> Vec<String> {
    let parts = path.split('{').skip(1);
    let names = parts.map(|part| part.split(['}', ':']).next().unwrap_or_default());
    names.map(str::to_owned).collect()
}

#[test]
fn sqlite_every_row_declares_scope_and_permission() {
    for row in rows() {
        assert!(["tenant", "system", "installation"].contains(&&*row.scope), "{row:?}");
        assert!(["page", "protocol", "asset"].contains(&&*row.kind), "{row:?}");
        let known = ["public", "browser", "client", "bearer", "operator"];
        let role = row.role.starts_with("role:");
        assert!(role || known.contains(&&*row.role), "{row:?}");
        if row.face == "console" && row.verb != "GET" {
            let guarded = role || ["operator", "browser"].contains(&&*row.role);
            assert!(guarded, "a console action without a right: {row:?}");
        }
        if row.path.contains("{tenant}") || row.path.contains("{slug}") {
            let public = row.face != "console";
            assert!(public || role || row.role == "operator", "{row:?}");
        }
    }
}

#[test]
fn sqlite_no_two_rows_answer_the_same_request() {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for row in rows() {
        let shape = row.path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        let key = (row.verb, row.scope, shape.collect::<Vec<_>>().join("/"));
        assert!(!seen.contains(&key), "{key:?} stands there twice");
        seen.push(key);
    }
}
