//! What is sent and what comes back, free of any HTTP library's types.
//!
//! Owns requests with their limits and answers with their bounded JSON. Secrets travel in headers
//! and bodies, so neither is ever printed.

use std::fmt;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::clock::now;
use crate::{OutboundError, json};

/// Headers the client sets itself, or that say something about the connection.
const OURS: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// The HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method of this name, as another library writes it; `None` for one that is not sent.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete];
        all.into_iter().find(|own| reqwest::Method::from(*own).as_str() == name)
    }
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Head => Self::HEAD,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// How long a request may take and how much it may bring.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Everything, from looking up the name to the last byte; 5 s unless told.
    pub total: Duration,
    /// Name, connection and TLS handshake of a new connection; 2 s unless told.
    pub connect: Duration,
    /// Bytes of the body after decompression; 1 MiB unless told. Reading stops there.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { total: Duration::from_secs(5), connect: Duration::from_secs(2), body: 1 << 20 }
    }
}

/// Time that several requests share: a sign-in may need three, and the person waits for all.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    until: Instant,
}

impl Budget {
    /// So much from now.
    #[must_use]
    pub fn of(time: Duration) -> Self {
        let start = now();
        Self { until: start.checked_add(time).unwrap_or(start) }
    }

    /// What is left; zero when it is used up.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.until.saturating_duration_since(now())
    }
}

/// One request.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole URL; judged before anything else happens.
    pub url: String,
    /// Names and values. `Host`, `User-Agent`, lengths and encodings are the client's own and
    /// refused here.
    pub headers: Vec<(String, String)>,
    /// The body, as it is sent.
    pub body: Option<Vec<u8>>,
    /// The limits of this request.
    pub limits: Limits,
    /// Time shared with other requests; the shorter of the two counts.
    pub budget: Option<Budget>,
}

impl Request {
    /// A request without headers and body, with the usual limits.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        let (headers, limits) = (Vec::new(), Limits::default());
        Self { method, url: url.into(), headers, body: None, limits, budget: None }
    }

    /// `GET`.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::Get, url)
    }

    /// `POST` with a body of this media type.
    #[must_use]
    pub fn post(url: impl Into<String>, media_type: &str, body: Vec<u8>) -> Self {
        let mut request = Self::new(Method::Post, url).header("content-type", media_type);
        request.body = Some(body);
        request
    }

    /// `POST` with the fields of a form.
    #[must_use]
    pub fn post_form(url: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish()
            .into_bytes();
        Self::post(url, "application/x-www-form-urlencoded", body)
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same within a shared time.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The headers for the wire.
    ///
    /// # Errors
    /// `Protocol` names a header that cannot be sent.
    pub(crate) fn header_map(&self) -> Result<HeaderMap, OutboundError> {
        let mut map = HeaderMap::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            let refuse = || OutboundError::Protocol(format!("the header {name:?} cannot be sent"));
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| refuse())?;
            if OURS.contains(&header.as_str()) {
                return Err(refuse());
            }
            // Not kept in the compression tables of HTTP/2 (RFC 7541 §7.1.3).
            value.set_sensitive(header != ACCEPT && header != CONTENT_TYPE);
            map.append(header, value);
        }
        Ok(map)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Queries can hold secrets too.
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        write!(f, "Request({:?} {url})", self.method)
    }
}

/// An answer, read to its end within the limits. Every status but a redirect's is one.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, with their values; at most 100, 64 KiB together.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// From looking up the name to the last byte.
    pub took: Duration,
}

impl Response {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).next()
    }

    /// All headers of this name, whatever its case.
    pub fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        let own = self.headers.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.as_str())
    }

    /// The body as JSON, nested at most 32 deep.
    ///
    /// # Errors
    /// `Protocol` says where it is not JSON, or not of this shape; the body itself is not quoted.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, OutboundError> {
        json::read(&self.body)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes, {:?})", self.status, self.body.len(), self.took)
    }
}

#[cfg(test)]
#[path = "tests/message.rs"]
mod tests;
