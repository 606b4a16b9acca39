//! A bounded queue in which tenants take turns.
//!
//! Each tenant has its own line and the lines are served in rotation, so a tenant with a thousand
//! sign-ins delays another by one job. When all places are taken, a tenant with a shorter line gets
//! the last place of the longest one. Threads, deadlines and answers are left to the callers.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// At most `places` jobs, in one line per tenant.
pub(crate) struct FairQueue<J> {
    places: usize,
    len: usize,
    /// Tenants with a line that is not empty, the next to be served first.
    rotation: VecDeque<Arc<str>>,
    lines: HashMap<Arc<str>, VecDeque<J>>,
}

/// A job that has no place (any more).
pub(crate) struct Refused<J>(pub(crate) J);

impl<J> FairQueue<J> {
    pub(crate) fn new(places: usize) -> Self {
        let (rotation, lines) = (VecDeque::new(), HashMap::new());
        Self { places: places.max(1), len: 0, rotation, lines }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Adds a job. If no place is free, one job comes back: this one or the last of another tenant.
    pub(crate) fn push(&mut self, tenant: &str, job: J) -> Option<Refused<J>> {
        let mut displaced = None;
        if self.len >= self.places {
            match self.displace_for(tenant) {
                Some(other) => displaced = Some(Refused(other)),
                None => return Some(Refused(job)),
            }
        }
        self.len += 1;
        if let Some(line) = self.lines.get_mut(tenant) {
            line.push_back(job);
        } else {
            let tenant: Arc<str> = tenant.into();
            self.rotation.push_back(tenant.clone());
            self.lines.insert(tenant, VecDeque::from([job]));
        }
        displaced
    }

    /// The next job in rotation.
    pub(crate) fn pop(&mut self) -> Option<J> {
        let tenant = self.rotation.pop_front()?;
        let line = self.lines.get_mut(&tenant)?;
        let job = line.pop_front()?;
        self.len -= 1;
        if line.is_empty() {
            self.lines.remove(&tenant);
        } else {
            self.rotation.push_back(tenant);
        }
        Some(job)
    }

    /// Takes the last job of the longest line, if that stays at least as long as the tenant's own.
    fn displace_for(&mut self, tenant: &str) -> Option<J> {
        let own = self.lines.get(tenant).map_or(0, VecDeque::len);
        let longest = self.lines.values_mut().max_by_key(|line| line.len())?;
        if longest.len() < own + 2 {
            return None;
        }
        // At least two were in it, so the line does not become empty.
        self.len -= 1;
        longest.pop_back()
    }
}
