//! Runs the synchronous use cases on the installation's own bounded threads.
//!
//! A handler hands a closure over and awaits its value; it never blocks a worker. The queue is
//! bounded, one tenant may fill only half of it, and a job that waited past its deadline is dropped
//! unrun: both answer `Busy`, which becomes 503 with Retry-After. Password hashing has its own pool
//! in `vault`; nothing here knows what a job does.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use context::Ctx;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use futures_channel::oneshot;
use parking_lot::{Mutex, RwLock};

use crate::State;

/// How long a job may wait for a thread before it is answered `Busy`.
pub const QUEUE_DEADLINE: Duration = Duration::from_millis(900);

/// Every thread is taken and the queue is full, or the job waited past its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all threads are busy")]
pub struct Busy;

type Job = Box<dyn FnOnce() + Send>;

/// What the threads did since start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunnerStats {
    /// Jobs run to their end.
    pub done: u64,
    /// Jobs refused because the queue, or the tenant's half of it, was full.
    pub refused: u64,
    /// Jobs dropped unrun because they waited past the deadline or nobody waited any more.
    pub expired: u64,
    /// Jobs that panicked.
    pub panicked: u64,
    /// Jobs waiting now.
    pub queued: usize,
}

#[derive(Default)]
struct Counters {
    done: AtomicU64,
    refused: AtomicU64,
    expired: AtomicU64,
    panicked: AtomicU64,
}

struct Shared {
    queue: RwLock<Option<Sender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    shares: Mutex<HashMap<String, usize>>,
    share: usize,
    counters: Counters,
}

/// Handle to the threads; clones share them.
#[derive(Clone)]
pub struct Runner {
    shared: Arc<Shared>,
}

impl Runner {
    /// Starts `threads` threads (at least one) behind a queue of `queue` jobs (at least two).
    ///
    /// # Errors
    /// What the operating system says when a thread cannot be started.
    pub fn start(threads: usize, queue: usize) -> std::io::Result<Runner> {
        let queue = queue.max(2);
        let (sender, receiver) = bounded::<Job>(queue);
        let shared = Arc::new(Shared {
            queue: RwLock::new(Some(sender)),
            threads: Mutex::new(Vec::new()),
            shares: Mutex::new(HashMap::new()),
            share: queue.div_ceil(2),
            counters: Counters::default(),
        });
        for number in 0..threads.max(1) {
            let receiver = receiver.clone();
            let name = format!("use-case-{number}");
            let thread = std::thread::Builder::new().name(name).spawn(move || work(&receiver))?;
            shared.threads.lock().push(thread);
        }
        Ok(Runner { shared })
    }

    /// Threads that suit this machine: use cases wait for the group commit of the writing
    /// connection (milliseconds) far longer than they compute, so there are many more than cores.
    pub fn default_threads() -> usize {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        cores * 4 + 16
    }

    /// Counters since start.
    pub fn stats(&self) -> RunnerStats {
        let counters = &self.shared.counters;
        RunnerStats {
            done: counters.done.load(Ordering::Relaxed),
            refused: counters.refused.load(Ordering::Relaxed),
            expired: counters.expired.load(Ordering::Relaxed),
            panicked: counters.panicked.load(Ordering::Relaxed),
            queued: self.shared.queue.read().as_ref().map_or(0, Sender::len),
        }
    }

    /// Takes no further job, finishes the queued ones and joins the threads. Idempotent; blocks.
    pub fn stop(&self) {
        drop(self.shared.queue.write().take());
        let threads = std::mem::take(&mut *self.shared.threads.lock());
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a use-case thread ended by a panic");
            }
        }
    }

    /// Queues `job` in the name of `tenant` and awaits its value.
    ///
    /// A panic of the job unwinds here, so that the request's last-resort handler answers it.
    ///
    /// # Errors
    /// `Busy` when the queue or the tenant's share is full, or after [`QUEUE_DEADLINE`] in it.
    pub async fn run<T: Send + 'static>(
        &self,
        tenant: &str,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let share = Share::take(&self.shared, tenant).ok_or_else(|| self.refuse())?;
        let (answer, mut outcome) = oneshot::channel::<Result<T, Box<dyn Any + Send>>>();
        let shared = Arc::clone(&self.shared);
        let claim = Arc::new(AtomicBool::new(false));
        let taken = Arc::clone(&claim);
        let boxed: Job = Box::new(move || {
            if answer.is_canceled() || taken.swap(true, Ordering::AcqRel) {
                shared.counters.expired.fetch_add(1, Ordering::Relaxed);
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(job));
            let counter = match &result {
                Ok(_) => &shared.counters.done,
                Err(_) => &shared.counters.panicked,
            };
            counter.fetch_add(1, Ordering::Relaxed);
            drop(share);
            // Nobody listens any more when the client went away; the work is done all the same.
            drop(answer.send(result));
        });
        self.send(boxed)?;
        let outcome = match tokio::time::timeout(QUEUE_DEADLINE, &mut outcome).await {
            Ok(outcome) => outcome,
            // Whoever sets the flag first decides: a job that has begun is awaited to its end.
            Err(_) if !claim.swap(true, Ordering::AcqRel) => return Err(Busy),
            Err(_) => outcome.await,
        };
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(oneshot::Canceled) => Err(Busy),
        }
    }

    fn send(&self, job: Job) -> Result<(), Busy> {
        let queue = self.shared.queue.read();
        let sent = match queue.as_ref() {
            Some(sender) => sender.try_send(job),
            None => Err(TrySendError::Disconnected(job)),
        };
        sent.map_err(|_| self.refuse())
    }

    fn refuse(&self) -> Busy {
        self.shared.counters.refused.fetch_add(1, Ordering::Relaxed);
        Busy
    }
}

fn work(receiver: &Receiver<Job>) {
    while let Ok(job) = receiver.recv() {
        job();
    }
}

/// One place in the queue, held by a tenant from queueing to the end of the job.
struct Share {
    shared: Arc<Shared>,
    tenant: String,
}

impl Share {
    fn take(shared: &Arc<Shared>, tenant: &str) -> Option<Share> {
        let mut shares = shared.shares.lock();
        match shares.get_mut(tenant) {
            Some(held) if *held >= shared.share => return None,
            Some(held) => *held += 1,
            None => {
                shares.insert(tenant.to_owned(), 1);
            }
        }
        drop(shares);
        Some(Share { shared: Arc::clone(shared), tenant: tenant.to_owned() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut shares = self.shared.shares.lock();
        if let Some(held) = shares.get_mut(&self.tenant) {
            *held -= 1;
            if *held == 0 {
                shares.remove(&self.tenant);
            }
        }
    }
}

/// Runs a use case on the bounded threads and awaits its value.
///
/// # Errors
/// `Busy`, which a face answers with 503 and Retry-After.
pub async fn run<T: Send + 'static>(
    state: &State,
    tenant: &str,
    f: impl FnOnce(&Ctx) -> T + Send + 'static,
) -> Result<T, Busy> {
    let ctx = state.ctx.clone();
    state.runner.run(tenant, move || f(&ctx)).await
}

#[cfg(test)]
mod tests;
