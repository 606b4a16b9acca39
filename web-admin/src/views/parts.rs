//! Small things that pages are made of: states, times, problems with their cures, lists of URIs,
//! pagers, and the same action as a command.

use directory::FieldError;
use store::Timestamp;

/// A state: a tile and a word.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// `ok`, `warn`, `bad` or `off`.
    pub(crate) class: &'static str,
    pub(crate) word: String,
}

impl State {
    pub(crate) fn new(class: &'static str, word: &str) -> State {
        State { class, word: word.to_owned() }
    }
}

/// A moment in three spellings.
#[derive(Debug, Clone)]
pub(crate) struct When {
    pub(crate) machine: String,
    pub(crate) human: String,
    pub(crate) ago: String,
}

impl When {
    pub(crate) fn new(at: Timestamp, now: Timestamp) -> When {
        let format = |pattern: &str| {
            chrono::DateTime::from_timestamp_micros(at.0)
                .map(|time| time.format(pattern).to_string())
                .unwrap_or_default()
        };
        When {
            machine: format("%Y-%m-%dT%H:%M:%SZ"),
            human: format("%Y-%m-%d %H:%M:%S UTC"),
            ago: ago(now.seconds() - at.seconds()).unwrap_or_else(|| format("%-d %b %Y")),
        }
    }
}

/// How long ago, while that says more than a date; `None` beyond a month and in the future.
fn ago(seconds: i64) -> Option<String> {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let text = match seconds {
        ..-60 => return None,
        -60..MINUTE => "just now".to_owned(),
        MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        HOUR..DAY => plural(seconds / HOUR, "hour"),
        DAY..2_592_000 => plural(seconds / DAY, "day"),
        _ => return None,
    };
    Some(text)
}

fn plural(count: i64, unit: &str) -> String {
    if count == 1 { format!("1 {unit} ago") } else { format!("{count} {unit}s ago") }
}

/// A count that stops at 1,000.
pub(crate) fn capped(count: i64) -> String {
    match count {
        1_001.. => "1,000+".to_owned(),
        1_000 => "1,000".to_owned(),
        other => other.to_string(),
    }
}

/// One thing to correct: said in the summary and at the field in the same words.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// `id` of the field.
    pub(crate) field: String,
    pub(crate) message: String,
    /// A value that would be accepted.
    pub(crate) fix: Option<String>,
}

/// What is wrong with a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    pub(crate) fn of_errors(errors: &[FieldError]) -> Problems {
        Problems(errors.iter().map(Problem::of).collect())
    }

    pub(crate) fn add(&mut self, field: &str, message: &str) {
        let (field, message) = (field.to_owned(), message.to_owned());
        self.0.push(Problem { field, message, fix: None });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first problem of a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|p| p.field == field).map(|p| p.message.as_str())
    }

    /// The value that a field would be accepted with.
    pub(crate) fn fix_of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|p| p.field == field).and_then(|p| p.fix.as_deref())
    }

    /// What the save bar says.
    pub(crate) fn count(&self) -> String {
        match self.0.len() {
            1 => "1 thing to correct".to_owned(),
            many => format!("{many} things to correct"),
        }
    }
}

impl Problem {
    fn of(error: &FieldError) -> Problem {
        Problem {
            field: error.field.to_string(),
            message: error.message.clone(),
            fix: error.fix.clone(),
        }
    }
}

/// Lists up to this long are shown as rows, longer ones as lines of text.
pub(crate) const MAX_ROWS: usize = 8;

/// One row of a list of URIs.
#[derive(Debug, Clone)]
pub(crate) struct UriRow {
    pub(crate) id: String,
    pub(crate) value: String,
}

/// A list of URIs in a form.
#[derive(Debug, Clone)]
pub(crate) struct UriList {
    pub(crate) name: String,
    pub(crate) legend: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) rows: Vec<UriRow>,
}

impl UriList {
    pub(crate) fn new(
        name: &str,
        legend: &'static str,
        hint: &'static str,
        uris: &[String],
        blank: bool,
    ) -> UriList {
        let mut values: Vec<&str> = uris.iter().map(String::as_str).collect();
        if blank || values.is_empty() {
            values.push("");
        }
        let row = |(at, value): (usize, &&str)| UriRow {
            id: format!("{name}.{at}"),
            value: (*value).to_owned(),
        };
        let rows = values.iter().enumerate().map(row).collect();
        UriList { name: name.to_owned(), legend, hint, rows }
    }

    /// Whether there are too many for rows.
    pub(crate) fn lines(&self) -> bool {
        self.rows.len() > MAX_ROWS
    }

    /// All of them, one per line.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.rows.iter().map(|row| row.value.as_str()).collect();
        lines.join("\n")
    }
}

/// Where a list goes on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pager {
    pub(crate) text: String,
    pub(crate) first: String,
    /// Nothing where a list goes only forward.
    pub(crate) previous: String,
    pub(crate) next: String,
}

impl Pager {
    /// `path` is the page without its query, `filter` a query of the list or nothing.
    pub(crate) fn new(path: &str, filter: &str, after: Option<&str>, next: Option<&str>) -> Pager {
        let search = [("q", filter)];
        Pager::filtered(path, if filter.is_empty() { &[] } else { &search }, after, next)
    }

    /// As [`Pager::new`], for a list with several filters.
    pub(crate) fn filtered(
        path: &str,
        filters: &[(&str, &str)],
        after: Option<&str>,
        next: Option<&str>,
    ) -> Pager {
        let query = |after: Option<&str>| {
            let mut params = filters.to_vec();
            params.extend(after.map(|token| ("after", token)));
            protocol::form::append_query(path, &params)
        };
        Pager {
            text: if after.is_some() { "Continued" } else { "" }.to_owned(),
            first: after.map(|_| query(None)).unwrap_or_default(),
            previous: String::new(),
            next: next.map(|token| query(Some(token))).unwrap_or_default(),
        }
    }

    pub(crate) fn shown(&self) -> bool {
        [&self.first, &self.previous, &self.next].iter().any(|url| !url.is_empty())
    }
}

/// The same action at the command line.
#[derive(Debug, Clone)]
pub(crate) struct Twin {
    pub(crate) text: &'static str,
    pub(crate) command: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_do() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let told = |before: i64| When::new(now.plus_seconds(-before), now).ago;
        assert_eq!(told(0), "just now");
        assert_eq!(told(-30), "just now");
        assert_eq!(told(125), "2 min ago");
        assert_eq!(told(3_600), "1 hour ago");
        assert_eq!(told(3 * 86_400), "3 days ago");
        assert_eq!(told(400 * 86_400), "11 Dec 2025");
        assert_eq!(told(-86_400), "16 Jan 2027");
        assert_eq!(When::new(now, now).machine, "2027-01-15T08:00:00Z");
    }

    #[test]
    fn counts_stop_at_a_thousand() {
        assert_eq!(capped(7), "7");
        assert_eq!(capped(1_000), "1,000");
        assert_eq!(capped(1_001), "1,000+");
    }

    #[test]
    fn many_uris_become_lines() {
        let uris: Vec<String> = (0..9).map(|n| format!("https://a.example/{n}")).collect();
        let list = |uris: &[String], blank| UriList::new("redirect_uris", "URI", "", uris, blank);
        assert!(list(&uris, false).lines());
        assert!(!list(&uris[..8], false).lines());
        assert!(list(&uris[..8], true).lines(), "one more is asked for");
        assert_eq!(list(&[], false).rows.len(), 1, "an empty list has a row to type into");
        assert_eq!(list(&uris[..2], false).rows[1].id, "redirect_uris.1");
    }
}
