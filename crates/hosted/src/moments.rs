//! Times as people read them, beside the form that machines read.

use store::Timestamp;

/// `21 November 2026, 15:42 UTC` and `2026-11-21T15:42:07Z`; empty outside the calendar.
pub(crate) fn both(at: Timestamp) -> (String, String) {
    let format = |pattern: &str| {
        chrono::DateTime::from_timestamp_micros(at.0)
            .map(|time| time.format(pattern).to_string())
            .unwrap_or_default()
    };
    (format("%-d %B %Y, %H:%M UTC"), format("%Y-%m-%dT%H:%M:%SZ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_twice() {
        let (people, machines) = both(Timestamp(1_795_275_727_000_000));
        assert_eq!(people, "21 November 2026, 15:42 UTC");
        assert_eq!(machines, "2026-11-21T15:42:07Z");
        assert_eq!(both(Timestamp(i64::MAX)).0, "");
    }
}
