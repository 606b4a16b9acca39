//! One round of delivery: lease what is due, make it, send it over a few connections, note what
//! became of each. A mail is held again right before it leaves, so that a node that slept through
//! its lease sends nothing. If a node dies between handing a mail over and noting it, the mail is
//! sent once more after its lease, with the same Message-ID: the one case of two.

use std::cell::RefCell;
use std::collections::VecDeque;

use context::Ctx;
use directory::mail::log::note_health;
use directory::mail::server::{self, Effective};
use store::mails::{MailFilter, MailRow};
use store::outbox::OutboxRow;
use store::{Error, TenantId, Timestamp};

use super::make::{self, Made, Outgoing};
use super::smtp::{Line, Outcome};

/// Mails in one round at most, and of one tenant.
const BATCH: usize = 32;
const SHARE: usize = 8;
/// Connections at once at most.
const LINES: usize = 4;
/// How long a lease lasts, in seconds; it is renewed when a mail leaves.
const LEASE_S: i64 = 120;
/// The first pause after a failure, and the longest, in seconds.
const FIRST_S: i64 = 60;
const LONGEST_S: i64 = 6 * 3_600;
/// How long a server that cannot be reached is left alone, in seconds: at first, and at most.
const REST_S: i64 = 10;
const REST_MAX_S: i64 = 300;

/// What a node remembers from round to round.
#[derive(Default)]
pub struct State {
    /// The server is left alone until then.
    rest_until: Option<Timestamp>,
    rest_s: i64,
    /// Which server it was, as a fingerprint.
    server: String,
    /// Whether the last round had something to do: the next one need not wait.
    pub busy: bool,
}

/// A mail of this round: its row, its log, and what is to be sent.
struct Job {
    row: OutboxRow,
    log: MailRow,
    mail: Outgoing,
}

/// Delivers what is due.
///
/// # Errors
/// Whatever the database reports; what was not noted is tried again after its lease.
pub async fn run(ctx: &Ctx, state: &mut State) -> Result<(), Error> {
    let now = ctx.now();
    state.busy = false;
    if resting(ctx, state, now)? || !ctx.db.system_read(|tx| tx.outbox_due(now))? {
        return Ok(());
    }
    let server = server::effective(ctx)?;
    state.server = fingerprint(server.as_ref());
    // A server that was gone is asked with one mail.
    let limit = if state.rest_s > 0 { 1 } else { BATCH };
    let until = now.plus_seconds(LEASE_S);
    let node = &ctx.settings.node;
    let rows = ctx.db.system_write(|tx| tx.lease_outbox(node, now, until, limit, SHARE))?;
    let mut jobs = VecDeque::new();
    for row in rows {
        jobs.extend(prepare(ctx, server.as_ref(), row)?);
    }
    if jobs.is_empty() {
        return Ok(());
    }
    let down = match &server {
        Some(server) => send_all(ctx, server, jobs).await?,
        None if ctx.settings.dev => capture_all(ctx, jobs)?,
        None => return_all(ctx, jobs, "no mail server is set up")?,
    };
    rest(ctx, state, down.as_deref());
    state.busy = down.is_none();
    if server.is_some() {
        note_health(ctx, down.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

/// Whether the server is left alone: not when it was changed, and not when an operator waits for
/// what becomes of a test mail.
fn resting(ctx: &Ctx, state: &mut State, now: Timestamp) -> Result<bool, Error> {
    if state.rest_until.is_none_or(|until| now >= until) {
        return Ok(false);
    }
    let changed = fingerprint(server::effective(ctx)?.as_ref()) != state.server;
    if changed || test_waits(ctx)? {
        (state.rest_until, state.rest_s) = (None, 0);
        return Ok(false);
    }
    Ok(true)
}

/// Test mails are the system tenant's; one that was not tried yet is `queued`.
fn test_waits(ctx: &Ctx) -> Result<bool, Error> {
    let queued = MailFilter { state: Some("queued".into()), recipient: None };
    let found = ctx.db.read(&TenantId::system(), |tx| tx.list_mails(None, &queued, 1))?;
    Ok(!found.is_empty())
}

fn fingerprint(server: Option<&Effective>) -> String {
    let Some(of) = server else { return String::new() };
    let secret = of.password.expose();
    let (tls, from) = (of.tls.as_str(), &of.from);
    let whole = format!("{}\n{}\n{tls}\n{}\n{from}\n{secret}", of.host, of.port, of.user);
    vault::fingerprint(whole.as_bytes())
}

fn rest(ctx: &Ctx, state: &mut State, down: Option<&str>) {
    match down {
        None => (state.rest_until, state.rest_s) = (None, 0),
        Some(error) => {
            if state.rest_s == 0 {
                tracing::warn!(error, "mail waits: the mail server cannot be used");
            }
            state.rest_s = (state.rest_s * 2).clamp(REST_S, REST_MAX_S);
            state.rest_until = Some(ctx.now().plus_seconds(state.rest_s));
        }
    }
}

/// Makes a mail, or notes why there is none.
fn prepare(ctx: &Ctx, server: Option<&Effective>, row: OutboxRow) -> Result<Option<Job>, Error> {
    let from = server.map_or("no-reply@localhost", |server| server.from.as_str());
    match make::make(ctx, from, &row)? {
        Made::Ready(log, mail) => Ok(Some(Job { row, log, mail: *mail })),
        Made::Over(log, end) => {
            settle(ctx, &row, log, &end)?;
            Ok(None)
        }
        Made::Gone => {
            ctx.db.write(&row.tenant, |tx| tx.delete_outbox(&row))?;
            Ok(None)
        }
    }
}

/// How a mail ends, or goes on.
pub struct End {
    /// `sent`, `given_up`, `suppressed` or `retrying`.
    pub state: &'static str,
    /// What the mail server said, or why.
    pub answer: String,
}

/// Notes what became of a mail, if this attempt still holds it.
fn settle(ctx: &Ctx, row: &OutboxRow, mut log: MailRow, end: &End) -> Result<(), Error> {
    let now = ctx.now();
    log.state = end.state.into();
    log.answer.clone_from(&end.answer);
    log.attempts = row.attempts;
    log.updated_at = now;
    let due = now.plus_seconds(pause_s(row.attempts));
    ctx.db.write(&row.tenant, |tx| {
        let mine = match end.state {
            "retrying" => tx.return_outbox(row, due, row.attempts)?,
            _ => tx.delete_outbox(row)?,
        };
        if mine { tx.update_mail(&log) } else { Ok(()) }
    })
}

/// The pause after so many attempts: 1, 4, 16, 64 minutes, … six hours.
fn pause_s(attempts: i64) -> i64 {
    let power = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or_default();
    FIRST_S.saturating_mul(4i64.saturating_pow(power)).min(LONGEST_S)
}

/// The queue of a round, and what was found out about the server.
struct Shared {
    jobs: RefCell<VecDeque<Job>>,
    down: RefCell<Option<String>>,
}

async fn send_all(
    ctx: &Ctx,
    server: &Effective,
    jobs: VecDeque<Job>,
) -> Result<Option<String>, Error> {
    let lines = jobs.len().min(LINES);
    let shared = Shared { jobs: RefCell::new(jobs), down: RefCell::new(None) };
    let work = (0..lines).map(|_| work(ctx, server, &shared));
    for done in futures_util::future::join_all(work).await {
        done?;
    }
    let down = shared.down.into_inner();
    match &down {
        Some(error) => return_all(ctx, shared.jobs.into_inner(), error),
        None => Ok(None),
    }
}

/// One connection: mail after mail, until there is none left or the server is gone.
async fn work(ctx: &Ctx, server: &Effective, shared: &Shared) -> Result<(), Error> {
    let mut line: Option<Line> = None;
    loop {
        let Some(job) = shared.jobs.borrow_mut().pop_front() else { break };
        if line.is_none() && shared.down.borrow().is_none() {
            match Line::open(server).await {
                Ok(open) => line = Some(open),
                Err(error) => *shared.down.borrow_mut() = Some(error),
            }
        }
        let Some(open) = line.as_mut() else {
            shared.jobs.borrow_mut().push_back(job);
            break;
        };
        if !hold(ctx, &job)? {
            continue;
        }
        let outcome = open.send(&job.mail).await;
        if open.is_broken() {
            line = None;
        }
        settle(ctx, &job.row, job.log, &end(outcome))?;
    }
    if let Some(line) = line {
        line.close().await;
    }
    Ok(())
}

fn end(outcome: Outcome) -> End {
    match outcome {
        Outcome::Sent(answer) => End { state: "sent", answer },
        Outcome::Refused(answer) => End { state: "given_up", answer },
        Outcome::Later(answer) => End { state: "retrying", answer },
    }
}

/// Marks a mail as being sent; `false` when its lease ran out meanwhile.
fn hold(ctx: &Ctx, job: &Job) -> Result<bool, Error> {
    let now = ctx.now();
    let mut log = job.log.clone();
    log.state = "sending".into();
    log.attempts = job.row.attempts;
    log.updated_at = now;
    ctx.db.write(&job.row.tenant, |tx| {
        let held = tx.hold_outbox(&job.row, now, now.plus_seconds(LEASE_S))?;
        if held {
            tx.update_mail(&log)?;
        }
        Ok(held)
    })
}

/// Gives mails back that nothing was tried with; the attempt does not count.
fn return_all(ctx: &Ctx, jobs: VecDeque<Job>, why: &str) -> Result<Option<String>, Error> {
    let now = ctx.now();
    for Job { row, mut log, .. } in jobs {
        log.state = "retrying".into();
        log.answer = why.to_owned();
        log.updated_at = now;
        ctx.db.write(&row.tenant, |tx| {
            if tx.return_outbox(&row, now, row.attempts - 1)? {
                tx.update_mail(&log)
            } else {
                Ok(())
            }
        })?;
    }
    Ok(Some(why.to_owned()))
}

/// Puts mails into the inbox of dev mode.
fn capture_all(ctx: &Ctx, jobs: VecDeque<Job>) -> Result<Option<String>, Error> {
    for Job { row, log, mail } in jobs {
        let sealed = mail.captured.seal(ctx, &row.tenant, &log.id)?;
        ctx.db.write(&row.tenant, |tx| tx.insert_inbox(&log.id, &sealed, ctx.now()))?;
        let end = End { state: "sent", answer: "kept in the inbox of development".into() };
        settle(ctx, &row, log, &end)?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_minute_to_six_hours() {
        let minutes: Vec<i64> = (1..=7).map(|n| pause_s(n) / 60).collect();
        assert_eq!(minutes, [1, 4, 16, 64, 256, 360, 360]);
        assert_eq!(pause_s(0), 60);
        assert_eq!(pause_s(i64::MAX), LONGEST_S);
    }
}
