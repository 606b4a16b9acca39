//! The audit as a file: CSV for spreadsheets, JSON lines for programs. A cell that a spreadsheet
//! would run as a formula is written so that it stays text.

use std::fmt::Write as _;

use context::Ctx;
use store::TenantId;

use super::{AuditEntry, AuditQuery, list};
use crate::actor::Actor;
use crate::error::Error;
use crate::page::MAX;

/// So many entries are in one file; the rest is asked for by the command line, page by page.
pub const LIMIT: usize = 10_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a head (RFC 4180).
    Csv,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "jsonl",
        }
    }
}

/// The entries that fit, newest first, at most [`LIMIT`], as one file.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn export(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    query: &AuditQuery,
    format: Format,
) -> Result<String, Error> {
    let mut text = match format {
        Format::Csv => "at,actor,actor_kind,action,object,detail,request,ip\r\n".to_owned(),
        Format::Json => String::new(),
    };
    let (mut after, mut written) = (None::<String>, 0);
    loop {
        let page = list(ctx, actor, tenant, query, after.as_deref(), Some(MAX))?;
        for entry in &page.items {
            line(&mut text, entry, format);
        }
        written += page.items.len();
        after = page.next;
        if after.is_none() || written >= LIMIT {
            return Ok(text);
        }
    }
}

fn line(text: &mut String, entry: &AuditEntry, format: Format) {
    match format {
        Format::Json => {
            let _ = writeln!(text, "{}", serde_json::to_string(entry).unwrap_or_default());
        }
        Format::Csv => {
            let detail = entry.detail.to_string();
            let cells = [
                moment(entry.at),
                cell(&entry.actor),
                cell(&entry.actor_kind),
                cell(&entry.action),
                cell(&entry.object),
                cell(&detail),
                cell(&entry.request),
                cell(&entry.ip),
            ];
            let _ = write!(text, "{}\r\n", cells.join(","));
        }
    }
}

fn moment(at: i64) -> String {
    chrono::DateTime::from_timestamp_micros(at)
        .map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

/// A cell in quotes. What begins like a formula gets an apostrophe before it. // R107
pub(crate) fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r107_a_cell_is_never_a_formula() {
        assert_eq!(cell("plain"), "\"plain\"");
        assert_eq!(cell("say \"hi\", twice"), "\"say \"\"hi\"\", twice\"");
        for nasty in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert!(cell(nasty).starts_with("\"'"), "{nasty}");
        }
    }
}
