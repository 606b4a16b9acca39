//! One sign-in serves every application of the tenant, and the parameters by which an
//! application asks for less or more than that.

use harness::{Browser, Callback, RelyingParty, Server, jwt, on_both};

/// A second, first-party application of the demo tenant.
fn second(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://second.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(a_second_application_needs_no_second_password, |database| {
    let server = Server::start(database);
    let mut browser = Browser::new(&server);
    let first = RelyingParty::new(&server, &server.application("web"));
    let one = first.tokens(&first.sign_in(&mut browser, &server.user(0)));
    let second = second(&server);
    let page = second.start(&mut browser);
    assert!(page.left, "{}", page.response.summary());
    let two = second.tokens(&Callback::from(page.url));
    let (one, two) = (jwt::claims(&one.id), jwt::claims(&two.id));
    assert_eq!(one["sub"], two["sub"]);
    assert_eq!(one["sid"], two["sid"], "both belong to one session");
});

on_both!(prompt_none_answers_without_a_page, |database| {
    let server = Server::start(database);
    let mut browser = Browser::new(&server);
    let party = second(&server);
    let silent = party.clone().with("prompt", "none");
    let page = silent.start(&mut browser);
    assert_eq!(Callback::from(page.url).get("error"), "login_required");
    party.sign_in(&mut browser, &server.user(0));
    let page = silent.start(&mut browser);
    assert!(page.left, "{}", page.response.summary());
    party.tokens(&Callback::from(page.url));
    let web = RelyingParty::new(&server, &server.application("web")).with("prompt", "none");
    let page = web.start(&mut browser);
    let answer = Callback::from(page.url);
    assert!(["consent_required", ""].contains(&answer.get("error")), "{answer:?}");
});

on_both!(prompt_login_asks_for_the_password_again, |database| {
    let server = Server::start(database);
    let mut browser = Browser::new(&server);
    let party = second(&server);
    let first = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    server.clock().set(120);
    let again = party.clone().with("prompt", "login");
    let callback = again.sign_in(&mut browser, &server.user(0));
    let second = again.tokens(&callback);
    let at = |token: &str| jwt::claims(token)["auth_time"].as_i64().expect("auth_time");
    assert!(at(&second.id) >= at(&first.id) + 120);
});

on_both!(max_age_asks_again_when_the_sign_in_is_too_old, |database| {
    let server = Server::start(database);
    let mut browser = Browser::new(&server);
    let party = second(&server).with("max_age", "600");
    party.sign_in(&mut browser, &server.user(0));
    server.clock().set(590);
    assert!(party.start(&mut browser).left);
    server.clock().set(620);
    let page = party.start(&mut browser);
    assert!(page.has_button("login-submit"), "{}", page.response.summary());
    let silent = party.clone().with("prompt", "none").start(&mut browser);
    assert_eq!(Callback::from(silent.url).get("error"), "login_required");
});

on_both!(two_people_share_a_browser_and_choose, |database| {
    let server = Server::start(database);
    let mut browser = Browser::new(&server);
    let party = second(&server);
    let one = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let login = party.clone().with("prompt", "login").with("login_hint", &server.user(1).email);
    let two = login.tokens(&login.sign_in(&mut browser, &server.user(1)));
    assert_ne!(jwt::claims(&one.id)["sub"], jwt::claims(&two.id)["sub"]);
    let page = party.clone().with("prompt", "select_account").start(&mut browser).expect(200);
    let text = page.text();
    for user in [server.user(0), server.user(1)] {
        assert!(text.contains(&user.email), "{} is offered: {text}", user.email);
    }
});

on_both!(login_hint_fills_the_form, |database| {
    let server = Server::start(database);
    let party = second(&server).with("login_hint", "ann+hint@example.test");
    let page = party.start(&mut Browser::new(&server));
    let form = page.form_with_button("login-submit");
    assert_eq!(form.value("username"), Some("ann+hint@example.test"));
});
