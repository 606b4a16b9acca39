//! What a thread was given last: one small table of tenants and one of applications per thread, so
//! that what is asked for in every request is found without a lock or a shared counter.
//!
//! Says nothing about what counts: `snapshots` checks the mark of an entry against the epoch of its
//! tenant, and that the entry is the one asked for. What falls out is in the shared caches still.

use std::cell::RefCell;
use std::sync::Arc;

use crate::application::Application;
use crate::epochs::{Mark, fnv};
use crate::tenant::Tenant;

const TENANTS: usize = 128;
const APPLICATIONS: usize = 512;
/// How often an entry is used before the shared cache is asked again, which evicts by use.
const USES: u8 = 64;

struct Slot<V> {
    mark: Mark,
    uses: u8,
    value: Arc<V>,
}

/// A table in which each name has one place.
struct Table<V> {
    slots: Vec<Option<Slot<V>>>,
}

impl<V> Table<V> {
    fn new(size: usize) -> Table<V> {
        Table { slots: std::iter::repeat_with(|| None).take(size).collect() }
    }

    fn get(&mut self, name: &str, fits: impl FnOnce(Mark, &V) -> bool) -> Option<Arc<V>> {
        let place = self.place(name);
        let slot = self.slots[place].as_mut()?;
        if slot.uses == 0 || !fits(slot.mark, &slot.value) {
            return None;
        }
        slot.uses -= 1;
        Some(Arc::clone(&slot.value))
    }

    fn put(&mut self, name: &str, mark: Mark, value: Arc<V>) {
        let place = self.place(name);
        self.slots[place] = Some(Slot { mark, uses: USES, value });
    }

    /// By the last characters, in which ids differ.
    fn place(&self, name: &str) -> usize {
        let bytes = name.as_bytes();
        let tail = &bytes[bytes.len().saturating_sub(12)..];
        fnv(tail) as usize % self.slots.len()
    }
}

struct Near {
    tenants: Table<Tenant>,
    applications: Table<Application>,
}

thread_local! {
    static NEAR: RefCell<Near> = RefCell::new(Near {
        tenants: Table::new(TENANTS),
        applications: Table::new(APPLICATIONS),
    });
}

/// The tenant this thread was given last under a name.
pub(crate) fn tenant(name: &str, fits: impl FnOnce(Mark, &Tenant) -> bool) -> Option<Arc<Tenant>> {
    NEAR.with(|near| near.try_borrow_mut().ok()?.tenants.get(name, fits))
}

/// Keeps a tenant under a name.
pub(crate) fn keep_tenant(name: &str, mark: Mark, tenant: &Arc<Tenant>) {
    NEAR.with(|near| {
        if let Ok(mut near) = near.try_borrow_mut() {
            near.tenants.put(name, mark, Arc::clone(tenant));
        }
    });
}

/// The application this thread was given last under an id.
pub(crate) fn application(
    id: &str,
    fits: impl FnOnce(Mark, &Application) -> bool,
) -> Option<Arc<Application>> {
    NEAR.with(|near| near.try_borrow_mut().ok()?.applications.get(id, fits))
}

/// Keeps an application under its id.
pub(crate) fn keep_application(mark: Mark, application: &Arc<Application>) {
    NEAR.with(|near| {
        if let Ok(mut near) = near.try_borrow_mut() {
            near.applications.put(application.id.as_str(), mark, Arc::clone(application));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_given_while_it_fits_and_not_for_ever() {
        let mark = crate::epochs::Epochs::default().mark(&store::TenantId::system());
        let mut table = Table::new(4);
        assert!(table.get("a", |_, _: &String| true).is_none());
        table.put("a", mark, Arc::new("A".to_owned()));
        assert!(table.get("a", |found, value| found == mark && value == "A").is_some());
        assert!(table.get("a", |_, _| false).is_none());
        for _ in 1..USES {
            assert!(table.get("a", |_, _| true).is_some());
        }
        assert!(table.get("a", |_, _| true).is_none(), "the shared cache is asked again");
    }
}
