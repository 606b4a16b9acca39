//! Journey 4: a program asks for a token in its own name.

use harness::{RelyingParty, Request, Server, jwt, on_both};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

on_both!(a_machine_gets_a_token, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let answer = party.token(&[GRANT]).expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert!(body.get("refresh_token").is_none(), "RFC 6749 §4.4.3: {body}");
    assert!(body.get("id_token").is_none(), "{body}");
    let token = body["access_token"].as_str().expect("an access token");
    let claims = jwt::claims(token);
    assert_eq!(claims["client_id"], party.application.client_id);
    assert_eq!(claims["sub"], party.application.client_id, "RFC 9068 §2.2");
    assert_eq!(jwt::header(token)["typ"], "at+jwt");
    let other = party.token(&[GRANT]).expect(200).json();
    assert_ne!(claims["jti"], jwt::claims(other["access_token"].as_str().expect("text"))["jti"]);
});

on_both!(both_ways_of_client_authentication_work_but_not_at_once, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let url = party.endpoint("token_endpoint");
    let id = party.application.client_id.clone();
    let secret = party.application.client_secret.clone().expect("a secret");
    let body = [GRANT, ("client_id", &id), ("client_secret", &secret)];
    party.request(&url, |t| Request::post(t).form(&body)).expect(200);
    party.request(&url, |t| Request::post(t).basic(&id, &secret).form(&[GRANT])).expect(200);
    let both = party.request(&url, |t| Request::post(t).basic(&id, &secret).form(&body));
    assert_eq!((both.status, &*both.error()), (400, "invalid_request"));
});

on_both!(a_disabled_application_gets_nothing_within_a_second, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    party.token(&[GRANT]).expect(200);
    server.cli().json(&["app", "disable", &party.application.id, "--yes"]);
    harness::until("the refusal", std::time::Duration::from_millis(1000), || {
        let answer = party.token(&[GRANT]);
        (answer.status != 200).then(|| assert_eq!(answer.error(), "invalid_client"))
    });
    server.cli().json(&["app", "enable", &party.application.id]);
    harness::until("the welcome", std::time::Duration::from_millis(1000), || {
        (party.token(&[GRANT]).status == 200).then_some(())
    });
});
