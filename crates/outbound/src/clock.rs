//! What time it is for budgets, circuits and kept documents: the clock of the runtime, whose hands
//! tests can move, so that none of them waits.

use std::time::Instant;

/// Now. Never goes back.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
