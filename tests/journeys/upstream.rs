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
