//! RFC 9068: access tokens as JWT.

use harness::{RelyingParty, Server, jwt, on_both};

on_both!(rfc9068_2_header_and_claims, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let (header, claims) = (jwt::header(&tokens.access), jwt::claims(&tokens.access));
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(claims["iss"], party.issuer);
    assert_eq!(claims["sub"], server.user(0).id);
    assert_eq!(claims["client_id"], party.application.client_id);
    assert!(claims.get("aud").is_some_and(|aud| !aud.is_null()), "{claims}");
    let number = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("{name}: {claims}"));
    assert_eq!(number("exp") - number("iat"), 3600);
    assert!(claims["jti"].is_string() && claims["scope"].is_string());
    assert!(claims.get("email").is_none(), "no personal data without need: {claims}");
});

on_both!(rfc9068_4_no_other_token_passes_for_one, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    for token in [&tokens.id, &tokens.refresh] {
        assert_eq!(party.userinfo(token).status, 401);
    }
});

on_both!(rfc9068_4_an_expired_token_is_refused, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    server.clock().set(3601);
    assert_eq!(party.userinfo(&tokens.access).status, 401);
    assert!(!party.is_active(&tokens.access));
});
