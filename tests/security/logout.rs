//! B23: a forged logout ends a session, or an ended session lives on.

use harness::http::encode;
use harness::{Browser, RelyingParty, Server, on_both};

const AFTER: &str = "https://app.example.test/signed-out";

fn party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let redirect = "https://app.example.test/callback";
    let more = ["--redirect-uri", redirect, "--post-logout-redirect-uri", AFTER, "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(
    /// Logout CSRF: without a valid hint of this very session there is a question first.
    b23_1_a_link_alone_signs_nobody_out,
    |database| {
        let server = Server::start(database);
        let party = party(&server);
        let mut alice = Browser::new(&server);
        let hers = party.tokens(&party.sign_in(&mut alice, &server.user(0)));
        let other = party.sign_in_fresh(&server, &server.user(1));
        let same_user = party.sign_in_fresh(&server, &server.user(0));
        let end = party.endpoint("end_session_endpoint");
        let cut = &hers.id[..hers.id.len() - 2];
        let hints = ["", "x", &other.id, cut, &hers.access, &same_user.id];
        for hint in hints {
            let after = encode(AFTER);
            let url = format!("{end}?id_token_hint={}&post_logout_redirect_uri={after}", encode(hint));
            let page = alice.open(&url);
            assert!(!page.left, "{hint}: sent to {}", page.url);
            let asks = page.has_button("logout-confirm") || page.status() == 400;
            assert!(asks, "{hint}: {}", page.response.summary());
            assert!(party.start(&mut alice).left, "the session lives after {hint}");
        }
    }
);

on_both!(
    /// CVE-2026-34454 and others: what ends is dead at once and its cookie is cleared.
    b23_2_ended_is_dead,
    |database| {
        let server = Server::start(database);
        let party = party(&server).with("scope", "openid");
        let mut browser = Browser::new(&server);
        let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
        let session = browser.cookies().iter().find(|c| c.name.contains("ses")).cloned();
        let session = session.expect("a session");
        browser.open(&format!("{}?id_token_hint={}", party.endpoint("end_session_endpoint"), tokens.id));
        let left = browser.cookies().iter().find(|c| c.name == session.name);
        assert!(left.is_none_or(|cookie| cookie.value != session.value), "{left:?}");
        let mut thief = Browser::new(&server);
        thief.cookies_mut().push(session);
        assert!(party.start(&mut thief).has_button("login-submit"));
        assert_eq!(party.userinfo(&tokens.access).status, 401);
    }
);
