//! Import of users from a file: read and judged whole before anything is kept, then looked at row by
//! row against the users that exist (the dry run), then, when somebody says so, written. Every
//! problem names row and column. Running the same file again changes nothing: a row finds its user
//! by external id or address.

pub(super) mod check;
mod judge;
mod read;
pub(super) mod write;

use context::{Ctx, TenantAddress};
use serde::{Deserialize, Serialize};
use store::batches::BatchRow;
use store::{TenantId, Timestamp};

use super::parts::{self, IN, Problem};
use super::{Task, new_row};
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;
use crate::users::fields::{self, Values};

pub use read::{MAX_BYTES, MAX_ROWS};

/// Rows in one part: what one command writes.
const PART_ROWS: usize = 150;
/// Parts that one command keeps.
const PARTS_AT_ONCE: usize = 20;
/// An upload that was never whole is forgotten after so many seconds.
const UPLOAD_S: i64 = 3_600;

/// The column with a password's hash.
pub const PASSWORD_HASH: &str = "password_hash";

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values with a header (RFC 4180), in UTF-8.
    Csv,
    /// One JSON array of objects.
    Json,
    /// One JSON object per line.
    Ndjson,
}

impl Format {
    /// Its name, which is the ending of its files.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Format> {
        [Format::Csv, Format::Json, Format::Ndjson].into_iter().find(|f| f.as_str() == name)
    }
}

/// What happens to a row whose user exists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfExists {
    /// The user stays as they are.
    #[default]
    Skip,
    /// The columns of the file replace what the user has.
    Update,
}

impl IfExists {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            IfExists::Skip => "skip",
            IfExists::Update => "update",
        }
    }

    /// The policy of this name.
    pub fn parse(name: &str) -> Option<IfExists> {
        [IfExists::Skip, IfExists::Update].into_iter().find(|p| p.as_str() == name)
    }
}

/// What an import was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// What the file was called.
    pub file: String,
    /// What kind it is.
    pub format: Format,
    /// What happens to users who exist.
    pub if_exists: IfExists,
    /// The columns it has.
    pub columns: Vec<String>,
}

/// A file to be imported.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// What it is called; may be empty.
    pub file: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// What kind it is; found out by name and first character if it is not said.
    pub format: Option<Format>,
    /// What happens to users who exist.
    pub if_exists: IfExists,
}

/// A row of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct InRow {
    /// The line it begins on, counted from 1.
    row: usize,
    values: Values,
    /// What was wrong with it in the file itself.
    #[serde(default)]
    problems: Vec<Problem>,
}

/// How many rows came to what; kept in the batch's place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// The number of the last part.
    pub(super) part: i64,
    /// Users that are new.
    pub created: i64,
    /// Users that change.
    pub updated: i64,
    /// Users that stay as they are.
    pub unchanged: i64,
}

/// What rows came to so far: found by looking, or by writing.
pub fn counts(row: &BatchRow) -> Counts {
    serde_json::from_str(&row.place).unwrap_or_default()
}

/// Takes a file in: judges it whole, keeps its rows sealed, and looks at them within seconds.
/// Nothing is imported before [`super::start`].
///
/// # Errors
/// [`Error::Form`] for field `file` with everything that is wrong with the file as a file: its
/// encoding, broken quotes, unknown columns, no rows. [`Error::Forbidden`], or whatever the database
/// reports.
pub fn upload(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    upload: &Upload,
) -> Result<BatchRow, Error> {
    ctx.db.read(tenant, |tx| actor.check(tx, Action::UserImport))?;
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let schema = fields::schema(&snapshot);
    let (format, read) = read::read(upload, &schema)?;
    let file: String = upload.file.chars().filter(|c| !c.is_control()).take(200).collect();
    let order = Order { file, format, if_exists: upload.if_exists, columns: read.columns };
    let mut row = new_row(ctx, actor, tenant, &Task::Import(order), "uploading")?;
    row.total = i64::try_from(read.rows.len()).unwrap_or(-1);
    row.expires_at = ctx.now().plus_seconds(UPLOAD_S);
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserImport)?;
        tx.insert_batch(&row)?;
        let detail = serde_json::json!({ "job": row.kind, "task": row.input, "rows": row.total });
        audit::record(tx, ctx, actor, "job.create", row.id.as_str(), &detail)?;
        Ok::<_, Error>(())
    })?;
    keep(ctx, &row, &read.rows)?;
    let to = BatchRow { state: "checking".into(), leased_until: Timestamp(0), ..row.clone() };
    ctx.db.write(tenant, |tx| tx.move_batch(&row, &to))?;
    Ok(to)
}

fn keep(ctx: &Ctx, row: &BatchRow, rows: &[InRow]) -> Result<(), Error> {
    let parts: Vec<&[InRow]> = rows.chunks(PART_ROWS).collect();
    let mut seq = 0;
    for some in parts.chunks(PARTS_AT_ONCE) {
        let mut sealed = Vec::with_capacity(some.len());
        for part in some {
            seq += 1;
            sealed.push((seq, parts::seal_json(ctx, row, IN, seq, part)?));
        }
        ctx.db.write(&row.tenant, |tx| {
            sealed.iter().try_for_each(|(seq, part)| tx.put_batch_part(&row.id, IN, *seq, part))
        })?;
    }
    Ok(())
}
