//! What commands print: JSON for scripts, aligned lines for people.

use std::io::{BufRead, IsTerminal, Write};

use serde_json::Value;

use crate::fail::Fail;

/// Prints a line. A reader that went away, such as `head`, ends the output and nothing else.
pub fn line(text: std::fmt::Arguments) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// As `println!`, but without a panic when nobody reads.
macro_rules! say {
    ($($part:tt)*) => { $crate::cli::output::line(format_args!($($part)*)) };
}
pub(crate) use say;

/// Prints JSON.
pub fn json(value: &Value) {
    say!("{value:#}");
}

/// Prints JSON, or what a person reads.
pub fn answer(as_json: bool, value: &Value, human: impl FnOnce()) {
    if as_json { json(value) } else { human() }
}

/// Prints the members of an object, one a line.
pub fn facts(value: &Value) {
    let Some(members) = value.as_object() else { return };
    let width = members.keys().map(String::len).max().unwrap_or(0);
    for (name, value) in members {
        say!("{name:width$}  {}", text(value));
    }
}

/// Prints a list as columns.
pub fn table(columns: &[&str], rows: &[Value]) {
    let cell = |row: &Value, column: &str| text(row.get(column).unwrap_or(&Value::Null));
    let width = |column: &&str| {
        rows.iter()
            .map(|row| cell(row, column).chars().count())
            .chain([column.len()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = columns.iter().map(width).collect();
    let line = |cells: Vec<String>| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        say!("{}", padded.join("  ").trim_end());
    };
    line(columns.iter().map(|c| c.to_string()).collect());
    for row in rows {
        line(columns.iter().map(|column| cell(row, column)).collect());
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Asks before something is destroyed; without a terminal only `--yes` answers.
///
/// # Errors
/// When the answer is no, or nobody can be asked.
pub fn confirm(what: &str, yes: bool) -> Result<(), Fail> {
    if yes {
        return Ok(());
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Fail::usage(format!("{what}: this needs --yes when nobody can be asked")));
    }
    print!("{what}. Go on? Type yes: ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    if line.trim() == "yes" { Ok(()) } else { Err(Fail::new("nothing was changed")) }
}

/// A moment as people read it.
pub fn moment(at: store::Timestamp) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}
