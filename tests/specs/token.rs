//! The token endpoint: RFC 6749 §3.2, §4.1.3, §5.

use harness::{Browser, RelyingParty, Request, Response, Server, on_both};

on_both!(rfc6749_5_1_answers_are_not_cached, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let callback = party.sign_in(&mut Browser::new(&server), &server.user(0));
    let answer = party.redeem(callback.code()).expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("content-type").is_some_and(|v| v.starts_with("application/json")));
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    let scope = body["scope"].as_str().expect("scope");
    assert!(scope.split(' ').any(|s| s == "openid"), "{scope}");
});

#[track_caller]
fn check(answer: Response, status: u16, error: &str) {
    assert_eq!((answer.status, &*answer.error()), (status, error), "{}", answer.summary());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    let text = body["error_description"].as_str().unwrap_or_default();
    assert!(text.is_ascii() && !text.contains(['"', '\\', '\n', '\r', '\t']), "{text:?}");
}

on_both!(rfc6749_5_2_errors_are_of_the_right_kind, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let machine = RelyingParty::new(&server, &server.application("machine"));
    check(party.token(&[]), 400, "invalid_request");
    check(party.token(&[("grant_type", "no_such_grant")]), 400, "unsupported_grant_type");
    check(party.token(&[("grant_type", "password")]), 400, "unsupported_grant_type");
    check(party.token(&[("grant_type", "client_credentials")]), 400, "unauthorized_client");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "rt_x_1_y")];
    check(machine.token(&refresh), 400, "unauthorized_client");
    check(party.token(&refresh), 400, "invalid_grant");
    check(party.token(&[("grant_type", "refresh_token")]), 400, "invalid_request");
    check(party.token(&[("grant_type", "authorization_code")]), 400, "invalid_request");
    let code = [("grant_type", "authorization_code"), ("code", "oc_no_such_code")];
    check(party.token(&code), 400, "invalid_grant");
    let scope = [("grant_type", "client_credentials"), ("scope", "no:such:scope")];
    check(machine.token(&scope), 400, "invalid_scope");
});

on_both!(rfc6749_3_2_only_forms_are_read, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let url = party.endpoint("token_endpoint");
    let (id, secret) =
        (party.application.client_id.clone(), party.application.client_secret.clone());
    let secret = secret.expect("a secret");
    let json = party.request(&url, |t| {
        let request =
            Request::post(t).basic(&id, &secret).header("Content-Type", "application/json");
        request.body(br#"{"grant_type":"client_credentials"}"#)
    });
    assert!([400, 415].contains(&json.status), "{}", json.summary());
    let get = party.request(&url, |t| {
        Request::get(&format!("{t}?grant_type=client_credentials")).basic(&id, &secret)
    });
    assert_eq!(get.status, 405, "{}", get.summary());
    let in_url = party.request(&url, |t| {
        Request::post(&format!("{t}?grant_type=client_credentials")).basic(&id, &secret).form(&[])
    });
    check(in_url, 400, "invalid_request");
    let raw =
        |body: &[u8]| party.request(&url, |t| Request::post(t).basic(&id, &secret).raw_form(body));
    check(
        raw(b"grant_type=client_credentials&grant_type=client_credentials"),
        400,
        "invalid_request",
    );
    check(raw(b"grant_type=%ff%fe"), 400, "invalid_request");
    check(raw(b"grant_type=\xff\xfe"), 400, "invalid_request");
    check(raw(b"grant_type=client_credentials%00"), 400, "invalid_request");
    let huge = raw(&vec![b'a'; 1 << 20]);
    assert!([400, 413].contains(&huge.status), "{}", huge.summary());
});

on_both!(rfc6749_4_1_3_the_redirect_uri_must_agree, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let callback = party.sign_in(&mut Browser::new(&server), &server.user(0));
    let other = party.clone().with("redirect_uri", "https://other.example.test/cb");
    check(other.redeem(callback.code()), 400, "invalid_grant");
    party.redeem(callback.code()).expect(200);
});

on_both!(rfc6749_4_1_2_a_code_lives_for_five_minutes, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let callback = party.sign_in(&mut Browser::new(&server), &server.user(0));
    server.clock().set(301);
    check(party.redeem(callback.code()), 400, "invalid_grant");
});

on_both!(rfc6749_4_1_2_a_second_redemption_revokes_the_first, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let callback = party.sign_in(&mut Browser::new(&server), &server.user(0));
    let tokens = party.tokens(&callback);
    check(party.redeem(callback.code()), 400, "invalid_grant");
    assert!(!party.is_active(&tokens.access));
    check(party.refresh(&tokens.refresh), 400, "invalid_grant");
});

on_both!(rfc6749_4_1_2_a_code_of_an_ended_session_is_worth_nothing, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let first = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let session = harness::jwt::claims(&first.id)["sid"].as_str().expect("sid").to_owned();
    let page = party.start(&mut browser);
    let callback = harness::Callback::from(page.url);
    server.cli().json(&["session", "revoke", &session, "--yes"]);
    check(party.redeem(callback.code()), 400, "invalid_grant");
});
