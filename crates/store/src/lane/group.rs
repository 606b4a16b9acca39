//! A group of commands that commit together, and the verdict its members wait for.
//!
//! Owns the bounds of a group and the telling of its end. Leaves statements to `turn`.

use crate::Error;
use crate::feed::Change;
use crate::pool::Link;
use parking_lot::{Condvar, Mutex};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Commands in a group at most.
const SIZE: usize = 256;
/// How long a member waits for the verdict; only a hung disk takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What goes from hand to hand: the connection, and the group that is open on it.
#[derive(Default)]
pub(super) struct Baton {
    /// Opened by the first who needs it; dropped when in doubt.
    pub link: Option<Link>,
    pub group: Option<Group>,
    /// Commits since the size of the log was looked at.
    pub commits: u32,
}

/// A group that is not committed yet.
pub(super) struct Group {
    pub verdict: Arc<Verdict>,
    /// Commands that ran, refused ones included.
    pub size: usize,
    /// Commands whose effect is to be committed.
    pub kept: u64,
    /// What they reported, in order.
    pub changes: Vec<Change>,
    began: Instant,
}

impl Group {
    pub(super) fn new() -> Self {
        let verdict = Arc::new(Verdict::default());
        Self { verdict, size: 0, kept: 0, changes: Vec::new(), began: Instant::now() }
    }

    /// Whether nobody may join any more: it is large, or older than `span`.
    pub(super) fn is_full(&self, span: Duration) -> bool {
        self.size >= SIZE || self.began.elapsed() >= span
    }
}

/// Whether a group is durable; told once, to all its members.
#[derive(Default)]
pub(super) struct Verdict {
    told: Mutex<Option<Result<(), Error>>>,
    wake: Condvar,
}

impl Verdict {
    /// Tells the members.
    pub(super) fn tell(&self, outcome: Result<(), Error>) {
        *self.told.lock() = Some(outcome);
        self.wake.notify_all();
    }

    /// Waits for the verdict; `Unknown` when it does not come.
    pub(super) fn wait(&self) -> Result<(), Error> {
        let deadline = Instant::now() + PATIENCE;
        let mut told = self.told.lock();
        loop {
            if let Some(outcome) = &*told {
                return outcome.clone();
            }
            if self.wake.wait_until(&mut told, deadline).timed_out() {
                return Err(Error::Unknown);
            }
        }
    }
}
