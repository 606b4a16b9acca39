//! Hosts that are down are left alone: after some failures in a row nothing is sent for a while,
//! then one request tries, and its outcome decides.
//!
//! Owns the states, bounded in number and kept for failing hosts only. Which outcome is a failure
//! of the host is said by `OutboundError::is_outage`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Host;

use crate::OutboundError;
use crate::policy::CircuitPolicy;

/// Failing hosts that are remembered; beyond that the one that failed longest ago is forgotten.
const HOSTS: usize = 4096;

/// Told to those who come while somebody else tries.
const PROBE: Duration = Duration::from_secs(1);

/// Host and port.
pub(crate) type Key = (Host<String>, u16);

/// The circuits of all hosts.
pub(crate) struct Circuits {
    policy: CircuitPolicy,
    failing: Mutex<HashMap<Key, State>>,
}

struct State {
    failures: u32,
    last: Instant,
    cause: String,
    probing: bool,
}

/// Leave to send one request; its outcome is told by `settle`. Dropped without (the request was
/// given up), it says nothing about the host.
pub(crate) struct Ticket<'a> {
    circuits: &'a Circuits,
    key: Key,
    probe: bool,
}

impl Circuits {
    pub(crate) fn new(policy: CircuitPolicy) -> Self {
        Self { policy, failing: Mutex::default() }
    }

    /// Asks for leave to send a request.
    ///
    /// # Errors
    /// `CircuitOpen` while the host is left alone, or somebody else tries.
    pub(crate) fn enter(
        &self,
        key: Key,
        shown: &str,
        now: Instant,
    ) -> Result<Ticket<'_>, OutboundError> {
        let mut failing = self.failing();
        let mut probe = false;
        if let Some(state) = failing.get_mut(&key)
            && state.failures >= self.policy.failures
        {
            let passed = now.saturating_duration_since(state.last);
            let left = self.policy.open.saturating_sub(passed);
            if state.probing || !left.is_zero() {
                return Err(OutboundError::CircuitOpen {
                    host: shown.to_owned(),
                    retry_after: if left.is_zero() { PROBE } else { left },
                    cause: state.cause.clone(),
                });
            }
            (state.probing, probe) = (true, true);
        }
        drop(failing);
        Ok(Ticket { circuits: self, key, probe })
    }

    fn failing(&self) -> MutexGuard<'_, HashMap<Key, State>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, key: &Key, cause: String, now: Instant) {
        let mut failing = self.failing();
        if !failing.contains_key(key) && failing.len() >= HOSTS {
            make_room(&mut failing, now, self.policy.open);
        }
        let state = failing.entry(key.clone()).or_insert_with(|| State {
            failures: 0,
            last: now,
            cause: String::new(),
            probing: false,
        });
        state.failures = state.failures.saturating_add(1);
        (state.last, state.cause) = (now, cause);
        if state.failures == self.policy.failures {
            tracing::warn!(host = %key.0, port = key.1, cause = state.cause, "host left alone");
        }
    }
}

fn make_room(failing: &mut HashMap<Key, State>, now: Instant, open: Duration) {
    failing.retain(|_, state| now.saturating_duration_since(state.last) < open);
    if failing.len() >= HOSTS
        && let Some(oldest) = failing.iter().min_by_key(|(_, s)| s.last).map(|(key, _)| key.clone())
    {
        failing.remove(&oldest);
    }
}

impl Ticket<'_> {
    /// Tells how the request ended.
    pub(crate) fn settle<T>(self, outcome: &Result<T, OutboundError>, now: Instant) {
        match outcome {
            Err(error) if error.is_outage() => {
                self.circuits.fail(&self.key, error.to_string(), now);
            }
            _ => _ = self.circuits.failing().remove(&self.key),
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.probe
            && let Some(state) = self.circuits.failing().get_mut(&self.key)
        {
            state.probing = false;
        }
    }
}

#[cfg(test)]
#[path = "tests/circuit.rs"]
mod tests;
