//! Comparison of a sent redirect URI with the registered ones. The sent text is never decoded,
//! folded, parsed or matched by prefix or pattern; only the port of a loopback literal may differ.
//!
//! The search for the nearest registered one serves diagnosis and decides nothing.

use super::ApplicationType;

/// Whether `sent` is one of `registered`. For native applications the port of an `http` URI with
/// the host `127.0.0.1` or `[::1]` is free (RFC 8252 §7.3); everything else must be equal text.
pub fn matches(sent: &str, registered: &[String], app: ApplicationType) -> bool {
    // RFC 9700 §2.1: exact string matching. // R1
    if registered.iter().any(|known| known == sent) {
        return true;
    }
    if app != ApplicationType::Native {
        return false;
    }
    let Some(sent) = without_loopback_port(sent) else { return false };
    registered.iter().any(|known| without_loopback_port(known) == Some(sent))
}

// RFC 8252 §7.3: splits a loopback URI into host and everything after the port. `None` unless the
// port, if there is one, is written plainly and the path, query or end follows at once.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let host = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|p| uri.starts_with(p))?;
    let after_host = &uri[host.len()..];
    let rest = match after_host.strip_prefix(':') {
        None => after_host,
        Some(after) => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = after.split_at(digits);
            if port.starts_with('0') || port.parse::<u16>().is_err() {
                return None;
            }
            rest
        }
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

/// The registered URI that shares most text with `sent`, for diagnosis only; `None` if none
/// shares at least half. Linear in the length of the input.
pub fn nearest<'a>(sent: &str, registered: &'a [String]) -> Option<&'a str> {
    let best = registered.iter().max_by_key(|known| shared(sent, known))?;
    let longest = sent.len().max(best.len());
    (shared(sent, best) * 2 >= longest).then_some(best.as_str())
}

// Length of the common beginning plus that of the common end of the rest.
fn shared(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    start + a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count()
}

/// What alone distinguishes a sent URI from a registered one, as an end of the sentence "They
/// differ only in …"; `None` if it is more than one small thing.
pub fn difference(sent: &str, registered: &str) -> Option<&'static str> {
    let trimmed = |uri: &str| uri.trim_end_matches('/').to_owned();
    let schemeless = |uri: &str| uri.split_once("://").map(|(_, rest)| rest.to_owned());
    let queryless = |uri: &str| uri.split('?').next().unwrap_or_default().to_owned();
    let unnamed = |uri: &str| uri.replacen("://127.0.0.1", "://localhost", 1);
    if sent == registered {
        None
    } else if sent.eq_ignore_ascii_case(registered) {
        Some("upper and lower case")
    } else if trimmed(sent) == trimmed(registered) {
        Some("the last /")
    } else if schemeless(sent).is_some() && schemeless(sent) == schemeless(registered) {
        Some("http and https")
    } else if unnamed(sent) == unnamed(registered) {
        Some("localhost and 127.0.0.1")
    } else if queryless(sent) == queryless(registered) {
        Some("the part after the question mark")
    } else if without_port(sent).is_some() && without_port(sent) == without_port(registered) {
        Some("the port")
    } else {
        None
    }
}

fn without_port(uri: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = uri.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    Some((scheme, host, path))
}
