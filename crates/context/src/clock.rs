//! The one clock. Everything that asks for the time asks this, so that a test can move it and a
//! reader can find every place that depends on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use store::Timestamp;

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock plus the seconds a file holds, read at each call. Development only.
    File(PathBuf),
    /// Microseconds set by a test.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The present time. A clock file that is missing or unreadable counts as zero seconds.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp(wall()),
            Clock::File(path) => Timestamp(wall().saturating_add(offset(path))),
            Clock::Manual(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }
}

#[allow(clippy::disallowed_methods)] // the one place that may read the machine's clock
fn wall() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_micros()).ok())
        .unwrap_or_default()
}

fn offset(path: &PathBuf) -> i64 {
    std::fs::read_to_string(path)
        .ok()
        .and_then(|text| text.trim().parse::<i64>().ok())
        .unwrap_or_default()
        .saturating_mul(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_file_moves_the_time() {
        let path = std::env::temp_dir().join(format!("tessera-clock-{}", std::process::id()));
        std::fs::write(&path, "3600\n").expect("a temporary file");
        let ahead = Clock::File(path.clone()).now().0 - Clock::System.now().0;
        std::fs::remove_file(&path).expect("the temporary file");
        assert!((3_599_000_000..=3_600_000_000).contains(&ahead), "{ahead}");
        assert!(Clock::File(path).now().0 - Clock::System.now().0 < 1_000_000);
    }
}
