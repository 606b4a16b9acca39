//! What goes into a batch and what comes out of it, in sealed pieces: they hold people's data.

use context::Ctx;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::batches::BatchRow;
use store::{BatchId, TenantId, Tx};
use vault::Purpose;

use super::{Task, csv};
use crate::actor::Actor;
use crate::error::Error;

/// Rows of an import, as they were read.
pub(super) const IN: &str = "in";
/// Text of an export.
pub(super) const OUT: &str = "out";
/// What is wrong with rows of a file, found by looking.
pub(super) const CHECK: &str = "check";
/// What went wrong with rows while they were worked on.
pub(super) const FAILED: &str = "failed";

/// Users in one part of an export.
pub const OUT_ROWS: i64 = 500;
/// Parts that are read at a time.
const AT_ONCE: i64 = 50;

/// Why one row of a batch was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line of the file, counted from 1, or 0 where there is no file.
    pub row: usize,
    /// The column, the user's id, or nothing.
    pub column: String,
    /// A stable code.
    pub code: String,
    /// What is wrong and what to do, as a sentence.
    pub message: String,
}

fn extra(batch: &BatchId, side: &str, seq: i64) -> Vec<u8> {
    format!("{batch} {side} {seq}").into_bytes()
}

/// Seals a part. Called before the write.
pub(super) fn seal(ctx: &Ctx, row: &BatchRow, side: &str, seq: i64, plain: &[u8]) -> Vec<u8> {
    let extra = extra(&row.id, side, seq);
    ctx.vault.seal(Purpose::Batch, row.tenant.as_str(), &extra, ctx.now_s(), plain)
}

pub(super) fn seal_json<T: Serialize>(
    ctx: &Ctx,
    row: &BatchRow,
    side: &str,
    seq: i64,
    value: &T,
) -> Result<Vec<u8>, Error> {
    let plain = serde_json::to_vec(value).map_err(|e| store::Error::Internal(e.to_string()))?;
    Ok(seal(ctx, row, side, seq, &plain))
}

fn open(
    ctx: &Ctx,
    tenant: &TenantId,
    id: &BatchId,
    side: &str,
    part: &(i64, Vec<u8>),
) -> Result<Vec<u8>, Error> {
    ctx.vault
        .open(Purpose::Batch, tenant.as_str(), &extra(id, side, part.0), &part.1)
        .map_err(|e| Error::Store(store::Error::Internal(format!("part of {id}: {e}"))))
}

/// The next part of a side behind `after`, opened.
pub(super) fn next<T: DeserializeOwned>(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &BatchRow,
    side: &str,
    after: i64,
) -> Result<Option<(i64, T)>, Error> {
    let found = tx.list_batch_parts(&row.id, side, after, 1)?;
    let Some(part) = found.first() else { return Ok(None) };
    let plain = open(ctx, &row.tenant, &row.id, side, part)?;
    let value = serde_json::from_slice(&plain)
        .map_err(|e| store::Error::Internal(format!("part of {}: {e}", row.id)))?;
    Ok(Some((part.0, value)))
}

/// The text of a side from part `first` on, at most `count` parts.
pub(super) fn text(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &BatchRow,
    first: i64,
    count: i64,
) -> Result<String, Error> {
    let (mut out, mut after) = (String::new(), first - 1);
    while after < first + count - 1 {
        let limit = AT_ONCE.min(first + count - 1 - after);
        let parts = tx.list_batch_parts(&row.id, OUT, after, limit)?;
        let Some((last, _)) = parts.last() else { break };
        after = *last;
        for part in &parts {
            let plain = open(ctx, &row.tenant, &row.id, OUT, part)?;
            out.push_str(&String::from_utf8_lossy(&plain));
        }
    }
    Ok(out)
}

/// What was wrong with rows of a batch: found by looking, or while working; at most `limit`, and
/// whether there are more.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn problems(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    limit: usize,
) -> Result<(Vec<Problem>, bool), Error> {
    let row = super::show(ctx, actor, tenant, id)?;
    let looked = matches!(row.state.as_str(), "checking" | "checked");
    let side = if looked { CHECK } else { FAILED };
    let task = Task::of(&row)?;
    ctx.db.read(tenant, |tx| {
        actor.check(tx, task.action())?;
        let (mut found, mut after) = (Vec::<Problem>::new(), -1);
        while let Some((seq, more)) = next::<Vec<Problem>>(ctx, tx, &row, side, after)? {
            after = seq;
            found.extend(more);
            if found.len() > limit {
                found.truncate(limit);
                return Ok((found, true));
            }
        }
        Ok((found, false))
    })
}

/// The same as a file for a spreadsheet, at most 100,000 rows.
///
/// # Errors
/// As [`problems`].
pub fn problems_csv(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
) -> Result<String, Error> {
    let (found, _) = problems(ctx, actor, tenant, id, 100_000)?;
    let mut text = String::new();
    csv::write(&mut text, &["row", "column", "code", "message"].map(str::to_owned));
    for problem in found {
        let row = if problem.row == 0 { String::new() } else { problem.row.to_string() };
        csv::write(&mut text, &[row, problem.column, problem.code, problem.message]);
    }
    Ok(text)
}
