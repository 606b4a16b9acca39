//! RFC 7662.

use harness::{RelyingParty, Request, Server, jwt, on_both};

on_both!(rfc7662_2_2_a_live_token_is_described, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let answer = party.introspect(&tokens.access).expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    let claims = jwt::claims(&tokens.access);
    assert_eq!(body["active"], true);
    for name in ["sub", "client_id", "iss", "exp", "iat", "jti", "scope"] {
        assert_eq!(body[name], claims[name], "{name}");
    }
    assert!(party.is_active(&tokens.refresh), "refresh tokens too");
});

on_both!(rfc7662_2_2_anything_else_is_only_inactive, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let cut = &tokens.access[..tokens.access.len() - 3];
    for token in ["x", "", cut, "rt_x_1_y", &tokens.id, "\u{fc}"] {
        let answer = party.introspect(token);
        if token.is_empty() {
            assert_eq!(answer.error(), "invalid_request");
        } else {
            assert_eq!(answer.expect(200).json(), serde_json::json!({"active": false}), "{token}");
        }
    }
});

on_both!(rfc7662_4_a_public_client_may_not_ask, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let answer = party.introspect(&tokens.access);
    assert!([400, 401].contains(&answer.status), "{}", answer.summary());
});

on_both!(rfc7662_4_a_refresh_token_is_its_clients_affair, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let machine = RelyingParty::new(&server, &server.application("machine"));
    assert!(!machine.is_active(&tokens.refresh));
    let url = machine.endpoint("introspection_endpoint");
    let get = machine.request(&url, |t| Request::get(&format!("{t}?token={}", tokens.access)));
    assert_eq!(get.status, 405);
});
