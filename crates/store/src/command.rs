//! A command as the executors see it: a closure without its types, run so that a panic inside it
//! ends nothing but itself.
//!
//! Owns the guard against a transaction inside a transaction, the catching of panics and the
//! flushing of the feed as the last thing a command does. Leaves commit and rollback to `lane`,
//! `pg` and `read`.

use crate::Error;
use crate::conn::Conn;
use crate::feed::{self, Change};
use crate::hooks::Hooks;
use crate::tx::Reports;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the closure of a command answered: `Ok` or `Err`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Keep,
    Refuse,
}

/// A command without the types of its answer.
pub(crate) type Body<'f> = dyn FnMut(&mut Conn, &mut Reports) -> Said + 'f;

/// How the body of a command ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// With `Ok`; these changes are in the feed.
    Kept(Vec<Change>),
    /// With `Err`: to be rolled back, the caller gets its own error.
    Refused,
    /// Otherwise: to be rolled back, the caller gets this error.
    Failed(Error),
}

impl Ended {
    /// What the executor answers for a command that ended so and was committed or rolled back.
    pub(crate) fn answer(self) -> Result<(), Error> {
        match self {
            Self::Kept(_) | Self::Refused => Ok(()),
            Self::Failed(error) => Err(error),
        }
    }
}

/// Runs `f` through an executor and gives its typed answer back, unless the executor has an error
/// of its own.
pub(crate) fn typed<T, E: From<Error>>(
    mut f: impl FnMut(&mut Conn, &mut Reports) -> Result<T, E>,
    execute: impl FnOnce(&mut Body<'_>) -> Result<(), Error>,
) -> Result<T, E> {
    let mut answer = None;
    let _guard = Guard::enter()?;
    execute(&mut |conn, reports| {
        let said = f(conn, reports);
        let keep = if said.is_ok() { Said::Keep } else { Said::Refuse };
        answer = Some(said);
        keep
    })?;
    answer.unwrap_or_else(|| Err(Error::Internal("a command was never run".to_owned()).into()))
}

/// Runs the body and then writes the feed; a panic becomes `Internal`. `at` is the command's place
/// in its group.
pub(crate) fn run(conn: &mut Conn, hooks: &Hooks, at: usize, body: &mut Body<'_>) -> Ended {
    let attempt = || -> Result<Ended, Error> {
        let mut reports = Reports::default();
        if body(conn, &mut reports) == Said::Refuse {
            return Ok(Ended::Refused);
        }
        hooks.strike(conn, at)?;
        feed::flush(conn, reports).map(Ended::Kept)
    };
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(ended) => ended.unwrap_or_else(Ended::Failed),
        Err(_) => hooks.panicked(),
    }
}

/// Runs the body of a read; a panic becomes `Internal`. Nothing may be reported: nothing changes.
pub(crate) fn look(conn: &mut Conn, hooks: &Hooks, body: &mut Body<'_>) -> Ended {
    let attempt = || match body(conn, &mut Reports::default()) {
        Said::Keep => Ended::Kept(Vec::new()),
        Said::Refuse => Ended::Refused,
    };
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| hooks.panicked())
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Held while a thread is inside a transaction.
struct Guard;

impl Guard {
    fn enter() -> Result<Self, Error> {
        if INSIDE.replace(true) { Err(Error::Nested) } else { Ok(Self) }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}
