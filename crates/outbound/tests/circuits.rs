//! A host that is down is left alone, and found again when it is back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use outbound::{Budget, CircuitPolicy, Limits, Outbound, OutboundError, Policy, Request};

use crate::support::{Server, allowing, forward, get_short, ok, pause, short};

fn client(server: &Server, open: Duration) -> Outbound {
    let circuit = CircuitPolicy { failures: 3, open };
    Outbound::new(Policy { circuit, ..allowing(&[server.address()]) }).unwrap()
}

/// Moves the clock until the circuit lets somebody through, as far as it says.
async fn until_tried(outbound: &Outbound, url: &str) -> Result<u16, OutboundError> {
    loop {
        match get_short(outbound, url).await {
            Err(OutboundError::CircuitOpen { retry_after, .. }) => {
                forward(retry_after).await;
            }
            other => return other.map(|response| response.status),
        }
    }
}

#[tokio::test]
async fn it_opens_after_failures_in_a_row_and_recovers() {
    let hangs = Arc::new(AtomicBool::new(true));
    let state = hangs.clone();
    let server = Server::start(move |_, out| {
        if state.load(Ordering::SeqCst) {
            pause(Duration::from_secs(30));
        }
        ok(out, "back")
    });
    let outbound = client(&server, Duration::from_secs(30));
    let url = server.url("/");
    for _ in 0..3 {
        assert_eq!(get_short(&outbound, &url).await.unwrap_err().code(), "upstream_timeout");
    }
    let before = server.heads().len();
    let error = get_short(&outbound, &url).await.unwrap_err();
    assert_eq!(error.code(), "upstream_circuit_open");
    assert!(error.to_string().contains("took longer than"), "the cause is kept: {error}");
    assert_eq!(server.heads().len(), before, "nothing was sent");

    // The one that tries fails: left alone again.
    let tried = until_tried(&outbound, &url).await.unwrap_err();
    assert_eq!(tried.code(), "upstream_timeout");
    assert_eq!(get_short(&outbound, &url).await.unwrap_err().code(), "upstream_circuit_open");

    hangs.store(false, Ordering::SeqCst);
    assert_eq!(until_tried(&outbound, &url).await.unwrap(), 200);
    for _ in 0..5 {
        assert!(get_short(&outbound, &url).await.is_ok());
    }
}

#[tokio::test]
async fn one_request_tries_while_the_others_are_spared() {
    let server = Server::start(|_, _| {
        pause(Duration::from_secs(30));
        Ok(())
    });
    let outbound = client(&server, Duration::from_secs(30));
    let url = server.url("/");
    for _ in 0..3 {
        assert_eq!(get_short(&outbound, &url).await.unwrap_err().code(), "upstream_timeout");
    }
    let open = get_short(&outbound, &url).await.unwrap_err();
    let OutboundError::CircuitOpen { retry_after, .. } = open else { panic!("{open}") };
    forward(retry_after).await;
    let before = server.heads().len();
    let tries = tokio::join!(
        get_short(&outbound, &url),
        get_short(&outbound, &url),
        get_short(&outbound, &url),
        get_short(&outbound, &url),
        get_short(&outbound, &url),
    );
    let codes = [tries.0, tries.1, tries.2, tries.3, tries.4].map(|own| own.unwrap_err().code());
    assert_eq!(codes.iter().filter(|code| **code == "upstream_timeout").count(), 1, "{codes:?}");
    assert_eq!(server.heads().len(), before + 1);
}

#[tokio::test]
async fn a_request_given_up_gives_the_turn_back() {
    let server = Server::start(|_, _| {
        pause(Duration::from_secs(30));
        Ok(())
    });
    let outbound = client(&server, Duration::from_secs(30));
    let url = server.url("/");
    for _ in 0..3 {
        _ = get_short(&outbound, &url).await;
    }
    let open = get_short(&outbound, &url).await.unwrap_err();
    let OutboundError::CircuitOpen { retry_after, .. } = open else { panic!("{open}") };
    forward(retry_after).await;
    let long = Limits { total: Duration::from_secs(20), ..Limits::default() };
    let given_up = outbound.send(Request::get(&url).limits(long));
    assert!(tokio::time::timeout(Duration::from_millis(200), given_up).await.is_err());
    assert_eq!(get_short(&outbound, &url).await.unwrap_err().code(), "upstream_timeout");
}

#[tokio::test]
async fn answers_with_errors_and_refusals_do_not_open_it() {
    let server = Server::start(|head, out| {
        let status = if head.starts_with("GET /away") { "302 Away" } else { "500 Broken" };
        write!(out, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n")
    });
    let outbound = client(&server, Duration::from_secs(30));
    for _ in 0..6 {
        let response = outbound.send(Request::get(server.url("/"))).await.unwrap();
        assert_eq!(response.status, 500);
        let away = outbound.send(Request::get(server.url("/away"))).await.unwrap_err();
        assert_eq!(away.code(), "upstream_redirect");
    }
    for _ in 0..6 {
        let blocked = outbound.send(Request::get("https://127.0.0.2/")).await.unwrap_err();
        assert_eq!(blocked.code(), "upstream_blocked");
    }
}

#[tokio::test]
async fn a_shared_budget_counts_when_it_was_long_enough() {
    let server = Server::start(|_, _| {
        pause(Duration::from_secs(30));
        Ok(())
    });
    let outbound = client(&server, Duration::from_secs(30));
    let request = Request::get(server.url("/")).limits(short());
    for time in [Duration::from_millis(100), short().connect + Duration::from_millis(50)] {
        for _ in 0..3 {
            let error = outbound.send(request.clone().budget(Budget::of(time))).await.unwrap_err();
            assert_eq!(error.code(), "upstream_timeout", "{time:?}");
        }
    }
    assert_eq!(
        get_short(&outbound, &server.url("/")).await.unwrap_err().code(),
        "upstream_circuit_open"
    );
}
