//! F24: signing keys and the master key are rotated while both nodes serve. A relying party that
//! asks for the key set when it meets a new key never sees a token it cannot check.

use harness::{Browser, Options, RelyingParty, Request, Server, Tokens, jwt, on_both};
use std::collections::BTreeSet;
use std::time::Duration;

fn kids(party: &RelyingParty) -> BTreeSet<String> {
    let set = party.request(&party.endpoint("jwks_uri"), Request::get).expect(200).json();
    let keys = set["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("kid").to_owned()).collect()
}

fn kid(token: &str) -> String {
    jwt::header(token)["kid"].as_str().expect("kid").to_owned()
}

on_both!(signing_keys_rotate_while_both_nodes_serve, |database| {
    let first = Server::start(database);
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web"));
    let there = here.clone().at(&second);
    let parties = [&here, &there];
    let mut browser = Browser::new(&first);
    let old = here.tokens(&here.sign_in(&mut browser, &first.user(0)));
    let slug = first.ready().tenant.slug.clone();
    for algorithm in ["ES256", "RS256"] {
        first.cli().json(&["key", "rotate", "--tenant", &slug, "--algorithm", algorithm]);
    }
    let mut tokens = old.clone();
    // Published before it signs: every token met on the way is covered by the key set of both.
    for offset in [0, 60, 600, 3_600, 2 * 3_600, 24 * 3_600 + 60] {
        first.clock().set(offset);
        for party in parties {
            harness::until("the clock to be seen", Duration::from_secs(2), || {
                let answer = party.refresh(&tokens.refresh);
                (answer.status == 200).then(|| tokens = Tokens::from(answer))
            });
            for other in parties {
                let published = kids(other);
                assert!(published.contains(&kid(&tokens.access)), "at {offset}: {published:?}");
                assert!(published.contains(&kid(&tokens.id)), "at {offset}: {published:?}");
            }
        }
    }
    assert_ne!(kid(&old.access), kid(&tokens.access), "the new key signs in the end");
    assert_ne!(kid(&old.id), kid(&tokens.id), "the new key signs in the end");
});

on_both!(the_master_key_rotates_while_both_nodes_serve, |database| {
    let first = Server::with(Options::new(database).env("TESSERA_LOG", "info"));
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web"));
    let there = here.clone().at(&second);
    let mut browser = Browser::new(&first);
    let page = here.start(&mut browser);
    let before = here.sign_in_fresh(&first, &first.user(1));
    first.cli().json(&["key", "rotate-master"]);
    // Nodes seal with the new key a few seconds later, when each has read the file.
    for node in [&first, &second] {
        harness::until("the node to read the file", Duration::from_secs(5), || {
            node.log().contains("master keys read again").then_some(())
        });
    }
    first.clock().set(10);
    // What was sealed before still opens, on both nodes, and new values bounce between them.
    browser.at(&second);
    let page = harness::relying_party::sign_in_on(&mut browser, &page, &first.user(0));
    browser.at(&first);
    let tokens = there.tokens(&here.finish(&mut browser, page));
    here.refresh(&tokens.refresh).expect(200);
    there.refresh(&before.refresh).expect(200);
    for (one, other) in [(&first, &there), (&second, &here)] {
        let party = here.clone().at(one);
        let mut browser = Browser::new(one);
        let callback = party.sign_in(&mut browser, &first.user(0));
        other.tokens(&callback);
    }
    let masters = std::fs::read_to_string(&first.ready().master_key_file).expect("a file");
    let lines = masters.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    assert_eq!(lines.count(), 2, "the old key stays for what it sealed");
});
