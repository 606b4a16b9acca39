//! How long a fetched document may be used: what its server says (RFC 9111), within our bounds.
//!
//! Pure. Keeping the document is `shelf`'s.

use std::time::Duration;

use crate::Response;

/// Bounds of a document's age.
#[derive(Clone, Copy, Debug)]
pub struct Ages {
    /// Used at least so long, also when its server forbids keeping it: it would be asked for
    /// every user otherwise. One minute unless told.
    pub least: Duration,
    /// Used at most so long; one day unless told.
    pub most: Duration,
    /// When its server says nothing; ten minutes unless told.
    pub otherwise: Duration,
}

impl Default for Ages {
    fn default() -> Self {
        Self {
            least: Duration::from_secs(60),
            most: Duration::from_secs(24 * 3600),
            otherwise: Duration::from_secs(600),
        }
    }
}

impl Ages {
    /// How long the answer may be used, from now.
    pub(crate) fn of(&self, response: &Response) -> Duration {
        let said = lifetime(response.header_values("cache-control")).map(|lifetime| {
            // RFC 9111 §5.1: time it already spent in somebody else's cache.
            let age = response.header("age").and_then(seconds).unwrap_or_default();
            lifetime.saturating_sub(age)
        });
        // Not `clamp`, which panics where a caller has mixed up the bounds.
        said.unwrap_or(self.otherwise).min(self.most).max(self.least)
    }
}

// RFC 9111 §5.2.2: `max-age`, and the two that forbid use without asking again.
fn lifetime<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Duration> {
    let mut found = None;
    for directive in headers.flat_map(|header| header.split(',')) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return Some(Duration::ZERO),
            // §4.2.1: the first of several counts; §1.2.2: one that is no number is stale.
            "max-age" if found.is_none() => found = Some(seconds(value).unwrap_or_default()),
            _ => {}
        }
    }
    found
}

fn seconds(text: &str) -> Option<Duration> {
    let digits = text.trim().trim_matches('"');
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Larger than the number type is still a number: the bound cuts it.
    plain.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(headers: &[(&str, &str)]) -> u64 {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let headers = headers.iter().map(own).collect();
        let response = Response { status: 200, headers, body: Vec::new(), took: Duration::ZERO };
        Ages::default().of(&response).as_secs()
    }

    #[test]
    fn the_server_decides_within_the_bounds() {
        let of = |value| age(&[("cache-control", value)]);
        assert_eq!(of("public, max-age=3600"), 3600);
        assert_eq!(of("Max-Age=\"3600\", must-revalidate"), 3600);
        assert_eq!(of("max-age=1"), 60);
        assert_eq!(of("max-age=604800"), 86_400);
        assert_eq!(of("max-age=99999999999999999999999"), 86_400);
        assert_eq!(of("no-store"), 60);
        assert_eq!(of("max-age=3600, no-cache"), 60);
        assert_eq!(of("max-age=-1"), 60);
        assert_eq!(of("max-age"), 60);
        assert_eq!(of("public"), 600);
        assert_eq!(age(&[]), 600);
        assert_eq!(age(&[("cache-control", "max-age=3600"), ("age", "600")]), 3000);
        assert_eq!(age(&[("cache-control", "public"), ("cache-control", "max-age=90")]), 90);
    }
}
