//! F20: SIGTERM under load loses no request that was accepted.

use harness::{RelyingParty, Request, Server, on_both};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

on_both!(accepted_requests_are_answered, |database| {
    let mut server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let secret = party.application.client_secret.clone().expect("a secret");
    let (stop, served) = (AtomicBool::new(false), AtomicUsize::new(0));
    let wrong = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut wrong = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let request = |target: &str| {
                            Request::post(target)
                                .basic(&party.application.client_id, &secret)
                                .form(&[("grant_type", "client_credentials")])
                        };
                        match party.try_request(&party.endpoint("token_endpoint"), request) {
                            Ok(answer) if answer.status == 200 => {
                                served.fetch_add(1, Ordering::Relaxed);
                            }
                            Ok(answer) if answer.status == 503 => {}
                            Ok(answer) => wrong.push(answer.summary()),
                            // Refused or reset before it was accepted: the next node's turn.
                            Err(_) => break,
                        }
                    }
                    wrong
                })
            })
            .collect();
        harness::until("some load", Duration::from_secs(30), || {
            (served.load(Ordering::Relaxed) > 100).then_some(())
        });
        let status = server.stop();
        assert!(status.success(), "{status}");
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().flat_map(|w| w.join().expect("a worker ends")).collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
});
