//! Looking up the TXT records of tenants' hosts: those that wait for their proof every few minutes,
//! proven ones once a day, one at once when somebody asks. One node at a time does it. What a
//! record means is `directory`'s.

use std::path::PathBuf;
use std::time::Duration;

use context::Ctx;
use crossbeam_channel::{Receiver, Sender, bounded};
use directory::domains::RECORD;
use hickory_resolver::TokioResolver;
use store::Error;
use store::domains::DomainRow;

use crate::fail::Fail;

const TICK: Duration = Duration::from_millis(700);
/// One look-up, all its attempts together.
const LIMIT: Duration = Duration::from_secs(8);
const JOB: &str = "domains";
const LEASE_S: i64 = 60;
/// Look-ups in one round.
const BATCH: i64 = 8;
/// Texts of one record that are looked at.
const TEXTS: usize = 50;

/// Where texts come from.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Development builds only: a file with lines of a record's name and its text, instead of DNS.
    pub file: Option<PathBuf>,
}

/// The thread that looks up; it ends when this is dropped.
pub struct Checker {
    stop: Option<Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Checker {
    /// Starts looking up.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn start(ctx: Ctx, source: Source) -> Result<Checker, Fail> {
        let (stop, stopped) = bounded::<()>(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new()
            .name("domains".into())
            .spawn(move || run(&ctx, &runtime, &source, &stopped))?;
        Ok(Checker { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(ctx: &Ctx, runtime: &tokio::runtime::Runtime, source: &Source, stopped: &Receiver<()>) {
    while stopped.recv_timeout(TICK).is_err_and(|e| e.is_timeout()) {
        if let Err(error) = round(ctx, runtime, source) {
            tracing::warn!(%error, "hosts could not be looked up; it is tried again");
        }
    }
}

fn round(ctx: &Ctx, runtime: &tokio::runtime::Runtime, source: &Source) -> Result<(), Error> {
    let now = ctx.now();
    if ctx.db.system_read(|tx| tx.list_domains_due(now, 1))?.is_empty() {
        return Ok(());
    }
    let node = ctx.settings.node.as_str();
    let until = now.plus_seconds(LEASE_S);
    if !ctx.db.system_write(|tx| tx.lease_job(JOB, node, now, until))? {
        return Ok(());
    }
    let mut last = String::new();
    for row in ctx.db.system_read(|tx| tx.list_domains_due(now, BATCH))? {
        if let Err(error) = check(ctx, runtime, source, &row) {
            last = error.to_string();
        }
    }
    ctx.db.system_write(|tx| tx.finish_job(JOB, node, ctx.now(), ctx.now(), &last))
}

fn check(
    ctx: &Ctx,
    runtime: &tokio::runtime::Runtime,
    source: &Source,
    row: &DomainRow,
) -> Result<(), directory::Error> {
    let texts = runtime.block_on(texts(source, &row.host));
    match directory::domains::found(ctx, row, &texts) {
        // Removed meanwhile.
        Err(directory::Error::NotFound(_)) => Ok(()),
        other => other.map(drop),
    }
}

/// Looks one host up at once, for a command.
///
/// # Errors
/// When no runtime can be had; what DNS says is the inner result.
pub fn look_up(source: &Source, host: &str) -> Result<Result<Vec<String>, String>, Fail> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(texts(source, host)))
}

async fn texts(source: &Source, host: &str) -> Result<Vec<String>, String> {
    let name = format!("{RECORD}.{host}");
    if let Some(file) = &source.file {
        return from_file(file, &name);
    }
    match tokio::time::timeout(LIMIT, ask(&name)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("DNS did not answer within {} seconds", LIMIT.as_secs())),
    }
}

async fn ask(name: &str) -> Result<Vec<String>, String> {
    let builder = TokioResolver::builder_tokio().map_err(|e| format!("DNS: {e}"))?;
    // A final dot: the search list of this machine has no say in whose name it is.
    match builder.build().txt_lookup(format!("{name}.")).await {
        Ok(found) => Ok(found.iter().take(TEXTS).map(ToString::to_string).collect()),
        Err(error) if error.is_no_records_found() => Ok(Vec::new()),
        Err(error) => Err(format!("DNS: {error}")),
    }
}

fn from_file(file: &std::path::Path, name: &str) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let of_name = |line: &str| {
        let (record, text) = line.split_once(char::is_whitespace)?;
        (record == name).then(|| text.trim().to_owned())
    };
    Ok(text.lines().filter_map(of_name).collect())
}
