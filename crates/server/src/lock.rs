//! One server per SQLite file: the writing connection is one process's. A second `serve` is told
//! so; commands beside a server take turns through the database's own lock and are fine.

use std::fs::File;
use std::path::PathBuf;

use crate::fail::Fail;

/// Held as long as the server runs; the system lets go of it however the process ends.
pub struct ServerLock {
    _file: Option<File>,
}

/// Takes the lock of a database; on PostgreSQL there is nothing to take.
///
/// # Errors
/// Says that another server has the file.
pub fn take(database: &str) -> Result<ServerLock, Fail> {
    if database.starts_with("postgres://") || database.starts_with("postgresql://") {
        return Ok(ServerLock { _file: None });
    }
    let path =
        PathBuf::from(format!("{}.server", database.strip_prefix("sqlite:").unwrap_or(database)));
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| Fail::new(format!("{}: {e}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(ServerLock { _file: Some(file) }),
        Err(std::fs::TryLockError::WouldBlock) => Err(Fail::new(format!(
            "another server already runs on {database}. One SQLite file has one server; for several nodes use PostgreSQL"
        ))),
        Err(std::fs::TryLockError::Error(e)) => Err(Fail::new(format!("{}: {e}", path.display()))),
    }
}
