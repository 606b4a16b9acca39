//! When a document is fetched, kept, renewed and forgotten, with the time passed in.

use super::*;
use std::time::Duration;

const READ: Want = Want::Usable;

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn document(received: Instant, bytes: usize) -> Arc<Document> {
    Arc::new(Document {
        url: String::new(),
        body: vec![0; bytes],
        media_type: None,
        version: 0,
        received,
        fresh_until: received + seconds(600),
    })
}

fn error() -> OutboundError {
    OutboundError::Dns { host: "a.example".to_owned() }
}

fn look(shelf: &mut Shelf, want: Want, now: Instant) -> &'static str {
    match shelf.look("a", want, now) {
        Look::Have(_) => "have",
        Look::Failed(_) => "failed",
        Look::Fetch(_) => "fetch",
    }
}

fn filled() -> (Shelf, Instant) {
    let (mut shelf, start) = (Shelf::new(DocumentPolicy::default()), Instant::now());
    assert_eq!(look(&mut shelf, READ, start), "fetch");
    shelf.begin("a", READ, start);
    shelf.keep("a", document(start, 10));
    (shelf, start)
}

#[test]
fn a_document_is_kept_for_its_time() {
    let (mut shelf, start) = filled();
    assert_eq!(look(&mut shelf, READ, start + seconds(599)), "have");
    assert_eq!(look(&mut shelf, READ, start + seconds(600)), "fetch");
}

#[test]
fn failures_are_remembered_and_the_last_good_one_stays() {
    let (mut shelf, start) = (Shelf::new(DocumentPolicy::default()), Instant::now());
    assert!(shelf.fail("a", error(), start).is_err());
    assert_eq!(look(&mut shelf, READ, start + seconds(29)), "failed");
    assert_eq!(look(&mut shelf, Want::NewerThan(start), start + seconds(29)), "failed");
    assert_eq!(look(&mut shelf, READ, start + seconds(30)), "fetch");

    let (mut shelf, start) = filled();
    let later = start + seconds(700);
    assert!(shelf.fail("a", error(), later).is_ok());
    assert_eq!(look(&mut shelf, READ, later + seconds(29)), "have");
    assert_eq!(look(&mut shelf, READ, later + seconds(30)), "fetch");
    let too_late = start + seconds(600 + 24 * 3600);
    assert!(shelf.fail("a", error(), too_late).is_err());
    assert_eq!(look(&mut shelf, READ, too_late), "failed");
}

#[test]
fn an_open_circuit_is_not_remembered_twice() {
    let (mut shelf, start) = (Shelf::new(DocumentPolicy::default()), Instant::now());
    let (host, cause) = (String::new(), String::new());
    let open = OutboundError::CircuitOpen { host, retry_after: seconds(1), cause };
    assert!(shelf.fail("a", open, start).is_err());
    assert_eq!(look(&mut shelf, READ, start + seconds(1)), "fetch");
}

#[test]
fn one_forced_refresh_in_half_a_minute() {
    let (mut shelf, start) = filled();
    let at = |after| start + seconds(after);
    // Rotated right after the fetch: the next sign-in may look again at once.
    assert_eq!(look(&mut shelf, Want::NewerThan(at(1)), at(1)), "fetch");
    shelf.begin("a", Want::NewerThan(at(1)), at(1));
    shelf.keep("a", document(at(1), 10));
    for after in 2..31 {
        assert_eq!(look(&mut shelf, Want::NewerThan(at(after)), at(after)), "have");
    }
    assert_eq!(look(&mut shelf, Want::NewerThan(at(31)), at(31)), "fetch");
}

#[test]
fn a_document_the_caller_just_fetched_counts_as_the_refresh() {
    let (mut shelf, start) = filled();
    assert_eq!(look(&mut shelf, Want::NewerThan(start), start), "have");
    for after in 1..30 {
        let now = start + seconds(after);
        assert_eq!(look(&mut shelf, Want::NewerThan(now), now), "have");
    }
    let now = start + seconds(30);
    assert_eq!(look(&mut shelf, Want::NewerThan(now), now), "fetch");
}

#[test]
fn a_refresh_that_failed_is_not_tried_again_at_once() {
    let (mut shelf, start) = filled();
    let now = start + seconds(40);
    assert_eq!(look(&mut shelf, Want::NewerThan(now), now), "fetch");
    shelf.begin("a", Want::NewerThan(now), now);
    assert!(shelf.fail("a", error(), now + seconds(5)).is_ok());
    assert_eq!(look(&mut shelf, Want::NewerThan(now), now + seconds(6)), "have");
    assert_eq!(look(&mut shelf, Want::NewerThan(now), now + seconds(34)), "have");
    assert_eq!(look(&mut shelf, Want::NewerThan(now), now + seconds(35)), "fetch");
}

#[test]
fn number_and_bytes_are_bounded_and_the_oldest_goes_first() {
    let policy = DocumentPolicy { count: 3, bytes: 100, ..DocumentPolicy::default() };
    let (mut shelf, now) = (Shelf::new(policy), Instant::now());
    for key in ["a", "b", "c"] {
        shelf.keep(key, document(now, 10));
    }
    assert_eq!(look(&mut shelf, READ, now), "have");
    shelf.keep("d", document(now, 10));
    assert!(!shelf.slots.contains_key("b") && shelf.slots.contains_key("a"));
    assert_eq!((shelf.slots.len(), shelf.bytes), (3, 30));
    shelf.keep("d", document(now, 85));
    assert_eq!(shelf.slots.len(), 2);
    assert_eq!(shelf.bytes, 95);
    for number in 0..1000 {
        _ = shelf.fail(&format!("x{number}"), error(), now);
    }
    assert_eq!((shelf.slots.len(), shelf.bytes), (3, 0));
}
