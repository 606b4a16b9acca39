//! The authorization endpoint: RFC 6749 §4.1, OpenID Connect Core §3.1.2, RFC 9700, RFC 9207.

use harness::{Browser, Callback, Page, RelyingParty, Request, Server, on_both};

fn start(server: &Server, party: &RelyingParty) -> Page {
    party.start(&mut Browser::new(server))
}

/// The error that is sent back to the application.
#[track_caller]
fn sent_back(server: &Server, party: &RelyingParty) -> String {
    let page = start(server, party);
    assert!(page.left, "not sent back: {}", page.response.summary());
    let redirect = &party.parameters["redirect_uri"];
    assert!(page.url.as_str().starts_with(redirect), "{}", page.url);
    let callback = Callback::from(page.url);
    assert_eq!(callback.get("state"), "state-of-this-test");
    assert_eq!(callback.get("iss"), party.issuer, "RFC 9207 §2");
    assert!(!callback.parameters.contains_key("code"));
    callback.get("error").to_owned()
}

/// Asserts that the answer is a page of ours and no redirect.
#[track_caller]
fn stays(server: &Server, party: &RelyingParty) {
    let page = start(server, party);
    assert!(!page.left, "sent to {}", page.url);
    assert!((400..500).contains(&page.status()), "{}", page.response.summary());
    assert!(page.response.text().contains("req_"), "names its request id");
}

on_both!(rfc6749_4_1_2_1_errors_go_back_to_the_application, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let case = |name: &str, value: &str| sent_back(&server, &party.clone().with(name, value));
    assert_eq!(case("response_type", "token"), "unsupported_response_type");
    assert_eq!(case("response_type", "code id_token"), "unsupported_response_type");
    assert_eq!(case("response_type", "none-such"), "unsupported_response_type");
    assert_eq!(sent_back(&server, &party.clone().without("response_type")), "invalid_request");
    assert_eq!(case("scope", "openid \"quoted\""), "invalid_scope");
    assert_eq!(case("request", "e30.e30."), "request_not_supported");
    assert_eq!(case("request_uri", "https://evil.example.test/r"), "request_uri_not_supported");
    assert_eq!(case("registration", "{}"), "registration_not_supported");
    assert_eq!(case("prompt", "none login"), "invalid_request");
    assert_eq!(case("max_age", "-1"), "invalid_request");
    assert_eq!(case("max_age", "soon"), "invalid_request");
    assert_eq!(case("response_mode", "no_such_mode"), "invalid_request");
    assert_eq!(case("prompt", "none"), "login_required");
    assert_eq!(case("nonce", &"n".repeat(513)), "invalid_request");
});

on_both!(rfc6749_4_1_2_1_no_redirect_before_the_application_is_known, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    stays(&server, &party.clone().with("client_id", "app_nobody"));
    stays(&server, &party.clone().without("client_id"));
    stays(&server, &party.clone().with("redirect_uri", "https://evil.example.test/"));
    server.cli().json(&["app", "disable", &party.application.id, "--yes"]);
    harness::until("the disabled page", std::time::Duration::from_secs(1), || {
        (!start(&server, &party).has_button("login-submit")).then_some(())
    });
    stays(&server, &party);
});

on_both!(oidc_core_3_1_2_1_redirect_uri_is_required, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    stays(&server, &party.without("redirect_uri"));
});

on_both!(rfc6749_3_1_unknown_parameters_are_ignored_and_empty_ones_absent, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"))
        .with("no_such_parameter", "x")
        .with("display", "")
        .with("request", "");
    assert!(start(&server, &party).has_button("login-submit"));
});

on_both!(rfc6749_3_1_a_parameter_sent_twice_is_refused, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let page = Browser::new(&server).open(&format!("{}&scope=openid", party.authorize_url()));
    assert!(page.left || page.status() == 400, "{}", page.response.summary());
    if page.left {
        assert_eq!(Callback::from(page.url).get("error"), "invalid_request");
    }
});

on_both!(oidc_core_3_1_2_1_post_works_like_get, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let fields: Vec<_> = party.parameters.iter().map(|(n, v)| (&**n, &**v)).collect();
    let url = party.endpoint("authorization_endpoint");
    let mut browser = Browser::new(&server);
    let url = url::Url::parse(&url).expect("an address");
    let response = browser.send(&url, Request::post(url.path()).form(&fields));
    let page = browser.follow(Page { url, response, left: false });
    assert!(page.has_button("login-submit"), "{}", page.response.summary());
});

on_both!(state_may_be_long_but_not_endless, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let long = "s".repeat(2048);
    let page = start(&server, &party.clone().with("state", &long));
    assert!(page.has_button("login-submit"), "{}", page.response.summary());
    let callback =
        party.clone().with("state", &long).sign_in(&mut Browser::new(&server), &server.user(0));
    assert_eq!(callback.get("state"), long);
    let page = start(&server, &party.with("state", &"s".repeat(2049)));
    assert!(!page.has_button("login-submit"), "{}", page.response.summary());
});

on_both!(every_state_comes_back_unchanged, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    party.sign_in(&mut browser, &server.user(0));
    for state in ["a b+c%20d", "ü€😀", "{\"a\":[1,2]}", "x&y=z#f;?", "</script>'\"\\"] {
        let page = party.clone().with("state", state).start(&mut browser);
        assert!(page.left, "{}", page.response.summary());
        assert_eq!(Callback::from(page.url).get("state"), state);
    }
});
