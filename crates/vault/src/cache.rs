//! A small bounded map for things that are cheap to make again, such as derived keys.
//!
//! Two generations stand in for a full least-recently-used order: a full young map becomes the old
//! one, and what is asked for again moves back. So it never holds more than twice its size and a
//! hit costs one read lock. What a miss costs, and whether to remember, is left to the caller.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;

/// At most `2 * half` values by key.
pub(crate) struct BoundedCache<V> {
    half: usize,
    generations: RwLock<Generations<V>>,
}

struct Generations<V> {
    young: HashMap<Box<[u8]>, Arc<V>>,
    old: HashMap<Box<[u8]>, Arc<V>>,
}

impl<V> BoundedCache<V> {
    pub(crate) fn new(half: usize) -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new() };
        Self { half: half.max(1), generations: RwLock::new(generations) }
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<Arc<V>> {
        let found = {
            let generations = self.generations.read();
            if let Some(value) = generations.young.get(key) {
                return Some(value.clone());
            }
            generations.old.get(key).cloned()
        };
        if let Some(value) = &found {
            self.insert(key, value.clone());
        }
        found
    }

    pub(crate) fn insert(&self, key: &[u8], value: Arc<V>) {
        let mut generations = self.generations.write();
        if generations.young.len() >= self.half && !generations.young.contains_key(key) {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(key.into(), value);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let generations = self.generations.read();
        generations.young.len() + generations.old.len()
    }
}
