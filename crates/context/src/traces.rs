//! Where the steps of sign-ins are noted. Callers never wait: steps go through a bounded buffer
//! and are written in batches by a thread of their own. When the buffer is full they are counted
//! as dropped. The same failure repeated in the same flow is one row a minute with a count.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use store::traces::TraceRow;
use store::{Db, Error, RequestId, TenantId, Timestamp, support_code};

const BUFFER: usize = 8_192;
const BATCH: usize = 256;
const PAUSE: Duration = Duration::from_millis(200);

/// One step of a sign-in.
#[derive(Debug, Clone)]
pub struct TraceEvent {
    /// The tenant it happened in.
    pub tenant: TenantId,
    /// The flow it belongs to: the support code people see.
    pub flow: String,
    /// When.
    pub at: Timestamp,
    /// Which step.
    pub step: &'static str,
    /// A code of the catalogue, or `ok`.
    pub code: &'static str,
    /// Which application; may be empty.
    pub application: String,
    /// Who; may be empty.
    pub user: String,
    /// Which connection; may be empty.
    pub connection: String,
    /// More, for the admin. Never a secret.
    pub detail: serde_json::Value,
}

enum Message {
    Step(Box<TraceEvent>),
    Flush(Sender<()>),
}

/// The buffer. Cheap to clone; the thread ends when the last clone is dropped.
#[derive(Clone)]
pub struct TraceSink {
    queue: Sender<Message>,
    dropped: Arc<AtomicU64>,
}

impl TraceSink {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// [`Error::Internal`] when no thread can be had.
    pub fn start(db: Db) -> Result<TraceSink, Error> {
        let (queue, steps) = bounded(BUFFER);
        std::thread::Builder::new()
            .name("traces".into())
            .spawn(move || run(&db, &steps))
            .map_err(|e| Error::Internal(format!("trace thread: {e}")))?;
        Ok(TraceSink { queue, dropped: Arc::default() })
    }

    /// Notes a step. Never blocks.
    pub fn record(&self, event: TraceEvent) {
        if let Err(TrySendError::Full(_)) = self.queue.try_send(Message::Step(Box::new(event))) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many steps were lost because the buffer was full.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until everything noted so far is written, at most five seconds.
    pub fn flush(&self) {
        let (done, wait) = bounded(1);
        if self.queue.send_timeout(Message::Flush(done), Duration::from_secs(5)).is_ok() {
            let _ = wait.recv_timeout(Duration::from_secs(5));
        }
    }
}

fn run(db: &Db, steps: &Receiver<Message>) {
    let mut count = 0u64;
    while let Ok(first) = steps.recv() {
        let mut batch = Vec::new();
        let mut waiting = Vec::new();
        let mut next = Some(first);
        let pause = crossbeam_channel::after(PAUSE);
        while let Some(message) = next.take() {
            match message {
                Message::Step(step) => batch.push(*step),
                Message::Flush(done) => waiting.push(done),
            }
            if batch.len() >= BATCH || !waiting.is_empty() {
                break;
            }
            next = crossbeam_channel::select! {
                recv(steps) -> message => message.ok(),
                recv(pause) -> _ => None,
            };
        }
        write(db, batch, &mut count);
        for done in waiting {
            let _ = done.send(());
        }
    }
}

fn write(db: &Db, batch: Vec<TraceEvent>, count: &mut u64) {
    let mut tenants: HashMap<TenantId, Vec<TraceRow>> = HashMap::new();
    for step in batch {
        *count += 1;
        let rows = tenants.entry(step.tenant.clone()).or_default();
        let row = row(step, *count);
        match rows.iter_mut().find(|r| same_failure(r, &row)) {
            Some(seen) => seen.times += 1,
            None => rows.push(row),
        }
    }
    for (tenant, rows) in tenants {
        let counts = counts(&rows);
        let result = db.write(&tenant, |tx| {
            rows.iter().try_for_each(|row| tx.insert_trace(row))?;
            for ((day, kind), by) in &counts {
                tx.add_daily(*day, kind, *by)?;
            }
            Ok::<_, Error>(())
        });
        if let Err(error) = result {
            tracing::warn!(%error, lost = rows.len(), "sign-in traces could not be written");
        }
    }
}

/// What a step came to for the person; nothing for a step in between.
fn outcome(step: &str, code: &str) -> &'static str {
    match (step, code) {
        ("password" | "upstream", "ok") => "signed_in",
        ("sign_up", "ok") => "signed_up",
        ("authorize", "ok") => "returned",
        ("logout", "ok") => "signed_out",
        (_, "ok") => "",
        _ => "failed",
    }
}

/// What the dashboard counts, by day and kind, in one order on every node, so that two of them
/// never wait for one another.
fn counts(rows: &[TraceRow]) -> BTreeMap<(i64, String), i64> {
    let mut counts = BTreeMap::new();
    let told = rows.iter().filter(|row| !row.outcome.is_empty() && row.outcome != "signed_out");
    for row in told {
        let day = row.at.seconds().div_euclid(86_400);
        let mut add = |kind: String| *counts.entry((day, kind)).or_insert(0) += row.times;
        add(row.outcome.clone());
        match row.outcome.as_str() {
            "failed" => add(format!("failed:{}", row.code)),
            "signed_in" if row.connection.is_empty() => add("method:password".to_owned()),
            "signed_in" => add(format!("method:{}", row.connection)),
            _ => {}
        }
    }
    counts
}

fn same_failure(a: &TraceRow, b: &TraceRow) -> bool {
    a.code != "ok"
        && (&a.flow, &a.step, &a.code, &a.user_id, &a.detail)
            == (&b.flow, &b.step, &b.code, &b.user_id, &b.detail)
}

fn row(step: TraceEvent, count: u64) -> TraceRow {
    TraceRow {
        id: format!("{:016x}{:08x}", step.at.0, count & 0xffff_ffff),
        tenant: step.tenant,
        flow: step.flow.clone(),
        at: step.at,
        step: step.step.to_owned(),
        code: step.code.to_owned(),
        application: step.application,
        user_id: step.user,
        detail: step.detail.to_string(),
        times: 1,
        support: support_code(&step.flow),
        connection: step.connection,
        outcome: outcome(step.step, step.code).to_owned(),
    }
}

/// A support code for what has no flow: the request's id.
pub fn flow_of(request: &RequestId) -> String {
    request.as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(step: &'static str, code: &'static str, connection: &str) -> TraceRow {
        let event = TraceEvent {
            tenant: TenantId::system(),
            flow: "req_01k9w2q6mz0000000000000000".into(),
            at: Timestamp::from_seconds(86_400 * 20_000 + 5),
            step,
            code,
            application: String::new(),
            user: String::new(),
            connection: connection.into(),
            detail: serde_json::Value::Null,
        };
        row(event, 1)
    }

    #[test]
    fn steps_that_came_to_something_are_counted_by_day() {
        let mut wrong = step("password", "bad_credentials", "");
        wrong.times = 3;
        let rows = [
            step("password", "ok", ""),
            step("upstream", "ok", "con_1"),
            step("consent", "ok", ""),
            step("logout", "ok", ""),
            wrong,
        ];
        let found: Vec<_> = counts(&rows).into_iter().map(|((_, kind), by)| (kind, by)).collect();
        let expected = [
            ("failed", 3),
            ("failed:bad_credentials", 3),
            ("method:con_1", 1),
            ("method:password", 1),
            ("signed_in", 2),
        ];
        assert_eq!(found, expected.map(|(kind, by)| (kind.to_owned(), by)));
        assert_eq!(rows[0].support, "00000-00000");
        assert_eq!(rows[2].outcome, "");
    }
}
