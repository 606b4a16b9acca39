//! Slots: one at a time per key, in order, bounded, and nothing left behind.
//!
//! The clock is tokio's paused one, so five seconds pass in no time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use crate::Busy;
use crate::slots::Slots;

#[tokio::test]
async fn of_two_hundred_tasks_one_at_a_time_holds_the_slot() {
    let slots = Slots::default();
    let (inside, most, done) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicUsize::new(0)),
    );
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let (slots, inside, most, done) =
                (slots.clone(), inside.clone(), most.clone(), done.clone());
            tokio::spawn(async move {
                let slot = slots.take([1; 32]).await.expect("its turn");
                let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                tokio::task::yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
                drop(slot);
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("ends");
    }
    assert_eq!((most.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (1, 200));
    assert_eq!(slots.len(), 0, "no key is left");
}

#[tokio::test]
async fn the_order_is_that_of_arrival() {
    let slots = Slots::default();
    let order = Arc::new(Mutex::new(Vec::new()));
    let first = slots.take([1; 32]).await.expect("free");
    let mut tasks = Vec::new();
    for number in 0..20 {
        let (slots, order) = (slots.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            let _slot = slots.take([1; 32]).await.expect("its turn");
            order.lock().push(number);
        }));
        tokio::task::yield_now().await;
    }
    drop(first);
    for task in tasks {
        task.await.expect("ends");
    }
    assert_eq!(*order.lock(), (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn different_keys_do_not_wait_for_one_another() {
    let slots = Slots::default();
    let held: Vec<_> =
        futures_util::future::join_all((0..100u8).map(|n| slots.take([n; 32]))).await;
    assert!(held.iter().all(Result::is_ok));
    assert_eq!(slots.len(), 100);
    drop(held);
    assert_eq!(slots.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn after_five_seconds_the_waiting_ends_and_leaves_nothing_behind() {
    let slots = Slots::default();
    let held = slots.take([1; 32]).await.expect("free");
    let start = tokio::time::Instant::now();
    assert_eq!(slots.take([1; 32]).await.expect_err("held"), Busy);
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!(slots.len(), 1, "the holder's");
    drop(held);
    assert_eq!(slots.len(), 0);
    slots.take([1; 32]).await.expect("free again");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_leaves_nothing_behind() {
    let slots = Slots::default();
    let held = slots.take([1; 32]).await.expect("free");
    let wait = tokio::time::timeout(Duration::from_secs(1), slots.take([1; 32]));
    assert!(wait.await.is_err());
    drop(held);
    assert_eq!(slots.len(), 0);
}

#[tokio::test]
async fn holders_and_waiters_are_bounded() {
    let slots = Slots::default();
    let mut held = Vec::new();
    for number in 0..16_384u32 {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&number.to_be_bytes());
        held.push(slots.take(key).await.expect("room"));
    }
    assert_eq!(slots.take([9; 32]).await.expect_err("no room"), Busy);
    held.pop();
    slots.take([9; 32]).await.expect("room again");
}

#[tokio::test(start_paused = true)]
async fn one_key_cannot_take_all_places() {
    let slots = Slots::default();
    let held = slots.take([1; 32]).await.expect("free");
    let start = tokio::time::Instant::now();
    let waits = (0..300).map(|_| async {
        assert_eq!(slots.take([1; 32]).await.expect_err("held"), Busy);
        start.elapsed().as_secs()
    });
    let waited = futures_util::future::join_all(waits).await;
    assert_eq!(waited.iter().filter(|seconds| **seconds == 0).count(), 45);
    assert_eq!(waited.iter().filter(|seconds| **seconds == 5).count(), 255);
    drop(held);
    assert_eq!(slots.len(), 0);
}

#[test]
fn what_requests_hold_may_cross_threads() {
    fn check<T: Send>(_: &T) {}
    let pool = crate::HashPool::start(1, 1);
    check(&pool.slot([1; 32]));
    check(&pool.verify("a", crate::SecretString::from("x"), None));
    check(&(super::vault(), super::signing_key("k", crate::Algorithm::EdDsa)));
}
