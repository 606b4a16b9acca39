//! Working on batches: take the lease of one, do one small step, let go. A step writes its effect
//! and its place in one command, so a node that dies between two steps loses nothing, and two nodes
//! never do the same step twice.

use context::Ctx;
use store::batches::BatchRow;
use store::{Timestamp, UserId};

use super::{KEEP_S, Task, WAIT_S, import, select};
use crate::actor::Actor;
use crate::error::Error;

/// How long a step may take before another node may try, in seconds.
const LEASE_S: i64 = 30;

/// Does one step of one batch; `false` when there is nothing to do.
///
/// # Errors
/// Whatever the database reports; the step is tried again when its lease is over.
pub fn work(ctx: &Ctx, holder: &str) -> Result<bool, Error> {
    let now = ctx.now();
    let until = now.plus_seconds(LEASE_S);
    // Asked first without a write: most of the time there is nothing to do.
    if !ctx.db.system_read(|tx| tx.has_batch_due(now))? {
        return Ok(false);
    }
    let leased = ctx.db.system_write(|tx| tx.lease_batch(holder, now, until))?;
    let Some(row) = leased else { return Ok(false) };
    match step(ctx, &row) {
        Ok(()) => Ok(true),
        Err(Error::Store(error)) if !matches!(error, store::Error::Internal(_)) => {
            Err(Error::Store(error))
        }
        Err(error) => {
            fail(ctx, &row, &error)?;
            Ok(true)
        }
    }
}

fn step(ctx: &Ctx, row: &BatchRow) -> Result<(), Error> {
    let actor = actor(ctx, row)?;
    match Task::of(row)? {
        Task::Block(select) => select::switch(ctx, &actor, row, &select, true),
        Task::Unblock(select) => select::switch(ctx, &actor, row, &select, false),
        Task::Export { select, format, columns } => {
            select::export(ctx, &actor, row, &select, format, &columns)
        }
        Task::Import(order) if row.state == "checking" => {
            import::check::step(ctx, &actor, row, &order)
        }
        Task::Import(order) => import::write::step(ctx, &actor, row, &order),
    }
}

/// Who asked for it, with what they may do now: whoever lost the right loses the batch.
fn actor(ctx: &Ctx, row: &BatchRow) -> Result<Actor, Error> {
    match UserId::parse(&row.actor) {
        Some(id) => Actor::load(ctx, &id, row.id.as_str(), ""),
        None => Ok(Actor { request: row.id.as_str().into(), ..Actor::cli(ctx) }),
    }
}

fn fail(ctx: &Ctx, row: &BatchRow, error: &Error) -> Result<(), Error> {
    let text = match error {
        Error::Forbidden(right) => format!("{} may not do this any more: {right}.", row.actor_name),
        Error::NotFound("person") => format!("{} cannot sign in any more.", row.actor_name),
        Error::Store(_) => "It stopped because of a fault of the server; the log has more.".into(),
        other => other.to_string(),
    };
    let mut to = row.clone();
    (to.state, to.last_error) = ("failed".into(), text);
    let to = moved(ctx, to);
    ctx.db.write(&row.tenant, |tx| tx.move_batch(row, &to))?;
    Ok(())
}

/// A row as it is written after a step: free for the next one.
pub(super) fn moved(ctx: &Ctx, mut to: BatchRow) -> BatchRow {
    let now = ctx.now();
    to.updated_at = now;
    to.leased_until = Timestamp(0);
    to.expires_at = now.plus_seconds(if to.state == "checked" { WAIT_S } else { KEEP_S });
    to
}
