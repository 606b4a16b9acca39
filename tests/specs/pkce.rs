//! RFC 7636 and RFC 9700 §2.1.1: the proof key cannot be left out, weakened or added later.

use harness::relying_party::{CHALLENGE, VERIFIER};
use harness::{Browser, Callback, RelyingParty, Server, on_both};

fn code(server: &Server, party: &RelyingParty) -> String {
    party.sign_in(&mut Browser::new(server), &server.user(0)).code().to_owned()
}

fn redeem(party: &RelyingParty, code: &str, verifier: Option<&str>) -> String {
    let redirect = party.parameters["redirect_uri"].clone();
    let mut fields =
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &*redirect)];
    fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    party.token(&fields).error()
}

fn start_error(server: &Server, party: &RelyingParty) -> String {
    let page = party.start(&mut Browser::new(server));
    assert!(page.left, "{}", page.response.summary());
    Callback::from(page.url).get("error").to_owned()
}

on_both!(rfc7636_4_6_wrong_verifier_is_invalid_grant, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let code = code(&server, &party);
    let wrong = "x".repeat(43);
    assert_eq!(redeem(&party, &code, Some(&wrong)), "invalid_grant");
    assert_eq!(redeem(&party, &code, None), "invalid_grant");
    assert_eq!(redeem(&party, &code, Some("")), "invalid_grant");
    assert_eq!(redeem(&party, &code, Some(CHALLENGE)), "invalid_grant");
    assert_eq!(redeem(&party, &code, Some(VERIFIER)), "", "a wrong guess does not burn the code");
});

on_both!(rfc7636_4_4_1_public_clients_must_use_it, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let without = party.without("code_challenge").without("code_challenge_method");
    assert_eq!(start_error(&server, &without), "invalid_request");
});

on_both!(rfc7636_4_3_plain_is_refused, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let plain = party.clone().with("code_challenge_method", "plain");
    assert_eq!(start_error(&server, &plain), "invalid_request");
    let silent = party.without("code_challenge_method");
    assert_eq!(start_error(&server, &silent), "invalid_request", "absent means plain");
});

on_both!(rfc7636_4_2_a_malformed_challenge_is_refused, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    for challenge in ["short", &"a".repeat(44), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWBuGJSstw+cM"] {
        let party = party.clone().with("code_challenge", challenge);
        assert_eq!(start_error(&server, &party), "invalid_request", "{challenge}");
    }
});

on_both!(rfc9700_2_1_1_a_verifier_cannot_be_added_later, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"))
        .without("code_challenge")
        .without("code_challenge_method");
    let code = code(&server, &party);
    assert_eq!(redeem(&party, &code, Some(VERIFIER)), "invalid_grant");
    assert_eq!(redeem(&party, &code, None), "", "optional for web by default");
});
