//! When a client secret stops being taken at its provider: a date that an admin copies from there,
//! so that the console can say so in time. Nothing is switched off on that day.

use chrono::NaiveDate;
use context::Ctx;
use store::connections::ConnectionRow;
use store::{TenantId, Timestamp};

use super::change;
use crate::actor::Actor;
use crate::error::{Error, FieldError};

/// Days before the date from which on it is worth a word.
pub const SOON_DAYS: i64 = 30;
const DAY_S: i64 = 86_400;

/// How a secret stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Its date is so many days ahead, fewer than [`SOON_DAYS`].
    Soon(i64),
    /// Its date is today or past.
    Past,
}

/// Whether the date of a connection's secret is worth a word. None without a date or far from it.
pub fn expiry(row: &ConnectionRow, now: Timestamp) -> Option<Expiry> {
    let left = row.secret_expires_at?.seconds().div_euclid(DAY_S) - now.seconds().div_euclid(DAY_S);
    match left {
        ..=0 => Some(Expiry::Past),
        1..SOON_DAYS => Some(Expiry::Soon(left)),
        _ => None,
    }
}

/// Reads `YYYY-MM-DD`; nothing and `never` are no date.
///
/// # Errors
/// [`FieldError`] of `secret_expires`.
pub fn parse_expiry(text: &str) -> Result<Option<Timestamp>, FieldError> {
    let text = text.trim();
    if text.is_empty() || text == "never" {
        return Ok(None);
    }
    let wrong = || {
        let message = "Write the date as year, month and day, such as 2031-05-17.";
        FieldError::new("secret_expires", "date", message)
    };
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| wrong())?;
    let plain = text.len() == 10 && (2000..=2200).contains(&chrono::Datelike::year(&date));
    let start = date.and_hms_opt(0, 0, 0).filter(|_| plain).ok_or_else(wrong)?;
    Ok(Some(Timestamp::from_seconds(start.and_utc().timestamp())))
}

/// The date as it is written.
pub fn expiry_text(at: Option<Timestamp>) -> String {
    let at = at.and_then(|at| chrono::DateTime::from_timestamp_micros(at.0));
    at.map(|at| at.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// Notes when the secret expires, or that it does not.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set_secret_expiry(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    expires: Option<Timestamp>,
) -> Result<ConnectionRow, Error> {
    change(ctx, actor, tenant, id, None, "connection.secret_expiry", |_, row| {
        row.secret_expires_at = expires;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        for (text, read) in [("", ""), ("never", ""), (" 2031-05-17 ", "2031-05-17")] {
            assert_eq!(parse_expiry(text).map(expiry_text), Ok(read.to_owned()), "{text}");
        }
        for wrong in ["17.5.2031", "2031-5-7", "2031-02-30", "31-05-17", "2031-05-17T00:00", "x"] {
            assert!(parse_expiry(wrong).is_err(), "{wrong}");
        }
    }
}
