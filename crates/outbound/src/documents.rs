//! Documents that are fetched again and again: discovery documents and key sets.
//!
//! Owns that one fetch serves all who wait for it, that a document is kept as long as its server
//! allows within bounds, that failures are remembered, and that an unknown key id can force one
//! refresh in a while and no more. Reading the documents is the callers'.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::de::DeserializeOwned;

use crate::clock::now;
use crate::freshness::Ages;
use crate::message::{Limits, Request};
use crate::policy::DocumentPolicy;
use crate::shelf::{Look, Shelf, Want};
use crate::{Outbound, OutboundError, Phase, json};

/// A fetched document.
#[derive(Debug)]
pub struct Document {
    /// Where it came from.
    pub url: String,
    /// Its content, decompressed.
    pub body: Vec<u8>,
    /// What its server calls its content.
    pub media_type: Option<String>,
    /// Larger than that of every document received before: a name for what a reader made of it.
    pub version: u64,
    /// When it was received.
    pub received: Instant,
    pub(crate) fresh_until: Instant,
}

impl Document {
    /// The content as JSON, nested at most 32 deep.
    ///
    /// # Errors
    /// `Protocol` says where it is not JSON, or not of this shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, OutboundError> {
        json::read(&self.body)
    }

    /// Whether its time is over and it is used only because no newer one could be had.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        now() >= self.fresh_until
    }
}

/// The kept documents; clones share them.
#[derive(Clone)]
pub struct Documents {
    inner: Arc<Inner>,
}

struct Inner {
    outbound: Outbound,
    policy: DocumentPolicy,
    shelf: Mutex<Shelf>,
    versions: AtomicU64,
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Documents")
    }
}

impl Documents {
    /// An empty shelf; documents come through `outbound`.
    #[must_use]
    pub fn new(outbound: Outbound, policy: DocumentPolicy) -> Self {
        let shelf = Mutex::new(Shelf::new(policy));
        Self { inner: Arc::new(Inner { outbound, policy, shelf, versions: AtomicU64::new(1) }) }
    }

    /// The document at the URL: from the shelf while its age allows, fetched otherwise, the last
    /// good one while no newer one can be had. `accept` is sent as it is and belongs to the key.
    ///
    /// # Errors
    /// Those of [`Outbound::send`], and `Status` for an answer other than 200; remembered for a
    /// while.
    pub async fn fetch_cached(
        &self,
        url: &str,
        accept: &str,
        ages: Ages,
    ) -> Result<Arc<Document>, OutboundError> {
        self.get(url, accept, ages, Want::Usable).await
    }

    /// The document after something was looked for in it in vain (a key id). `since` is the
    /// moment the caller began, taken before its `fetch_cached`: a document received later is new
    /// enough. Fetches at most once per URL and period; otherwise, and when the fetch fails, the
    /// answer is the document that is there.
    ///
    /// # Errors
    /// As `fetch_cached`, when there is no document at all.
    pub async fn refresh(
        &self,
        url: &str,
        accept: &str,
        ages: Ages,
        since: Instant,
    ) -> Result<Arc<Document>, OutboundError> {
        self.get(url, accept, ages, Want::NewerThan(since)).await
    }

    async fn get(
        &self,
        url: &str,
        accept: &str,
        ages: Ages,
        want: Want,
    ) -> Result<Arc<Document>, OutboundError> {
        let url = self.inner.outbound.check_url(url)?;
        let key = format!("{url} {accept}");
        let look = self.shelf().look(&key, want, now());
        let lane = match look {
            Look::Have(document) => return Ok(document),
            Look::Failed(error) => return Err(error),
            Look::Fetch(lane) => lane,
        };
        let patience = Limits::default().total;
        let Ok(_turn) = tokio::time::timeout(patience, lane.lock()).await else {
            let host = url.host_str().unwrap_or_default().to_owned();
            return Err(OutboundError::Timeout { host, after: patience, phase: Phase::Waiting });
        };
        // Whoever had the lane before may have brought it.
        let look = self.shelf().look(&key, want, now());
        match look {
            Look::Have(document) => return Ok(document),
            Look::Failed(error) => return Err(error),
            Look::Fetch(_) => self.shelf().begin(&key, want, now()),
        }
        match self.fetch(url.as_str(), accept, ages).await {
            Ok(document) => {
                self.shelf().keep(&key, document.clone());
                Ok(document)
            }
            Err(error) => self.shelf().fail(&key, error, now()),
        }
    }

    async fn fetch(
        &self,
        url: &str,
        accept: &str,
        ages: Ages,
    ) -> Result<Arc<Document>, OutboundError> {
        let limits = Limits { body: self.inner.policy.body, ..Limits::default() };
        let request = Request::get(url).header("accept", accept).limits(limits);
        let response = self.inner.outbound.send(request).await?;
        if response.status != 200 {
            let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
            let host = host.unwrap_or_default();
            return Err(OutboundError::Status { host, status: response.status });
        }
        let received = now();
        Ok(Arc::new(Document {
            url: url.to_owned(),
            media_type: response.header("content-type").map(str::to_owned),
            version: self.inner.versions.fetch_add(1, Ordering::Relaxed),
            received,
            fresh_until: received.checked_add(ages.of(&response)).unwrap_or(received),
            body: response.body,
        }))
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.inner.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
