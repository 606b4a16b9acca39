//! The bounded threads: fairness, deadline, panic and stop.

use super::*;
use futures_util::FutureExt;

#[actix_web::test]
async fn a_job_answers_and_is_counted() {
    let runner = Runner::start(2, 8).unwrap();
    assert_eq!(runner.run("a", || 7).await, Ok(7));
    runner.stop();
    assert_eq!(runner.stats(), RunnerStats { done: 1, ..RunnerStats::default() });
}

#[actix_web::test]
async fn a_full_queue_and_a_greedy_tenant_are_refused() {
    let runner = Runner::start(1, 4).unwrap();
    let (release, gate) = crossbeam_channel::bounded::<()>(0);
    let (entered, inside) = crossbeam_channel::bounded::<()>(1);
    let mut blocked = Box::pin(runner.run("x", move || {
        entered.send(()).unwrap();
        gate.recv().unwrap();
    }));
    assert!(blocked.as_mut().now_or_never().is_none());
    inside.recv().unwrap();
    let mut waiting = Vec::new();
    for tenant in ["a", "a", "b", "b"] {
        let mut job = Box::pin(runner.run(tenant, || ()));
        assert!(job.as_mut().now_or_never().is_none());
        waiting.push(job);
    }
    assert_eq!(runner.run("a", || ()).await, Err(Busy), "half of the queue is the tenant's cap");
    assert_eq!(runner.run("c", || ()).await, Err(Busy), "the queue is full");
    release.send(()).unwrap();
    assert_eq!(blocked.await, Ok(()));
    for job in waiting {
        assert_eq!(job.await, Ok(()));
    }
    runner.stop();
    assert_eq!(runner.stats().refused, 2);
    assert!(runner.shared.shares.lock().is_empty());
}

#[actix_web::test]
async fn a_panic_unwinds_in_the_caller_and_the_thread_lives_on() {
    let runner = Runner::start(1, 4).unwrap();
    let outcome = AssertUnwindSafe(runner.run("a", || panic!("boom"))).catch_unwind().await;
    assert!(outcome.is_err());
    assert_eq!(runner.run("a", || 1).await, Ok(1));
    assert_eq!(runner.stats().panicked, 1);
}

#[actix_web::test]
async fn a_stopped_runner_is_busy() {
    let runner = Runner::start(1, 4).unwrap();
    runner.stop();
    assert_eq!(runner.run("a", || ()).await, Err(Busy));
}

#[actix_web::test]
async fn a_job_that_waits_past_the_deadline_is_busy_and_never_runs() {
    let runner = Runner::start(1, 4).unwrap();
    let (release, gate) = crossbeam_channel::bounded::<()>(0);
    let mut first = Box::pin(runner.run("a", move || gate.recv().ok()));
    assert!(first.as_mut().now_or_never().is_none());
    let ran = Arc::new(AtomicBool::new(false));
    let mark = Arc::clone(&ran);
    assert_eq!(runner.run("a", move || mark.store(true, Ordering::Release)).await, Err(Busy));
    release.send(()).unwrap();
    assert_eq!(first.await, Ok(Some(())));
    runner.stop();
    assert!(!ran.load(Ordering::Acquire));
}

#[actix_web::test]
async fn a_job_nobody_waits_for_is_not_run() {
    let runner = Runner::start(1, 4).unwrap();
    let (release, gate) = crossbeam_channel::bounded::<()>(0);
    let mut first = Box::pin(runner.run("a", move || gate.recv().ok()));
    assert!(first.as_mut().now_or_never().is_none());
    let mut second = Box::pin(runner.run("a", || ()));
    assert!(second.as_mut().now_or_never().is_none());
    drop(second);
    release.send(()).unwrap();
    assert_eq!(first.await, Ok(Some(())));
    runner.stop();
    assert_eq!(runner.stats().expired, 1);
}
