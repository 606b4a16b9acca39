//! The binary under test, folders for it to run in, and signals to the processes a test started.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// The binary under test.
///
/// # Panics
/// When it has not been built.
pub fn binary() -> PathBuf {
    let path = std::env::var_os("TESSERA_BIN").map_or_else(beside_this_test, PathBuf::from);
    assert!(path.exists(), "{} is missing: run `cargo build -p server`", path.display());
    path
}

/// Whether the binary under test is an optimised one, which has no clock file.
pub fn is_release() -> bool {
    binary().components().any(|part| part.as_os_str() == "release")
}

fn beside_this_test() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    test.parent().and_then(Path::parent).expect("tests lie in target/*/deps").join("tessera")
}

/// A new empty folder for one installation.
pub fn fresh_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("tessera-test-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    folder
}

/// Sends a signal to a process this test started.
pub fn signal(pid: u32, name: &str) {
    let _ = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status();
}
