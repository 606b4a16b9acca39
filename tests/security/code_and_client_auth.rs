//! B3: a stolen, injected or replayed code is redeemed by someone it was not made for.

use harness::relying_party::VERIFIER;
use harness::{Browser, RelyingParty, Request, Server, on_both, race};

on_both!(
    /// CVE-2023-48228: PKCE left out at the token endpoint.
    b3_1_pkce_cannot_be_left_out,
    |database| {
        let server = Server::start(database);
        for kind in ["web", "spa"] {
            let party = RelyingParty::new(&server, &server.application(kind));
            let code = party.sign_in(&mut Browser::new(&server), &server.user(0));
            let redirect = &party.parameters["redirect_uri"];
            let base = [
                ("grant_type", "authorization_code"),
                ("code", code.code()),
                ("redirect_uri", redirect),
            ];
            let with = |more: &[(&str, &str)]| party.token(&[&base[..], more].concat());
            assert_eq!(with(&[]).error(), "invalid_grant");
            assert_eq!(with(&[("code_verifier", "")]).error(), "invalid_grant");
            assert_eq!(with(&[("code_verifier[]", VERIFIER)]).error(), "invalid_grant");
            with(&[("code_verifier", VERIFIER)]).expect(200);
        }
    }
);

on_both!(
    /// GHSA-7w99-5wm4-3g79: fifty at once, one wins, and then nobody does.
    b3_2_a_code_works_once,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let callback = party.sign_in(&mut Browser::new(&server), &server.user(0));
        let answers = race(50, |_| party.redeem(callback.code()));
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(answer.error(), "invalid_grant", "{}", answer.summary());
        }
        let access = won[0].json()["access_token"].as_str().expect("a token").to_owned();
        assert!(!party.is_active(&access), "the replay revoked the winner's tokens");
    }
);

on_both!(
    /// CVE-2026-16089, CVE-2026-55672: another client redeems with its own valid credentials.
    b3_3_a_code_belongs_to_its_client,
    |database| {
        let server = Server::start(database);
        let owner = RelyingParty::new(&server, &server.application("spa"));
        let thief = RelyingParty::new(&server, &server.application("web"));
        let callback = owner.sign_in(&mut Browser::new(&server), &server.user(0));
        let stolen = thief
            .clone()
            .with("redirect_uri", &owner.parameters["redirect_uri"])
            .redeem(callback.code());
        assert_eq!(stolen.error(), "invalid_grant");
        let tokens = owner.tokens(&callback);
        assert_eq!(thief.refresh(&tokens.refresh).error(), "invalid_grant");
        owner.refresh(&tokens.refresh).expect(200);
    }
);

on_both!(
    /// GHSA-pw9m-5jxm-xr6h: each endpoint × each way not to prove oneself.
    b3_6_client_authentication_everywhere,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let machine = server.application("machine");
        let id = party.application.client_id.clone();
        let other_secret = machine.client_secret.expect("a secret");
        let grants = [
            vec![("grant_type", "client_credentials")],
            vec![("grant_type", "refresh_token"), ("refresh_token", "rt_x_1_y")],
            vec![("grant_type", "authorization_code"), ("code", "oc_x")],
            vec![("token", "x")],
        ];
        for endpoint in ["token_endpoint", "introspection_endpoint", "revocation_endpoint"] {
            let url = party.endpoint(endpoint);
            for grant in &grants {
                let body = |secret: &str| {
                    let mut fields = grant.clone();
                    fields.extend([("client_id", &*id), ("client_secret", secret)]);
                    party.request(&url, |t| Request::post(t).form(&fields))
                };
                let basic = |secret: &str| {
                    party.request(&url, |t| Request::post(t).basic(&id, secret).form(grant))
                };
                let mut none = grant.clone();
                none.push(("client_id", &id));
                for (answer, status) in [
                    (body("ts_wrong"), 400),
                    (body(&other_secret), 400),
                    (basic("ts_wrong"), 401),
                    (basic(&other_secret), 401),
                    (party.request(&url, |t| Request::post(t).form(&none)), 400),
                ] {
                    assert_eq!(answer.error(), "invalid_client", "{endpoint}: {}", answer.summary());
                    assert_eq!(answer.status, status, "{}", answer.summary());
                }
            }
        }
    }
);
