//! B2: a link on our trusted host ends on the attacker's page. Destinations are registered
//! addresses or paths of our own.

use harness::{Browser, RelyingParty, Server, on_both};

on_both!(
    /// CVE-2024-39694: return addresses that browsers read as foreign hosts.
    b2_1_return_addresses,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        party.sign_in(&mut browser, &server.user(0));
        let base = url::Url::parse(&party.issuer).expect("an address").path().to_owned();
        let evil = ["/\\evil.test", "//evil.test", "/%09/evil.test", "https:evil.test", "https://evil.test"];
        for target in evil {
            let target = harness::http::encode(target);
            for parameter in ["return_to", "next", "redirect", "redirect_uri", "target", "continue"] {
                for path in ["/login", "/logout", "/consent", "/authorize", "/choose"] {
                    let page = browser.open(&format!("{base}{path}?{parameter}={target}"));
                    assert!(!page.left, "{path} {parameter}: sent to {}", page.url);
                }
            }
        }
    }
);

on_both!(
    /// Doubled slashes and back-slashes in the path never become another host.
    b2_1_paths_of_our_own_stay_ours,
    |database| {
        let server = Server::start(database);
        let mut browser = Browser::new(&server);
        for path in ["//evil.test/", "/\\evil.test/", "/console//evil.test/", "/t//evil.test/"] {
            let target = harness::Request::get(path);
            let answer = server.send(&target);
            if let Some(location) = answer.header("location") {
                let next = server.base().join(location).expect("an address");
                assert_eq!(next.host_str(), server.base().host_str(), "{path}: {location}");
            }
        }
        assert!(browser.cookies_mut().is_empty());
    }
);
