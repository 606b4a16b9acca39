//! What one caller does while it holds the baton: open the connection and the group if need be, run
//! its command in a savepoint, make sure that the transaction is still the one it was, and end the
//! group if nobody joins.
//!
//! On any doubt (storage error, a transaction that is gone or too deep, a COMMIT that failed) the
//! connection is dropped and every member of the group is answered `Unavailable`. A turn that ends
//! in any other way than planned counts as doubt, so the baton is never lost.

use super::group::{Baton, Group, Verdict};
use super::{Lane, wal};
use crate::Error;
use crate::command::{self, Body, Ended};
use crate::conn::Role;
use crate::error::{Trouble, trouble};
use crate::hooks::Hooks;
use crate::instrument::count;
use crate::pool::Link;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How long a group waits for a second process that is writing.
const LOCK_WAIT: Duration = Duration::from_secs(5);

const LOCKED: &str = "another program holds the lock of the database file";
const DOUBT: &str = "the write was given up because its transaction was in doubt";

/// The baton in somebody's hand.
pub(super) struct Turn<'l> {
    lane: &'l Lane,
    hooks: &'l Hooks,
    baton: Option<Baton>,
}

impl<'l> Turn<'l> {
    pub(super) fn new(lane: &'l Lane, hooks: &'l Hooks, baton: Baton) -> Self {
        Self { lane, hooks, baton: Some(baton) }
    }

    /// Runs the command and says how it ended and whose verdict to wait for. An error means that
    /// it did not run, or that its whole group is lost.
    pub(super) fn play(&mut self, body: &mut Body<'_>) -> Result<(Ended, Arc<Verdict>), Error> {
        let lane = self.lane;
        let Some(baton) = &mut self.baton else { return Err(Error::Unavailable(DOUBT)) };
        let (link, group) = begin(lane, baton)?;
        let at = group.size;
        let mut ended = Ended::Failed(Error::Unavailable(DOUBT));
        let settled = savepoint(link)
            .map(|()| ended = command::run(&mut link.conn, self.hooks, at, body))
            .and_then(|()| settle(link, matches!(ended, Ended::Kept(_))));
        if let Err(why) = settled {
            self.lose(why);
            return Err(Error::Unavailable(why));
        }
        group.size += 1;
        if let Ended::Kept(changes) = &mut ended {
            group.kept += 1;
            group.changes.append(changes);
        }
        Ok((ended, group.verdict.clone()))
    }

    /// Passes the baton on inside the group, or commits the group if it is full or nobody waits.
    pub(super) fn end(mut self) {
        let span = self.lane.span();
        let full = |baton: &Baton| baton.group.as_ref().is_some_and(|g| g.is_full(span));
        if self.baton.as_ref().is_some_and(|baton| !full(baton)) {
            self.baton = self.baton.take().and_then(|baton| self.lane.offer(baton));
        }
        if self.baton.is_some() {
            self.commit();
        }
    }

    fn commit(&mut self) {
        let Some(baton) = &mut self.baton else { return };
        let (Some(link), Some(group)) = (&mut baton.link, baton.group.take()) else { return };
        let outcome = commit(link);
        match outcome {
            Ok(()) => {
                count(&self.lane.cells.commits);
                self.lane.cells.writes.fetch_add(group.kept, Relaxed);
                self.hooks.tell(&group.changes);
                group.verdict.tell(Ok(()));
                wal::tend(&self.lane.path, link, &mut baton.commits);
            }
            Err(why) => {
                // It may be on disk all the same: whoever keeps copies must let go of them.
                self.hooks.tell(&group.changes);
                baton.group = Some(group);
                self.lose(why);
            }
        }
    }

    /// Gives the group and the connection up.
    fn lose(&mut self, why: &'static str) {
        let Some(baton) = &mut self.baton else { return };
        count(&self.lane.cells.doubts);
        tracing::error!(why, "a group of writes is given up");
        if let Some(link) = baton.link.take() {
            discard(link);
        }
        if let Some(group) = baton.group.take() {
            group.verdict.tell(Err(Error::Unavailable(why)));
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.baton.as_ref().is_some_and(|baton| baton.group.is_some()) {
            self.lose(DOUBT);
        }
        if let Some(baton) = self.baton.take() {
            self.lane.hand_on(baton);
        }
    }
}

/// Closes a connection; its transaction is rolled back. Diesel panics if SQLite will not close.
fn discard(link: Link) {
    if catch_unwind(AssertUnwindSafe(|| drop(link))).is_err() {
        tracing::error!("a connection in doubt could not be closed");
    }
}

/// The connection with a group open on it.
fn begin<'b>(lane: &Lane, baton: &'b mut Baton) -> Result<(&'b mut Link, &'b mut Group), Error> {
    if baton.group.is_none() {
        let mut link = match baton.link.take() {
            Some(link) => link,
            None => Link::open(&lane.location(), Role::Write, &lane.cells)?,
        };
        match lock(&mut link) {
            Err(Error::Busy) => {
                baton.link = Some(link);
                return Err(Error::Unavailable(LOCKED));
            }
            Err(error) => {
                discard(link);
                return Err(error);
            }
            Ok(()) => {}
        }
        baton.link = Some(link);
        baton.group = Some(Group::new());
    }
    match (&mut baton.link, &mut baton.group) {
        (Some(link), Some(group)) => Ok((link, group)),
        _ => Err(Error::Unavailable(DOUBT)),
    }
}

/// Begins the transaction of a group. SQLite waits 5 ms for the lock at a time: with its own long
/// wait, whose steps grow, a second process would starve beside a busy one.
fn lock(link: &mut Link) -> Result<(), Error> {
    let began = Instant::now();
    loop {
        match link.begin("BEGIN IMMEDIATE") {
            Ok(()) => break,
            Err(e) if trouble(&e) == Trouble::Lock && began.elapsed() < LOCK_WAIT => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(link.control("SAVEPOINT tessera_group")?)
}

fn savepoint(link: &mut Link) -> Result<(), &'static str> {
    link.watch.take();
    link.control("SAVEPOINT tessera_command").map_err(|_| DOUBT)
}

/// Keeps or rolls back one command. The savepoint can only be released if the transaction it was
/// set in is still open: SQLite rolls a transaction back on its own when storage fails.
fn settle(link: &mut Link, keep: bool) -> Result<(), &'static str> {
    if let (Some(Trouble::Storage(why) | Trouble::Connection(why)), _) = link.watch.take() {
        return Err(why);
    }
    if !keep {
        // A panic leaves the command's own inner savepoints open.
        while link.depth().is_some_and(|depth| depth > 1) {
            link.rollback().map_err(|_| DOUBT)?;
        }
        link.control("ROLLBACK TO tessera_command").map_err(|_| DOUBT)?;
    }
    if link.depth() != Some(1) {
        return Err(DOUBT);
    }
    link.control("RELEASE tessera_command").map_err(|_| DOUBT)
}

/// Commits the group, if its transaction is still the one that was begun.
fn commit(link: &mut Link) -> Result<(), &'static str> {
    link.watch.take();
    link.control("RELEASE tessera_group").map_err(|_| DOUBT)?;
    if link.depth() != Some(1) {
        return Err(DOUBT);
    }
    link.commit().map_err(|error| match trouble(&error) {
        Trouble::Storage(why) | Trouble::Connection(why) => why,
        _ => "the database refused the commit",
    })
}
