//! Which origins may read which answers: those of a single-page application's redirect URIs the
//! endpoints it needs, everybody the public documents at most, nobody anything else.

use harness::{RelyingParty, Request, Response, Server, on_both};

const ORIGIN: &str = "https://spa.example.test";

fn preflight(party: &RelyingParty, url: &str, origin: &str) -> Response {
    party.request(url, |target| {
        Request::new("OPTIONS", target)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type,authorization")
    })
}

fn allowed(answer: &Response, origin: &str) -> bool {
    let value = answer.header("access-control-allow-origin").unwrap_or_default();
    let credentials = answer.header("access-control-allow-credentials").is_some();
    assert!(!credentials, "never with cookies: {}", answer.summary());
    value == origin || value == "*"
}

on_both!(a_single_page_application_calls_what_it_needs, |database| {
    let server = Server::start(database);
    let tenant = &server.ready().tenant.slug;
    let redirect = ["--redirect-uri", "https://spa.example.test/callback"];
    let application = server.cli().create_application(tenant, "spa", &redirect);
    let party = RelyingParty::new(&server, &application);
    for name in ["token_endpoint", "userinfo_endpoint", "revocation_endpoint"] {
        let url = party.endpoint(name);
        harness::until("the new origin", std::time::Duration::from_secs(1), || {
            allowed(&preflight(&party, &url, ORIGIN), ORIGIN).then_some(())
        });
        let post = |origin: &str| {
            party.request(&url, |t| Request::post(t).header("Origin", origin).form(&[]))
        };
        assert!(allowed(&post(ORIGIN), ORIGIN), "{name}: errors are readable too");
        let evil = "https://evil.example.test";
        assert!(!allowed(&preflight(&party, &url, evil), evil), "{name}");
        assert!(!allowed(&post(evil), evil), "{name}");
        assert!(!allowed(&post("null"), "null"), "{name}");
        let lookalike = "https://spa.example.test.evil.test";
        assert!(!allowed(&post(lookalike), lookalike), "{name}");
    }
    let discovery = format!("{}/.well-known/openid-configuration", party.issuer);
    for url in [discovery, party.endpoint("jwks_uri")] {
        let answer = party.request(&url, |t| Request::get(t).header("Origin", ORIGIN));
        assert!(allowed(&answer, ORIGIN), "{}", answer.summary());
    }
});

on_both!(origins_of_web_applications_may_not, |database| {
    let server = Server::start(database);
    let tenant = &server.ready().tenant.slug;
    let origin = "https://web.example.test";
    let redirect = ["--redirect-uri", "https://web.example.test/callback"];
    let application = server.cli().create_application(tenant, "web", &redirect);
    let party = RelyingParty::new(&server, &application);
    for name in ["token_endpoint", "userinfo_endpoint", "introspection_endpoint"] {
        let answer = preflight(&party, &party.endpoint(name), origin);
        assert!(!allowed(&answer, origin), "{name}: {}", answer.summary());
    }
});

on_both!(pages_are_nobody_elses_to_read, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let url = party.authorize_url();
    let origin = url::Url::parse(&party.application.redirect_uris[0]).expect("an address");
    let origin = origin.origin().ascii_serialization();
    let answer = party.request(&url, |t| Request::get(t).header("Origin", &origin));
    assert!(answer.header("access-control-allow-origin").is_none(), "{}", answer.summary());
});
