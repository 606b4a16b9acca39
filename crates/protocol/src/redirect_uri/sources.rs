//! What a registered address means to a browser's origin rules: the `Origin` its pages send and
//! the source expression that lets a form lead to it.
//!
//! Building the header is `web`'s.

use url::{Host, Url};

/// The origin of an `http` or `https` address as a browser writes it: `scheme://host[:port]`,
/// lower case, without a default port. `None` for anything else.
pub fn origin_of(uri: &str) -> Option<String> {
    let parsed = Url::parse(uri).ok()?;
    let web = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    web.then(|| parsed.origin().ascii_serialization())
}

/// The Content-Security-Policy source for `form-action` that allows a redirect to this address:
/// its origin, or `scheme:` for private schemes. `'none'` for any other address, so that nothing
/// unexpected enters the header.
pub fn form_action_of(uri: &str) -> String {
    let Ok(parsed) = Url::parse(uri) else { return "'none'".to_owned() };
    match (origin_of(uri), parsed.host()) {
        // CSP 3 host-source has no form for IPv6 literals; only the scheme can name them.
        (Some(_), Some(Host::Ipv6(_))) => format!("{}:", parsed.scheme()),
        (Some(origin), _) => origin,
        (None, _) if parsed.scheme().contains('.') => format!("{}:", parsed.scheme()),
        (None, _) => "'none'".to_owned(),
    }
}
