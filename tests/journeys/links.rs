//! One-time links: choosing a password, setting the installation up, helping a locked-out
//! operator.

use harness::{Browser, Page, RelyingParty, Server, User, on_both};

const PASSWORD: &str = "violet kettle marches 42 rivers";

/// Fills both the first password field and, where there is one, the name and address.
fn choose(browser: &mut Browser, page: &Page, password: &str, more: &[(&str, &str)]) -> Page {
    let mut form = page
        .forms()
        .into_iter()
        .find(|form| form.value("password").is_some())
        .unwrap_or_else(|| panic!("no password field: {}", page.response.summary()));
    form = form.set("password", password);
    for (name, value) in more {
        form = form.set(name, value);
    }
    browser.submit(page, &form)
}

on_both!(a_new_person_chooses_a_password_once, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let args = ["user", "create", "--tenant", &slug, "--email", "new@example.test"];
    let created = server.cli().json(&args);
    let url = created["set_password_url"].as_str().expect("a link").to_owned();
    let mut browser = Browser::new(&server);
    let page = browser.open(&url).expect(200);
    let short = choose(&mut browser, &page, "short", &[]).expect(422);
    assert!(short.text().contains("15"), "says how long: {}", short.text());
    let common = choose(&mut browser, &short, "passwordpassword", &[]);
    assert_eq!(common.status(), 422, "{}", common.text());
    let done = choose(&mut browser, &common, PASSWORD, &[]);
    assert!(done.status() < 400, "{}", done.response.summary());
    let user = User {
        id: created["id"].as_str().expect("an id").to_owned(),
        email: "new@example.test".to_owned(),
        password: PASSWORD.to_owned(),
    };
    RelyingParty::new(&server, &server.application("web")).sign_in_fresh(&server, &user);
    let again = Browser::new(&server).open(&url);
    assert!((400..500).contains(&again.status()), "{}", again.response.summary());
    assert!(again.forms().iter().all(|form| form.value("password").is_none()));
});

on_both!(a_link_dies_after_a_week, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let args = ["user", "create", "--tenant", &slug, "--email", "late@example.test"];
    let url = server.cli().json(&args)["set_password_url"].as_str().expect("a link").to_owned();
    let mut browser = Browser::new(&server);
    let page = browser.open(&url).expect(200);
    server.clock().set(7 * 24 * 3600 + 1);
    let late = choose(&mut browser, &page, PASSWORD, &[]);
    assert!((400..500).contains(&late.status()), "{}", late.response.summary());
    let reopened = browser.open(&url);
    assert!((400..500).contains(&reopened.status()), "{}", reopened.response.summary());
});

on_both!(a_locked_out_operator_is_helped_without_mail, |database| {
    let server = Server::start(database);
    let operator = server.ready().operator.email.clone();
    let answer = server.cli().json(&["admin", "reset-link", &operator]);
    let url = answer["url"].as_str().unwrap_or_else(|| panic!("no url in {answer}")).to_owned();
    let mut browser = Browser::new(&server);
    let page = browser.open(&url).expect(200);
    let done = choose(&mut browser, &page, PASSWORD, &[]);
    assert!(done.status() < 400, "{}", done.response.summary());
    let mut console = Browser::new(&server);
    let login = console.open(&server.ready().console_url);
    let form = login.form_with_button("login-submit");
    let form = form.set("username", &operator).set("password", PASSWORD).press("login-submit");
    let home = console.submit(&login, &form).expect(200);
    assert!(home.url.path().starts_with("/console"), "{}", home.url);
});

on_both!(the_set_up_link_is_closed_once_an_operator_exists, |database| {
    let server = Server::start(database);
    let outcome = server.cli().try_run(&["admin", "setup-link"]);
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stderr.contains("reset-link"), "says what helps instead: {outcome:?}");
});
