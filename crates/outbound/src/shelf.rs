//! What is kept of fetched documents and of failures to fetch them, and whether it is time to ask
//! again. Bounded in number and bytes; the least recently used goes first.
//!
//! Pure state with the time passed in: fetching, and waiting for somebody else's fetch, is
//! `documents`'.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;

use crate::policy::DocumentPolicy;
use crate::{Document, OutboundError};

/// What a caller needs.
#[derive(Clone, Copy)]
pub(crate) enum Want {
    /// Any document that is not too old.
    Usable,
    /// One received after this moment: an older one did not have what was looked for.
    NewerThan(Instant),
}

/// What to do.
pub(crate) enum Look {
    Have(Arc<Document>),
    Failed(OutboundError),
    /// Take the lane, look again, and fetch if it still says so.
    Fetch(Arc<Mutex<()>>),
}

/// All documents.
pub(crate) struct Shelf {
    policy: DocumentPolicy,
    slots: HashMap<String, Slot>,
    bytes: usize,
    tick: u64,
}

#[derive(Default)]
struct Slot {
    lane: Arc<Mutex<()>>,
    good: Option<Arc<Document>>,
    failed: Option<(OutboundError, Instant)>,
    /// The last forced refresh, or the fetch that stood in for one.
    forced: Option<Instant>,
    used: u64,
}

impl Shelf {
    pub(crate) fn new(policy: DocumentPolicy) -> Self {
        Self { policy, slots: HashMap::new(), bytes: 0, tick: 0 }
    }

    pub(crate) fn look(&mut self, key: &str, want: Want, now: Instant) -> Look {
        let policy = self.policy;
        let slot = self.slot(key);
        if let (Want::NewerThan(moment), Some(good)) = (want, &slot.good) {
            if good.received >= moment {
                // The caller's own fetch brought it: nothing newer can be had, and that was the
                // refresh of this period. Ten thousand invented key ids cost one fetch.
                slot.forced = slot.forced.max(Some(good.received));
                return Look::Have(good.clone());
            }
            let recent = |last: Instant| now.saturating_duration_since(last) < policy.refresh;
            if !slot.forced.is_some_and(recent) && slot.failure(&policy, now).is_none() {
                return Look::Fetch(slot.lane.clone());
            }
        }
        match (slot.usable(&policy, now), slot.failure(&policy, now)) {
            (Some(good), _) if now < good.fresh_until => Look::Have(good),
            (Some(good), Some(_)) => Look::Have(good),
            (None, Some(error)) => Look::Failed(error),
            (_, None) => Look::Fetch(slot.lane.clone()),
        }
    }

    /// A fetch begins.
    pub(crate) fn begin(&mut self, key: &str, want: Want, now: Instant) {
        if let Want::NewerThan(_) = want {
            self.slot(key).forced = Some(now);
        }
    }

    /// A fetch brought the document.
    pub(crate) fn keep(&mut self, key: &str, document: Arc<Document>) {
        let slot = self.slot(key);
        let before = slot.good.replace(document.clone()).map_or(0, |old| old.body.len());
        slot.failed = None;
        self.bytes = self.bytes.saturating_sub(before) + document.body.len();
        while self.bytes > self.policy.bytes && self.slots.len() > 1 {
            self.forget_oldest(key);
        }
    }

    /// A fetch failed: the last good document, or the failure.
    pub(crate) fn fail(
        &mut self,
        key: &str,
        error: OutboundError,
        now: Instant,
    ) -> Result<Arc<Document>, OutboundError> {
        let policy = self.policy;
        let slot = self.slot(key);
        // The circuit remembers on its own; remembering that it was open would prolong it.
        if !matches!(error, OutboundError::CircuitOpen { .. }) {
            slot.failed = Some((error.clone(), now));
        }
        slot.usable(&policy, now).ok_or(error)
    }

    fn slot(&mut self, key: &str) -> &mut Slot {
        self.tick += 1;
        if !self.slots.contains_key(key) {
            while self.slots.len() >= self.policy.count.max(1) {
                self.forget_oldest(key);
            }
        }
        let slot = self.slots.entry(key.to_owned()).or_default();
        slot.used = self.tick;
        slot
    }

    fn forget_oldest(&mut self, but: &str) {
        let others = self.slots.iter().filter(|(key, _)| *key != but);
        let oldest = others.min_by_key(|(_, slot)| slot.used).map(|(key, _)| key.clone());
        if let Some(slot) = oldest.and_then(|key| self.slots.remove(&key)) {
            self.bytes = self.bytes.saturating_sub(slot.good.map_or(0, |good| good.body.len()));
        }
    }
}

impl Slot {
    fn usable(&self, policy: &DocumentPolicy, now: Instant) -> Option<Arc<Document>> {
        let good = self.good.as_ref()?;
        let over = now.saturating_duration_since(good.fresh_until);
        (over < policy.stale).then(|| good.clone())
    }

    fn failure(&self, policy: &DocumentPolicy, now: Instant) -> Option<OutboundError> {
        let (error, at) = self.failed.as_ref()?;
        (now.saturating_duration_since(*at) < policy.failure).then(|| error.clone())
    }
}

#[cfg(test)]
#[path = "tests/shelf.rs"]
mod tests;
