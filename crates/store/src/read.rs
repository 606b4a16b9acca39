//! A read: one snapshot, nothing written, on a connection of the pool.
//!
//! Owns the isolation of reads on both databases. Leaves how many run at once to `pool`.

use crate::Error;
use crate::command::{self, Body, Ended};
use crate::conn::Kind;
use crate::error::Trouble;
use crate::hooks::Hooks;
use crate::instrument::{Cells, count};
use crate::pool::Pool;

/// Runs `body` on one snapshot.
pub(crate) fn run(
    kind: Kind,
    pool: &Pool,
    cells: &Cells,
    hooks: &Hooks,
    body: &mut Body<'_>,
) -> Result<(), Error> {
    let mut loan = pool.begin(match kind {
        Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Kind::Sqlite => "BEGIN DEFERRED",
    })?;
    count(&cells.reads);
    loan.watch.take();
    let ended = command::look(&mut loan.conn, hooks, body);
    let (trouble, _) = loan.watch.take();
    let in_doubt = matches!(trouble, Some(Trouble::Storage(_) | Trouble::Connection(_)));
    if in_doubt || matches!(ended, Ended::Failed(_)) || loan.rollback().is_err() {
        loan.spoil();
    }
    match trouble {
        // Whatever the closure made of it: the caller must not hear a refusal for an outage.
        Some(Trouble::Storage(why) | Trouble::Connection(why)) => Err(Error::Unavailable(why)),
        Some(Trouble::Lock | Trouble::Race) => Err(Error::Busy),
        _ => ended.answer(),
    }
}
