//! Addresses of providers. Here only how they are written is judged; which machine one leads to is
//! judged by `outbound` each time a connection is made, for a name may lead elsewhere tomorrow.

use context::PlainHosts;
use url::Url;

/// Longest address in bytes.
const MAX_URL: usize = 2_000;

/// What is wrong with an address of a provider, as a sentence; `None` when nothing is. Plain
/// `http` is for the hosts that a development server was told to call, as in the guard of every
/// request to them: what it would refuse is not saved.
pub fn check_upstream_url(text: &str, plain: &PlainHosts) -> Option<String> {
    if text.len() > MAX_URL {
        return Some("Use an address of at most 2,000 bytes.".into());
    }
    // Parsers drop or repair these; what was checked would not be what is asked.
    if text.bytes().any(|b| !b.is_ascii_graphic() || b"\\\"<>^`{|}".contains(&b)) {
        return Some("Remove spaces and special characters from the address.".into());
    }
    let Ok(url) = Url::parse(text) else {
        return Some("Write a whole address, such as https://id.example.com.".into());
    };
    let lower = text.get(..8).unwrap_or_default().to_ascii_lowercase();
    match url.scheme() {
        "https" if lower == "https://" => {}
        "http" if lower.starts_with("http://") => {
            if let Some(problem) = check_plain(&url, plain) {
                return Some(problem);
            }
        }
        _ => return Some("Use an address that begins with https://.".into()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("Remove the user name and password from the address.".into());
    }
    if url.fragment().is_some() {
        return Some("Remove the part that begins with #.".into());
    }
    if url.host_str().is_none_or(|host| host.is_empty() || host.ends_with('.')) {
        return Some("Write the name of the server, without a dot at its end.".into());
    }
    None
}

fn check_plain(url: &Url, plain: &PlainHosts) -> Option<String> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    if plain.has(host, port) {
        return None;
    }
    Some(format!(
        "Use an address that begins with https://. Plain http is for development: \
         tessera dev --allow-host {host}:{port}."
    ))
}

/// Scheme and host of a server, without a slash at the end.
///
/// # Errors
/// A sentence.
pub(crate) fn check_origin(text: &str) -> Result<String, String> {
    let origin = text.trim_end_matches('/');
    if let Some(problem) = check_upstream_url(origin, &PlainHosts::default()) {
        return Err(problem);
    }
    let path = Url::parse(origin).map(|url| url.path().to_owned()).unwrap_or_default();
    if path != "/" || origin.contains('?') {
        return Err("Write the server alone, such as https://git.example.org.".into());
    }
    Ok(origin.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_https_addresses_are_taken() {
        for good in ["https://a.test", "https://a.test:8443/x?y=z", "https://[2001:db8::1]/"] {
            assert_eq!(check_upstream_url(good, &PlainHosts::default()), None, "{good}");
        }
        for bad in [
            "",
            "a.test",
            "http://a.test",
            "HTTP://a.test",
            "https:a.test",
            "https:/a.test",
            "https://",
            "https://u:p@a.test",
            "https://u@a.test",
            "https://a.test/#x",
            "https://a.test./",
            "https://a.te st",
            "https://a.test\\@b.test",
            "https://a.test/\u{202e}",
            "file:///etc/passwd",
            "gopher://a.test",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(check_upstream_url(bad, &PlainHosts::default()).is_some(), "{bad}");
        }
        let long = format!("https://a.test/{}", "x".repeat(2_000));
        assert!(check_upstream_url(&long, &PlainHosts::default()).is_some());
    }

    #[test]
    fn plain_http_is_for_hosts_that_may_be_called_so() {
        let plain = PlainHosts::new(vec![
            ("127.0.0.1".into(), Some(9000)),
            ("idp.test".into(), None),
            ("[::1]".into(), Some(80)),
        ]);
        for good in ["http://127.0.0.1:9000/x", "http://idp.test:81/", "http://[::1]/x"] {
            assert_eq!(check_upstream_url(good, &plain), None, "{good}");
        }
        for bad in [
            "http://127.0.0.1:9001/x",
            "http://localhost:9000/",
            "http://evil.example/",
            "http://idp.test.evil.example/",
            "http://[::1]:81/x",
            "ftp://127.0.0.1:9000/x",
        ] {
            assert!(check_upstream_url(bad, &plain).is_some(), "{bad}");
        }
        let told = check_upstream_url("http://evil.example/x", &plain).unwrap_or_default();
        assert!(
            told.contains("https://") && told.contains("--allow-host evil.example:80"),
            "{told}"
        );
    }
}
