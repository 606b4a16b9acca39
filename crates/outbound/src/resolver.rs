//! From a name to the addresses a connection may be made to: the guard at the only place where
//! the answer is used.
//!
//! Owns looking names up and judging every answer. The client connects to exactly what is
//! returned here and looks again for each new connection, so an answer that changes between a
//! check and its use (DNS rebinding) does not exist. Literal addresses never come here: `target`
//! judges those.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;
use url::Host;

use crate::address::{Class, classify};
use crate::policy::{AllowedHost, Policy};

/// Names looked up at the same time. The system's resolver holds a thread for each and cannot be
/// interrupted, so a slow name server must not collect them.
const LOOKUPS: usize = 64;

/// Addresses of one name that are tried; a hostile name server may list thousands.
const ADDRESSES: usize = 8;

/// Why a name leads nowhere; travels through the client's errors and is found again by `failure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the name leads to {}", .0.words())]
    Blocked(Class),
    #[error("the name has no address")]
    NotFound,
}

/// Looks names up: in the policy's own answers, then in the system's name service.
pub(crate) struct Lookup {
    answers: HashMap<String, Answers>,
    permits: Arc<Semaphore>,
}

struct Answers {
    lists: Vec<Vec<IpAddr>>,
    looks: AtomicUsize,
}

impl Lookup {
    /// # Errors
    /// Names the entry of `resolve` that is not a name.
    pub(crate) fn new(policy: &Policy) -> Result<Self, String> {
        let mut answers: HashMap<String, Answers> = HashMap::new();
        for (name, list) in &policy.resolve {
            let Ok(Host::Domain(name)) = Host::parse(name) else {
                return Err(format!("{name:?} is not a name that could be resolved"));
            };
            let entry = answers
                .entry(name)
                .or_insert_with(|| Answers { lists: Vec::new(), looks: AtomicUsize::new(0) });
            entry.lists.push(list.clone());
        }
        Ok(Self { answers, permits: Arc::new(Semaphore::new(LOOKUPS)) })
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Refusal> {
        if let Some(answers) = self.answers.get(name) {
            let look = answers.looks.fetch_add(1, Ordering::Relaxed);
            return Ok(answers.lists[look % answers.lists.len()].clone());
        }
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| Refusal::NotFound)?;
        let name = name.to_owned();
        let work = move || {
            // Held by the thread, not by the request: that one may long have given up.
            let _permit = permit;
            let found = (name.as_str(), 0_u16).to_socket_addrs();
            found.map(|list| list.map(|address| address.ip()).collect::<Vec<_>>())
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(addresses)) => Ok(addresses),
            Ok(Err(_)) | Err(_) => Err(Refusal::NotFound),
        }
    }
}

/// The resolver of one client.
#[derive(Clone)]
pub(crate) struct Guard {
    lookup: Arc<Lookup>,
    /// Hosts that may lead to private addresses; empty for the client of everybody else.
    allow: Arc<[AllowedHost]>,
}

impl Guard {
    pub(crate) fn new(lookup: Arc<Lookup>, allow: &[AllowedHost]) -> Self {
        Self { lookup, allow: allow.into() }
    }

    async fn judged(&self, name: &str) -> Result<Vec<IpAddr>, Refusal> {
        let mut addresses = self.lookup.addresses(name).await?;
        if addresses.is_empty() {
            return Err(Refusal::NotFound);
        }
        let host = Host::Domain(name.to_owned());
        let allowed = self.allow.iter().any(|entry| entry.is_host(&host));
        for address in &addresses {
            let class = classify(*address);
            // One wrong answer refuses the name: it would only be a matter of order otherwise.
            if class != Class::Public && !(allowed && class.may_be_allowed()) {
                return Err(Refusal::Blocked(class));
            }
        }
        addresses.truncate(ADDRESSES);
        Ok(addresses)
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let addresses = guard.judged(name.as_str()).await?;
            // Port 0 is replaced by the URL's.
            let list = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(list) as Addrs)
        })
    }
}

#[cfg(test)]
#[path = "tests/resolver.rs"]
mod tests;
