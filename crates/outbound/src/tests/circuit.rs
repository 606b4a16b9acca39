//! The states of a circuit, with the time passed in.

use super::*;

fn key(host: &str) -> Key {
    (Host::Domain(host.to_owned()), 443)
}

fn down() -> Result<(), OutboundError> {
    Err(OutboundError::Dns { host: "a.example".to_owned() })
}

fn fail(circuits: &Circuits, host: &str, now: Instant) {
    circuits.enter(key(host), host, now).unwrap().settle(&down(), now);
}

fn is_open(circuits: &Circuits, host: &str, now: Instant) -> bool {
    circuits.enter(key(host), host, now).is_err()
}

#[test]
fn five_failures_in_a_row_close_the_way_for_half_a_minute() {
    let (circuits, start) = (Circuits::new(CircuitPolicy::default()), Instant::now());
    for _ in 0..5 {
        fail(&circuits, "a.example", start);
    }
    let error = circuits.enter(key("a.example"), "a.example", start).err().unwrap();
    let text = error.to_string();
    assert!(text.contains("30s") && text.contains("was not found"), "{text}");
    assert!(is_open(&circuits, "a.example", start + Duration::from_secs(29)));
    assert!(!is_open(&circuits, "b.example", start));
    let mut other_port = key("a.example");
    other_port.1 = 8443;
    assert!(circuits.enter(other_port, "", start).is_ok());
}

#[test]
fn any_answer_starts_the_count_again() {
    let (circuits, now) = (Circuits::new(CircuitPolicy::default()), Instant::now());
    let answers = [
        Ok(()),
        Err(OutboundError::TooLarge { host: String::new(), limit: 1 }),
        Err(OutboundError::Tls { host: String::new(), reason: String::new() }),
        Err(OutboundError::Redirect { host: String::new(), status: 302, location: None }),
        Err(OutboundError::Protocol(String::new())),
    ];
    for answer in answers {
        for _ in 0..4 {
            fail(&circuits, "a.example", now);
        }
        circuits.enter(key("a.example"), "", now).unwrap().settle(&answer, now);
        assert!(circuits.failing().is_empty());
    }
}

#[test]
fn one_request_tries_and_decides() {
    let (circuits, start) = (Circuits::new(CircuitPolicy::default()), Instant::now());
    for _ in 0..5 {
        fail(&circuits, "a.example", start);
    }
    let later = start + Duration::from_secs(30);
    let probe = circuits.enter(key("a.example"), "", later).unwrap();
    assert!(is_open(&circuits, "a.example", later), "a second one waits");
    probe.settle(&down(), later);
    assert!(is_open(&circuits, "a.example", later + Duration::from_secs(29)));

    let later = later + Duration::from_secs(30);
    drop(circuits.enter(key("a.example"), "", later).unwrap());
    let probe = circuits.enter(key("a.example"), "", later).unwrap();
    probe.settle(&Ok(()), later);
    assert!(circuits.failing().is_empty());
}

#[test]
fn hosts_are_bounded() {
    let (circuits, start) = (Circuits::new(CircuitPolicy::default()), Instant::now());
    for number in 0..HOSTS + 100 {
        fail(
            &circuits,
            &format!("h{number}.example"),
            start + Duration::from_micros(number as u64),
        );
    }
    assert_eq!(circuits.failing().len(), HOSTS);
    assert!(!circuits.failing().contains_key(&key("h0.example")));
    fail(&circuits, "late.example", start + Duration::from_secs(60));
    assert_eq!(circuits.failing().len(), 1, "what failed long ago makes room at once");
}
