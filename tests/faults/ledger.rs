//! Refresh load with a ledger: each worker rotates its own chain of tokens and notes every
//! acknowledged one. After a crash the ledger says what must still be true.

use harness::{Browser, RelyingParty, Request, Server, Tokens, relying_party};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// One chain: acknowledged refresh tokens, oldest first.
#[derive(Debug)]
pub struct Chain {
    pub acknowledged: Vec<String>,
}

/// An application that many chains can belong to: long windows do not matter, only order does.
pub fn party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://load.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

/// Signs in `count` times over one browser session and starts a chain with each grant.
pub fn chains(server: &Server, party: &RelyingParty, count: usize) -> Vec<Chain> {
    let mut browser = Browser::new(server);
    party.sign_in(&mut browser, &server.user(0));
    let start = |browser: &mut Browser| {
        let tokens = party.tokens(&party.sign_in_again(browser));
        Chain { acknowledged: vec![tokens.refresh] }
    };
    (0..count).map(|_| start(&mut browser)).collect()
}

/// Rotates all chains at once until `enough` rotations are acknowledged; then calls `fault` in
/// the middle of the load and waits until the workers have noticed.
pub fn rotate_until(
    party: &RelyingParty,
    chains: Vec<Chain>,
    enough: usize,
    fault: impl FnOnce(),
) -> Vec<Chain> {
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let workers: Vec<_> = chains
            .into_iter()
            .map(|chain| scope.spawn(|| work(party, chain, &stop, &done)))
            .collect();
        harness::until("enough rotations", Duration::from_secs(60), || {
            (done.load(Ordering::Relaxed) >= enough).then_some(())
        });
        fault();
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().map(|worker| worker.join().expect("a worker ends")).collect()
    })
}

fn work(party: &RelyingParty, mut chain: Chain, stop: &AtomicBool, done: &AtomicUsize) -> Chain {
    while !stop.load(Ordering::Relaxed) {
        let current = chain.acknowledged.last().expect("a chain has a beginning");
        match try_refresh(party, current) {
            Some(next) => {
                chain.acknowledged.push(next);
                done.fetch_add(1, Ordering::Relaxed);
            }
            None => break,
        }
    }
    chain
}

/// A refresh that may end in a broken connection, which says nothing about its outcome.
fn try_refresh(party: &RelyingParty, token: &str) -> Option<String> {
    let secret = party.application.client_secret.clone().expect("a secret");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let request = |target: &str| {
        Request::post(target)
            .basic(&party.application.client_id, &secret)
            .form(&fields)
            .timeout(Duration::from_secs(10))
    };
    let answer = party.try_request(&party.endpoint("token_endpoint"), request).ok()?;
    // A server on its way down may answer 503; it never calls a valid token invalid.
    assert!([200, 503].contains(&answer.status), "{}", answer.summary());
    (answer.status == 200).then(|| Tokens::from(answer).refresh)
}

/// After the crash: the last acknowledged token of each chain still works (its rotation may have
/// happened without an answer: then it is a retry inside the window), and no earlier one does.
pub fn check(party: &RelyingParty, chains: Vec<Chain>) -> Vec<Chain> {
    let mut checked = Vec::new();
    for mut chain in chains {
        let last = chain.acknowledged.last().expect("a chain has a beginning").clone();
        let answer = party.refresh(&last);
        assert_eq!(answer.status, 200, "an acknowledged rotation was lost: {}", answer.summary());
        chain.acknowledged.push(Tokens::from(answer).refresh);
        checked.push(chain);
    }
    checked
}

/// Every replaced token is refused, the youngest of them too once its successor was used.
pub fn check_replaced(party: &RelyingParty, chains: &[Chain]) {
    for chain in chains {
        let last = chain.acknowledged.last().expect("a chain has a beginning");
        party.refresh(last).expect(200);
        let replaced = &chain.acknowledged[..chain.acknowledged.len() - 1];
        for token in [replaced.first(), replaced.get(replaced.len() / 2), replaced.last()] {
            let Some(token) = token else { continue };
            let answer = party.refresh(token);
            assert_eq!(answer.error(), "invalid_grant", "a replaced token lives again");
        }
    }
}

/// Somebody can still sign in.
pub fn sign_in_works(server: &Server, party: &RelyingParty) {
    let mut browser = Browser::new(server);
    let page = party.start(&mut browser);
    let page = relying_party::sign_in_on(&mut browser, &page, &server.user(1));
    party.tokens(&party.finish(&mut browser, page));
}
