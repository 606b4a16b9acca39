//! Signing out: from an application with its ID token, by hand with a question, and what is
//! dead afterwards.

use harness::{Browser, Callback, RelyingParty, Server, on_both};

const AFTER: &str = "https://app.example.test/signed-out";

fn party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = [
        "--redirect-uri",
        "https://app.example.test/callback",
        "--post-logout-redirect-uri",
        AFTER,
        "--first-party",
    ];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(an_application_signs_its_user_out, |database| {
    let server = Server::start(database);
    let party = party(&server).with("scope", "openid profile");
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let url = format!(
        "{}?id_token_hint={}&post_logout_redirect_uri={}&state=bye",
        party.endpoint("end_session_endpoint"),
        tokens.id,
        harness::http::encode(AFTER),
    );
    let page = browser.open(&url);
    assert!(page.left, "{}", page.response.summary());
    assert!(page.url.as_str().starts_with(AFTER), "{}", page.url);
    assert_eq!(Callback::from(page.url).get("state"), "bye");
    assert!(party.start(&mut browser).has_button("login-submit"), "the session is over");
    assert!(!party.is_active(&tokens.access), "its online tokens are dead");
    assert_eq!(party.userinfo(&tokens.access).status, 401);
});

on_both!(without_a_hint_the_person_is_asked, |database| {
    let server = Server::start(database);
    let party = party(&server);
    let mut browser = Browser::new(&server);
    party.sign_in(&mut browser, &server.user(0));
    let page = browser.open(&party.endpoint("end_session_endpoint")).expect(200);
    assert!(party.start(&mut browser).left, "a question alone ends nothing");
    let form = page.form_with_button("logout-confirm").press("logout-confirm");
    let done = browser.submit(&page, &form).expect(200);
    assert!(!done.left, "no redirect was registered for this: {}", done.url);
    assert!(party.start(&mut browser).has_button("login-submit"), "the session is over");
});

on_both!(an_offline_grant_outlives_the_session, |database| {
    let server = Server::start(database);
    let party = party(&server);
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let url = format!("{}?id_token_hint={}", party.endpoint("end_session_endpoint"), tokens.id);
    browser.open(&url);
    assert!(party.start(&mut browser).has_button("login-submit"), "the session is over");
    party.refresh(&tokens.refresh).expect(200);
});
