//! B6: a token of another kind, key, issuer, audience or time is accepted.

use harness::http::encode;
use harness::{Browser, RelyingParty, Server, jwt, on_both};
use serde_json::json;

/// Whether any place that takes a JWT of ours takes this one.
fn accepted_anywhere(server: &Server, party: &RelyingParty, token: &str) -> Option<String> {
    if party.userinfo(token).status == 200 {
        return Some("userinfo".to_owned());
    }
    if party.is_active(token) {
        return Some("introspection".to_owned());
    }
    let end = party.endpoint("end_session_endpoint");
    let page = Browser::new(server).open(&format!("{end}?id_token_hint={}", encode(token)));
    assert!(page.status() < 500, "{}", page.response.summary());
    let hinted = party.clone().with("id_token_hint", token).with("prompt", "none");
    let page = hinted.start(&mut Browser::new(server));
    assert!(page.status() < 500, "{}", page.response.summary());
    None
}

on_both!(
    /// CVE-2022-23540: no signature at all.
    b6_1_algorithm_none,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let tokens = party.sign_in_fresh(&server, &server.user(0));
        let claims = jwt::claims(&tokens.access);
        let kid = jwt::header(&tokens.access)["kid"].clone();
        for algorithm in ["none", "None", "nOnE", "NONE", ""] {
            let header = json!({"alg": algorithm, "typ": "at+jwt", "kid": kid});
            for signature in [&b""[..], b"x"] {
                let forged = jwt::forge(&header, &claims, signature);
                assert_eq!(accepted_anywhere(&server, &party, &forged), None, "{algorithm}");
            }
        }
        let mut parts: Vec<_> = tokens.access.split('.').collect();
        parts[2] = "";
        assert_eq!(accepted_anywhere(&server, &party, &parts.join(".")), None);
    }
);

on_both!(
    /// CVE-2024-37568 and others: an algorithm that the key is not for.
    b6_2_other_algorithms,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let tokens = party.sign_in_fresh(&server, &server.user(0));
        let claims = jwt::claims(&tokens.access);
        let kid = jwt::header(&tokens.access)["kid"].clone();
        for algorithm in ["HS256", "HS512", "RS256", "PS256", "ES384", "EdDSA", "ES256K", "dir"] {
            let header = json!({"alg": algorithm, "typ": "at+jwt", "kid": kid});
            let forged = jwt::forge(&header, &claims, &[7; 64]);
            assert_eq!(accepted_anywhere(&server, &party, &forged), None, "{algorithm}");
        }
    }
);

on_both!(
    /// CVE-2026-27962, CVE-2018-0114: a key that the token itself brings along.
    b6_3_keys_inside_the_header,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let tokens = party.sign_in_fresh(&server, &server.user(0));
        let claims = jwt::claims(&tokens.access);
        let sink = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        sink.set_nonblocking(true).expect("a socket option");
        let url = format!("http://{}/jwks", sink.local_addr().expect("an address"));
        for (name, value) in [
            ("jwk", json!({"kty": "oct", "k": "AAAA"})),
            ("jku", json!(url)),
            ("x5u", json!(url)),
            ("x5c", json!(["MIIB"])),
            ("kid", json!("../../x")),
            ("kid", json!("' OR 1--")),
            ("crit", json!(["exp"])),
        ] {
            let mut header = json!({"alg": "ES256", "typ": "at+jwt", "kid": "x"});
            header[name] = value;
            let forged = jwt::forge(&header, &claims, &[7; 64]);
            assert_eq!(accepted_anywhere(&server, &party, &forged), None, "{header}");
        }
        assert!(sink.accept().is_err(), "nothing was fetched");
    }
);

on_both!(
    /// CVE-2026-27840: cut, flipped and extended tokens.
    b6_5_mangled_tokens,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let tokens = party.sign_in_fresh(&server, &server.user(0));
        for token in [&tokens.access, &tokens.refresh] {
            for cut in [1, 2, 3, 10, token.len() / 2, token.len() - 1] {
                assert!(!party.is_active(&token[..token.len() - cut]), "cut by {cut}");
            }
            assert!(!party.is_active(&format!("{token}A")));
            assert!(!party.is_active(&format!("{token}=")));
            assert!(!party.is_active(&token.to_uppercase()));
            let middle = token.len() - 10;
            let swapped = if &token[middle..=middle] == "A" { "B" } else { "A" };
            let flipped = format!("{}{swapped}{}", &token[..middle], &token[middle + 1..]);
            assert!(!party.is_active(&flipped), "{flipped}");
        }
        let changed = jwt::tamper(&tokens.access, |claims| claims["sub"] = json!("usr_other"));
        assert_eq!(accepted_anywhere(&server, &party, &changed), None);
        assert!(party.is_active(&tokens.access) && party.is_active(&tokens.refresh));
    }
);

on_both!(
    /// GHSA-p2fr-6hmx-4528: a scope that nobody granted.
    b6_7_scope_beyond_the_grant,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"))
            .with("scope", "openid offline_access");
        let mut browser = Browser::new(&server);
        let callback = party.sign_in(&mut browser, &server.user(0));
        let redirect = &party.parameters["redirect_uri"];
        let tokens = harness::Tokens::from(party.token(&[
            ("grant_type", "authorization_code"),
            ("code", callback.code()),
            ("redirect_uri", redirect),
            ("code_verifier", harness::relying_party::VERIFIER),
            ("scope", "openid email admin"),
        ]));
        let scope = jwt::claims(&tokens.access)["scope"].as_str().expect("scope").to_owned();
        assert!(!scope.contains("email") && !scope.contains("admin"), "{scope}");
        let wider = party.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &tokens.refresh),
            ("scope", "openid email"),
        ]);
        assert_eq!(wider.error(), "invalid_scope");
    }
);

on_both!(
    /// CVE-2026-1609 and others: whoever is switched off is switched off everywhere.
    b6_8_disabled_means_disabled,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let user = server.user(1);
        let mut browser = Browser::new(&server);
        let tokens = party.tokens(&party.sign_in(&mut browser, &user));
        server.cli().json(&["user", "block", &user.id, "--yes"]);
        harness::until("the block", std::time::Duration::from_secs(1), || {
            (!party.is_active(&tokens.access)).then_some(())
        });
        assert_eq!(party.refresh(&tokens.refresh).error(), "invalid_grant");
        assert_eq!(party.userinfo(&tokens.access).status, 401);
        assert!(!party.start(&mut browser).left, "the session is worth nothing");

        let machine = RelyingParty::new(&server, &server.application("machine"));
        let other = party.sign_in_fresh(&server, &server.user(0));
        server.cli().json(&["app", "disable", &party.application.id, "--yes"]);
        harness::until("the application's end", std::time::Duration::from_secs(1), || {
            (party.refresh(&other.refresh).error() == "invalid_client").then_some(())
        });
        assert!(!machine.is_active(&other.access), "tokens of a disabled application");
    }
);

on_both!(
    /// RFC 8725: each kind of token only where it belongs.
    b6_9_kinds_of_tokens,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
        for token in [&tokens.id, &tokens.refresh] {
            assert_eq!(party.userinfo(token).status, 401);
        }
        let end = party.endpoint("end_session_endpoint");
        let page = browser.open(&format!("{end}?id_token_hint={}", tokens.access));
        assert!(page.has_button("logout-confirm"), "an access token is no hint");
        assert!(party.start(&mut browser).left, "the session lives");
        assert_eq!(jwt::header(&tokens.access)["typ"], "at+jwt");
    }
);
