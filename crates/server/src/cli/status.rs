//! `tessera status`: the installation at a glance.

use directory::installation::{self, Installation};
use serde_json::Value;

use super::Session;
use super::output::{answer, moment, say, table};
use crate::fail::Fail;

/// Prints it.
pub fn run(session: &Session) -> Result<(), Fail> {
    let is = installation::show(&session.ctx, &session.actor)?;
    let mut value = serde_json::to_value(&is).map_err(|e| Fail::new(e.to_string()))?;
    value["version"] = env!("CARGO_PKG_VERSION").into();
    answer(session.json, &value, || print(&is, &value));
    Ok(())
}

fn print(is: &Installation, value: &Value) {
    let rows = |name: &str| value[name].as_array().cloned().unwrap_or_default();
    let (kind, migration) = (is.database.kind, &is.database.migration);
    say!("version   {}", env!("CARGO_PKG_VERSION"));
    say!("database  {kind}, {migration}, {} missing", is.database.missing);
    say!(
        "mail      {}, {} waiting",
        value["mail"]["state"].as_str().unwrap_or_default(),
        is.waiting
    );
    say!("");
    let seen = |mut row: Value| {
        for name in ["started_at", "seen_at", "ran_at", "sign_from", "retire_at"] {
            if let Some(at) = row[name].as_i64().filter(|at| *at > 0) {
                row[name] = moment(store::Timestamp(at)).into();
            }
        }
        row
    };
    let told = |name: &str| rows(name).into_iter().map(seen).collect::<Vec<_>>();
    table(&["name", "version", "alive", "started_at", "seen_at"], &told("nodes"));
    say!("");
    table(&["name", "node", "ran_at", "last_error"], &told("jobs"));
    say!("");
    table(&["id", "algorithm", "sign_from", "retire_at"], &told("keys"));
    say!("");
    table(&["kid", "from_s", "seals"], &told("masters"));
}
