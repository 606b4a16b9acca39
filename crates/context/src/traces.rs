//! Where the steps of sign-ins are noted. Callers never wait: steps go through a bounded buffer
//! and are written in batches by a thread of their own. When the buffer is full they are counted
//! as dropped. The same failure repeated in the same flow is one row a minute with a count.

use std::collections::HashMap;
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
        let result = db.write(&tenant, |tx| {
            rows.iter().try_for_each(|row| tx.insert_trace(row))?;
            Ok::<_, Error>(())
        });
        if let Err(error) = result {
            tracing::warn!(%error, lost = rows.len(), "sign-in traces could not be written");
        }
    }
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
    }
}

/// A support code for what has no flow: the request's id.
pub fn flow_of(request: &RequestId) -> String {
    request.as_str().to_owned()
}
