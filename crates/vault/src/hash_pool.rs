//! The pool on whose threads passwords are hashed, as its callers see it.
//!
//! Owns how much hashing a node does at once: a few threads of low priority with memory of their
//! own, a bounded queue in which tenants take turns, and a deadline. Callers await a ticket and hold
//! neither a thread nor a connection meanwhile. What a ticket means for a sign-in is left to them;
//! the threads' side is in `hash_work`.

use std::sync::Arc;

use futures_channel::oneshot;

use crate::hash_work::{Job, Reply, Shared, Work};
use crate::secrets::SecretString;
use crate::slots::{Slot, Slots};
use crate::threads;

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
    /// A new password longer than [`crate::passwords::MAX_PASSWORD`] bytes; nothing was hashed.
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
    /// Jobs that a thread has worked on.
    pub done: u64,
    /// Jobs waiting at this moment.
    pub queued: usize,
    /// Jobs answered with [`Busy`].
    pub busy: u64,
}

pub(crate) type Answer = Result<HashTicket, Busy>;

/// The pool of one node. Cheap to clone; its threads end with the last clone.
#[derive(Clone)]
pub struct HashPool {
    owner: Arc<Owner>,
    slots: Slots,
}

/// Ends the threads when the last handle is gone; they themselves hold only what is shared.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl HashPool {
    /// Starts `threads` threads (as many as there are cores) before a queue of `queue` places. Each
    /// thread takes 19 MiB with its first hash and keeps it.
    #[must_use]
    pub fn start(threads: usize, queue: usize) -> Self {
        let shared = Arc::new(Shared::new(queue));
        let mut started = 0;
        for number in 0..threads.max(1) {
            let shared = shared.clone();
            if threads::spawn(&format!("hash-{number}"), move || shared.work()) {
                started += 1;
            }
        }
        if started == 0 {
            // Better an honest 503 than a queue that nobody serves.
            shared.close();
        }
        Self { owner: Arc::new(Owner(shared)), slots: Slots::default() }
    }

    /// Checks a password against a PHC string. With `None` (no such user, no password set) the same
    /// work is done and the answer is no. A password over [`crate::passwords::MAX_PASSWORD`] bytes
    /// is wrong at once.
    ///
    /// # Errors
    /// [`Busy`] if the queue is full or the job waited for two seconds.
    pub async fn verify(
        &self,
        tenant: &str,
        password: SecretString,
        phc: Option<String>,
    ) -> Result<HashTicket, Busy> {
        self.ask(tenant, Work::Verify(phc), password).await
    }

    /// Hashes a new password with a fresh salt.
    ///
    /// # Errors
    /// [`Busy`] as for [`HashPool::verify`].
    pub async fn hash(&self, tenant: &str, password: SecretString) -> Result<HashTicket, Busy> {
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
        self.ask_blocking(tenant, Work::Verify(phc), password)
    }

    /// As [`HashPool::hash`], for callers that own their thread: it blocks.
    ///
    /// # Errors
    /// As [`HashPool::hash`].
    pub fn hash_blocking(&self, tenant: &str, password: SecretString) -> Result<HashTicket, Busy> {
        self.ask_blocking(tenant, Work::Hash, password)
    }

    /// The right to be the only one on this node at work under `key`, such as the hash of a login
    /// name. Others wait in the order of arrival. Needs a tokio runtime with time.
    ///
    /// # Errors
    /// [`Busy`] after five seconds, or at once if 256 await this slot or 16384 any slot.
    pub async fn slot(&self, key: [u8; 32]) -> Result<Slot, Busy> {
        self.slots.take(key).await
    }

    /// What the pool did and has before it.
    #[must_use]
    pub fn stats(&self) -> HashStats {
        self.owner.0.stats()
    }

    #[cfg(test)]
    pub(crate) fn shared(&self) -> std::sync::Weak<Shared> {
        Arc::downgrade(&self.owner.0)
    }

    async fn ask(&self, tenant: &str, work: Work, password: SecretString) -> Answer {
        if let Some(ticket) = work.without_hashing(&password) {
            return Ok(ticket);
        }
        let (sender, receiver) = oneshot::channel();
        self.owner.0.push(tenant, Job::new(work, password, Reply::Future(sender)));
        receiver.await.unwrap_or(Err(Busy))
    }

    fn ask_blocking(&self, tenant: &str, work: Work, password: SecretString) -> Answer {
        if let Some(ticket) = work.without_hashing(&password) {
            return Ok(ticket);
        }
        let (sender, receiver) = crossbeam_channel::bounded(1);
        self.owner.0.push(tenant, Job::new(work, password, Reply::Thread(sender)));
        receiver.recv().unwrap_or(Err(Busy))
    }
}

impl std::fmt::Debug for HashPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HashPool({:?})", self.stats())
    }
}
