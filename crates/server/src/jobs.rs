//! Timers of a node: following the master key file, and jobs that one node at a time holds a lease
//! for. A node that dies loses its lease; another takes over.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use context::Ctx;
use crossbeam_channel::{Receiver, Sender, bounded};
use store::feed::Pruner;
use store::nodes::NodeRow;
use store::{SystemTx, Timestamp};

use crate::fail::Fail;
use crate::masters::{self, Source};

const TICK: Duration = Duration::from_secs(1);
const SWEEP: &str = "sweep";
const SWEEP_EVERY_S: i64 = 60;
const LEASE_S: i64 = 30;
/// Steps of batches in one tick.
const STEPS: usize = 20;
/// Rows in one write.
const CHUNK: i64 = 400;
/// Writes of each kind in one run.
const ROUNDS: usize = 40;
/// What has expired is kept this long, so that a refusal can still say why.
const KEEP_S: i64 = 86_400;
const TRACES_S: i64 = 30 * 86_400;
/// Counts of days are kept this many days.
const DAYS_KEPT: i64 = 400;

/// The thread of the timers; it ends when this is dropped.
pub struct Jobs {
    stop: Option<Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Jobs {
    /// Starts the timers.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn start(ctx: Ctx, source: Source) -> Result<Jobs, Fail> {
        let (stop, stopped) = bounded::<()>(0);
        let thread = std::thread::Builder::new()
            .name("jobs".into())
            .spawn(move || run(&ctx, &source, &stopped))?;
        Ok(Jobs { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(ctx: &Ctx, source: &Source, stopped: &Receiver<()>) {
    let holder: Arc<str> = ctx.settings.node.as_str().into();
    let mut seen = modified(source);
    let mut ticks = 0u64;
    let mut pruner = Pruner::default();
    let started = ctx.now();
    beat(ctx, started);
    while stopped.recv_timeout(TICK).is_err_and(|e| e.is_timeout()) {
        let now = modified(source);
        if now != seen {
            seen = now;
            reload(ctx, source);
        }
        batches(ctx, &holder);
        ticks += 1;
        if ticks.is_multiple_of(10) {
            beat(ctx, started);
        }
        if ticks.is_multiple_of(10)
            && let Err(error) = sweep(ctx, &holder, &mut pruner)
        {
            tracing::warn!(%error, "the sweep failed; it is tried again");
        }
    }
    if let Err(error) = ctx.db.system_write(|tx| tx.delete_node(&holder)) {
        tracing::warn!(%error, "this node could not say that it goes");
    }
}

/// Says that this node is there, and forgets those that have not for a day.
fn beat(ctx: &Ctx, started: Timestamp) {
    let now = ctx.now();
    let node = NodeRow {
        name: ctx.settings.node.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        started_at: started,
        seen_at: now,
    };
    let told = ctx.db.system_write(|tx| {
        tx.put_node(&node)?;
        tx.delete_nodes(now.plus_seconds(-KEEP_S))
    });
    if let Err(error) = told {
        tracing::warn!(%error, "this node could not say that it is there");
    }
}

fn modified(source: &Source) -> Option<SystemTime> {
    match source {
        Source::File(path) => std::fs::metadata(path).and_then(|m| m.modified()).ok(),
        Source::Text(_) => None,
    }
}

/// Works on what many users wait for, for at most so many steps: the other timers wait meanwhile.
fn batches(ctx: &Ctx, holder: &str) {
    for _ in 0..STEPS {
        match directory::batches::work(ctx, holder) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "a step of a job failed; it is tried again");
                return;
            }
        }
    }
}

/// A bad file keeps the masters that stand, and says why.
fn reload(ctx: &Ctx, source: &Source) {
    match masters::read(source) {
        Ok(masters) => {
            tracing::info!(kids = ?masters.kids(), "master keys read again");
            ctx.vault.reload(masters);
        }
        Err(error) => {
            tracing::error!(%error, "the master key file changed and cannot be used; the keys read before stay")
        }
    }
}

fn sweep(ctx: &Ctx, holder: &str, pruner: &mut Pruner) -> Result<(), store::Error> {
    let now = ctx.now();
    pruner.run(&ctx.db, now)?;
    let mine =
        ctx.db.system_write(|tx| tx.lease_job(SWEEP, holder, now, now.plus_seconds(LEASE_S)))?;
    if !mine {
        return Ok(());
    }
    let steps: &[Step] = &[
        |tx, now| tx.sweep(now, now.plus_seconds(-KEEP_S), CHUNK),
        |tx, now| tx.sweep_records(now.plus_seconds(-KEEP_S), now.plus_seconds(-TRACES_S), CHUNK),
        |tx, now| tx.sweep_daily(now.seconds().div_euclid(86_400) - DAYS_KEPT, CHUNK),
        |tx, now| tx.sweep_connection_tests(now, CHUNK),
        |tx, now| tx.sweep_orphans(now, CHUNK),
        |tx, now| tx.sweep_batches(now, CHUNK),
        |tx, now| tx.sweep_assets(now, CHUNK / 4),
    ];
    let (mut done, mut error) = (true, String::new());
    for step in steps {
        match drain(ctx, now, *step) {
            Ok(all) => done &= all,
            Err(e) => error = e.to_string(),
        }
    }
    // What is left over does not wait for the next round.
    let due = if done { now.plus_seconds(SWEEP_EVERY_S) } else { now };
    ctx.db.system_write(|tx| tx.finish_job(SWEEP, holder, now, due, &error))
}

/// One small write of the sweep; answers how much it did.
type Step = fn(&mut SystemTx, Timestamp) -> Result<usize, store::Error>;

/// Repeats a step until nothing is left, at most [`ROUNDS`] times; whether nothing is left.
fn drain(ctx: &Ctx, now: Timestamp, step: Step) -> Result<bool, store::Error> {
    for _ in 0..ROUNDS {
        if ctx.db.system_write(|tx| step(tx, now))? == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
