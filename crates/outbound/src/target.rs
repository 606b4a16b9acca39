//! Whether a URL is one that is ever fetched: judged from its text alone, before any name is
//! resolved.
//!
//! Owns schemes, ports, literal addresses and what a URL may not carry. What a name leads to is
//! judged by `resolver` where the connection is made.

use std::net::IpAddr;

use url::{Host, Url};

use crate::OutboundError;
use crate::address::{Class, classify};
use crate::policy::{AllowedHost, Policy};

/// Bytes of a URL.
const LONGEST: usize = 4096;

/// Ports on which something other than HTTP listens: the list browsers refuse (Fetch standard,
/// "bad port") with databases, queues and remote desktops added. A request to one of these can
/// be read as a command in another protocol.
const BAD_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432,
    5672, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 10080, 11211, 27017,
];

/// A URL that may be asked, as far as its text shows.
pub(crate) struct Target {
    pub(crate) url: Url,
    /// The host, with its port where it is not the scheme's own: for messages.
    pub(crate) shown: String,
    pub(crate) host: Host<String>,
    pub(crate) port: u16,
    /// Whether the allow-list names this host and port.
    pub(crate) allowed: bool,
}

impl Target {
    /// Judges the text.
    ///
    /// # Errors
    /// `Url` when it is malformed or of a kind that is never fetched, `Blocked` when its host is
    /// an address that is not public.
    pub(crate) fn judge(policy: &Policy, text: &str) -> Result<Self, OutboundError> {
        check_text(text)?;
        let url = Url::parse(text).map_err(|error| refuse(&format!("{error}")))?;
        let scheme_is_http = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(refuse("it does not begin with https://")),
        };
        check_parts(&url)?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(refuse("it has no host"));
        };
        let host = host.to_owned();
        let entries = || policy.allow.iter().filter(|entry| entry.covers(&host, port));
        let allowed = entries().next().is_some();
        if scheme_is_http && !(policy.dev && allowed) {
            return Err(refuse("it does not begin with https://"));
        }
        if BAD_PORTS.contains(&port) && !entries().any(AllowedHost::names_port) {
            return Err(refuse(&format!("port {port} is not used for web servers")));
        }
        let shown = shown(&url, &host);
        check_host(&host, &shown, allowed)?;
        Ok(Self { url, shown, host, port, allowed })
    }
}

// The parser drops line breaks and reads backslashes as slashes: forms that another reader of the
// same text may see differently are refused before it is asked.
fn check_text(text: &str) -> Result<(), OutboundError> {
    if text.len() > LONGEST {
        return Err(refuse(&format!("it is longer than {LONGEST} bytes")));
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(refuse("it contains a space, a backslash or a control character"));
    }
    Ok(())
}

fn check_parts(url: &Url) -> Result<(), OutboundError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it contains a user name or password"));
    }
    if url.fragment().is_some() {
        return Err(refuse("it contains a fragment (#)"));
    }
    Ok(())
}

// A literal address is never handed to the resolver, so it is judged here.
fn check_host(host: &Host<String>, shown: &str, allowed: bool) -> Result<(), OutboundError> {
    let class = match host {
        Host::Ipv4(address) => classify(IpAddr::V4(*address)),
        Host::Ipv6(address) => classify(IpAddr::V6(*address)),
        // RFC 6761 §6.3: loopback, whatever a name server says.
        Host::Domain(name) if is_localhost(name) => Class::Loopback,
        Host::Domain(_) => Class::Public,
    };
    if class == Class::Public || allowed {
        return Ok(());
    }
    Err(OutboundError::Blocked { host: shown.to_owned(), reason: class.words() })
}

fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

fn shown(url: &Url, host: &Host<String>) -> String {
    url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"))
}

fn refuse(reason: &str) -> OutboundError {
    OutboundError::Url { reason: reason.to_owned() }
}

#[cfg(test)]
#[path = "tests/target.rs"]
mod tests;
