//! A write on PostgreSQL: a connection of the pool, READ COMMITTED, and the server's own group
//! commit.
//!
//! Owns running a command again after it lost a race (nothing was committed), and telling a COMMIT
//! that failed from one whose outcome is not known. Leaves the bounds of waiting to `pool`.

use crate::Error;
use crate::command::{self, Body, Ended};
use crate::error::Trouble;
use crate::hooks::Hooks;
use crate::instrument::{Cells, count};
use crate::pool::{Link, Pool};

/// How often a command is run at most.
const TRIES: usize = 3;
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// How one try of a command ended.
enum Tried {
    Done(Result<(), Error>),
    /// Lost a race: nothing is committed, the connection is idle again.
    Again,
}

/// Runs one command.
pub(crate) fn run(
    pool: &Pool,
    cells: &Cells,
    hooks: &Hooks,
    body: &mut Body<'_>,
) -> Result<(), Error> {
    for _ in 0..TRIES {
        let mut loan = pool.begin(BEGIN)?;
        match attempt(&mut loan, cells, hooks, body) {
            Tried::Done(answer) => return answer,
            Tried::Again => count(&cells.retries),
        }
    }
    count(&cells.busy);
    Err(Error::Busy)
}

fn attempt(link: &mut Link, cells: &Cells, hooks: &Hooks, body: &mut Body<'_>) -> Tried {
    link.watch.take();
    let ended = command::run(&mut link.conn, hooks, 0, body);
    let ended = match ended {
        Ended::Kept(changes) => return keep(link, cells, hooks, changes),
        other => other,
    };
    let (trouble, _) = link.watch.take();
    abandon(link);
    match trouble {
        Some(Trouble::Race) => Tried::Again,
        // Whatever the command made of it: the caller must not hear a refusal for an outage.
        Some(Trouble::Lock) => Tried::Done(Err(Error::Busy)),
        Some(Trouble::Storage(why) | Trouble::Connection(why)) => {
            count(&cells.doubts);
            link.spoil();
            Tried::Done(Err(Error::Unavailable(why)))
        }
        _ => Tried::Done(ended.answer()),
    }
}

/// Commits a command that ended with `Ok`.
fn keep(link: &mut Link, cells: &Cells, hooks: &Hooks, changes: Vec<crate::Change>) -> Tried {
    let (trouble, failed) = link.watch.take();
    // PostgreSQL answers COMMIT of a failed transaction with success, having rolled it back.
    if failed && link.control("SELECT 1").is_err() {
        abandon(link);
        return match trouble {
            Some(Trouble::Race) => Tried::Again,
            _ => Tried::Done(Err(ignored(trouble))),
        };
    }
    match link.commit() {
        Ok(()) => {
            count(&cells.writes);
            count(&cells.commits);
            hooks.tell(&changes);
            Tried::Done(Ok(()))
        }
        Err(error) => uncommitted(link, cells, hooks, &changes, error),
    }
}

/// A COMMIT that answered with an error. If the connection still works, the server refused it and
/// nothing is stored; if not, nobody knows.
fn uncommitted(
    link: &mut Link,
    cells: &Cells,
    hooks: &Hooks,
    changes: &[crate::Change],
    error: diesel::result::Error,
) -> Tried {
    let (trouble, _) = link.watch.take();
    if link.control("SELECT 1").is_ok() {
        return match trouble {
            Some(Trouble::Race) => Tried::Again,
            _ => Tried::Done(Err(error.into())),
        };
    }
    link.spoil();
    count(&cells.doubts);
    hooks.tell(changes);
    tracing::error!("the connection was lost during COMMIT: the outcome is unknown");
    Tried::Done(Err(Error::Unknown))
}

fn ignored(trouble: Option<Trouble>) -> Error {
    match trouble {
        Some(Trouble::Storage(why) | Trouble::Connection(why)) => Error::Unavailable(why),
        Some(Trouble::Lock) => Error::Busy,
        _ => Error::Internal("a command went on after a statement had failed".to_owned()),
    }
}

/// Rolls everything back; a connection that cannot is not used again.
fn abandon(link: &mut Link) {
    // A panic leaves the command's own savepoints open: ROLLBACK ends them with the rest.
    while link.depth().is_some_and(|depth| depth > 0) {
        if link.rollback().is_err() {
            break;
        }
    }
    if link.depth() != Some(0) {
        link.spoil();
    }
}
