//! Who is at the other end of the connection: the client's address, and whether forwarding headers
//! count.
//!
//! A forwarding header counts only when the connection itself comes from a configured proxy, and
//! the list of addresses is read from the right until the first one that is not a proxy: whatever
//! stands left of it is the client's own invention. No other spelling of these headers is read.

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// Most addresses of a forwarding list that are looked at.
const MAX_HOPS: usize = 16;

/// What a request's connection and forwarding headers say, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The client's address, as far as it can be known.
    pub ip: Option<IpAddr>,
    /// Hosts named by a trusted proxy; they replace the Host header when there are any.
    pub forwarded_hosts: Option<Vec<String>>,
}

/// Judges one request; `trusted` says whether an address is a configured proxy.
pub fn judge(peer: Option<IpAddr>, headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> Peer {
    let peer = peer.map(|ip| ip.to_canonical());
    let Some(direct) = peer.filter(|ip| trusted(*ip)) else {
        return Peer { ip: peer, forwarded_hosts: None };
    };
    Peer { ip: Some(client(direct, headers, trusted)), forwarded_hosts: hosts(headers) }
}

fn client(direct: IpAddr, headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let lines: Vec<&str> =
        headers.get_all(FORWARDED_FOR).map(|line| line.to_str().unwrap_or_default()).collect();
    let mut nearest = direct;
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')).take(MAX_HOPS) {
        // An entry that is no address was not written by a proxy of ours: stop at the last good one.
        let Some(ip) = parse_ip(entry.trim()) else { return nearest };
        nearest = ip;
        if !trusted(ip) {
            return ip;
        }
    }
    nearest
}

/// `1.2.3.4`, `1.2.3.4:5`, `2001:db8::1` or `[2001:db8::1]:5`.
fn parse_ip(text: &str) -> Option<IpAddr> {
    let ip = text.parse::<IpAddr>().ok().or_else(|| {
        text.parse::<std::net::SocketAddr>()
            .ok()
            .map(|address| address.ip())
            .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
    });
    ip.map(|ip| ip.to_canonical())
}

fn hosts(headers: &HeaderMap) -> Option<Vec<String>> {
    let named: Vec<String> = headers
        .get_all(FORWARDED_HOST)
        .map(|line| line.to_str().unwrap_or_default().trim().to_owned())
        .collect();
    (!named.is_empty()).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn headers(list: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        headers
    }

    fn trusted(ip: IpAddr) -> bool {
        matches!(ip, IpAddr::V4(v4) if v4.octets()[0] == 10)
    }

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn b29_forwarding_headers_from_a_stranger_do_not_count() {
        let sent = headers(&[(FORWARDED_FOR, "6.6.6.6"), (FORWARDED_HOST, "evil.test")]);
        let peer = judge(ip("9.9.9.9"), &sent, trusted);
        assert_eq!(peer, Peer { ip: ip("9.9.9.9"), forwarded_hosts: None });
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_is_the_client() {
        let sent = headers(&[(FORWARDED_FOR, "6.6.6.6, 7.7.7.7"), (FORWARDED_FOR, "10.0.0.9")]);
        assert_eq!(judge(Some(PROXY), &sent, trusted).ip, ip("7.7.7.7"));
    }

    #[test]
    fn garbage_ends_the_search_at_the_last_good_address() {
        let sent = headers(&[(FORWARDED_FOR, "7.7.7.7, nonsense, 10.0.0.9")]);
        assert_eq!(judge(Some(PROXY), &sent, trusted).ip, ip("10.0.0.9"));
        assert_eq!(judge(Some(PROXY), &headers(&[]), trusted).ip, Some(PROXY));
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        for (text, want) in [
            ("7.7.7.7:1234", "7.7.7.7"),
            ("[2001:db8::1]:5", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:7.7.7.7", "7.7.7.7"),
        ] {
            assert_eq!(parse_ip(text), ip(want), "{text}");
        }
    }

    #[test]
    fn a_trusted_proxy_names_the_host() {
        let sent = headers(&[(FORWARDED_HOST, "acme.example")]);
        let peer = judge(Some(PROXY), &sent, trusted);
        assert_eq!(peer.forwarded_hosts, Some(vec!["acme.example".to_owned()]));
    }
}
