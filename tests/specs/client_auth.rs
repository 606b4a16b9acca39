//! RFC 6749 §2.3: how a client proves itself, at every endpoint that asks for it.

use harness::{RelyingParty, Request, Response, Server, on_both};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[track_caller]
fn refused(answer: Response) {
    assert_eq!((answer.status, &*answer.error()), (401, "invalid_client"), "{}", answer.summary());
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Basic"), "RFC 6749 §5.2: {}", answer.summary());
}

on_both!(rfc6749_5_2_failed_authentication_is_401_with_a_challenge, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let id = party.application.client_id.clone();
    for endpoint in ["token_endpoint", "introspection_endpoint", "revocation_endpoint"] {
        let url = party.endpoint(endpoint);
        let form = [GRANT, ("token", "x")];
        let with = |user: &str, secret: &str| {
            party.request(&url, |t| Request::post(t).basic(user, secret).form(&form))
        };
        refused(with(&id, "ts_wrong"));
        refused(with(&id, ""));
        refused(with("app_nobody", "ts_wrong"));
        let header = |value: &str| {
            party.request(&url, |t| Request::post(t).header("Authorization", value).form(&form))
        };
        refused(header("Basic !!!"));
        refused(header("Basic bm9jb2xvbg=="));
        let bare = party.request(&url, |t| Request::post(t).form(&form));
        assert!([400, 401].contains(&bare.status), "{}", bare.summary());
        let only_id = [GRANT, ("token", "x"), ("client_id", &*id)];
        let answer = party.request(&url, |t| Request::post(t).form(&only_id));
        assert_eq!(answer.error(), "invalid_client", "{}", answer.summary());
        assert_eq!(answer.status, 400, "{}", answer.summary());
    }
});

on_both!(rfc6749_2_3_1_halves_of_basic_are_form_encoded, |database| {
    use base64::Engine as _;
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let (id, secret) = (&party.application.client_id, party.application.client_secret.clone());
    let secret = secret.expect("a secret").replace('_', "%5F");
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    let url = party.endpoint("token_endpoint");
    let header = format!("basic {pair}");
    let answer =
        party.request(&url, |t| Request::post(t).header("Authorization", &header).form(&[GRANT]));
    answer.expect(200);
});

on_both!(rfc6749_2_3_1_the_body_may_not_name_another_client, |database| {
    let server = Server::start(database);
    let machine = RelyingParty::new(&server, &server.application("machine"));
    let web = server.application("web");
    let answer = machine.token(&[GRANT, ("client_id", &web.client_id)]);
    assert!([400, 401].contains(&answer.status), "{}", answer.summary());
    machine.token(&[GRANT, ("client_id", &machine.application.client_id)]).expect(200);
});

on_both!(rfc6749_2_3_a_public_client_has_no_secret_to_show, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let url = party.endpoint("token_endpoint");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "rt_a_1_b")];
    let id = &party.application.client_id;
    let answer = party.request(&url, |t| Request::post(t).basic(id, "anything").form(&fields));
    refused(answer);
});
