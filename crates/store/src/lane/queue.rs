//! Who waits for the baton: bounded, in turn by tenant, so that one tenant's hundred writes make
//! another tenant wait for one of them and not for all.
//!
//! Owns order and bounds. Leaves deadlines to `lane`.

use super::group::Baton;
use crate::TenantId;
use parking_lot::{Condvar, Mutex};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

/// One caller waiting.
#[derive(Default)]
pub(super) struct Seat {
    baton: Mutex<Option<Baton>>,
    given: Condvar,
}

impl Seat {
    /// Wakes the caller with the baton.
    pub(super) fn give(&self, baton: Baton) {
        *self.baton.lock() = Some(baton);
        self.given.notify_one();
    }

    /// The baton, or nothing when it has not come by `deadline`.
    pub(super) fn wait_until(&self, deadline: Instant) -> Option<Baton> {
        let mut slot = self.baton.lock();
        while slot.is_none() {
            if self.given.wait_until(&mut slot, deadline).timed_out() {
                break;
            }
        }
        slot.take()
    }

    /// The baton, which is known to come.
    pub(super) fn wait(&self) -> Baton {
        let mut slot = self.baton.lock();
        loop {
            if let Some(baton) = slot.take() {
                return baton;
            }
            self.given.wait(&mut slot);
        }
    }
}

/// The waiting callers: one line for each tenant, and the order in which the lines are served.
pub(super) struct Queue {
    lines: HashMap<TenantId, VecDeque<Arc<Seat>>>,
    turns: VecDeque<TenantId>,
    len: usize,
    limit: usize,
}

impl Queue {
    pub(super) fn new(limit: usize) -> Self {
        Self { lines: HashMap::new(), turns: VecDeque::new(), len: 0, limit: limit.max(1) }
    }

    #[cfg(any(test, feature = "faults"))]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// A seat at the end of the tenant's line; nothing when the queue is full, or when this tenant
    /// alone fills half of it.
    pub(super) fn push(&mut self, tenant: &TenantId) -> Option<Arc<Seat>> {
        let own = self.lines.get(tenant).map_or(0, VecDeque::len);
        if self.len >= self.limit || own >= self.limit.div_ceil(2) {
            return None;
        }
        let seat = Arc::new(Seat::default());
        if own == 0 {
            self.turns.push_back(tenant.clone());
        }
        self.lines.entry(tenant.clone()).or_default().push_back(seat.clone());
        self.len += 1;
        Some(seat)
    }

    /// The next caller: the first of the line whose turn it is.
    pub(super) fn pop(&mut self) -> Option<Arc<Seat>> {
        let tenant = self.turns.pop_front()?;
        let line = self.lines.get_mut(&tenant)?;
        let seat = line.pop_front()?;
        if line.is_empty() {
            self.lines.remove(&tenant);
        } else {
            self.turns.push_back(tenant);
        }
        self.len -= 1;
        Some(seat)
    }

    /// Takes a caller out; false when it is not there any more.
    pub(super) fn remove(&mut self, tenant: &TenantId, seat: &Arc<Seat>) -> bool {
        let Some(line) = self.lines.get_mut(tenant) else { return false };
        let Some(at) = line.iter().position(|other| Arc::ptr_eq(other, seat)) else { return false };
        line.remove(at);
        if line.is_empty() {
            self.lines.remove(tenant);
            self.turns.retain(|other| other != tenant);
        }
        self.len -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(letter: &str) -> TenantId {
        TenantId::parse(&format!("ten_{}", letter.repeat(26))).unwrap()
    }

    #[test]
    fn lines_are_served_in_turn() {
        let (a, b) = (tenant("1"), tenant("2"));
        let mut queue = Queue::new(10);
        let seats: Vec<_> =
            [&a, &a, &a, &b, &b].into_iter().map(|t| queue.push(t).unwrap()).collect();
        let order: Vec<_> = std::iter::from_fn(|| queue.pop())
            .map(|seat| seats.iter().position(|s| Arc::ptr_eq(s, &seat)).unwrap())
            .collect();
        assert_eq!(order, [0, 3, 1, 4, 2]);
        assert_eq!(queue.len(), 0);
        assert!(queue.lines.is_empty() && queue.turns.is_empty());
    }

    #[test]
    fn the_queue_is_bounded_and_no_tenant_fills_it_alone() {
        let mut queue = Queue::new(4);
        let (a, b, c) = (tenant("1"), tenant("2"), tenant("3"));
        assert!(queue.push(&a).is_some() && queue.push(&a).is_some());
        assert!(queue.push(&a).is_none(), "half of the queue is one tenant's at most");
        assert!(queue.push(&b).is_some() && queue.push(&b).is_some());
        assert!(queue.push(&c).is_none(), "full");
    }

    #[test]
    fn who_leaves_is_never_served() {
        let mut queue = Queue::new(4);
        let (a, b) = (tenant("1"), tenant("2"));
        let (first, second) = (queue.push(&a).unwrap(), queue.push(&b).unwrap());
        assert!(queue.remove(&a, &first));
        assert!(!queue.remove(&a, &first));
        assert!(Arc::ptr_eq(&queue.pop().unwrap(), &second));
        assert!(queue.pop().is_none());
    }
}
