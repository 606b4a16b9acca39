//! Canonical forms of phone numbers, addresses, dates, languages and time zones. Syntax alone: no
//! table of countries or zones has to be kept up to date.

use url::Url;

use super::MAX_URL;

/// E.164: `+`, then 7 to 15 digits. Blanks, dots, dashes and brackets between them are dropped.
pub(super) fn phone(text: &str) -> Option<String> {
    let separator = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}');
    let digits: String = text.strip_prefix('+')?.chars().filter(|c| !separator(*c)).collect();
    let fits = (7..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    fits.then(|| format!("+{digits}"))
}

/// An `https` address as the URL standard writes it; no user name and password, which would show
/// another host than the one that answers.
pub(super) fn https_url(text: &str) -> Option<String> {
    if text.len() > MAX_URL {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    let written = String::from(url);
    (plain && written.len() <= MAX_URL).then_some(written)
}

/// `YYYY-MM-DD` of a day that exists (proleptic Gregorian), years 1 to 9999.
pub(crate) fn civil_date(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let exists = (1..=9999).contains(&year) && (1..=days).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The day of a number of seconds since 1970 UTC.
pub(crate) fn epoch_date(seconds: i64) -> Option<String> {
    // Days to civil date by eras of 400 years, which have 146,097 days each.
    let days = seconds.div_euclid(86_400).checked_add(719_468)?;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months count from March, so that the leap day is the last of the year.
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era.checked_mul(400)?.checked_add(year_of_era)? + i64::from(month <= 2);
    civil_date(u32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// `YYYY-MM-DD`; a birth date may also be `YYYY`, or have the year `0000` (OIDC Core §5.1).
pub(super) fn date(text: &str, birth: bool) -> Option<String> {
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = text.get(range)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let bytes = text.as_bytes();
    match (bytes.len(), bytes.get(4), bytes.get(7)) {
        (4, ..) if birth => number(0..4).map(|_| text.to_owned()),
        (10, Some(b'-'), Some(b'-')) => match (number(0..4)?, number(5..7)?, number(8..10)?) {
            // A leap year stands for the unknown one, or nobody would be born on 29 February.
            (0, month, day) if birth => civil_date(2000, month, day).map(|_| text.to_owned()),
            (year, month, day) => civil_date(year, month, day),
        },
        _ => None,
    }
}

/// A language tag in its usual spelling (RFC 5646 §2.1.1): `DE_at.UTF-8` becomes `de-AT`.
pub(crate) fn locale(text: &str) -> Option<String> {
    let text = text.split(['.', '@']).next().unwrap_or_default();
    let parts: Vec<&str> = text.split(['-', '_']).collect();
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    let language = parts.first()?;
    let sound = matches!(language.len(), 2..=8)
        && letters(language)
        && text.len() <= 35
        && parts.iter().all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    let written = parts.iter().enumerate().map(|(at, part)| {
        let lower = part.to_ascii_lowercase();
        match part.len() {
            2 if at > 0 && parts[at - 1].len() > 1 => part.to_ascii_uppercase(),
            4 if at > 0 && letters(part) => lower[..1].to_ascii_uppercase() + &lower[1..],
            _ => lower,
        }
    });
    sound.then(|| written.collect::<Vec<_>>().join("-"))
}

/// The form of a name in the time zone database: `Area/City`, `Area/Region/City` or `UTC`.
pub(super) fn timezone(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let part = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
    };
    let sound = text.len() <= 64 && parts.len() <= 3 && parts.iter().all(part);
    sound.then(|| text.to_owned())
}
