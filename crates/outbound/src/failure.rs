//! Recognises what went wrong in the errors of the HTTP client, by type and not by text.
//!
//! The guard's own errors, TLS and the network's are found in the chain of causes wherever the
//! libraries put them. The words are `error`'s.

use std::error::Error;
use std::io;

use crate::connect::Elapsed;
use crate::resolver::Refusal;
use crate::{OutboundError, Phase, tls};

/// The error of a request to `host`.
pub(crate) fn explain(error: &reqwest::Error, host: &str) -> OutboundError {
    let host = host.to_owned();
    if let Some(refusal) = find::<Refusal>(error) {
        return match refusal {
            Refusal::Blocked(class) => OutboundError::Blocked { host, reason: class.words() },
            Refusal::NotFound => OutboundError::Dns { host },
        };
    }
    if let Some(Elapsed(after)) = find(error) {
        return OutboundError::Timeout { host, after: *after, phase: Phase::Connecting };
    }
    if let Some(problem) = find::<rustls::Error>(error) {
        return OutboundError::Tls { host, reason: tls::words(problem) };
    }
    if error.is_connect() {
        return connect(find::<io::Error>(error).map(io::Error::kind), host);
    }
    OutboundError::Protocol(format!("{host}: {}", innermost(error)))
}

fn connect(kind: Option<io::ErrorKind>, host: String) -> OutboundError {
    let reason = match kind {
        Some(io::ErrorKind::ConnectionRefused) => "nothing listens there (connection refused)",
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
            "there is no way to its address (unreachable)"
        }
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof) => {
            "it closed the connection at once"
        }
        _ => "the connection failed",
    };
    OutboundError::Connect { host, reason }
}

/// The first cause of this type. The cause inside an `io::Error` is not its `source`, so it is
/// looked for there as well.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inside.and_then(|inside| find(inside)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

// The outer errors name the URL, whose query may be secret; the innermost names the problem.
fn innermost(error: &reqwest::Error) -> String {
    let mut last: &dyn Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    if last.is::<reqwest::Error>() { "the request failed".to_owned() } else { last.to_string() }
}
