//! OpenID Connect RP-Initiated Logout 1.0.

use harness::http::encode;
use harness::{Browser, Page, RelyingParty, Request, Server, on_both};

const AFTER: &str = "https://app.example.test/signed-out";

fn party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let redirect = "https://app.example.test/callback";
    let more = ["--redirect-uri", redirect, "--post-logout-redirect-uri", AFTER, "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(rp_logout_2_post_works_like_get, |database| {
    let server = Server::start(database);
    let party = party(&server);
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let url = url::Url::parse(&party.endpoint("end_session_endpoint")).expect("an address");
    let fields = [("id_token_hint", &*tokens.id), ("post_logout_redirect_uri", AFTER)];
    let response = browser.send(&url, Request::post(url.path()).form(&fields));
    let page = browser.follow(Page { url, response, left: false });
    // A cross-site POST carries no Lax cookie, so the answer may be a question; never a failure.
    assert!(page.left || page.has_button("logout-confirm"), "{}", page.response.summary());
});

on_both!(rp_logout_3_only_registered_addresses, |database| {
    let server = Server::start(database);
    let party = party(&server);
    for bad in
        ["https://evil.example.test/", "https://app.example.test/signed-out/", "javascript:0"]
    {
        let mut browser = Browser::new(&server);
        let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
        let end = party.endpoint("end_session_endpoint");
        let query = format!("id_token_hint={}&post_logout_redirect_uri={}", tokens.id, encode(bad));
        let page = browser.open(&format!("{end}?{query}"));
        assert!(!page.left, "{bad}: sent to {}", page.url);
        assert!(!page.response.text().contains("href=\"javascript:"), "{bad}");
    }
});

on_both!(rp_logout_2_an_expired_hint_still_counts, |database| {
    let server = Server::start(database);
    let party = party(&server);
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    server.clock().set(2 * 3600);
    let end = party.endpoint("end_session_endpoint");
    let query = format!("id_token_hint={}&post_logout_redirect_uri={}", tokens.id, encode(AFTER));
    let page = browser.open(&format!("{end}?{query}"));
    assert!(page.left && page.url.as_str().starts_with(AFTER), "{}", page.response.summary());
});
