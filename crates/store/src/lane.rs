//! The one writing connection of SQLite, passed from hand to hand as a baton.
//!
//! A caller that holds the baton runs its command in a savepoint on its own thread, hands the
//! baton to the next one waiting and waits for the verdict on the whole group; the one with nobody
//! behind it, or at the end of the group's bounds, commits for all. So one forced disk write
//! serves many commands. What happens while the baton is held is in `turn`.

mod group;
mod queue;
mod turn;
mod wal;

use crate::command::Body;
use crate::conn::Location;
use crate::hooks::Hooks;
use crate::instrument::{Cells, count};
use crate::{Error, TenantId};
use group::Baton;
use parking_lot::Mutex;
use queue::{Queue, Seat};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use turn::Turn;

/// Microseconds a group stays open while commands keep coming.
const SPAN: u64 = 2000;

/// The bounds of waiting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Commands waiting at most.
    pub queue: usize,
    /// How long one waits for its turn.
    pub deadline: Duration,
}

/// The lane of one SQLite file.
pub(crate) struct Lane {
    path: PathBuf,
    cells: Arc<Cells>,
    deadline: Duration,
    span: AtomicU64,
    state: Mutex<State>,
}

/// Whoever takes `idle` out holds the baton; while somebody does, the others queue.
struct State {
    idle: Option<Baton>,
    queue: Queue,
}

impl Lane {
    pub(crate) fn new(path: PathBuf, limits: Limits, cells: Arc<Cells>) -> Self {
        let state = State { idle: Some(Baton::default()), queue: Queue::new(limits.queue) };
        let (deadline, span) = (limits.deadline, AtomicU64::new(SPAN));
        Self { path, cells, deadline, span, state: Mutex::new(state) }
    }

    /// Runs one command; returns after its group is committed or lost.
    pub(crate) fn run(
        &self,
        tenant: &TenantId,
        hooks: &Hooks,
        body: &mut Body<'_>,
    ) -> Result<(), Error> {
        let baton = self.take(tenant)?;
        let mut turn = Turn::new(self, hooks, baton);
        let (ended, verdict) = turn.play(body)?;
        turn.end();
        verdict.wait()?;
        ended.answer()
    }

    /// How many commands wait for the baton.
    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn waiting(&self) -> usize {
        self.state.lock().queue.len()
    }

    /// How long a group stays open while commands keep coming.
    fn span(&self) -> Duration {
        Duration::from_micros(self.span.load(Relaxed))
    }

    /// Keeps groups open for longer, so that a test can choose their members.
    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn set_span(&self, span: Duration) {
        self.span.store(span.as_micros() as u64, Relaxed);
    }

    fn location(&self) -> Location {
        Location::Sqlite(self.path.clone())
    }

    /// The baton, at once or in turn.
    fn take(&self, tenant: &TenantId) -> Result<Baton, Error> {
        let seat = {
            let mut state = self.state.lock();
            if let Some(baton) = state.idle.take() {
                return Ok(baton);
            }
            state.queue.push(tenant)
        };
        let baton = seat.and_then(|seat| self.await_turn(tenant, &seat));
        if baton.is_none() {
            count(&self.cells.busy);
        }
        baton.ok_or(Error::Busy)
    }

    fn await_turn(&self, tenant: &TenantId, seat: &Arc<Seat>) -> Option<Baton> {
        if let Some(baton) = seat.wait_until(Instant::now() + self.deadline) {
            return Some(baton);
        }
        if self.state.lock().queue.remove(tenant, seat) {
            return None;
        }
        // No longer in the queue: the baton is on its way here.
        Some(seat.wait())
    }

    /// Hands the baton to the next one waiting; gives it back when nobody is.
    fn offer(&self, baton: Baton) -> Option<Baton> {
        match self.state.lock().queue.pop() {
            Some(seat) => {
                seat.give(baton);
                None
            }
            None => Some(baton),
        }
    }

    /// Hands the baton to the next one waiting, or lays it down.
    fn hand_on(&self, baton: Baton) {
        let mut state = self.state.lock();
        match state.queue.pop() {
            Some(seat) => seat.give(baton),
            None => state.idle = Some(baton),
        }
    }
}
