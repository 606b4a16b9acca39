//! Keeping the write-ahead log small: SQLite copies it back at every thousandth page by itself, but
//! under steady reading never gets to start it over.
//!
//! Owns when to look and how to cut. Runs between groups, so nobody's transaction is open.

use crate::pool::Link;
use std::path::Path;

/// Commits between two looks at the size.
const EVERY: u32 = 64;
/// Bytes from which on the log is cut.
const LARGE: u64 = 32 * 1024 * 1024;

/// Looks at the log from time to time and cuts it when it is large. A log that readers still need
/// is left for the next time.
pub(super) fn tend(path: &Path, link: &mut Link, commits: &mut u32) {
    *commits += 1;
    if *commits < EVERY {
        return;
    }
    *commits = 0;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let large = std::fs::metadata(log).is_ok_and(|data| data.len() > LARGE);
    if large && let Err(error) = link.control("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::debug!(%error, "the write-ahead log was not cut");
    }
}
