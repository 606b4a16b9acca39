//! The time a new connection may take, for each request its own, and how far a request has come.
//!
//! The client knows one limit for all; a layer around its connector reads the request's from a
//! task-local value. Connections of the pool do not pass here: they were made and judged before.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tower_layer::Layer;
use tower_service::Service;

use crate::Phase;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const CONNECTING: u8 = 0;
const WAITING: u8 = 1;
const READING: u8 = 2;

tokio::task_local! {
    /// The request whose future is being polled.
    pub(crate) static PROGRESS: Arc<Progress>;
}

/// How far a request has come.
pub(crate) struct Progress {
    connect: Duration,
    phase: AtomicU8,
}

impl Progress {
    /// `connect` is the time for name, connection and TLS together.
    pub(crate) fn new(connect: Duration) -> Arc<Self> {
        Arc::new(Self { connect, phase: AtomicU8::new(WAITING) })
    }

    /// A connection is being made for it, or has been made.
    fn connecting(&self, begins: bool) {
        let (from, to) = if begins { (WAITING, CONNECTING) } else { (CONNECTING, WAITING) };
        // A connection nobody waits for any more (another became free) changes nothing.
        _ = self.phase.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// The head of the answer is there.
    pub(crate) fn reading(&self) {
        self.phase.store(READING, Ordering::Relaxed);
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            CONNECTING => Phase::Connecting,
            WAITING => Phase::Waiting,
            _ => Phase::Reading,
        }
    }
}

/// Making the connection took too long; found again by `failure`.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {0:?}")]
pub(crate) struct Elapsed(pub(crate) Duration);

/// Wraps the connector.
#[derive(Clone)]
pub(crate) struct ConnectLimit;

impl<S> Layer<S> for ConnectLimit {
    type Service = Limited<S>;

    fn layer(&self, inner: S) -> Limited<S> {
        Limited { inner }
    }
}

/// The connector within the limit of the request that needs it.
#[derive(Clone)]
pub(crate) struct Limited<S> {
    inner: S,
}

impl<S, R> Service<R> for Limited<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let connecting = self.inner.call(request);
        // Called while the request's own future is polled; the rest may run without it.
        let progress = PROGRESS.try_with(Arc::clone).ok();
        let limit = progress.as_ref().map_or(crate::Limits::default().connect, |own| own.connect);
        Box::pin(async move {
            progress.iter().for_each(|own| own.connecting(true));
            let result = tokio::time::timeout(limit, connecting).await;
            progress.iter().for_each(|own| own.connecting(false));
            result.unwrap_or_else(|_| Err(Box::new(Elapsed(limit))))
        })
    }
}
