//! Threads for long computations, which must not slow down the answering of requests.
//!
//! Owns their name and their priority. What runs on them is left to the callers.

/// How much such threads yield to others (0 is normal, 19 yields most).
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Starts a thread of low priority; false if the system has no room for another.
pub(crate) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> bool {
    let body = move || {
        lower_priority();
        body();
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(body).is_ok()
}

/// On Linux niceness belongs to the thread, elsewhere to the whole process, which must keep its own.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        // A refusal is harmless: these threads then compete with the others.
        _ = rustix::process::nice(NICENESS);
    }
}
