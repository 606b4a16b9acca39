//! OpenID Connect Core §5.3 and RFC 6750.

use harness::{RelyingParty, Request, Server, on_both};

on_both!(oidc_core_5_3_get_and_post_answer_the_claims, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"))
        .with("scope", "openid profile email address phone");
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let url = party.endpoint("userinfo_endpoint");
    let get = party.userinfo(&tokens.access).expect(200);
    assert_eq!(get.header("cache-control"), Some("no-store"));
    assert!(get.header("content-type").is_some_and(|v| v.starts_with("application/json")));
    let claims = get.json();
    let post = party.request(&url, |t| Request::post(t).bearer(&tokens.access).form(&[]));
    assert_eq!(post.expect(200).json(), claims);
    let standard = [
        "sub",
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
        "email",
        "email_verified",
        "address",
        "phone_number",
        "phone_number_verified",
    ];
    for name in standard {
        assert!(claims.get(name).is_some_and(|v| !v.is_null()), "{name}: {claims}");
    }
});

on_both!(rfc6750_3_refusals_carry_a_challenge, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let url = party.endpoint("userinfo_endpoint");
    let bare = party.request(&url, Request::get);
    assert_eq!(bare.status, 401);
    let challenge = bare.header("www-authenticate").expect("a challenge");
    assert!(challenge.starts_with("Bearer") && !challenge.contains("error="), "{challenge}");
    let wrong = party.userinfo("no-token");
    assert_eq!(wrong.status, 401);
    let challenge = wrong.header("www-authenticate").expect("a challenge");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
});

on_both!(rfc6750_2_3_a_token_in_the_url_is_refused, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let url = party.endpoint("userinfo_endpoint");
    let answer =
        party.request(&url, |t| Request::get(&format!("{t}?access_token={}", tokens.access)));
    assert!([400, 401].contains(&answer.status), "{}", answer.summary());
});

on_both!(rfc6750_2_1_the_scheme_is_case_insensitive, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let header = format!("bEaReR {}", tokens.access);
    let url = party.endpoint("userinfo_endpoint");
    party.request(&url, |t| Request::get(t).header("Authorization", &header)).expect(200);
});
