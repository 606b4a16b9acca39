//! Time travel: the file whose number of seconds a development server adds to the wall clock,
//! and the wall clock itself for checking token lifetimes.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "a black-box test has no Ctx to ask for the time")]
pub fn wall_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(since.as_secs()).expect("seconds fit into 63 bits")
}

/// The file behind `--clock-file`.
#[derive(Clone, Debug)]
pub struct ClockFile {
    path: PathBuf,
}

impl ClockFile {
    /// A clock that shows the real time.
    pub fn new(folder: &Path) -> ClockFile {
        let clock = ClockFile { path: folder.join("clock") };
        clock.set(0);
        clock
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Shows the real time plus `seconds`. The replacement is atomic: a server never reads half
    /// a number.
    pub fn set(&self, seconds: i64) {
        let fresh = self.path.with_extension("new");
        std::fs::write(&fresh, seconds.to_string()).expect("the clock file is writable");
        std::fs::rename(&fresh, &self.path).expect("the clock file can be replaced");
    }
}
