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
