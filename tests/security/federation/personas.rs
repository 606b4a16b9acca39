//! Each way in which a provider can be wrong ends in its page with its code, and makes nobody.

use super::{World, party, pressed, refused, support};
use harness::upstream::{Alg, Script, press, server_with};
use harness::{Browser, Upstream, on_both};
use serde_json::{Value, json};
use std::time::Duration;

type Change = fn(&mut Script);

/// What is wrong with the ID token, and the code it ends in. // B6.1, B6.4
const TOKENS: &[(&str, Change)] = &[
    ("id_token_signature", |s| s.alg = Alg::Broken),
    ("id_token_algorithm", |s| s.alg = Alg::None),
    ("id_token_algorithm", |s| s.alg = Alg::Hs256),
    ("id_token_issuer", |s| s.id_token = json!({ "iss": "https://other.test" })),
    ("id_token_malformed", |s| s.id_token = json!({ "iss": null })),
    ("id_token_audience", |s| s.id_token = json!({ "aud": "somebody else" })),
    ("id_token_audience", |s| {
        s.id_token = json!({ "aud": [harness::upstream::CLIENT_ID, "somebody else"] });
    }),
    ("id_token_audience", |s| s.id_token = json!({ "azp": "somebody else" })),
    ("id_token_malformed", |s| s.id_token = json!({ "aud": null })),
    ("id_token_nonce", |s| s.id_token = json!({ "nonce": "of another sign-in" })),
    ("id_token_nonce", |s| s.id_token = json!({ "nonce": null })),
    ("id_token_nonce", |s| s.id_token = json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })),
    ("id_token_time", |s| s.id_token = json!({ "exp": 1_000_000 })),
    ("id_token_malformed", |s| s.id_token = json!({ "exp": null })),
    ("id_token_time", |s| s.id_token = json!({ "iat": 99_999_999_999_u64 })),
    ("id_token_malformed", |s| s.id_token = json!({ "iat": null })),
    ("id_token_malformed", |s| s.id_token = json!({ "sub": "" })),
];

/// What is wrong with other answers.
const ANSWERS: &[(&str, Change)] = &[
    ("upstream_status", |s| s.answer("/token", 500, "text/plain", "no")),
    ("upstream_token", |s| s.answer("/token", 200, "text/html", "<h1>Welcome</h1>")),
    ("upstream_client", |s| {
        s.answer("/token", 401, "application/json", r#"{"error":"invalid_client"}"#)
    }),
    ("upstream_code", |s| {
        s.answer("/token", 200, "application/json", r#"{"error":"bad_verification_code"}"#)
    }),
    ("id_token_missing", |s| {
        s.answer("/token", 200, "application/json", r#"{"access_token":"x"}"#)
    }),
    ("upstream_redirect", |s| {
        s.redirects.insert("/token".into(), (307, "http://127.0.0.1:9/".into()));
    }),
    ("upstream_redirect", |s| {
        s.redirects.insert("/token".into(), (302, "https://provider.test/token".into()));
    }),
    ("upstream_too_large", |s| {
        s.floods.insert("/userinfo".into(), 1 << 30);
    }),
    ("upstream_subject", |s| s.answer("/userinfo", 200, "application/json", r#"{"sub":"bob"}"#)),
    ("upstream_profile", |s| s.answer("/userinfo", 200, "application/json", "[1]")),
    ("upstream_status", |s| s.answer("/userinfo", 503, "text/plain", "later")),
    ("upstream_profile", |s| {
        let deep = format!("{{\"sub\":\"x\",\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        s.answer("/userinfo", 200, "application/json", &deep);
    }),
];

/// Waits until the log has each of these codes under its support code, with the connection.
fn logged(world: &World, shown: &[(&str, String)]) {
    let tenant = world.server.ready().tenant.slug.clone();
    let id = world.connection.as_str().expect("an id");
    let list = ["log", "list", "--tenant", &tenant, "--connection", id, "--limit", "100"];
    let missing = || {
        let list = world.server.cli().json(&list);
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let has = |(code, support): &&(&str, String)| {
            let same = |item: &Value| item["code"] == **code && item["support_code"] == **support;
            !items.iter().any(|item| same(item) && item["outcome"] == "failed")
        };
        shown.iter().filter(has).map(|(code, _)| *code).collect::<Vec<_>>()
    };
    harness::until("every refusal in the log", Duration::from_secs(10), || {
        let missing = missing();
        println!("not in the log: {missing:?}");
        missing.is_empty().then_some(())
    });
}

fn each(world: &World, cases: &[(&str, Change)]) {
    let before = world.users();
    let mut shown = Vec::new();
    for (code, change) in cases {
        world.upstream.script(|script| {
            *script = Script::default();
            change(script);
        });
        let mut browser = Browser::new(&world.server);
        let page = world.come_back(&mut browser);
        refused(&page, code);
        assert!(!browser.cookies().iter().any(|c| c.name.contains("ses")), "{code}: a session");
        shown.push((*code, support(&page)));
    }
    logged(world, &shown);
    assert_eq!(world.users(), before, "nobody was made");
}

on_both!(b6_every_wrong_id_token_is_refused_with_its_code, |database| {
    each(&World::new(database), TOKENS);
});

on_both!(every_wrong_answer_is_refused_with_its_code, |database| {
    each(&World::new(database), ANSWERS);
});

on_both!(a_slow_provider_is_given_up, |database| {
    let world = World::new(database);
    world.upstream.script(|s| {
        s.delays.insert("/token".into(), Duration::from_secs(7));
    });
    let started = std::time::Instant::now();
    let page = world.come_back(&mut Browser::new(&world.server));
    world.refused(&page, "upstream_timeout");
    assert!(started.elapsed() < Duration::from_secs(7), "{:?}", started.elapsed());
});

on_both!(a_new_key_is_fetched_and_an_unknown_one_refused, |database| {
    let world = World::new(database);
    let enter = |world: &World| world.come_back(&mut Browser::new(&world.server));
    assert!(enter(&world).left);
    world.upstream.rotate(true);
    let page = enter(&world);
    assert!(page.left, "the key set was fetched anew: {}", page.text());
    world.upstream.rotate(false);
    world.refused(&enter(&world), "id_token_signature");
});

on_both!(a_person_who_says_no_reads_so, |database| {
    let world = World::new(database);
    let mut browser = Browser::new(&world.server);
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let back = world.upstream.refuse(&request, "access_denied", "<script>alert(1)</script>");
    let page = browser.open(&back);
    world.refused(&page, "upstream_denied");
    assert!(page.text().contains("Sign in another way"), "{}", page.text());
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let back = world.upstream.refuse(&request, "\"><script>alert(1)</script>", "x");
    let step = world.refused(&browser.open(&back), "upstream_error");
    assert!(!step.to_string().contains("<script"), "{step}");
});

on_both!(b15_a_hostile_profile_stays_data, |database| {
    let world = World::new(database);
    world.upstream.script(|script| {
        script.profile = json!({
            "sub": "mallory", "email": "mallory@people.test", "email_verified": true,
            "name": "<script>alert(1)</script>\u{202e}\u{0}\n", "nickname": ["not", "a", "text"],
            "picture": "javascript:alert(1)", "given_name": "x".repeat(5_000),
            "groups": (0..9_000).map(|n| format!("g{n}")).collect::<Vec<_>>(),
        });
        script.in_id_token = false;
    });
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser);
    let tokens = world.party.tokens(&world.party.finish(&mut browser, page));
    let claims = world.party.userinfo(&tokens.access).expect(200).json();
    let name = claims["name"].as_str().unwrap_or_default();
    assert!(!name.contains(['\u{202e}', '\u{0}', '\n']), "{name:?}");
    assert_eq!(claims["picture"], json!(null));
    world.upstream.script(|script| {
        let groups: Vec<_> = (0..12_000).map(|n| format!("g{n}")).collect();
        script.profile["groups"] = json!(groups);
    });
    world.refused(&world.come_back(&mut Browser::new(&world.server)), "upstream_profile");
});

on_both!(lying_discovery_is_not_believed, |database| {
    let lies = [
        ("upstream_discovery", json!({ "issuer": "https://other.test" })),
        ("upstream_url", json!({ "authorization_endpoint": "http://provider.test/authorize" })),
        ("upstream_blocked", json!({ "authorization_endpoint": "https://10.0.0.1/authorize" })),
        ("upstream_blocked", json!({ "token_endpoint": "https://169.254.169.254/latest" })),
        ("upstream_blocked", json!({ "jwks_uri": "https://[::1]/keys" })),
        ("upstream_url", json!({ "userinfo_endpoint": "file:///etc/passwd" })),
        ("upstream_discovery", json!({ "token_endpoint": null })),
    ];
    // A provider for each: documents are kept.
    let upstreams: Vec<_> = lies.iter().map(|_| Upstream::start()).collect();
    let server = server_with(database, &upstreams.iter().collect::<Vec<_>>());
    let party = party(&server);
    for (number, ((code, lie), upstream)) in lies.into_iter().zip(&upstreams).enumerate() {
        upstream.script(|script| script.discovery = lie);
        let name = format!("up-{number}");
        upstream.connect(&server, &name, &[]);
        let page = pressed(&party, &server, &name);
        refused(&page, code);
        server.logged(&support(&page), code);
        assert_eq!(upstream.count("/token"), 0, "lie {number}");
    }
});
