//! A file becomes rows, or a list of what is wrong with it as a file. Strict: what cannot be read
//! for certain is named, never guessed.

use std::collections::{HashMap, HashSet};

use mapping::{FieldKind, Schema};
use protocol::email::canonical_email;
use serde_json::{Deserializer, Value};

use super::{Format, InRow, PASSWORD_HASH, Upload};
use crate::batches::csv;
use crate::batches::export::READ_ONLY;
use crate::batches::parts::Problem;
use crate::error::{Error, FieldError, none};
use crate::users::fields::{EMAIL, EMAIL_VERIFIED, EXTERNAL_ID, Values};

/// Largest file in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Most rows of a file.
pub const MAX_ROWS: usize = 100_000;
/// Most mistakes that are named at once.
const MAX_NAMED: usize = 20;

/// What was read.
pub(super) struct Read {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<InRow>,
}

fn refuse(code: &'static str, message: impl Into<String>) -> Error {
    Error::field("file", code, message)
}

/// Reads a file.
pub(super) fn read(upload: &Upload, schema: &Schema) -> Result<(Format, Read), Error> {
    if upload.bytes.len() > MAX_BYTES {
        return Err(refuse("file_too_large", "The file is larger than 20 MB. Split it."));
    }
    let text = text(upload.bytes)?;
    let format = upload.format.unwrap_or_else(|| guess(upload.file, text));
    let mut read = match format {
        Format::Csv => table(text, schema)?,
        Format::Json | Format::Ndjson => objects(text, format, schema)?,
    };
    if read.rows.is_empty() {
        return Err(refuse("file_empty", "There are no rows in the file."));
    }
    if read.rows.len() > MAX_ROWS {
        let message = format!("The file has more than {MAX_ROWS} rows. Split it.");
        return Err(refuse("file_too_long", message));
    }
    twice(&mut read.rows);
    Ok((format, read))
}

fn guess(name: &str, text: &str) -> Format {
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let by_name = match ending.as_str() {
        "jsonl" => Some(Format::Ndjson),
        other => Format::parse(other),
    };
    by_name.unwrap_or_else(|| match text.trim_start().chars().next() {
        Some('[') => Format::Json,
        Some('{') => Format::Ndjson,
        _ => Format::Csv,
    })
}

/// The text of a file, which has to be UTF-8.
fn text(bytes: &[u8]) -> Result<&str, Error> {
    const CURE: &str = "Save it as “CSV UTF-8” and try again.";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refuse("file_encoding", format!("The file is UTF-16, not UTF-8. {CURE}")));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let row = good.iter().filter(|b| **b == b'\n').count() + 1;
        let line = good.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        let column = line.iter().filter(|b| matches!(b, b',' | b';' | b'\t')).count() + 1;
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        refuse(
            "file_encoding",
            format!("Row {row}, column {column}: the byte {byte:#04x} is not UTF-8. {CURE}"),
        )
    })
}

fn table(text: &str, schema: &Schema) -> Result<Read, Error> {
    let mut records = csv::read(text)
        .map_err(|e| {
            refuse("file_csv", format!("Row {}, column {}: {}", e.line, e.column, e.what))
        })?
        .into_iter();
    let header = records.next().map(|record| record.cells).unwrap_or_default();
    let columns: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    check_columns(&columns, &header, schema)?;
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for record in records {
        if record.cells.len() != columns.len() {
            let message = format!(
                "Row {}: {} values for {} columns. Is a quote or a separator missing?",
                record.line,
                record.cells.len(),
                columns.len()
            );
            wrong.push(FieldError::new("file", "file_csv", message));
            if wrong.len() >= MAX_NAMED {
                break;
            }
            continue;
        }
        let mut values = Values::new();
        for (name, cell) in columns.iter().zip(&record.cells) {
            // An empty cell says nothing; it takes nothing away.
            if !cell.trim().is_empty() && !READ_ONLY.contains(&name.as_str()) {
                values.insert(name.clone(), cell_value(schema, name, csv::value(cell)));
            }
        }
        rows.push(InRow { row: record.line, values, problems: Vec::new() });
    }
    none(wrong)?;
    Ok(Read { columns, rows })
}

fn cell_value(schema: &Schema, name: &str, cell: &str) -> Value {
    match schema.field(name).map(|field| &field.kind) {
        Some(FieldKind::List) => cell.split('|').map(str::trim).collect(),
        Some(FieldKind::Bool) => Value::from(cell.trim().to_lowercase()),
        _ if name == EMAIL_VERIFIED => Value::from(cell.trim().to_lowercase()),
        _ => Value::from(cell),
    }
}

fn objects(text: &str, format: Format, schema: &Schema) -> Result<Read, Error> {
    let mut rows = Vec::new();
    if format == Format::Json {
        let all: Vec<Value> = serde_json::from_str(text).map_err(|e| {
            let at = format!("Row {}, column {}", e.line(), e.column());
            refuse("file_json", format!("{at}: this is not an array of JSON objects ({e})."))
        })?;
        rows.extend(all.into_iter().enumerate().map(|(at, value)| (at + 1, value)));
    } else {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let mut one = Deserializer::from_str(line).into_iter::<Value>();
            let value = one.next().and_then(Result::ok).filter(|_| one.next().is_none());
            let value = value.ok_or_else(|| {
                let message = format!("Row {}: this is not one JSON object.", at + 1);
                refuse("file_json", message)
            })?;
            rows.push((at + 1, value));
        }
    }
    let mut found = Vec::with_capacity(rows.len());
    let mut columns: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for (row, value) in rows {
        let Value::Object(object) = value else {
            return Err(refuse("file_json", format!("Row {row}: this is not a JSON object.")));
        };
        let mut values = flat(object);
        for name in values.keys() {
            if known.insert(name.clone()) {
                columns.push(name.clone());
            }
        }
        values.retain(|name, _| !READ_ONLY.contains(&name.as_str()));
        found.push(InRow { row, values, problems: Vec::new() });
    }
    check_columns(&columns, &columns, schema)?;
    Ok(Read { columns, rows: found })
}

/// `{"address": {"locality": …}}` and `{"address.locality": …}` are the same.
fn flat(object: Values) -> Values {
    let mut values = Values::new();
    for (name, value) in object {
        match value {
            Value::Object(inner) if name == "address" => {
                values.extend(inner.into_iter().map(|(part, v)| (format!("address.{part}"), v)));
            }
            value => {
                values.insert(name, value);
            }
        }
    }
    values
}

fn check_columns(columns: &[String], written: &[String], schema: &Schema) -> Result<(), Error> {
    let mut known: Vec<&str> = vec![EMAIL, EMAIL_VERIFIED, EXTERNAL_ID, PASSWORD_HASH];
    known.extend(schema.fields().map(|field| field.key.as_str()).filter(|key| *key != EMAIL));
    let mut wrong = Vec::new();
    let mut seen = HashSet::new();
    for (at, (name, written)) in columns.iter().zip(written).enumerate() {
        let shown: String = written.chars().take(60).collect();
        if !seen.insert(name) {
            let message = format!("Column {}: {shown:?} stands twice in the header.", at + 1);
            wrong.push(FieldError::new("file", "column_twice", message));
        } else if !known.contains(&name.as_str()) && !READ_ONLY.contains(&name.as_str()) {
            let cure = nearest(name, schema, &known);
            let message = format!("Column {}: there is no field {shown:?}. {cure}", at + 1);
            wrong.push(FieldError::new("file", "column_unknown", message));
        }
    }
    if !columns.iter().any(|name| name == EMAIL || name == EXTERNAL_ID) && wrong.is_empty() {
        let message = "Row 1: there is no column email. The first row names the columns.";
        wrong.push(FieldError::new("file", "column_missing", message));
    }
    wrong.truncate(MAX_NAMED);
    none(wrong)
}

/// What a header probably means: by its letters, or by what people call the field.
fn nearest(name: &str, schema: &Schema, known: &[&str]) -> String {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(name);
    let labels = schema.fields().map(|field| (plain(&field.label), field.key.as_str()));
    let keys = known.iter().map(|key| (plain(key), *key));
    let best = labels.chain(keys).map(|(text, key)| (edits(&wanted, &text), text.len(), key)).min();
    match best {
        Some((edits, length, key)) if edits * 3 <= length.max(wanted.len()) => {
            format!("Did you mean {key}?")
        }
        _ => format!("Known are: {}.", known.join(", ")),
    }
}

/// How many letters have to change to make one word of the other (Levenshtein).
fn edits(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (at, a) in left.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], at + 1);
        for (to, b) in right.chars().enumerate() {
            let change = corner + usize::from(a != b);
            corner = row[to + 1];
            row[to + 1] = change.min(row[to] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Names rows whose address or external id stands in an earlier row.
fn twice(rows: &mut [InRow]) {
    let (mut emails, mut externals) = (HashMap::new(), HashMap::new());
    for row in rows {
        let text = |name: &str| row.values.get(name).and_then(Value::as_str);
        let email = text(EMAIL).and_then(|email| canonical_email(email).ok()).map(|e| e.key);
        let external = text(EXTERNAL_ID).map(|id| id.trim().to_owned());
        let found = [
            (EMAIL, email.and_then(|key| first(&mut emails, key, row.row))),
            (EXTERNAL_ID, external.and_then(|key| first(&mut externals, key, row.row))),
        ];
        for (column, earlier) in found {
            let Some(earlier) = earlier else { continue };
            row.problems.push(Problem {
                row: row.row,
                column: column.into(),
                code: "duplicate".into(),
                message: format!("The same stands in row {earlier}. Remove one of them."),
            });
        }
    }
}

/// The row that had this key before; the row that has it now is the first otherwise.
fn first(seen: &mut HashMap<String, usize>, key: String, row: usize) -> Option<usize> {
    match seen.entry(key) {
        std::collections::hash_map::Entry::Occupied(earlier) => Some(*earlier.get()),
        std::collections::hash_map::Entry::Vacant(free) => {
            free.insert(row);
            None
        }
    }
}

#[cfg(test)]
mod tests;
