//! Journey 2: a person signs in with the account they have at a provider.

use harness::upstream::{press, server_with};
use harness::{Browser, RelyingParty, Server, Upstream, jwt, on_both};
use serde_json::json;

fn party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(a_stranger_gets_an_account_and_comes_back_to_it, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    upstream.connect(&server, "acme-id", &[]);
    let party = party(&server);
    let mut subjects = Vec::new();
    for _ in 0..2 {
        let mut browser = Browser::new(&server);
        let page = party.start(&mut browser);
        let request = press(&mut browser, &page, "acme-id");
        let page = browser.open(&upstream.agree(&request));
        let tokens = party.tokens(&party.finish(&mut browser, page));
        let id = jwt::claims(&tokens.id);
        assert_eq!(id["email"], "ann@people.test");
        assert_eq!(id["email_verified"], true);
        assert_eq!(id["name"], "Ann Archer");
        assert_eq!(id["amr"], json!(null), "no method of RFC 8176 is claimed");
        subjects.push(id["sub"].clone());
    }
    assert_eq!(subjects[0], subjects[1]);
});

on_both!(who_comes_without_an_address_or_a_field_completes_the_sign_up, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    upstream.connect(&server, "acme-id", &[]);
    upstream.script(|script| script.profile = json!({ "sub": "ann", "name": "Ann Archer" }));
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    let application = server.cli().create_application(tenant, "web", &more);
    server.cli().json(&["app", "sign-in", "set", &application.id, "--require", "nickname"]);
    let party = RelyingParty::new(&server, &application);
    let mut browser = Browser::new(&server);
    let page = harness::until("the change", std::time::Duration::from_secs(5), || {
        let page = party.start(&mut browser);
        let request = press(&mut browser, &page, "acme-id");
        let page = browser.open(&upstream.agree(&request)).expect(200);
        page.response.text().contains("name=\"nickname\"").then_some(page)
    });
    let form = page.form_with_button("complete-submit");
    assert_eq!(form.value("name"), None, "the provider said it");
    let wrong = browser.submit(&page, &form.clone().set("email", "ann")).expect(422);
    assert!(wrong.text().contains("Nickname is missing"), "{}", wrong.text());
    let form = wrong.form_with_button("complete-submit");
    assert_eq!(form.value("email"), Some("ann"), "nothing typed is lost");
    let form = form.set("email", "ann@people.test").set("nickname", "Annie");
    let sent = browser.submit(&wrong, &form).expect(200);
    // Continue before the link was opened says so, and after it goes on, in this very tab.
    let early = browser.click(&sent, &continue_of(&sent)).expect(200);
    assert!(early.text().contains("You are not signed in here yet"), "{}", early.text());
    let link = server.links_to("ann@people.test", "/verify/", 1).remove(0);
    let mut tab = browser.open(&link).expect(200);
    assert!(tab.text().contains("Signs in with"), "{}", tab.text());
    tab = browser.submit(&tab, &tab.form_with_button("verify-submit"));
    assert!(tab.left, "{}", tab.text());
    let on = browser.click(&early, &continue_of(&early));
    let tokens = party.tokens(&party.finish(&mut browser, on));
    let id = jwt::claims(&tokens.id);
    assert_eq!((&id["email"], &id["email_verified"]), (&json!("ann@people.test"), &json!(true)));
    assert_eq!((&id["name"], &id["nickname"]), (&json!("Ann Archer"), &json!("Annie")));
});

on_both!(a_field_of_the_tenants_own_goes_from_the_provider_to_the_tokens, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let tenant = server.ready().tenant.slug.clone();
    let field = |more: &[&str]| {
        let create = ["field", "create", "--tenant", &tenant, "--kind", "text"];
        server.cli().json(&[&create[..], more].concat());
    };
    field(&["--key", "badge", "--label", "Badge", "--claim", "badge_number"]);
    field(&["--key", "cost", "--label", "Cost", "--claim", "cost", "--claim-scope", "email"]);
    field(&["--key", "note", "--label", "Note"]);
    upstream.script(|script| {
        script.profile["badge"] = json!("B-17");
        script.profile["cost"] = json!("4711");
        script.profile["note"] = json!("for admins");
    });
    let rule = |name: &str| json!({ "target": name, "source": name });
    let email = json!({ "target": "email", "source": "email", "update": "first",
        "trust": { "verified": "email_verified" } });
    let rules = json!({ "rules": [email, rule("badge"), rule("cost"), rule("note")] });
    let file = server.folder().join("own.json").to_string_lossy().into_owned();
    std::fs::write(&file, rules.to_string()).expect("the folder is writable");
    upstream.connect(&server, "acme-id", &["--mapping-file", &file]);
    let party = party(&server);
    let enter = |scope: &str| {
        let party = party.clone().with("scope", scope);
        let mut browser = Browser::new(&server);
        let page = party.start(&mut browser);
        let request = press(&mut browser, &page, "acme-id");
        let page = browser.open(&upstream.agree(&request));
        party.tokens(&party.finish(&mut browser, page))
    };
    let tokens = enter("openid profile email offline_access");
    let refreshed = party.refresh(&tokens.refresh).expect(200).json();
    let refreshed = jwt::claims(refreshed["id_token"].as_str().expect("an ID token"));
    let userinfo = party.userinfo(&tokens.access).expect(200).json();
    for claims in [jwt::claims(&tokens.id), refreshed, userinfo] {
        assert_eq!((&claims["badge_number"], &claims["cost"]), (&json!("B-17"), &json!("4711")));
        assert_eq!((&claims["badge"], &claims["note"]), (&json!(null), &json!(null)), "{claims}");
    }
    // Each for its own scope; asking by name opens none.
    let narrow = enter("openid profile");
    let claims = party.userinfo(&narrow.access).expect(200).json();
    assert_eq!((&claims["badge_number"], &claims["cost"]), (&json!("B-17"), &json!(null)));
    assert_eq!(jwt::claims(&narrow.id)["cost"], json!(null));
    let narrow = enter("openid");
    let claims = party.userinfo(&narrow.access).expect(200).json();
    assert_eq!((&claims["badge_number"], &claims["cost"]), (&json!(null), &json!(null)));
});

/// Where Continue leads.
fn continue_of(page: &harness::Page) -> String {
    let html = page.response.text();
    let end = html.find(">Continue</a>").expect("a link");
    let href = html[..end].rsplit("href=\"").next().expect("an address");
    harness::html::unescape(href.split('"').next().expect("an end"))
}

on_both!(a_provider_without_id_tokens_says_who_somebody_is_in_its_own_way, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    upstream.script(|script| {
        script.profile = json!({ "id": 1789, "login": "ann-codes", "name": "Ann Archer" });
        let emails = json!([
            { "email": "old@people.test", "primary": false, "verified": true },
            { "email": "ann@people.test", "primary": true, "verified": true },
        ]);
        script.answer("/emails", 200, "application/json", &emails.to_string());
    });
    let mapping = json!({ "rules": [
        { "target": "email", "source": "emails[?primary==true].email",
          "trust": { "verified": "emails[?primary==true].verified" }, "update": "first" },
        { "target": "name", "source": "name" },
        { "target": "preferred_username", "source": "login" },
    ]});
    let file = server.folder().join("mapping.json");
    std::fs::write(&file, mapping.to_string()).expect("the folder is writable");
    let (file, extra) = (file.to_string_lossy().into_owned(), upstream.url("/emails"));
    let endpoints = [
        upstream.url("/authorize"),
        upstream.url("/token"),
        upstream.url("/userinfo"),
        format!("emails={extra}"),
    ];
    let more = [
        "--authorization-endpoint",
        &endpoints[0],
        "--token-endpoint",
        &endpoints[1],
        "--userinfo-endpoint",
        &endpoints[2],
        "--extra-request",
        &endpoints[3],
        "--subject-path",
        "id",
        "--label-path",
        "login",
        "--mapping-file",
        &file,
        "--scope",
        "read:user",
        "--scope",
        "user:email",
    ];
    upstream.connect(&server, "code", &more);
    let party = party(&server);
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser);
    let request = press(&mut browser, &page, "code");
    let scope = harness::upstream::parameter(&request, "scope");
    assert_eq!(scope.as_deref(), Some("read:user user:email"));
    let page = browser.open(&upstream.agree(&request));
    let tokens = party.tokens(&party.finish(&mut browser, page));
    let id = jwt::claims(&tokens.id);
    assert_eq!(id["email"], "ann@people.test");
    assert_eq!(id["preferred_username"], "ann-codes");
});
