//! What happened to people who sign in: the log, one flow step by step, and the counts of days.
//! Steps are recorded by `issuer` and `federation`; their words are the catalogue's.

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::daily_counts::DailyCount;
use store::traces::{LogFilter, TraceRow};
use store::{RequestId, TenantId, Timestamp};

use crate::actor::Actor;
use crate::error::{Error, FieldError, none};
use crate::page::{self, COUNT_CAP, Page};
use crate::rights::Action;

/// What a step can have come to for the person.
pub const OUTCOMES: [&str; 5] = ["signed_in", "signed_up", "returned", "signed_out", "failed"];

/// Which entries of the log are wanted. What is empty is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogQuery {
    /// One of [`OUTCOMES`].
    pub outcome: String,
    /// A code of the catalogue.
    pub code: String,
    /// An application's id.
    pub application: String,
    /// A user's id.
    pub user: String,
    /// A connection's id.
    pub connection: String,
}

impl LogQuery {
    fn filter(&self) -> Result<LogFilter, Error> {
        let mut errors = Vec::new();
        if !self.outcome.is_empty() && !OUTCOMES.contains(&self.outcome.as_str()) {
            let message = format!("Choose one of {}.", OUTCOMES.join(", "));
            errors.push(FieldError::new("outcome", "unknown", message));
        }
        none(errors)?;
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(LogFilter {
            outcome: given(&self.outcome),
            code: given(&self.code),
            application: given(&self.application),
            user: given(&self.user),
            connection: given(&self.connection),
        })
    }
}

/// A step that came to something.
#[derive(Debug, Clone, Serialize)]
pub struct LogEntry {
    /// Its id.
    pub id: String,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// The flow it belongs to.
    pub flow: String,
    /// The flow's support code, which the person saw too.
    pub support: String,
    /// Which step: `authorize`, `password`, `upstream`, `token` …
    pub step: String,
    /// What it came to for the person; empty for a step in between.
    pub outcome: String,
    /// A code of the catalogue, or `ok`.
    pub code: String,
    /// Which application; may be empty.
    pub application: String,
    /// Who; may be empty.
    pub user: String,
    /// Which connection; may be empty.
    pub connection: String,
    /// More, never a secret.
    pub detail: serde_json::Value,
    /// How often the same thing happened within the minute.
    pub times: i64,
}

impl LogEntry {
    fn of(row: TraceRow) -> LogEntry {
        LogEntry {
            id: row.id,
            at: row.at.0,
            flow: row.flow,
            support: row.support,
            step: row.step,
            outcome: row.outcome,
            code: row.code,
            application: row.application,
            user: row.user_id,
            connection: row.connection,
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            times: row.times,
        }
    }
}

/// The log of a tenant, newest first.
///
/// # Errors
/// [`Error::Form`] naming the filter, [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    query: &LogQuery,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<LogEntry>, Error> {
    let scope = (tenant.as_str(), "log");
    let filter = query.filter()?;
    let limit = page::limit(limit);
    let place = page::open(ctx, scope, after)?;
    let before = place.as_deref().and_then(|place| {
        let (at, id) = place.split_once(' ')?;
        Some((Timestamp(at.parse().ok()?), id))
    });
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::LogRead)?;
        Ok::<_, Error>(tx.list_log(&filter, before, limit + 1)?)
    })?;
    let entries = rows.into_iter().map(LogEntry::of).collect();
    Ok(page::cut(ctx, scope, entries, limit, |e: &LogEntry| format!("{} {}", e.at, e.id)))
}

/// One flow from its first step to its last, by its id or its support code, however it is spelled.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    flow_or_support: &str,
) -> Result<Vec<LogEntry>, Error> {
    let wanted = flow_or_support.trim().to_lowercase();
    let steps = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::LogRead)?;
        Ok::<_, Error>(match RequestId::parse(&wanted) {
            Some(id) => tx.list_trace(id.as_str())?,
            None => tx.list_trace_of(&support_form(&wanted))?,
        })
    })?;
    if steps.is_empty() {
        return Err(Error::NotFound("sign-in"));
    }
    Ok(steps.into_iter().map(LogEntry::of).collect())
}

/// A support code as it is stored, from what somebody read out: the letters that Crockford's
/// base32 leaves out stand for the digits they look like.
fn support_form(text: &str) -> String {
    let letter = |c: char| match c {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).map(letter).collect();
    match letters.len() {
        10 => format!("{}-{}", &letters[..5], &letters[5..]),
        _ => text.to_owned(),
    }
}

/// How often a code was met within the last day, counted up to 1,001.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn same_code(ctx: &Ctx, actor: &Actor, tenant: &TenantId, code: &str) -> Result<i64, Error> {
    let since = ctx.now().plus_seconds(-86_400);
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::LogRead)?;
        Ok(tx.count_code(code, since, COUNT_CAP)?)
    })
}

/// The counts of the last `days` days, today included, at most 366.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn daily(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    days: i64,
) -> Result<Vec<DailyCount>, Error> {
    let today = ctx.now().seconds().div_euclid(86_400);
    let since = today - days.clamp(1, 366) + 1;
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::LogRead)?;
        Ok(tx.list_daily(since)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_support_code_is_read_as_people_say_it() {
        for text in ["7k3mq-x2a9t", "7k3mqx2a9t", "7k3mq x2a9t", "7k3mq.x2a9t"] {
            assert_eq!(support_form(text), "7k3mq-x2a9t", "{text}");
        }
        assert_eq!(support_form("o1lii-00000"), "01111-00000");
        assert_eq!(support_form("short"), "short");
    }
}
