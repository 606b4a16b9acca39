//! Randomness as a value, so that a run can be repeated.
//!
//! Production passes [`SystemRandom`]; tests pass [`SeededRandom`], which gives the same bytes for
//! the same seed and order of calls. Who draws what, and how it is spelled, is left to the callers.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

/// A source of uniformly distributed bytes.
pub trait Random: Send + Sync {
    /// Fills `out` completely.
    fn fill(&self, out: &mut [u8]);
}

/// The operating system's generator as kept by aws-lc (a per-thread, reseeded CTR-DRBG).
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, out: &mut [u8]) {
        if aws_lc_rs::rand::fill(out).is_err() {
            // Going on would hand out predictable keys; there is no request worth that.
            eprintln!("tessera: the system's random generator failed; stopping");
            std::process::abort();
        }
    }
}

/// Repeatable bytes for tests: SHA-256 over seed and a counter. Never for production.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    counter: AtomicU64,
}

impl SeededRandom {
    /// Starts the sequence that belongs to `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: AtomicU64::new(0) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let count = self.counter.fetch_add(1, Ordering::Relaxed);
            let mut block = [0u8; 16];
            block[..8].copy_from_slice(&self.seed.to_be_bytes());
            block[8..].copy_from_slice(&count.to_be_bytes());
            chunk.copy_from_slice(&digest(&SHA256, &block).as_ref()[..chunk.len()]);
        }
    }
}

/// `N` fresh bytes that are wiped when dropped.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0u8; N]);
    random.fill(out.as_mut());
    out
}
