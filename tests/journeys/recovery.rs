//! Back, two tabs, a double click, an old page, cookies gone: each ends where the person wanted
//! to go, or on a page that says what to do.

use harness::relying_party::{consent_on, sign_in_on};
use harness::{Browser, Callback, RelyingParty, Server, on_both};

fn first_party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(back_to_a_consumed_page_shows_the_current_step, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    sign_in_on(&mut browser, &login, &server.user(0));
    let again = browser.open(login.url.as_str());
    assert!(again.status() < 400, "{}", again.response.summary());
    assert!(!again.has_button("login-submit"), "{}", again.response.summary());
    let callback = party.finish(&mut browser, again);
    party.tokens(&callback);
});

on_both!(a_double_click_signs_in_once, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    let one = sign_in_on(&mut browser, &login, &server.user(0));
    let two = sign_in_on(&mut browser, &login, &server.user(0));
    for page in [one, two] {
        assert!(page.left, "{}", page.response.summary());
        assert!(Callback::from(page.url).parameters.contains_key("code"));
    }
    let sessions = server.cli().json(&["session", "list", "--user", &server.user(0).id]);
    assert_eq!(count(&sessions), 1, "{sessions}");
});

/// The number of rows of a list answer, whether it is a bare list or wrapped.
fn count(value: &serde_json::Value) -> usize {
    let wrapped = value.as_object().and_then(|object| object.values().find_map(|v| v.as_array()));
    value.as_array().or(wrapped).map_or(0, Vec::len)
}

on_both!(two_tabs_keep_their_own_way_back, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    let mut browser = Browser::new(&server);
    let left_tab = party.clone().with("state", "left");
    let right_tab = party.clone().with("state", "right");
    let left = left_tab.start(&mut browser);
    let right = right_tab.start(&mut browser);
    let done = sign_in_on(&mut browser, &left, &server.user(0));
    assert_eq!(Callback::from(done.url).get("state"), "left");
    let done = browser.open(right.url.as_str());
    let done = if done.left { done } else { press_continue(&mut browser, &done) };
    assert_eq!(Callback::from(done.url).get("state"), "right");
});

/// A tab that was overtaken may say "You are signed in – Continue".
fn press_continue(browser: &mut Browser, page: &harness::Page) -> harness::Page {
    let form = page.forms().into_iter().find(|form| form.method == "post");
    match form {
        Some(form) => browser.submit(page, &form),
        None => panic!("no way on: {}", page.response.summary()),
    }
}

on_both!(an_expired_page_starts_the_same_request_again, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web")).with("state", "kept");
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    server.clock().set(2 * 3600);
    let page = browser.open(login.url.as_str());
    let page = sign_in_on(&mut browser, &page, &server.user(0));
    let page = consent_on(&mut browser, page);
    assert_eq!(Callback::from(page.url).get("state"), "kept");
});

on_both!(a_form_sent_after_expiry_is_not_lost_in_an_error, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web")).with("state", "kept");
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    server.clock().set(2 * 3600);
    let mut page = sign_in_on(&mut browser, &login, &server.user(0));
    assert!(page.status() < 500, "{}", page.response.summary());
    if page.has_button("login-submit") {
        page = sign_in_on(&mut browser, &page, &server.user(0));
    }
    let page = consent_on(&mut browser, page);
    assert_eq!(Callback::from(page.url).get("state"), "kept");
});

on_both!(a_page_whose_cookies_are_gone_starts_again, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    browser.cookies_mut().clear();
    let page = browser.open(login.url.as_str());
    let page = sign_in_on(&mut browser, &page, &server.user(0));
    party.finish(&mut browser, page);
});

on_both!(a_mangled_flow_is_a_page_with_advice, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    let mangled = format!("{}x", login.url);
    let page = browser.open(&mangled);
    assert!((400..500).contains(&page.status()), "{}", page.response.summary());
    assert!(page.response.text().contains("req_"), "the page shows its request id");
});
