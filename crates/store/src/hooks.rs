//! What hangs on the end of a command: who is told of its changes, what is counted when it
//! panicked, and, in tests only, which fault strikes it.

use crate::Error;
use crate::command::Ended;
use crate::conn::Conn;
use crate::feed::Change;
use crate::instrument::{Cells, count};
use parking_lot::RwLock;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Who wants to know of the changes of a write.
pub type Listener = Box<dyn Fn(&[Change]) + Send + Sync>;

/// The hooks of one `Db`.
pub(crate) struct Hooks {
    cells: Arc<Cells>,
    listeners: RwLock<Vec<Listener>>,
    #[cfg(any(test, feature = "faults"))]
    pub(crate) fault: RwLock<Option<crate::faults::Plan>>,
}

impl Hooks {
    pub(crate) fn new(cells: Arc<Cells>) -> Self {
        Self {
            cells,
            listeners: RwLock::default(),
            #[cfg(any(test, feature = "faults"))]
            fault: RwLock::default(),
        }
    }

    /// One more who wants to know of committed changes.
    pub(crate) fn listen(&self, listener: Listener) {
        self.listeners.write().push(listener);
    }

    /// Tells everybody; a listener that panics spoils nothing.
    pub(crate) fn tell(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        for listener in self.listeners.read().iter() {
            if catch_unwind(AssertUnwindSafe(|| listener(changes))).is_err() {
                count(&self.cells.panics);
                tracing::error!("a listener to committed changes panicked");
            }
        }
    }

    /// How a command ends that panicked. Its message is with the panic hook, not in the error.
    pub(crate) fn panicked(&self) -> Ended {
        count(&self.cells.panics);
        Ended::Failed(Error::Internal("a command panicked".to_owned()))
    }

    /// Lets the fault strike that a test has planned for this command.
    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn strike(&self, conn: &mut Conn, at: usize) -> Result<(), Error> {
        let fault = self.fault.read().as_ref().and_then(|plan| plan(at));
        fault.map_or(Ok(()), |fault| fault.strike(conn))
    }

    /// No faults outside tests.
    #[cfg(not(any(test, feature = "faults")))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as the one for tests")]
    pub(crate) fn strike(&self, _: &mut Conn, _: usize) -> Result<(), Error> {
        Ok(())
    }
}
