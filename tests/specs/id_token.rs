//! OpenID Connect Core §2, §3.1.3.6, §5.4: what an ID token says.

use harness::clock::wall_seconds;
use harness::{Browser, RelyingParty, Server, jwt, on_both};

on_both!(oidc_core_2_required_claims, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let claims = jwt::claims(&tokens.id);
    assert_eq!(claims["iss"], party.issuer);
    assert_eq!(claims["aud"], party.application.client_id);
    assert_eq!(claims["sub"], server.user(0).id);
    let number = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("{name}: {claims}"));
    let now = wall_seconds();
    assert!((now - 60..=now + 1).contains(&number("iat")));
    assert_eq!(number("exp") - number("iat"), 3600);
    assert!((now - 60..=now + 1).contains(&number("auth_time")));
    assert_eq!(claims["amr"], serde_json::json!(["pwd"]));
    assert!(claims["sid"].is_string());
    assert!(claims.get("azp").is_none_or(|azp| *azp == party.application.client_id));
    let header = jwt::header(&tokens.id);
    assert!(header["kid"].is_string());
    assert!(header.get("jwk").is_none() && header.get("jku").is_none());
});

on_both!(oidc_core_3_1_3_6_nonce_only_when_sent, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web")).without("nonce");
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    assert!(jwt::claims(&tokens.id).get("nonce").is_none());
});

on_both!(oidc_core_3_1_2_1_without_openid_there_is_no_id_token, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web")).with("scope", "email");
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    assert!(tokens.id.is_empty(), "{}", tokens.body);
    assert_eq!(party.userinfo(&tokens.access).status, 403, "insufficient_scope");
});

on_both!(oidc_core_5_4_claims_follow_the_scope, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let all = party.clone().with("scope", "openid profile email address phone");
    let claims = jwt::claims(&all.sign_in_fresh(&server, &server.user(0)).id);
    for name in ["name", "family_name", "given_name", "email", "email_verified"] {
        assert!(claims.get(name).is_some_and(|value| !value.is_null()), "{name}: {claims}");
    }
    let few = party.with("scope", "openid");
    let tokens = few.sign_in_fresh(&server, &server.user(0));
    for claims in [jwt::claims(&tokens.id), few.userinfo(&tokens.access).expect(200).json()] {
        for name in ["name", "email", "address", "phone_number", "birthdate"] {
            assert!(claims.get(name).is_none(), "{name}: {claims}");
        }
    }
});

on_both!(oidc_core_11_offline_access_yields_a_refresh_token, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web")).with("scope", "openid");
    let mut browser = Browser::new(&server);
    let online = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    assert!(online.refresh.is_empty(), "{}", online.body);
    let offline = party.with("scope", "openid offline_access");
    let tokens = offline.tokens(&offline.sign_in_again(&mut browser));
    assert!(!tokens.refresh.is_empty(), "{}", tokens.body);
});
