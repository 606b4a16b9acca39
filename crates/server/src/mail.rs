//! Delivery of mail: a thread of its own with its own timer, so that a mail server that is slow or
//! gone delays mail and nothing else. Messages are rows of the outbox, leased by one node at a time,
//! made into text when they leave, tried again with growing pauses, and given up when they are not
//! worth sending any more. The only user of lettre.

mod make;
mod round;
mod smtp;
mod test;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use context::Ctx;
use crossbeam_channel::{Receiver, Sender, bounded};

pub use make::Captured;
pub use test::{probe, send_test};

use crate::fail::Fail;

/// How often a node looks whether something is due.
const TICK: Duration = Duration::from_millis(300);
/// How long mails that are on their way may take when the server stops.
const GRACE: Duration = Duration::from_secs(3);

/// The thread that delivers; it ends when this is dropped.
pub struct Delivery {
    stop: Option<Sender<()>>,
    stopping: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Delivery {
    /// Starts delivering.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn start(ctx: Ctx) -> Result<Delivery, Fail> {
        let (stop, stopped) = bounded::<()>(0);
        let stopping = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stopping);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new()
            .name("mail".into())
            .spawn(move || run(&ctx, &runtime, &stopped, &seen))?;
        Ok(Delivery { stop: Some(stop), stopping, thread: Some(thread) })
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(
    ctx: &Ctx,
    runtime: &tokio::runtime::Runtime,
    stopped: &Receiver<()>,
    stopping: &AtomicBool,
) {
    let mut state = round::State::default();
    let pause = |state: &round::State| if state.busy { Duration::ZERO } else { TICK };
    while stopped.recv_timeout(pause(&state)).is_err_and(|e| e.is_timeout()) {
        let work = async {
            tokio::select! {
                done = round::run(ctx, &mut state) => done,
                () = told(stopping) => Ok(()),
            }
        };
        if let Err(error) = runtime.block_on(work) {
            tracing::warn!(%error, "mail could not be delivered; it is tried again");
        }
    }
}

/// Waits until the server is told to stop, and then as long as mails on their way may take.
async fn told(stopping: &AtomicBool) {
    while !stopping.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(GRACE).await;
}
