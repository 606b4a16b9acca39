//! The password pool: bounds, fairness, deadlines, cancelled callers, and the end of its threads.
//!
//! Where the order matters, the threads' side is run on the test's own thread.

use std::time::Instant;

use futures_util::future::join_all;

use crate::hash_work::{Job, Reply, Shared, Work};
use crate::passwords::MAX_PASSWORD;
use crate::{Busy, HashPool, HashTicket, SecretString};

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn hashed(answer: Result<HashTicket, Busy>) -> String {
    match answer {
        Ok(HashTicket::Hashed(phc)) => phc,
        other => panic!("{other:?}"),
    }
}

fn is_right(answer: Result<HashTicket, Busy>) -> bool {
    match answer {
        Ok(HashTicket::Verified { ok, upgraded: None }) => ok,
        other => panic!("{other:?}"),
    }
}

fn job(password: &str) -> (Job, crossbeam_channel::Receiver<Result<HashTicket, Busy>>) {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    (Job::new(Work::Verify(None), secret(password), Reply::Thread(sender)), receiver)
}

#[tokio::test]
async fn round_trip_and_the_same_answer_for_unknown_users() {
    let pool = HashPool::start(2, 64);
    let phc = hashed(pool.hash("a", secret("open sesame")).await);
    assert!(is_right(pool.verify("a", secret("open sesame"), Some(phc.clone())).await));
    assert!(!is_right(pool.verify("a", secret("open sesam"), Some(phc)).await));
    assert!(!is_right(pool.verify("a", secret("open sesame"), None).await));
    let stats = pool.stats();
    assert_eq!((stats.done, stats.queued, stats.busy), (4, 0, 0), "the unknown user costs a hash");
}

#[test]
fn blocking_callers_get_the_same() {
    let pool = HashPool::start(1, 4);
    let phc = hashed(pool.hash_blocking("a", secret("open sesame")));
    assert!(is_right(pool.verify_blocking("a", secret("open sesame"), Some(phc))));
    assert!(!is_right(pool.verify_blocking("a", secret("open sesame"), None)));
}

#[tokio::test]
async fn weaker_hashes_come_back_stronger() {
    // PHC string of the library with a tenth of the memory.
    let weak = super::passwords::weak("open sesame", 1945, 2, argon2::Algorithm::Argon2id);
    let pool = HashPool::start(1, 4);
    match pool.verify("a", secret("open sesame"), Some(weak)).await {
        Ok(HashTicket::Verified { ok: true, upgraded: Some(new) }) => {
            assert!(is_right(pool.verify("a", secret("open sesame"), Some(new)).await));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn passwords_over_1024_bytes_are_refused_before_hashing() {
    let pool = HashPool::start(1, 4);
    let long = "x".repeat(MAX_PASSWORD + 1);
    assert!(!is_right(pool.verify("a", secret(&long), None).await));
    assert!(!is_right(pool.verify_blocking("a", secret(&long), None)));
    assert!(matches!(pool.hash("a", secret(&long)).await, Ok(HashTicket::TooLong)));
    assert!(matches!(pool.hash_blocking("a", secret(&long)), Ok(HashTicket::TooLong)));
    assert_eq!(pool.stats().done, 0);
    hashed(pool.hash("a", secret(&long[1..])).await);
}

#[tokio::test]
async fn three_hundred_at_once_are_bounded_and_all_are_answered() {
    let pool = HashPool::start(2, 64);
    let answers = join_all((0..300).map(|_| pool.verify("a", secret("guess"), None))).await;
    let busy = answers.iter().filter(|answer| answer.is_err()).count() as u64;
    let stats = pool.stats();
    assert_eq!((stats.done + stats.busy, stats.busy, stats.queued), (300, busy, 0));
    assert!(stats.done > 0 && busy > 0, "{stats:?}");
    assert!(!is_right(pool.verify("a", secret("guess"), None).await), "and it goes on");
}

#[test]
fn a_full_queue_is_busy_at_once() {
    let shared = Shared::new(3);
    let answers: Vec<_> = (0..5)
        .map(|_| {
            let (job, answer) = job("guess");
            shared.push("a", job);
            answer
        })
        .collect();
    let busy = |index: usize| matches!(answers[index].try_recv(), Ok(Err(Busy)));
    assert!(busy(3) && busy(4), "nobody has worked yet");
    shared.close();
    shared.work();
    assert!((0..3).all(|index| matches!(answers[index].try_recv(), Ok(Ok(_)))));
    assert_eq!((shared.stats().done, shared.stats().busy), (3, 2));
}

#[test]
fn a_tenant_that_fills_the_queue_does_not_shut_others_out() {
    let shared = Shared::new(4);
    let push = |tenant: &str| {
        let (job, answer) = job("guess");
        shared.push(tenant, job);
        answer
    };
    let flood: Vec<_> = (0..10).map(|_| push("loud")).collect();
    let quiet = push("quiet");
    shared.close();
    shared.work();
    assert!(matches!(quiet.try_recv(), Ok(Ok(_))));
    let served = flood.iter().filter(|answer| matches!(answer.try_recv(), Ok(Ok(_)))).count();
    assert_eq!(served, 3);
}

#[test]
fn a_job_that_waited_too_long_is_busy_and_not_hashed() {
    let shared = Shared::new(4);
    let (mut late, answer) = job("guess");
    late.deadline = Instant::now();
    shared.push("a", late);
    shared.close();
    shared.work();
    assert!(matches!(answer.try_recv(), Ok(Err(Busy))));
    assert_eq!((shared.stats().done, shared.stats().busy), (0, 1));
}

#[test]
fn a_job_that_nobody_awaits_is_not_hashed() {
    let shared = Shared::new(4);
    let (sender, receiver) = futures_channel::oneshot::channel();
    shared.push("a", Job::new(Work::Hash, secret("gone"), Reply::Future(sender)));
    drop(receiver);
    shared.close();
    shared.work();
    assert_eq!((shared.stats().done, shared.stats().busy), (0, 0));
}

#[test]
fn a_closed_pool_is_busy() {
    let shared = Shared::new(4);
    shared.close();
    let (job, answer) = job("guess");
    shared.push("a", job);
    assert!(matches!(answer.try_recv(), Ok(Err(Busy))));
}

#[test]
fn threads_end_with_the_last_handle() {
    let pool = HashPool::start(2, 4);
    let shared = pool.shared();
    drop(pool.clone());
    hashed(pool.hash_blocking("a", secret("a clone was not the last")));
    drop(pool);
    // Each thread holds the shared part until it ends.
    let patience = Instant::now() + std::time::Duration::from_secs(30);
    while shared.strong_count() > 0 {
        assert!(Instant::now() < patience, "a thread lives on");
        std::thread::yield_now();
    }
}

#[test]
fn tickets_and_pools_are_silent_in_debug_output() {
    let ticket = HashTicket::Hashed("$argon2id$secret".to_owned());
    assert_eq!(format!("{ticket:?}"), "HashTicket");
    assert!(!format!("{:?}", HashPool::start(1, 1)).contains("guess"));
}

#[cfg(target_os = "linux")]
#[test]
fn hashing_threads_yield_to_others_and_leave_the_process_as_it_is() {
    let niceness = || rustix::process::getpriority_process(None).expect("a priority");
    let before = niceness();
    let (sender, receiver) = crossbeam_channel::bounded(1);
    assert!(crate::threads::spawn("nice", move || _ = sender.send(niceness())));
    let inside = receiver.recv().expect("an answer");
    assert!(inside > before || before >= 15, "{inside} after {before}");
    assert_eq!(niceness(), before);
}
