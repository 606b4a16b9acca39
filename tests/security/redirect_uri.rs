//! B1: a redirect URI that our check and the browser read differently carries the code to an
//! attacker. The raw string is compared, before anything else, and on failure nothing redirects.

use harness::{Browser, RelyingParty, Server, on_both};

const GOOD: &str = "https://rp.example.test/cb";

fn party(server: &Server, kind: &str, uris: &[&str]) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more: Vec<&str> = uris.iter().flat_map(|uri| ["--redirect-uri", uri]).collect();
    RelyingParty::new(server, &server.cli().create_application(tenant, kind, &more))
}

#[track_caller]
fn refused(server: &Server, party: &RelyingParty, uri: &str) {
    let page = party.clone().with("redirect_uri", uri).start(&mut Browser::new(server));
    assert!(!page.left, "{uri}: sent to {}", page.url);
    assert_eq!(page.status(), 400, "{uri}: {}", page.response.summary());
    assert!(page.response.header("location").is_none());
}

on_both!(
    /// CVE-2026-3872: path tricks appended to a registered address.
    b1_1_dot_segments,
    |database| {
        let server = Server::start(database);
        let party = party(&server, "web", &[GOOD]);
        for tail in ["/..;/x", "/%2e%2e/x", "/%252e%252e/x", "/..%5cx", "/", "?", "?x=1", "#", "%00"]
        {
            refused(&server, &party, &format!("{GOOD}{tail}"));
        }
        for other in ["https://RP.example.test/cb", "HTTPS://rp.example.test/cb", "https://rp.example.test:443/cb"]
        {
            refused(&server, &party, other);
        }
    }
);

on_both!(
    /// CVE-2024-8883: a loopback registration read as a prefix.
    b1_2_loopback_lookalikes,
    |database| {
        let server = Server::start(database);
        let party = party(&server, "native", &["http://127.0.0.1/cb"]);
        for uri in [
            "http://127.0.0.1.evil.test/cb",
            "http://127.0.0.1:9@evil.test/cb",
            "http://127.0.0.1:9/other",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:9/cb?x",
            "http://localhost:9/cb",
            "http://127.1:9/cb",
            "https://127.0.0.1:9/cb",
        ] {
            refused(&server, &party, uri);
        }
        let good = party.with("redirect_uri", "http://127.0.0.1:9/cb");
        assert!(good.start(&mut Browser::new(&server)).has_button("login-submit"));
    }
);

on_both!(
    /// CVE-2024-52289: an empty list accepted anything, a dot was a pattern.
    b1_3_empty_list_and_patterns,
    |database| {
        let server = Server::start(database);
        let machine = RelyingParty::new(&server, &server.application("machine"));
        refused(&server, &machine, "https://anything.example.test/");
        let shown = server.cli().json(&["app", "show", &machine.application.id]);
        assert_eq!(shown["redirect_uris"].as_array().map(Vec::len), Some(0), "{shown}");
        let party = party(&server, "web", &["https://rp.test/cb"]);
        refused(&server, &party, "https://rpxtest/cb");
    }
);

on_both!(
    /// GHSA-9vm7-v8wj-3fqw: an error path that redirected before the check.
    b1_5_every_response_mode,
    |database| {
        let server = Server::start(database);
        let party = party(&server, "web", &[GOOD]);
        for mode in ["query", "fragment", "form_post", "query.jwt", "jwt", "form_post.jwt", "odd"] {
            for (name, value) in [("prompt", "none"), ("response_type", "token"), ("scope", "openid")] {
                let party = party.clone().with("response_mode", mode).with(name, value);
                refused(&server, &party, "https://evil.example.test/cb");
            }
        }
    }
);

on_both!(
    /// CVE-2026-9689: a parameter sent twice, read differently by check and use.
    b1_6_duplicates,
    |database| {
        let server = Server::start(database);
        let party = party(&server, "web", &[GOOD]);
        let mut browser = Browser::new(&server);
        for (name, value) in [
            ("redirect_uri", "https://evil.example.test/cb"),
            ("redirect_uri", GOOD),
            ("client_id", "app_other"),
        ] {
            let url = format!("{}&{name}={}", party.authorize_url(), harness::http::encode(value));
            let page = browser.open(&url);
            assert!(!page.left, "{name}: sent to {}", page.url);
            assert_eq!(page.status(), 400);
        }
        for name in ["state", "code_challenge"] {
            let page = browser.open(&format!("{}&{name}=twice", party.authorize_url()));
            if page.left {
                let names: Vec<_> = page.url.query_pairs().map(|(n, _)| n.into_owned()).collect();
                let mut unique = names.clone();
                unique.sort();
                unique.dedup();
                assert_eq!(names.len(), unique.len(), "{}", page.url);
                assert!(page.url.as_str().contains("error=invalid_request"), "{}", page.url);
            } else {
                assert_eq!(page.status(), 400);
            }
        }
    }
);

on_both!(
    /// GHSA-86j7-9j95-vpqj: dangerous addresses could be registered.
    b1_7_registration,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        for uri in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://rp.example.test/x",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "https://rp.example.test/cb#fragment",
            "https://user:pass@rp.example.test/cb",
            "http://rp.example.test/cb",
            "https://*.example.test/cb",
            "/relative",
            "//rp.example.test/cb",
            "https:rp.example.test/cb",
            "https://rp.example.test\\@evil.test/cb",
        ] {
            for kind in ["web", "spa", "native"] {
                let outcome = server.cli().try_run(&[
                    "app", "create", "--tenant", &tenant, "--type", kind, "--name", "x",
                    "--redirect-uri", uri, "--json",
                ]);
                assert_ne!(outcome.code, 0, "{kind} accepted {uri:?}: {outcome:?}");
            }
        }
    }
);
