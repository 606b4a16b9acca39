//! Which of our addresses a request came to: the base host, `{slug}.{base domain}`, a tenant's own
//! host, or none of ours.
//!
//! Only the authority the client named decides, read strictly: a Host header that is doubled,
//! malformed or ends in a dot belongs to nobody. The listening port plays no part, so a node behind
//! a balancer or started with `--join` answers for the base URL's host. Finding the tenant of an
//! address is left to `tenant_at`, forwarding headers to `peer`.

use std::fmt;
use std::sync::Arc;

/// Longest authority that is looked at, in bytes (a DNS name has at most 253).
const MAX_AUTHORITY: usize = 262;

/// Host name or address literal with the port, the scheme's default port left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    name: String,
    port: Option<u16>,
}

impl Authority {
    /// Reads `host[:port]` as RFC 9110 §7.2 allows it in a Host header; `None` for anything else.
    pub fn parse(text: &str, https: bool) -> Option<Authority> {
        if text.is_empty() || text.len() > MAX_AUTHORITY {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        let (name, port) = split_port(&lower)?;
        let port = match port {
            None => None,
            Some(digits) => Some(parse_port(digits)?),
        };
        let default = if https { 443 } else { 80 };
        Some(Authority { name: name.to_owned(), port: port.filter(|port| *port != default) })
    }

    /// The host name or bracketed address, lower case, without port.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The port, unless it is the scheme's default.
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let end = rest.find(']')?;
        let inner = &rest[..end];
        inner.parse::<std::net::Ipv6Addr>().ok()?;
        let name = &text[..end + 2];
        return match &text[end + 2..] {
            "" => Some((name, None)),
            tail => Some((name, Some(tail.strip_prefix(':')?))),
        };
    }
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.split('.').all(label_ok).then_some((name, port))
}

fn parse_port(digits: &str) -> Option<u16> {
    let plain = (1..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|port| plain && *port != 0)
}

/// Whose address a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The host of the base URL: console, installation pages and tenants by path.
    Base,
    /// `{slug}.{base domain}`: the root of one tenant.
    Slug(String),
    /// Any other well-formed host, perhaps a tenant's own.
    Custom(String),
    /// No host, several that differ, or a malformed one.
    Foreign,
}

/// What `Place` is decided by, read from the settings once.
#[derive(Debug, Clone)]
pub struct HostRules {
    https: bool,
    base: Option<Arc<Authority>>,
    /// The base authority as clients spell it.
    base_text: String,
    base_domain: Option<Authority>,
}

impl HostRules {
    /// Rules for an installation at `base_url`, with tenants by host below `base_domain` if given.
    pub fn new(base_url: &str, base_domain: Option<&str>) -> HostRules {
        let (https, rest) = match base_url.split_once("://") {
            Some((scheme, rest)) => (scheme.eq_ignore_ascii_case("https"), rest),
            None => (true, base_url),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let base = Authority::parse(authority, https).map(Arc::new);
        HostRules {
            https,
            base_text: base.as_ref().map(ToString::to_string).unwrap_or_default(),
            base,
            base_domain: base_domain.and_then(|domain| Authority::parse(domain, https)),
        }
    }

    /// Whether the installation is reached over https, which browsers see even behind a proxy.
    pub fn https(&self) -> bool {
        self.https
    }

    /// Reads the one authority of a request from every place that names it; they must agree
    /// (RFC 9112 §3.2: two Host lines are malformed, §3.2.2: absolute-form).
    pub fn authority<'a>(&self, named: impl Iterator<Item = &'a str>) -> Option<Arc<Authority>> {
        let mut found: Option<Arc<Authority>> = None;
        for text in named {
            let authority = match &self.base {
                // Most requests name the base host as it is written here: nothing to read.
                Some(base) if text == self.base_text => Arc::clone(base),
                _ => Arc::new(Authority::parse(text, self.https)?),
            };
            if found.as_ref().is_some_and(|first| *first != authority) {
                return None;
            }
            found = Some(authority);
        }
        found
    }

    /// Sorts an authority into ours and not ours.
    pub fn place(&self, authority: Option<&Authority>) -> Place {
        let Some(authority) = authority else { return Place::Foreign };
        if self.base.as_deref() == Some(authority) {
            return Place::Base;
        }
        match self.base_domain.as_ref().and_then(|domain| slug_below(authority, domain)) {
            Some(slug) => Place::Slug(slug.to_owned()),
            None => Place::Custom(authority.name.clone()),
        }
    }
}

fn slug_below<'a>(authority: &'a Authority, domain: &Authority) -> Option<&'a str> {
    let label = authority.name.strip_suffix(domain.name.as_str())?.strip_suffix('.')?;
    (!label.is_empty() && !label.contains('.')).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> HostRules {
        HostRules::new("https://id.example.com", Some("id.example.com"))
    }

    fn place(rules: &HostRules, hosts: &[&str]) -> Place {
        rules.place(rules.authority(hosts.iter().copied()).as_deref())
    }

    #[test]
    fn the_base_host_is_found_in_any_case_and_with_its_default_port() {
        for host in ["id.example.com", "ID.Example.Com", "id.example.com:443"] {
            assert_eq!(place(&rules(), &[host]), Place::Base, "{host}");
        }
    }

    #[test]
    fn a_joined_node_answers_for_the_base_urls_port() {
        let rules = HostRules::new("http://127.0.0.1:8080", None);
        assert_eq!(place(&rules, &["127.0.0.1:8080"]), Place::Base);
        assert_eq!(place(&rules, &["127.0.0.1:8081"]), Place::Custom("127.0.0.1".into()));
    }

    #[test]
    fn one_label_below_the_base_domain_is_a_slug() {
        assert_eq!(place(&rules(), &["acme.id.example.com"]), Place::Slug("acme".into()));
        assert_eq!(
            place(&rules(), &["a.b.id.example.com"]),
            Place::Custom("a.b.id.example.com".into())
        );
        assert_eq!(
            place(&rules(), &["evilid.example.com"]),
            Place::Custom("evilid.example.com".into())
        );
    }

    #[test]
    fn strange_hosts_belong_to_nobody() {
        let hosts = [
            "",
            "id.example.com.",
            ".id.example.com",
            "a..b",
            "id.example.com:",
            "id.example.com:0",
            "id.example.com:+443",
            "id.example.com:99999",
            "u@id.example.com",
            "id.example.com/x",
            "id.example.com#",
            "id example.com",
            "[::1",
            "[zz]",
            "[::1]x",
            "id.exämple.com",
        ];
        for host in hosts {
            assert_eq!(place(&rules(), &[host]), Place::Foreign, "{host:?}");
        }
        assert_eq!(place(&rules(), &[]), Place::Foreign);
    }

    #[test]
    fn two_hosts_count_only_when_they_agree() {
        assert_eq!(place(&rules(), &["id.example.com", "evil.test"]), Place::Foreign);
        assert_eq!(place(&rules(), &["id.example.com", "id.example.com:443"]), Place::Base);
    }

    #[test]
    fn address_literals_keep_their_brackets() {
        let rules = HostRules::new("http://[::1]:8080", None);
        assert_eq!(place(&rules, &["[::1]:8080"]), Place::Base);
    }
}
