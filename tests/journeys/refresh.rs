//! Journey 3: refresh tokens are rotated, replays are noticed, and a lost answer is no disaster.

use harness::{RelyingParty, Server, Tokens, jwt, on_both};

on_both!(a_refresh_token_is_rotated, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let first = party.sign_in_fresh(&server, &server.user(0));
    let second = Tokens::from(party.refresh(&first.refresh));
    assert_ne!(first.refresh, second.refresh);
    let (one, two) = (jwt::claims(&first.id), jwt::claims(&second.id));
    assert_eq!(one["sub"], two["sub"]);
    assert_eq!(one["auth_time"], two["auth_time"], "OIDC Core §12.2");
    assert_eq!(two["aud"], party.application.client_id);
    party.userinfo(&second.access).expect(200);
});

on_both!(a_retry_inside_the_window_gets_the_same_successor, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let first = party.sign_in_fresh(&server, &server.user(0));
    let second = Tokens::from(party.refresh(&first.refresh));
    let retry = Tokens::from(party.refresh(&first.refresh));
    assert_eq!(second.refresh, retry.refresh);
    server.clock().set(61);
    let late = party.refresh(&first.refresh);
    assert_eq!((late.status, &*late.error()), (400, "invalid_grant"));
    let family = party.refresh(&second.refresh);
    assert_eq!(family.error(), "invalid_grant", "a replay revokes the family");
});

on_both!(a_public_client_has_ten_seconds_to_retry, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let first = party.sign_in_fresh(&server, &server.user(0));
    party.refresh(&first.refresh).expect(200);
    server.clock().set(8);
    party.refresh(&first.refresh).expect(200);
    server.clock().set(12);
    assert_eq!(party.refresh(&first.refresh).error(), "invalid_grant");
});

on_both!(once_the_successor_is_used_its_predecessor_is_a_replay, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let first = party.sign_in_fresh(&server, &server.user(0));
    let second = Tokens::from(party.refresh(&first.refresh));
    let third = Tokens::from(party.refresh(&second.refresh));
    assert_eq!(party.refresh(&first.refresh).error(), "invalid_grant");
    assert_eq!(party.refresh(&third.refresh).error(), "invalid_grant");
    assert!(!party.is_active(&third.access), "access tokens of the family are dead too");
});

on_both!(scope_can_be_narrowed_but_not_widened, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"))
        .with("scope", "openid email offline_access");
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let ask = |token: &str, scope: &str| {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
        party.token(&fields)
    };
    let wider = ask(&tokens.refresh, "openid email profile");
    assert_eq!(wider.error(), "invalid_scope");
    let narrow = Tokens::from(ask(&tokens.refresh, "openid"));
    assert_eq!(jwt::claims(&narrow.access)["scope"], "openid");
});

on_both!(an_unused_refresh_token_dies_after_its_idle_time, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let first = party.sign_in_fresh(&server, &server.user(0));
    const DAY: i64 = 24 * 3600;
    server.clock().set(29 * DAY);
    let second = Tokens::from(party.refresh(&first.refresh));
    server.clock().set(58 * DAY);
    let third = Tokens::from(party.refresh(&second.refresh));
    server.clock().set(91 * DAY);
    assert_eq!(party.refresh(&third.refresh).error(), "invalid_grant", "90 days at most");
});
