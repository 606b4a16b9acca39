//! Sending a request: judged, within its limits, on one of two connection pools.
//!
//! Owns the settings of the HTTP client. One pool is for everybody, the other for hosts of the
//! allow-list: which of the two a request uses is decided by host *and* port, while the resolver
//! below sees the name alone. A pooled connection was judged when it was made and is only used
//! again for the same scheme, host and port.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, redirect, retry};
use url::Url;

use crate::circuit::Circuits;
use crate::clock::now;
use crate::connect::{ConnectLimit, PROGRESS, Progress};
use crate::failure::explain;
use crate::message::{Limits, Method, Request, Response};
use crate::policy::Policy;
use crate::resolver::{Guard, Lookup};
use crate::target::Target;
use crate::{OutboundError, Phase, tls};

/// Sent with every request.
const USER_AGENT: &str = "Tessera";

/// Headers of an answer: how many, and bytes of all together.
const HEADERS: usize = 100;
const HEADER_BYTES: usize = 64 << 10;

/// The one HTTP client; clones share it.
#[derive(Clone)]
pub struct Outbound {
    inner: Arc<Inner>,
}

struct Inner {
    policy: Policy,
    strict: Client,
    allowed: Client,
    circuits: Circuits,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outbound")
    }
}

impl Outbound {
    /// Builds the client: once, at start.
    ///
    /// # Errors
    /// Names the setting that cannot be used and why.
    pub fn new(policy: Policy) -> Result<Self, String> {
        let tls = tls::config(&policy.trust_ca)?;
        let lookup = Arc::new(Lookup::new(&policy)?);
        let strict = client(tls.clone(), Guard::new(lookup.clone(), &[]), true)?;
        let allowed = client(tls, Guard::new(lookup, &policy.allow), !policy.dev)?;
        let circuits = Circuits::new(policy.circuit);
        Ok(Self { inner: Arc::new(Inner { policy, strict, allowed, circuits }) })
    }

    /// Judges a URL from its text alone, for forms and configuration files: `https`, no user
    /// name, no fragment, a port for web servers, no address that is not public. Names are not
    /// resolved; where they lead is judged when a connection is made.
    ///
    /// # Errors
    /// `Url` or `Blocked`.
    pub fn check_url(&self, url: &str) -> Result<Url, OutboundError> {
        Target::judge(&self.inner.policy, url).map(|target| target.url)
    }

    /// Sends a request and reads the whole answer. Nothing is repeated and no redirect followed.
    /// An answer with an error status is an answer.
    ///
    /// # Errors
    /// All but `Status`. `CircuitOpen`, `Url` and literal `Blocked` come at once, without any
    /// traffic.
    pub async fn send(&self, request: Request) -> Result<Response, OutboundError> {
        let inner = &*self.inner;
        let target = Target::judge(&inner.policy, &request.url)?;
        let headers = request.header_map()?;
        let limits = request.limits;
        let budget = request.budget.map(|budget| budget.remaining());
        let total = budget.map_or(limits.total, |left| left.min(limits.total));
        if total.is_zero() {
            let (host, phase) = (target.shown, Phase::Connecting);
            return Err(OutboundError::Timeout { host, after: total, phase });
        }
        let key = (target.host.clone(), target.port);
        let ticket = inner.circuits.enter(key, &target.shown, now())?;
        let client = if target.allowed { &inner.allowed } else { &inner.strict };

        let head = request.method == Method::Head;
        let mut prepared = client.request(request.method.into(), target.url).headers(headers);
        if let Some(body) = request.body {
            prepared = prepared.body(body);
        }
        let result = within(total, &limits, head, prepared, &target.shown).await;
        // Time that was too short before this request began says nothing about the host.
        let fair = total >= limits.connect.min(limits.total);
        if fair || !matches!(result, Err(OutboundError::Timeout { .. })) {
            ticket.settle(&result, now());
        }
        result
    }
}

fn client(tls: rustls::ClientConfig, guard: Guard, https_only: bool) -> Result<Client, String> {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(guard)
        .connector_layer(ConnectLimit)
        .https_only(https_only)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .user_agent(USER_AGENT)
        .pool_max_idle_per_host(8)
        .pool_idle_timeout(Duration::from_secs(30))
        .http1_max_headers(HEADERS)
        .http2_max_header_list_size(HEADER_BYTES as u32)
        // What a server may send before it is read, and so before it is counted.
        .http2_initial_stream_window_size(256 << 10)
        .http2_initial_connection_window_size(1 << 20)
        // A connection that died silently is noticed before the next request waits for it.
        .http2_keep_alive_interval(Duration::from_secs(10))
        .http2_keep_alive_timeout(Duration::from_secs(5))
        .http2_keep_alive_while_idle(true)
        .build()
        .map_err(|error| format!("the HTTP client cannot be set up: {error}"))
}

async fn within(
    total: Duration,
    limits: &Limits,
    head: bool,
    prepared: reqwest::RequestBuilder,
    host: &str,
) -> Result<Response, OutboundError> {
    let start = now();
    let progress = Progress::new(limits.connect);
    let exchange = async {
        let response = prepared.send().await.map_err(|error| explain(&error, host))?;
        progress.reading();
        let (status, headers) = check_head(&response, host)?;
        let body = if head { Vec::new() } else { read(response, limits.body, host).await? };
        Ok(Response { status, headers, body, took: start.elapsed() })
    };
    let scoped = PROGRESS.scope(progress.clone(), exchange);
    match tokio::time::timeout(total, scoped).await {
        Ok(result) => result,
        Err(_) => Err(OutboundError::Timeout {
            host: host.to_owned(),
            after: total,
            phase: progress.phase(),
        }),
    }
}

type Head = (u16, Vec<(String, String)>);

fn check_head(response: &reqwest::Response, host: &str) -> Result<Head, OutboundError> {
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if headers.len() > HEADERS || bytes > HEADER_BYTES {
        let text = format!("{host}: more than {HEADERS} headers or {HEADER_BYTES} bytes of them");
        return Err(OutboundError::Protocol(text));
    }
    let status = response.status().as_u16();
    // 304 answers a conditional request; every other 3xx sends the caller somewhere else.
    if (300..400).contains(&status) && status != 304 {
        let location = headers.iter().find(|(name, _)| name == "location");
        let to = location.and_then(|(_, value)| response.url().join(value).ok());
        let location = to.and_then(|to| to.host_str().map(str::to_owned));
        return Err(OutboundError::Redirect { host: host.to_owned(), status, location });
    }
    Ok((status, headers))
}

async fn read(
    mut response: reqwest::Response,
    limit: usize,
    host: &str,
) -> Result<Vec<u8>, OutboundError> {
    let too_large = || OutboundError::TooLarge { host: host.to_owned(), limit };
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(announced as usize);
    // Dropping the response ends the connection with it, whatever the server still wants to say.
    while let Some(chunk) = response.chunk().await.map_err(|error| explain(&error, host))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
