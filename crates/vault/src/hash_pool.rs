//! The threads on which passwords are hashed, and the queue before them.
//!
//! Owns how much hashing a node does at once: a few threads of low priority with memory of their
//! own, a bounded queue in which tenants take turns, and a deadline. Callers await a ticket and hold
//! neither a thread nor a connection meanwhile. What a ticket means for a sign-in is left to them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use parking_lot::{Condvar, Mutex};

use crate::fair_queue::{FairQueue, Refused};
use crate::passwords::{self, MAX_PASSWORD, Memory};
use crate::secrets::SecretString;
use crate::slots::{Slot, Slots};
use crate::threads;

/// Longest wait in the queue.
const PATIENCE: Duration = Duration::from_secs(2);

/// The queue is full, the deadline has passed or the pool has ended: answer 503 with Retry-After.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Busy;

/// The outcome of one hash. It cannot be copied, as one piece of work allows one decision.
pub enum HashTicket {
    /// Of a verification.
    Verified {
        /// Whether the password is the right one.
        ok: bool,
        /// A new PHC string to store, if the password is right and the old one is weaker than ours.
        upgraded: Option<String>,
    },
    /// Of a new password: the PHC string to store.
    Hashed(String),
    /// A new password longer than [`MAX_PASSWORD`] bytes; nothing was hashed.
    TooLong,
}

impl std::fmt::Debug for HashTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashTicket")
    }
}

/// Counters since the start of the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashStats {
    /// Jobs answered with a ticket by a thread.
    pub done: u64,
    /// Jobs waiting at this moment.
    pub queued: usize,
    /// Jobs answered with [`Busy`].
    pub busy: u64,
}

type Answer = Result<HashTicket, Busy>;

enum Work {
    Verify(Option<String>),
    Hash,
}

struct Job {
    work: Work,
    password: SecretString,
    deadline: Instant,
    reply: Reply,
}

enum Reply {
    Future(oneshot::Sender<Answer>),
    Thread(crossbeam_channel::Sender<Answer>),
}

/// The pool of one node. Cheap to clone; its threads end with the last clone.
#[derive(Clone)]
pub struct HashPool {
    owner: Arc<Owner>,
    slots: Slots,
}

/// Ends the threads when the last handle is gone; they themselves hold only what is shared.
struct Owner(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
    done: AtomicU64,
    busy: AtomicU64,
}

struct Queue {
    jobs: FairQueue<Job>,
    is_open: bool,
}

impl HashPool {
    /// Starts `threads` threads (as many as there are cores) before a queue of `queue` places. Each
    /// thread takes 19 MiB with its first hash and keeps it.
    #[must_use]
    pub fn start(threads: usize, queue: usize) -> Self {
        let pool = Self::without_threads(queue);
        let started = (0..threads.max(1)).filter(|number| {
            let shared = pool.owner.0.clone();
            threads::spawn(&format!("hash-{number}"), move || shared.work())
        });
        if started.count() == 0 {
            // Better an honest 503 than a queue that nobody serves.
            pool.owner.0.close();
        }
        pool
    }

    pub(crate) fn without_threads(queue: usize) -> Self {
        let queue = Queue { jobs: FairQueue::new(queue), is_open: true };
        let shared = Shared {
            queue: Mutex::new(queue),
            arrived: Condvar::new(),
            done: AtomicU64::new(0),
            busy: AtomicU64::new(0),
        };
        Self { owner: Arc::new(Owner(Arc::new(shared))), slots: Slots::default() }
    }

    /// Checks a password against a PHC string. With `None` (no such user, no password set) the same
    /// work is done and the answer is no. A password over [`MAX_PASSWORD`] bytes is wrong at once.
    ///
    /// # Errors
    /// [`Busy`] if the queue is full or the job waited for two seconds.
    pub async fn verify(
        &self,
        tenant: &str,
        password: SecretString,
        phc: Option<String>,
    ) -> Result<HashTicket, Busy> {
        if password.expose().len() > MAX_PASSWORD {
            return Ok(HashTicket::Verified { ok: false, upgraded: None });
        }
        self.ask(tenant, Work::Verify(phc), password).await
    }

    /// Hashes a new password with a fresh salt.
    ///
    /// # Errors
    /// [`Busy`] as for [`HashPool::verify`].
    pub async fn hash(&self, tenant: &str, password: SecretString) -> Result<HashTicket, Busy> {
        if password.expose().len() > MAX_PASSWORD {
            return Ok(HashTicket::TooLong);
        }
        self.ask(tenant, Work::Hash, password).await
    }

    /// As [`HashPool::verify`], for callers that own their thread: it blocks.
    ///
    /// # Errors
    /// As [`HashPool::verify`].
    pub fn verify_blocking(
        &self,
        tenant: &str,
        password: SecretString,
        phc: Option<String>,
    ) -> Result<HashTicket, Busy> {
        if password.expose().len() > MAX_PASSWORD {
            return Ok(HashTicket::Verified { ok: false, upgraded: None });
        }
        self.ask_blocking(tenant, Work::Verify(phc), password)
    }

    /// As [`HashPool::hash`], for callers that own their thread: it blocks.
    ///
    /// # Errors
    /// As [`HashPool::hash`].
    pub fn hash_blocking(&self, tenant: &str, password: SecretString) -> Result<HashTicket, Busy> {
        if password.expose().len() > MAX_PASSWORD {
            return Ok(HashTicket::TooLong);
        }
        self.ask_blocking(tenant, Work::Hash, password)
    }

    /// The right to be the only one on this node at work under `key`, such as the hash of a login
    /// name. Others wait in the order of arrival. Needs a tokio runtime with time.
    ///
    /// # Errors
    /// [`Busy`] after five seconds, or if thousands hold or await slots.
    pub async fn slot(&self, key: [u8; 32]) -> Result<Slot, Busy> {
        self.slots.take(key).await
    }

    /// What the pool did and has before it.
    #[must_use]
    pub fn stats(&self) -> HashStats {
        let shared = &self.owner.0;
        HashStats {
            done: shared.done.load(Ordering::Relaxed),
            queued: shared.queue.lock().jobs.len(),
            busy: shared.busy.load(Ordering::Relaxed),
        }
    }

    async fn ask(&self, tenant: &str, work: Work, password: SecretString) -> Answer {
        let (sender, receiver) = oneshot::channel();
        self.owner.0.push(tenant, Job::new(work, password, Reply::Future(sender)));
        receiver.await.unwrap_or(Err(Busy))
    }

    fn ask_blocking(&self, tenant: &str, work: Work, password: SecretString) -> Answer {
        let (sender, receiver) = crossbeam_channel::bounded(1);
        self.owner.0.push(tenant, Job::new(work, password, Reply::Thread(sender)));
        receiver.recv().unwrap_or(Err(Busy))
    }

    #[cfg(test)]
    pub(crate) fn keys_in_slots(&self) -> usize {
        self.slots.len()
    }
}

impl std::fmt::Debug for HashPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HashPool({:?})", self.stats())
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Shared {
    fn push(&self, tenant: &str, job: Job) {
        let refused = {
            let mut queue = self.queue.lock();
            if queue.is_open { queue.jobs.push(tenant, job) } else { Some(Refused(job)) }
        };
        self.arrived.notify_one();
        if let Some(Refused(job)) = refused {
            self.refuse(job);
        }
    }

    fn refuse(&self, job: Job) {
        self.busy.fetch_add(1, Ordering::Relaxed);
        job.reply.send(Err(Busy));
    }

    fn close(&self) {
        self.queue.lock().is_open = false;
        self.arrived.notify_all();
    }

    /// The life of a thread: job after job until the pool is closed and the queue empty.
    fn work(&self) {
        let mut memory = Memory::default();
        while let Some(job) = self.next() {
            if job.reply.is_abandoned() {
                continue;
            }
            if Instant::now() >= job.deadline {
                self.refuse(job);
                continue;
            }
            let Job { work, password, reply, .. } = job;
            // Argon2 does not panic; if it ever did, one request fails and the thread lives on.
            let run = std::panic::AssertUnwindSafe(|| work.run(&password, &mut memory));
            let answer = std::panic::catch_unwind(run).unwrap_or(Err(Busy));
            self.done.fetch_add(1, Ordering::Relaxed);
            reply.send(answer);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.jobs.pop() {
                return Some(job);
            }
            if !queue.is_open {
                return None;
            }
            self.arrived.wait(&mut queue);
        }
    }
}

impl Work {
    fn run(self, password: &SecretString, memory: &mut Memory) -> Answer {
        match self {
            Self::Verify(phc) => {
                let (ok, upgraded) = passwords::verify(password.expose(), phc.as_deref(), memory);
                Ok(HashTicket::Verified { ok, upgraded })
            }
            Self::Hash => {
                passwords::hash(password.expose(), memory).map(HashTicket::Hashed).ok_or(Busy)
            }
        }
    }
}

impl Job {
    fn new(work: Work, password: SecretString, reply: Reply) -> Self {
        Self { work, password, deadline: Instant::now() + PATIENCE, reply }
    }
}

impl Reply {
    /// Nobody waits any more: the request was cancelled.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Future(sender) => sender.is_canceled(),
            Self::Thread(_) => false,
        }
    }

    fn send(self, answer: Answer) {
        // An error means that the one who asked is gone; the answer is then of no use.
        match self {
            Self::Future(sender) => drop(sender.send(answer)),
            Self::Thread(sender) => drop(sender.send(answer)),
        }
    }
}
