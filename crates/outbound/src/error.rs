//! Why a request got no answer, in words for admins and logs.
//!
//! Owns the codes and the sentences, each with what helps. Recognising a failure is `failure`'s.
//! The sentences never hold an address a name resolved to, nor anything the caller sent.

use std::time::Duration;

/// Why there is no answer. `host` is the host of the URL, with its port where it is not the
/// scheme's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The URL is not one that is ever fetched; nothing was resolved.
    #[error("this address cannot be used: {reason}")]
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// The host is, or leads to, an address that is not public.
    #[error(
        "{host} is not contacted, because it leads to {reason}; use a public address, or let \
         the operator allow this host (--allow-host HOST[:PORT])"
    )]
    Blocked {
        /// The host of the URL.
        host: String,
        /// What the address is, with its article.
        reason: &'static str,
    },
    /// The name has no address.
    #[error("the name {host} was not found; check its spelling and its DNS records")]
    Dns {
        /// The host of the URL.
        host: String,
    },
    /// No connection was made.
    #[error("no connection to {host}: {reason}; check address, port and firewall")]
    Connect {
        /// The host of the URL.
        host: String,
        /// What the network said.
        reason: &'static str,
    },
    /// The connection cannot be trusted.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// The host of the URL.
        host: String,
        /// What is wrong and what helps.
        reason: String,
    },
    /// A limit of time was reached.
    #[error("{host} took longer than {after:?} ({phase}); try again, or check that server")]
    Timeout {
        /// The host of the URL.
        host: String,
        /// The limit that was reached.
        after: Duration,
        /// What was being waited for.
        phase: Phase,
    },
    /// The answer is longer than allowed; reading stopped at the limit.
    #[error("the answer of {host} is longer than {limit} bytes; check that this is the right URL")]
    TooLarge {
        /// The host of the URL.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The server answered with a redirect, which is never followed.
    #[error(
        "{host} answered {status}, a redirect{}; redirects are not followed: enter the final URL",
        location.as_ref().map(|to| format!(" to {to}")).unwrap_or_default()
    )]
    Redirect {
        /// The host of the URL.
        host: String,
        /// The HTTP status, 3xx.
        status: u16,
        /// The host it points to, where it could be read; no path, no query.
        location: Option<String>,
    },
    /// A document was asked for and the server answered with something else.
    #[error("{host} answered {status} instead of the document; check the URL")]
    Status {
        /// The host of the URL.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The host failed repeatedly and is left alone for a while; nothing was sent.
    #[error(
        "{host} failed repeatedly and is asked again in {retry_after:?}; the last time: {cause}"
    )]
    CircuitOpen {
        /// The host of the URL.
        host: String,
        /// When the next request may be tried.
        retry_after: Duration,
        /// What happened the last time.
        cause: String,
    },
    /// The other side does not keep to HTTP, or ended the connection.
    #[error("the answer is not usable: {0}")]
    Protocol(String),
}

/// What a request was waiting for when its time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Name, connection and TLS.
    Connecting,
    /// The head of the answer.
    Waiting,
    /// The body of the answer.
    Reading,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connecting => "while connecting",
            Self::Waiting => "before it answered",
            Self::Reading => "before its answer was complete",
        })
    }
}

impl OutboundError {
    /// A stable name for logs, traces and the catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Url { .. } => "upstream_url",
            Self::Blocked { .. } => "upstream_blocked",
            Self::Dns { .. } => "upstream_dns",
            Self::Connect { .. } => "upstream_connect",
            Self::Tls { .. } => "upstream_tls",
            Self::Timeout { .. } => "upstream_timeout",
            Self::TooLarge { .. } => "upstream_too_large",
            Self::Redirect { .. } => "upstream_redirect",
            Self::Status { .. } => "upstream_status",
            Self::CircuitOpen { .. } => "upstream_circuit_open",
            Self::Protocol(_) => "upstream_protocol",
        }
    }

    /// Every code, for the catalogue's completeness.
    pub const CODES: [&'static str; 11] = [
        "upstream_url",
        "upstream_blocked",
        "upstream_dns",
        "upstream_connect",
        "upstream_tls",
        "upstream_timeout",
        "upstream_too_large",
        "upstream_redirect",
        "upstream_status",
        "upstream_circuit_open",
        "upstream_protocol",
    ];

    /// Whether the host seems to be down. A server that answers wrongly, or with 5xx, is up and
    /// costs little; counting that would let one path close a host for everybody.
    pub(crate) fn is_outage(&self) -> bool {
        matches!(self, Self::Dns { .. } | Self::Connect { .. } | Self::Timeout { .. })
    }
}
