//! B17, B18: a large, deep or malformed input takes the service from everybody.

use harness::{Browser, RelyingParty, Request, Server, on_both};
use std::time::{Duration, Instant};

/// The server still answers, and soon.
#[track_caller]
fn alive(server: &Server) {
    let start = Instant::now();
    server.send(&Request::get("/healthz")).expect(200);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

on_both!(
    /// CVE-2026-4634: a hundred thousand scopes, locales and other long lists.
    b18_1_long_lists,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("machine"));
        let scopes = "s ".repeat(100_000);
        let fields = [("grant_type", "client_credentials"), ("scope", &*scopes)];
        let answer = party.token(&fields);
        assert!([400, 413].contains(&answer.status), "{}", answer.summary());
        let web = RelyingParty::new(&server, &server.application("web"));
        for name in ["scope", "ui_locales", "acr_values", "login_hint"] {
            let page = web.clone().with(name, &"x ".repeat(9_000)).start(&mut Browser::new(&server));
            assert!(page.left || page.status() < 500, "{name}: {}", page.response.summary());
        }
        let many: Vec<_> = (0..5_000).map(|i| format!("p{i}=1")).collect();
        let url = party.endpoint("token_endpoint");
        let answer = party.request(&url, |t| Request::post(t).raw_form(many.join("&").as_bytes()));
        assert!([400, 401, 413].contains(&answer.status), "{}", answer.summary());
        alive(&server);
    }
);

on_both!(
    /// A ten megabyte password is refused before any hashing.
    b18_2_long_passwords,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        let page = party.start(&mut browser);
        let form = page.form_with_button("login-submit");
        let long = "p".repeat(10 << 20);
        let form = form.set("username", &server.user(0).email).set("password", &long);
        let url = page.url.join(&form.action).expect("an address");
        let fields: Vec<_> = form.fields.iter().map(|(n, v)| (&**n, &**v)).collect();
        let body = harness::http::form_encode(&fields);
        let request = Request::post(url.path()).raw_form(body.as_bytes());
        // The server may close the connection over a body it does not want to read.
        if let Ok(answer) = server.try_send(&request) {
            assert!([400, 403, 413, 422].contains(&answer.status), "{}", answer.summary());
        }
        alive(&server);
    }
);

on_both!(
    /// GHSA-2c7c-3mj9-8fqh and others: tokens that are costly to refuse.
    b17_1_costly_tokens,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let header = r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483648,"p2s":"AA","zip":"DEF"}"#;
        use base64::Engine as _;
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header);
        let jwe = format!("{header}.AAAA.AAAA.AAAA.AAAA");
        let dots = ".".repeat(10_000);
        let long = format!("{}.{}.{}", "A".repeat(8_000), "B".repeat(8_000), "C".repeat(8_000));
        let deep = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode("[".repeat(5_000));
        let deep = format!("{deep}.{deep}.AA");
        for token in [&*jwe, &dots, &long, &deep] {
            let start = Instant::now();
            let answer = party.introspect(token);
            let inactive = answer.status == 200 && answer.json()["active"] == false;
            assert!(inactive || [400, 413].contains(&answer.status), "{}", answer.summary());
            assert!(party.userinfo(token).status < 500);
            assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        }
        alive(&server);
    }
);

on_both!(
    /// Odd bytes in request lines, headers and bodies of every endpoint are client errors.
    b18_3_malformed_requests,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let base = url::Url::parse(&party.issuer).expect("an address").path().to_owned();
        let endpoints = ["/authorize", "/oauth/token", "/userinfo", "/oauth/introspect", "/login/x"];
        for endpoint in endpoints {
            for body in [&b"\xff\xfe=\x00"[..], b"a=%", b"a=%zz", b"%ff=1", b"&&==&", b"a[]=1&a[]=2"] {
                let path = format!("{base}{endpoint}");
                let answer = server.send(&Request::post(&path).raw_form(body));
                assert!(answer.status < 500, "{endpoint}: {}", answer.summary());
            }
            let answer = server.send(&Request::get(&format!("{base}{endpoint}?a=%ff&%zz=%")));
            assert!(answer.status < 500, "{endpoint}: {}", answer.summary());
        }
        alive(&server);
    }
);

on_both!(
    /// Thousands of unknown client ids, tenants and hosts fill no cache for ever.
    b18_1_unknown_names,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let base = url::Url::parse(&party.issuer).expect("an address").path().to_owned();
        for number in 0..300 {
            let path = format!("{base}/authorize?client_id=app_{number}");
            assert_eq!(server.send(&Request::get(&path)).status, 400);
            let path = format!("/t/tenant-{number}/jwks");
            assert_eq!(server.send(&Request::get(&path)).status, 404);
            let host = format!("h{number}.example.test");
            let answer = server.send(&Request::get("/").header("Host", &host));
            assert!([404, 421].contains(&answer.status), "{}", answer.summary());
        }
        alive(&server);
    }
);
