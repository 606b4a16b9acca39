//! Numbers of the last days: tiles, a chart drawn on the server, and causes of failures. They come
//! from counts of days, so they cost the same for a thousand sign-ins as for a million.

use std::collections::BTreeMap;

use directory::{Action, logs as commands};
use protocol::form::append_query;
use store::daily_counts::DailyCount;

use crate::desk::{InTenant, Stop};
use crate::logs;
use crate::views::home::{Cause, Chart, Day, Numbers, Tile};

/// Lengths of time that can be looked at, in days.
const RANGES: [i64; 3] = [7, 30, 90];
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;
/// So many causes are shown.
const CAUSES: usize = 6;

/// The length of time an address asks for; 30 days for anything else.
pub(super) fn days(asked: Option<&str>) -> i64 {
    let asked = asked.and_then(|text| text.parse().ok());
    asked.filter(|days| RANGES.contains(days)).unwrap_or(30)
}

pub(super) fn ranges(desk: &InTenant, days: i64) -> Vec<(String, String, bool)> {
    let range = |length: i64| {
        let url = append_query(&desk.url(""), &[("days", &length.to_string())]);
        (format!("{length} days"), url, length == days)
    };
    RANGES.map(range).to_vec()
}

/// The numbers of the last `days`; nothing while nothing happened, or for who may not see the log.
pub(super) fn numbers(desk: &InTenant, days: i64) -> Result<Option<Numbers>, Stop> {
    if !desk.may(Action::LogRead) {
        return Ok(None);
    }
    let counts = commands::daily(desk.ctx, &desk.actor, &desk.tenant.id, days)?;
    if counts.is_empty() {
        return Ok(None);
    }
    let today = desk.now().seconds().div_euclid(86_400);
    let sums = |kind: &str| -> i64 {
        counts.iter().filter(|count| count.kind == kind).map(|count| count.total).sum()
    };
    Ok(Some(Numbers {
        tiles: tiles(sums("signed_in"), sums("returned"), sums("signed_up"), sums("failed"), days),
        chart: chart(&counts, today, days),
        causes: causes(desk, &counts),
    }))
}

fn tiles(signed_in: i64, returned: i64, signed_up: i64, failed: i64, days: i64) -> Vec<Tile> {
    let tried = signed_in + failed;
    let share = match tried {
        0 => "–".to_owned(),
        _ => format!("{:.1} %", signed_in as f64 * 100.0 / tried as f64),
    };
    let tile = |name, value, said: &str| Tile { name, value, said: said.to_owned() };
    vec![
        tile("Sign-ins", grouped(signed_in), &format!("in {days} days")),
        tile("Succeeded", share, &format!("{} failed", grouped(failed))),
        tile("Sign-ups", grouped(signed_up), "new accounts people made"),
        tile("Went on to an application", grouped(returned), "single sign-on included"),
    ]
}

/// 12480 as 12,480.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The number of one kind on each day of the range, days without any included.
fn per_day(counts: &[DailyCount], kind: &str, first: i64, last: i64) -> Vec<i64> {
    let mut found: BTreeMap<i64, i64> = (first..=last).map(|day| (day, 0)).collect();
    for count in counts.iter().filter(|count| count.kind == kind) {
        if let Some(total) = found.get_mut(&count.day) {
            *total += count.total;
        }
    }
    found.into_values().collect()
}

fn chart(counts: &[DailyCount], today: i64, days: i64) -> Chart {
    let first = today - days + 1;
    let good = per_day(counts, "signed_in", first, today);
    let bad = per_day(counts, "failed", first, today);
    let highest = good.iter().zip(&bad).map(|(good, bad)| good + bad).max().unwrap_or(0);
    let top = round_up(highest);
    let slot = WIDTH / days as f64;
    let drawn = good.iter().zip(&bad).enumerate().map(|(at, (good, bad))| {
        let at_day = first + i64::try_from(at).unwrap_or(0);
        draw(at_day, *good, *bad, at as f64 * slot, slot, top)
    });
    let date = |day: i64| date(day, "%-d %b");
    Chart {
        summary: summary(&good, &bad, first),
        days: drawn.collect(),
        scale: [grouped(top), grouped(top / 2), "0".to_owned()],
        ends: [date(first), date(first + days / 2), date(today)],
    }
}

fn draw(day: i64, good: i64, bad: i64, x: f64, slot: f64, top: i64) -> Day {
    let tall = |count: i64| count as f64 * HEIGHT / top as f64;
    let (good_tall, bad_tall) = (tall(good), tall(bad));
    // A thin line of the ground stays between the two.
    let gap = if good > 0 && bad > 0 { 1.0 } else { 0.0 };
    let one = |value: f64| format!("{value:.1}");
    Day {
        machine: date(day, "%Y-%m-%d"),
        human: date(day, "%-d %b"),
        good,
        bad,
        x: one(x + slot * 0.1),
        width: one(slot * 0.8),
        good_y: one(HEIGHT - good_tall),
        good_height: one(good_tall),
        bad_y: one(HEIGHT - good_tall - bad_tall - gap),
        bad_height: one(bad_tall),
    }
}

/// The least round number that is not below and whose half is a whole number too: 2, 4, 6, 8, 10,
/// 20, 30, 40, 50, 60, 80, 100 …
fn round_up(highest: i64) -> i64 {
    let mut unit = 1;
    loop {
        for factor in [2, 3, 4, 5, 6, 8, 10] {
            let top = factor * unit;
            if top % 2 == 0 && top >= highest {
                return top;
            }
        }
        unit *= 10;
    }
}

fn date(day: i64, pattern: &str) -> String {
    chrono::DateTime::from_timestamp(day * 86_400, 0)
        .map(|time| time.format(pattern).to_string())
        .unwrap_or_default()
}

fn summary(good: &[i64], bad: &[i64], first: i64) -> String {
    let most = bad.iter().enumerate().max_by_key(|(_, count)| **count);
    let (least, highest) = (good.iter().min().unwrap_or(&0), good.iter().max().unwrap_or(&0));
    let failed = match most {
        Some((at, count)) if *count > 0 => {
            let day = date(first + i64::try_from(at).unwrap_or(0), "%-d %B");
            format!("; most failures on {day}: {count}")
        }
        _ => "; none failed".to_owned(),
    };
    format!("Between {} and {} sign-ins a day{failed}.", grouped(*least), grouped(*highest))
}

fn causes(desk: &InTenant, counts: &[DailyCount]) -> Vec<Cause> {
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for count in counts {
        if let Some(code) = count.kind.strip_prefix("failed:") {
            *totals.entry(code).or_insert(0) += count.total;
        }
    }
    let mut sorted: Vec<(&str, i64)> = totals.into_iter().collect();
    sorted.sort_by_key(|(_, total)| -total);
    let most = sorted.first().map_or(1, |(_, total)| (*total).max(1));
    let cause = |(code, total): &(&str, i64)| Cause {
        title: logs::title_of(code),
        url: append_query(&desk.url(logs::HERE), &[("code", code)]),
        total: *total,
        width: (total * 100 / most).max(1),
    };
    sorted.iter().take(CAUSES).map(cause).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(day: i64, kind: &str, total: i64) -> DailyCount {
        DailyCount { day, kind: kind.into(), total }
    }

    #[test]
    fn numbers_are_grouped_and_scales_are_round() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(12_480), "12,480");
        assert_eq!(grouped(1_000_000), "1,000,000");
        for (highest, top) in [(0, 2), (2, 2), (3, 4), (15, 20), (21, 30), (41, 50), (2_200, 3_000)]
        {
            assert_eq!(round_up(highest), top, "{highest}");
        }
    }

    #[test]
    fn days_without_any_are_in_the_chart() {
        let counts = [count(20_000, "signed_in", 6), count(20_002, "failed", 2)];
        let chart = chart(&counts, 20_002, 7);
        assert_eq!(chart.days.len(), 7);
        let told: Vec<_> = chart.days.iter().map(|day| (day.good, day.bad)).collect();
        assert_eq!(told, [(0, 0), (0, 0), (0, 0), (0, 0), (6, 0), (0, 0), (0, 2)]);
        assert_eq!(chart.scale, ["6", "3", "0"]);
        assert_eq!(chart.days[4].good_y, "0.0");
        assert_eq!(chart.days[6].machine, "2024-10-06");
        assert!(chart.summary.contains("6 October: 2"), "{}", chart.summary);
    }

    #[test]
    fn an_unknown_range_is_a_month() {
        assert_eq!(days(Some("7")), 7);
        assert_eq!(days(Some("x")), 30);
        assert_eq!(days(Some("100000")), 30);
    }
}
