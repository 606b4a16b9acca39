//! Server processes under measurement: pinned to core 0, their CPU time in nanoseconds and their
//! resident memory.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// Where a server runs; the generator has the other core.
pub const SERVER_CORE: &str = "0";

/// A command that runs on the server core: affinity is set before exec, so that runtimes size
/// their pools from it.
pub fn pinned(program: &Path, cores: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", cores]).arg(program);
    command
}

/// A program that lies beside this one.
pub fn sibling(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a program knows its path");
    own.with_file_name(name)
}

/// CPU time of all threads of a process so far, in nanoseconds.
pub fn cpu_ns(pid: u32) -> u64 {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return 0 };
    let each = tasks.flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    each.sum()
}

/// Resident memory of a process in bytes.
pub fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}

/// A child that is ended when it is no longer needed.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
