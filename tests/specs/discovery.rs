//! OpenID Connect Discovery 1.0 and RFC 8414: the documents tell exactly what works.

use harness::{RelyingParty, Request, Server, on_both};
use serde_json::Value;

/// The path part of an address of the installation.
fn path(server: &Server, url: &str) -> String {
    url.strip_prefix(&server.ready().base_url)
        .unwrap_or_else(|| panic!("foreign: {url}"))
        .to_owned()
}

fn list(metadata: &Value, name: &str) -> Vec<String> {
    let values = metadata[name].as_array().unwrap_or_else(|| panic!("no {name} in {metadata}"));
    values.iter().map(|v| v.as_str().expect("text").to_owned()).collect()
}

on_both!(oidc_discovery_4_2_metadata_tells_what_works, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let metadata = &party.metadata;
    assert_eq!(metadata["issuer"], party.issuer);
    assert_eq!(list(metadata, "response_types_supported"), ["code"]);
    assert_eq!(list(metadata, "code_challenge_methods_supported"), ["S256"]);
    assert_eq!(list(metadata, "subject_types_supported"), ["public"]);
    assert!(list(metadata, "id_token_signing_alg_values_supported").contains(&"RS256".into()));
    for grant in ["authorization_code", "refresh_token", "client_credentials"] {
        assert!(list(metadata, "grant_types_supported").contains(&grant.into()), "{grant}");
    }
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        let methods = list(metadata, "token_endpoint_auth_methods_supported");
        assert!(methods.contains(&method.into()), "{method}");
    }
    for mode in list(metadata, "response_modes_supported") {
        assert!(["query", "form_post"].contains(&mode.as_str()), "{mode}");
    }
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    assert_eq!(metadata["request_parameter_supported"], false);
    assert_eq!(metadata["request_uri_parameter_supported"], false);
    for endpoint in
        ["authorization", "token", "userinfo", "introspection", "revocation", "end_session"]
    {
        let url = party.endpoint(&format!("{endpoint}_endpoint"));
        assert!(url.starts_with(&party.issuer), "{url}");
    }
    assert!(metadata.get("registration_endpoint").is_none(), "there is no registration yet");
    assert!(!metadata.to_string().contains("RSA1_5"), "B6.10");
});

on_both!(rfc8414_3_the_same_document_at_the_oauth_address, |database| {
    let server = Server::start(database);
    let issuer = &server.ready().tenant.issuer;
    let at = |target: &str| server.send(&Request::get(target));
    let openid = at(&path(&server, &format!("{issuer}/.well-known/openid-configuration")));
    // RFC 8414 §3.1 inserts the well-known part between host and path.
    let tenant = path(&server, issuer);
    let oauth = at(&format!("/.well-known/oauth-authorization-server{tenant}"));
    assert_eq!(oauth.clone().expect(200).json()["issuer"], openid.json()["issuer"]);
});

on_both!(documents_have_an_etag_and_may_be_cached, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let discovery = format!("{}/.well-known/openid-configuration", party.issuer);
    for url in [discovery, party.endpoint("jwks_uri")] {
        let target = path(&server, &url);
        let answer = server.send(&Request::get(&target)).expect(200);
        let etag = answer.header("etag").unwrap_or_else(|| panic!("no ETag: {}", answer.summary()));
        assert!(answer.header("cache-control").is_some_and(|v| v.contains("max-age")));
        let again = server.send(&Request::get(&target).header("If-None-Match", etag));
        assert_eq!((again.status, again.body.len()), (304, 0));
        let head = server.send(&Request::new("HEAD", &target));
        assert_eq!((head.status, head.body.len()), (200, 0));
        let post = server.send(&Request::post(&target).form(&[]));
        assert_eq!(post.status, 405, "{}", post.summary());
    }
});

on_both!(rfc7517_the_key_set_is_public_and_in_use, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let keys = party.request(&party.endpoint("jwks_uri"), Request::get).expect(200).json();
    let keys = keys["keys"].as_array().expect("keys");
    let algorithms: Vec<_> = keys.iter().map(|key| key["alg"].as_str().expect("alg")).collect();
    assert!(algorithms.contains(&"ES256") && algorithms.contains(&"RS256"), "{algorithms:?}");
    for key in keys {
        assert_eq!(key["use"], "sig");
        assert!(key["kid"].is_string());
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "a private member: {private}");
        }
    }
});
