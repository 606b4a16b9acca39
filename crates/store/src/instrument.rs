//! What the store counts, and what it notices about each connection.
//!
//! Diesel reports every statement to the `Watch` of its connection: it counts those that are not
//! transaction control and remembers the worst failure since it was last asked, because the error
//! type of a command belongs to its caller and cannot be looked into. Leaves deciding to `lane`
//! and `pg`.

use crate::error::{Trouble, trouble};
use diesel::connection::{Instrumentation, InstrumentationEvent};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What one `Db` has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Write commands whose effect is committed.
    pub write_transactions: u64,
    /// Read transactions begun.
    pub read_transactions: u64,
    /// Statements other than transaction control, those of the change feed included.
    pub statements: u64,
    /// COMMITs of writes: on SQLite one per group, so this is the number of forced disk writes.
    pub commits: u64,
    /// Write commands run again after losing a race (PostgreSQL).
    pub retries: u64,
    /// Groups and commands given up because their connection was in doubt.
    pub doubts: u64,
    /// Panics caught inside commands.
    pub panics: u64,
    /// Commands turned away because the queue was full or their deadline passed.
    pub busy: u64,
}

/// The live cells behind `Counters`.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub writes: AtomicU64,
    pub reads: AtomicU64,
    pub statements: AtomicU64,
    pub commits: AtomicU64,
    pub retries: AtomicU64,
    pub doubts: AtomicU64,
    pub panics: AtomicU64,
    pub busy: AtomicU64,
}

/// Raises a cell by one.
pub(crate) fn count(cell: &AtomicU64) {
    cell.fetch_add(1, Relaxed);
}

impl Cells {
    pub(crate) fn read(&self) -> Counters {
        let of = |cell: &AtomicU64| cell.load(Relaxed);
        Counters {
            write_transactions: of(&self.writes),
            read_transactions: of(&self.reads),
            statements: of(&self.statements),
            commits: of(&self.commits),
            retries: of(&self.retries),
            doubts: of(&self.doubts),
            panics: of(&self.panics),
            busy: of(&self.busy),
        }
    }
}

/// What is noticed about one connection.
#[derive(Debug)]
pub(crate) struct Watch {
    cells: Arc<Cells>,
    /// The next statement is transaction control.
    control: AtomicBool,
    /// A statement failed since `take` was last called.
    failed: AtomicBool,
    /// The worst of those failures, if it says something about the connection.
    trouble: Mutex<Option<Trouble>>,
}

impl Watch {
    pub(crate) fn new(cells: Arc<Cells>) -> Arc<Self> {
        Arc::new(Self {
            cells,
            control: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            trouble: Mutex::new(None),
        })
    }

    /// The next statement is not to be counted.
    pub(crate) fn skip_next(&self) {
        self.control.store(true, Relaxed);
    }

    /// Forgets what was noticed and returns it: the worst trouble, and whether any statement
    /// failed at all.
    pub(crate) fn take(&self) -> (Option<Trouble>, bool) {
        if !self.failed.swap(false, Relaxed) {
            return (None, false);
        }
        (self.trouble.lock().take(), true)
    }

    fn started(&self) {
        if !self.control.swap(false, Relaxed) {
            count(&self.cells.statements);
        }
    }

    fn note(&self, error: &diesel::result::Error) {
        self.failed.store(true, Relaxed);
        let new = trouble(error);
        if new == Trouble::Other {
            return;
        }
        let mut worst = self.trouble.lock();
        if worst.is_none_or(|old| weight(new) > weight(old)) {
            *worst = Some(new);
        }
    }
}

fn weight(trouble: Trouble) -> u8 {
    match trouble {
        Trouble::Other => 0,
        Trouble::Lock => 1,
        Trouble::Race => 2,
        Trouble::Storage(_) => 3,
        Trouble::Connection(_) => 4,
    }
}

/// The end of a `Watch` that diesel talks to.
pub(crate) struct Reporter(pub Arc<Watch>);

impl Instrumentation for Reporter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => self.0.skip_next(),
            #[cfg(any(test, feature = "faults"))]
            InstrumentationEvent::StartQuery { query, .. } => {
                crate::faults::record(query);
                self.0.started();
            }
            #[cfg(not(any(test, feature = "faults")))]
            InstrumentationEvent::StartQuery { .. } => self.0.started(),
            InstrumentationEvent::FinishQuery { error: Some(error), .. } => self.0.note(error),
            _ => {}
        }
    }
}
