//! Waiting for something to become true, with a deadline: the only place where a test pauses.
//! A test never sleeps for a fixed time and hopes.

use std::time::{Duration, Instant};

/// Asks `probe` every few milliseconds until it answers `Some`, at most for `limit`.
///
/// # Panics
/// When the time is over, naming `what` was awaited.
pub fn until<T>(what: &str, limit: Duration, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = probe() {
            return value;
        }
        assert!(Instant::now() < deadline, "waited {limit:?} in vain for {what}");
        pause(Duration::from_millis(5));
    }
}

/// Rests this thread for about `time`.
pub fn pause(time: Duration) {
    let end = Instant::now() + time;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        if left.is_zero() {
            break;
        }
        std::thread::park_timeout(left);
    }
}
