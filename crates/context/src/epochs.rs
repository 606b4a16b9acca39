//! Epochs of tenants: a number that goes up with every change, by which a load or an entry that is
//! of before a change is told. Tenants share a fixed number of them: a false alarm costs one load.
//! Beside them, when the feed was read last. Neither needs a lock.
//!
//! Which changes count, and what is dropped with them, is `snapshots`'s.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::TenantId;

const EPOCHS: usize = 256;

/// Numbers of the sets of caches in this process, which tests have many of.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// The epochs of one set of caches.
pub(crate) struct Epochs {
    number: u64,
    counts: Vec<AtomicU64>,
}

/// Under which state of which caches an entry was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    caches: u64,
    shard: usize,
    epoch: u64,
}

impl Default for Epochs {
    fn default() -> Self {
        let counts = (0..EPOCHS).map(|_| AtomicU64::new(0)).collect();
        Epochs { number: NUMBERS.fetch_add(1, Ordering::Relaxed), counts }
    }
}

impl Epochs {
    /// The epoch of a tenant now.
    pub(crate) fn of(&self, tenant: &TenantId) -> u64 {
        self.counts[shard(tenant)].load(Ordering::SeqCst)
    }

    /// Ends the epoch of a tenant.
    pub(crate) fn raise(&self, tenant: &TenantId) {
        self.counts[shard(tenant)].fetch_add(1, Ordering::SeqCst);
    }

    /// Ends every epoch.
    pub(crate) fn raise_all(&self) {
        for count in &self.counts {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// The mark of what is read of a tenant from now on.
    pub(crate) fn mark(&self, tenant: &TenantId) -> Mark {
        Mark { caches: self.number, shard: shard(tenant), epoch: self.of(tenant) }
    }

    /// Whether nothing changed since an entry with this mark was read.
    pub(crate) fn stands(&self, mark: Mark) -> bool {
        let now = self.counts.get(mark.shard).map(|count| count.load(Ordering::SeqCst));
        mark.caches == self.number && now == Some(mark.epoch)
    }
}

/// When the feed was read up to its head.
pub(crate) struct Polled {
    start: Instant,
    /// Nanoseconds from `start`, and one; zero before the first reading.
    at: AtomicU64,
}

impl Default for Polled {
    fn default() -> Self {
        Polled { start: Instant::now(), at: AtomicU64::new(0) }
    }
}

impl Polled {
    /// Notes a reading.
    pub(crate) fn note(&self, at: Instant) {
        let since = nanoseconds(at.saturating_duration_since(self.start));
        self.at.store(since.saturating_add(1), Ordering::Release);
    }

    /// Whether the last reading is younger than this.
    pub(crate) fn is_within(&self, time: Duration) -> bool {
        let at = self.at.load(Ordering::Acquire);
        at != 0 && nanoseconds(self.start.elapsed()).saturating_sub(at) < nanoseconds(time)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn shard(tenant: &TenantId) -> usize {
    usize::try_from(fnv(tenant.as_str().as_bytes()) % EPOCHS as u64).unwrap_or(0)
}

/// The hash of Fowler, Noll and Vo, 64 bits.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_counts_before_the_first_reading() {
        let polled = Polled::default();
        assert!(!polled.is_within(Duration::MAX));
        polled.note(Instant::now());
        assert!(polled.is_within(Duration::from_secs(60)) && !polled.is_within(Duration::ZERO));
    }

    #[test]
    fn a_mark_stands_until_its_tenant_changes_and_only_in_its_own_caches() {
        let (epochs, others) = (Epochs::default(), Epochs::default());
        let tenant = TenantId::system();
        let mark = epochs.mark(&tenant);
        assert!(epochs.stands(mark) && !others.stands(mark));
        epochs.raise(&tenant);
        assert!(!epochs.stands(mark));
        let mark = epochs.mark(&tenant);
        epochs.raise_all();
        assert!(!epochs.stands(mark));
    }
}
