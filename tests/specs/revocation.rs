//! RFC 7009.

use harness::{RelyingParty, Server, Tokens, on_both};

on_both!(rfc7009_2_1_revoking_the_refresh_token_ends_the_grant, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    party.revoke(&tokens.refresh).expect(200);
    assert_eq!(party.refresh(&tokens.refresh).error(), "invalid_grant");
    assert!(!party.is_active(&tokens.access));
    assert_eq!(party.userinfo(&tokens.access).status, 401);
    party.revoke(&tokens.refresh).expect(200);
});

on_both!(rfc7009_2_1_revoking_the_access_token_is_honoured, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let answer = party.revoke(&tokens.access);
    assert_eq!(answer.status, 200, "{}", answer.summary());
    assert!(!party.is_active(&tokens.access));
});

on_both!(rfc7009_2_2_an_unknown_token_is_no_error, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    for token in ["x", "rt_x_1_y", "a.b.c"] {
        party.revoke(token).expect(200);
    }
    let missing = party.post("revocation_endpoint", &[]);
    assert_eq!((missing.status, &*missing.error()), (400, "invalid_request"));
});

on_both!(rfc7009_2_1_another_client_cannot_revoke, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let machine = RelyingParty::new(&server, &server.application("machine"));
    machine.revoke(&tokens.refresh);
    machine.revoke(&tokens.access);
    assert!(party.is_active(&tokens.access));
    Tokens::from(party.refresh(&tokens.refresh));
});

on_both!(rfc7009_2_1_a_public_client_revokes_its_own, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    party.revoke(&tokens.refresh).expect(200);
    assert_eq!(party.refresh(&tokens.refresh).error(), "invalid_grant");
});
