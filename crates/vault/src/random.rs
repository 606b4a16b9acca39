//! Randomness as a value, so that a run can be repeated.
//!
//! Production passes [`SystemRandom`]; tests pass [`SeededRandom`], which gives the same bytes for
//! the same seed and order of calls. Who draws what, and how it is spelled, is left to the callers.

use std::cell::Cell;
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

/// Bytes that differ from call to call and from process to process, for names of requests: they
/// are shown to everybody and prove nothing. Never for keys, tokens or codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameRandom;

impl Random for NameRandom {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let block = NAMES.with(|state| {
                let next = state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
                state.set(next);
                mixed(next)
            });
            chunk.copy_from_slice(&block.to_be_bytes()[..chunk.len()]);
        }
    }
}

thread_local! {
    static NAMES: Cell<u64> = Cell::new({
        let mut seed = [0u8; 8];
        SystemRandom.fill(&mut seed);
        u64::from_be_bytes(seed)
    });
}

/// The finisher of SplitMix64 (Steele, Lea, Flood 2014): a bijection, so a thread's blocks differ.
fn mixed(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
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
