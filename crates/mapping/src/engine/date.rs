//! Dates as providers write them, by formats that an admin names.

use crate::schema::{civil_date, epoch_date};

/// A format of dates: `DD.MM.YYYY`, `M/D/YYYY`, `epoch`, `epoch_ms` …
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DateFormat {
    /// `YYYY-MM-DD`, also before a time (RFC 3339).
    Iso,
    /// Seconds since 1970 UTC.
    Epoch,
    /// Milliseconds since 1970 UTC.
    EpochMs,
    /// Digits and the characters between them.
    Parts(Vec<Part>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Year,
    Month(usize),
    Day(usize),
    Literal(char),
}

impl DateFormat {
    /// Reads a format; `None` if it lacks year, month or day, or has one twice.
    pub(crate) fn parse(text: &str) -> Option<DateFormat> {
        match text {
            "epoch" => return Some(DateFormat::Epoch),
            "epoch_ms" => return Some(DateFormat::EpochMs),
            text if text.len() > 40 => return None,
            _ => {}
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let (part, length) = match c {
                'Y' if rest.starts_with("YYYY") => (Part::Year, 4),
                'M' if rest.starts_with("MM") => (Part::Month(2), 2),
                'D' if rest.starts_with("DD") => (Part::Day(2), 2),
                'M' => (Part::Month(1), 1),
                'D' => (Part::Day(1), 1),
                c => (Part::Literal(c), c.len_utf8()),
            };
            parts.push(part);
            rest = &rest[length..];
        }
        let count = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
        let complete = count(|part| matches!(part, Part::Year)) == 1
            && count(|part| matches!(part, Part::Month(_))) == 1
            && count(|part| matches!(part, Part::Day(_))) == 1;
        complete.then_some(DateFormat::Parts(parts))
    }

    /// The date in a text as `YYYY-MM-DD`; `None` if it has another form or no such day exists.
    pub(super) fn read(&self, text: &str) -> Option<String> {
        match self {
            DateFormat::Iso => {
                let (date, time) = text.split_at_checked(10)?;
                let parts = DateFormat::parse("YYYY-MM-DD")?;
                (time.is_empty() || time.starts_with(['T', 't', ' '])).then(|| parts.read(date))?
            }
            DateFormat::Epoch => epoch_date(text.parse().ok()?),
            DateFormat::EpochMs => epoch_date(text.parse::<i64>().ok()?.div_euclid(1_000)),
            DateFormat::Parts(parts) => by_parts(parts, text),
        }
    }
}

fn by_parts(parts: &[Part], text: &str) -> Option<String> {
    let (mut year, mut month, mut day) = (0, 0, 0);
    let mut rest = text;
    for part in parts {
        match part {
            Part::Literal(c) => rest = rest.strip_prefix(*c)?,
            Part::Year => (year, rest) = number(rest, 4, 4)?,
            Part::Month(least) => (month, rest) = number(rest, *least, 2)?,
            Part::Day(least) => (day, rest) = number(rest, *least, 2)?,
        }
    }
    rest.is_empty().then(|| civil_date(year, month, day))?
}

fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = (digits >= least).then(|| text.split_at_checked(digits))??;
    Some((digits.parse().ok()?, rest))
}
