//! The threads' side of the password pool: the queue, the deadline and the work itself.
//!
//! A job that nobody awaits any more is dropped unseen, one that waited too long is refused, and
//! everything else is hashed in memory that the thread keeps. Argon2 itself is in
//! [`crate::passwords`], whose turn it is in `fair_queue`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use parking_lot::{Condvar, Mutex};

use crate::fair_queue::{FairQueue, Refused};
use crate::hash_pool::{Answer, Busy, HashStats, HashTicket};
use crate::passwords::{self, MAX_PASSWORD, Memory};
use crate::secrets::SecretString;

/// Longest wait in the queue.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) enum Work {
    Verify(Option<String>),
    Hash,
}

pub(crate) struct Job {
    work: Work,
    password: SecretString,
    pub(crate) deadline: Instant,
    reply: Reply,
}

pub(crate) enum Reply {
    Future(oneshot::Sender<Answer>),
    Thread(crossbeam_channel::Sender<Answer>),
}

/// What the handles and the threads of a pool have in common.
pub(crate) struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
    done: AtomicU64,
    busy: AtomicU64,
}

struct Queue {
    jobs: FairQueue<Job>,
    is_open: bool,
}

impl Shared {
    pub(crate) fn new(places: usize) -> Self {
        Self {
            queue: Mutex::new(Queue { jobs: FairQueue::new(places), is_open: true }),
            arrived: Condvar::new(),
            done: AtomicU64::new(0),
            busy: AtomicU64::new(0),
        }
    }

    pub(crate) fn push(&self, tenant: &str, job: Job) {
        let refused = {
            let mut queue = self.queue.lock();
            if queue.is_open { queue.jobs.push(tenant, job) } else { Some(Refused(job)) }
        };
        self.arrived.notify_one();
        if let Some(Refused(job)) = refused {
            self.refuse(job);
        }
    }

    /// Takes no more jobs. Those in the queue are still worked on.
    pub(crate) fn close(&self) {
        self.queue.lock().is_open = false;
        self.arrived.notify_all();
    }

    pub(crate) fn stats(&self) -> HashStats {
        HashStats {
            done: self.done.load(Ordering::Relaxed),
            queued: self.queue.lock().jobs.len(),
            busy: self.busy.load(Ordering::Relaxed),
        }
    }

    /// The life of a thread: job after job until the pool is closed and the queue empty.
    pub(crate) fn work(&self) {
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

    fn refuse(&self, job: Job) {
        self.busy.fetch_add(1, Ordering::Relaxed);
        job.reply.send(Err(Busy));
    }
}

impl Work {
    /// The answer for a password that is too long to be looked at.
    pub(crate) fn without_hashing(&self, password: &SecretString) -> Option<HashTicket> {
        match self {
            _ if password.expose().len() <= MAX_PASSWORD => None,
            Self::Verify(_) => Some(HashTicket::Verified { ok: false, upgraded: None }),
            Self::Hash => Some(HashTicket::TooLong),
        }
    }

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
    pub(crate) fn new(work: Work, password: SecretString, reply: Reply) -> Self {
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
