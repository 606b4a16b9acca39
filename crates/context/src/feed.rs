//! Follows the change feed: every 250 ms this node reads what any node committed and drops what
//! became stale. When the feed cannot be read, cached answers stop counting by themselves.

use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use store::{Db, feed};

use crate::snapshots::Snapshots;

/// How often the feed is read.
pub const INTERVAL: Duration = Duration::from_millis(250);

/// The thread that follows the feed; it ends when this is dropped.
pub struct FeedThread {
    stop: Option<Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl FeedThread {
    /// Starts following. The caches begin empty, so the feed is followed from its present heads.
    ///
    /// # Errors
    /// Whatever the database reports, or when no thread can be had.
    pub fn start(db: Db, snapshots: Snapshots) -> Result<FeedThread, store::Error> {
        let at = Instant::now();
        let heads = feed::heads(&db)?;
        snapshots.polled(at);
        let (stop, stopped) = bounded::<()>(0);
        let thread = std::thread::Builder::new()
            .name("feed".into())
            .spawn(move || follow(&db, &snapshots, heads, &stopped))
            .map_err(|e| store::Error::Internal(format!("feed thread: {e}")))?;
        Ok(FeedThread { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for FeedThread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn follow(
    db: &Db,
    snapshots: &Snapshots,
    mut heads: feed::Heads,
    stopped: &crossbeam_channel::Receiver<()>,
) {
    let mut failing = false;
    while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let at = Instant::now();
        match feed::poll(db, heads) {
            Ok(changes) => {
                snapshots.apply(&changes);
                let mut lost = false;
                for change in &changes {
                    heads[change.shard] = change.seq;
                    lost |= change.kind == feed::LOST;
                }
                if lost {
                    snapshots.clear();
                }
                // A full answer means that there is more: what is cached does not count yet.
                if changes.len() < usize::try_from(feed::BATCH).unwrap_or(usize::MAX) {
                    snapshots.polled(at);
                }
                failing = false;
            }
            Err(error) if !failing => {
                tracing::warn!(%error, "the change feed cannot be read; answers come from the database");
                failing = true;
            }
            Err(_) => {}
        }
    }
}
