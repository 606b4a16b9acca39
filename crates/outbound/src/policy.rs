//! What the guard lets through: built once at start from the settings, never from a request.
//!
//! Owns the allow-list and its syntax; judging a URL by it is `target`'s, an address
//! `resolver`'s.

use std::net::IpAddr;
use std::time::Duration;

use url::Host;

/// The settings of the client.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Hosts that may be reached at private addresses and, with `dev`, over plain `http`.
    pub allow: Vec<AllowedHost>,
    /// Certificate authorities trusted besides those of the system; each entry is a PEM text of
    /// one or more certificates.
    pub trust_ca: Vec<Vec<u8>>,
    /// Answers that stand in for the name service, for tests of the guard. A name given several
    /// times gets its lists in turn, one for each look, and then again from the first. The
    /// addresses are judged like any other. Callers offer this in development builds only.
    pub resolve: Vec<(String, Vec<IpAddr>)>,
    /// Development: allow-listed hosts may be reached over plain `http`.
    pub dev: bool,
    /// When a host that is down is left alone.
    pub circuit: CircuitPolicy,
}

/// When a host that is down is left alone, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct CircuitPolicy {
    /// Consecutive failures after which it is.
    pub failures: u32,
    /// How long, until one request may try again.
    pub open: Duration,
}

impl Default for CircuitPolicy {
    fn default() -> Self {
        Self { failures: 5, open: Duration::from_secs(30) }
    }
}

/// How much is kept of fetched documents, and how often they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct DocumentPolicy {
    /// Documents kept, failures to fetch one included.
    pub count: usize,
    /// Bytes of all bodies together.
    pub bytes: usize,
    /// Bytes of one body.
    pub body: usize,
    /// How long a failure is remembered, so that a dead server is not asked for every user.
    pub failure: Duration,
    /// The least time between two forced refreshes of one document.
    pub refresh: Duration,
    /// How long the last good document is used beyond its age when no newer one can be had.
    pub stale: Duration,
}

impl Default for DocumentPolicy {
    fn default() -> Self {
        Self {
            count: 2_000,
            bytes: 64 << 20,
            body: 512 << 10,
            failure: Duration::from_secs(30),
            refresh: Duration::from_secs(30),
            stale: Duration::from_secs(24 * 3600),
        }
    }
}

/// A host that may be reached although its addresses are not public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost {
    host: Host<String>,
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `HOST[:PORT]`: a name or an address, IPv6 with a port in brackets. Without a port
    /// every port is meant. The name is matched as a whole: no wildcard, no subdomains.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (host, port) = split_port(text)?;
        let wrong = || format!("{text:?} is not a host: write HOST or HOST:PORT, without scheme");
        let host = if let Ok(address) = host.parse() {
            Host::Ipv6(address)
        } else {
            Host::parse(host).map_err(|_| wrong())?
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        match &host {
            Host::Domain(name) if !name.chars().all(plain) || name.is_empty() => Err(wrong()),
            _ => Ok(Self { host, port }),
        }
    }

    /// The host as URLs write it.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The port; none for every port.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether this entry means the host at the port.
    pub(crate) fn covers(&self, host: &Host<String>, port: u16) -> bool {
        self.host == *host && self.port.is_none_or(|own| own == port)
    }

    /// Whether this entry means the host, at whatever port.
    pub(crate) fn is_host(&self, host: &Host<String>) -> bool {
        self.host == *host
    }

    /// Whether this entry names the port, not only the host.
    pub(crate) fn names_port(&self) -> bool {
        self.port.is_some()
    }
}

fn split_port(text: &str) -> Result<(&str, Option<u16>), String> {
    let bare_ipv6 = text.matches(':').count() > 1 && !text.starts_with('[');
    let (host, port) = match text.rsplit_once(':') {
        _ if bare_ipv6 || text.ends_with(']') => return Ok((text, None)),
        Some((host, port)) => (host, port),
        None => return Ok((text, None)),
    };
    match port.parse::<u16>() {
        Ok(number) if number > 0 && port.bytes().all(|b| b.is_ascii_digit()) => {
            Ok((host, Some(number)))
        }
        _ => Err(format!("{port:?} is not a port: it is a number from 1 to 65535")),
    }
}

#[cfg(test)]
#[path = "tests/policy.rs"]
mod tests;
