//! One at a time: slots by key, so that guesses at one password cannot run side by side.
//!
//! Whoever comes second waits in the order of arrival, for five seconds at most. Owns the map of
//! keys in use, which is bounded and holds a key only while somebody holds or awaits it. It counts
//! for this node alone; what is remembered of a guess is left to the callers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::hash_pool::Busy;

/// Longest wait for a slot.
const PATIENCE: Duration = Duration::from_secs(5);
/// Holders and waiters of all keys together.
const MAX_CLAIMS: usize = 16_384;
/// Holders and waiters of one key, so that nobody exhausts the others' places with a single name.
const MAX_CLAIMS_PER_KEY: usize = 256;

/// The slots of one node.
#[derive(Clone, Default)]
pub(crate) struct Slots {
    keys: Arc<Mutex<Keys>>,
}

#[derive(Default)]
struct Keys {
    in_use: HashMap<[u8; 32], Key>,
    claims: usize,
}

struct Key {
    turn: Arc<Semaphore>,
    claims: usize,
}

/// The right to be the only one under a key. It ends when this is dropped.
pub struct Slot {
    // Fields drop in this order: the next one waiting goes on before the claim is given up.
    _turn: OwnedSemaphorePermit,
    _claim: Claim,
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Slot")
    }
}

/// Keeps a key in the map for as long as somebody holds or awaits its slot.
struct Claim {
    keys: Arc<Mutex<Keys>>,
    key: [u8; 32],
}

impl Slots {
    /// Waits for the slot of `key`, first come, first served. Needs a tokio runtime with time.
    pub(crate) async fn take(&self, key: [u8; 32]) -> Result<Slot, Busy> {
        let (turn, claim) = self.claim(key)?;
        match tokio::time::timeout(PATIENCE, turn.acquire_owned()).await {
            Ok(Ok(turn)) => Ok(Slot { _turn: turn, _claim: claim }),
            Ok(Err(_)) | Err(_) => Err(Busy),
        }
    }

    fn claim(&self, key: [u8; 32]) -> Result<(Arc<Semaphore>, Claim), Busy> {
        let mut keys = self.keys.lock();
        if keys.claims >= MAX_CLAIMS {
            return Err(Busy);
        }
        let new = || Key { turn: Arc::new(Semaphore::new(1)), claims: 0 };
        let entry = keys.in_use.entry(key).or_insert_with(new);
        if entry.claims >= MAX_CLAIMS_PER_KEY {
            return Err(Busy);
        }
        entry.claims += 1;
        let turn = entry.turn.clone();
        keys.claims += 1;
        Ok((turn, Claim { keys: self.keys.clone(), key }))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.keys.lock().in_use.len()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut keys = self.keys.lock();
        keys.claims = keys.claims.saturating_sub(1);
        if let Entry::Occupied(mut entry) = keys.in_use.entry(self.key) {
            entry.get_mut().claims -= 1;
            if entry.get().claims == 0 {
                entry.remove();
            }
        }
    }
}
