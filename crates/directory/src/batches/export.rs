//! Users as files: one line each, as CSV for people or NDJSON for programs. The columns are the
//! fields by key, so that an export is an import. A file holds at most 50,000 users: a download
//! stays small, and a larger export has several.

use context::{Ctx, TenantAddress};
use mapping::schema::standard_fields;
use serde_json::Value;
use store::TenantId;
use store::users::UserRow;

use super::parts::{self, OUT_ROWS};
use super::{Format, Task, csv};
use crate::actor::Actor;
use crate::error::Error;
use crate::rights::Action;
use crate::users::fields::{self, EMAIL, EMAIL_VERIFIED, EXTERNAL_ID, Values};

/// Parts in one file.
const FILE_PARTS: i64 = 100;

/// Columns that say something about a user and cannot be written.
pub const READ_ONLY: [&str; 5] = ["id", "blocked", "has_password", "created_at", "last_sign_in_at"];

/// The columns of a tenant's exports.
pub(super) fn columns(ctx: &Ctx, tenant: &TenantId) -> Result<Vec<String>, Error> {
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let mut columns = vec!["id".to_owned(), EMAIL.into(), EMAIL_VERIFIED.into()];
    columns.push(EXTERNAL_ID.into());
    let own = fields::schema(&snapshot).custom;
    let keys = standard_fields().iter().chain(&own).map(|field| field.key.clone());
    columns.extend(keys.filter(|key| key != EMAIL));
    columns.extend(READ_ONLY.iter().skip(1).map(|name| (*name).to_owned()));
    Ok(columns)
}

fn sheet(user: &UserRow) -> Values {
    let mut sheet = fields::read(user);
    sheet.insert("id".into(), user.id.as_str().into());
    sheet.insert("blocked".into(), user.blocked.into());
    sheet.insert("has_password".into(), user.password.is_some().into());
    let moment = |at: store::Timestamp| {
        let time = chrono::DateTime::from_timestamp_micros(at.0);
        Value::from(time.map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default())
    };
    sheet.insert("created_at".into(), moment(user.created_at));
    if let Some(at) = user.last_sign_in_at {
        sheet.insert("last_sign_in_at".into(), moment(at));
    }
    sheet
}

/// Lists stand in one cell, parted by a bar.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(entries)) => {
            let texts: Vec<&str> = entries.iter().filter_map(Value::as_str).collect();
            texts.join("|")
        }
        Some(other) => other.to_string(),
    }
}

/// Users as lines of a file.
pub(super) fn rows(users: &[UserRow], format: Format, columns: &[String]) -> String {
    let mut text = String::new();
    for user in users {
        let sheet = sheet(user);
        if format == Format::Csv {
            let cells: Vec<String> = columns.iter().map(|name| cell(sheet.get(name))).collect();
            csv::write(&mut text, &cells);
        } else {
            text.push_str(&Value::Object(sheet).to_string());
            text.push('\n');
        }
    }
    text
}

/// A file of an export.
#[derive(Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// How many files an export has.
pub fn files(row: &store::batches::BatchRow) -> i64 {
    let per = OUT_ROWS * FILE_PARTS;
    (row.done + per - 1).div_euclid(per).max(1)
}

/// One file of an export that is done, counted from 1.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn file(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    number: i64,
) -> Result<File, Error> {
    let row = super::show(ctx, actor, tenant, id)?;
    let Task::Export { format, columns, .. } = Task::of(&row)? else {
        return Err(Error::NotFound("export"));
    };
    if row.state != "done" || !(1..=files(&row)).contains(&number) {
        return Err(Error::NotFound("file"));
    }
    let body = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserExport)?;
        parts::text(ctx, tx, &row, (number - 1) * FILE_PARTS, FILE_PARTS)
    })?;
    let mut text = String::new();
    if format == Format::Csv {
        csv::write(&mut text, &columns);
    }
    text.push_str(&body);
    let part = if files(&row) > 1 { format!("-{number}") } else { String::new() };
    Ok(File { name: format!("users{part}.{}", format.as_str()), text })
}
