//! Signing in with a password: what goes wrong, and what the page says then.

use harness::browser::Page;
use harness::{Browser, RelyingParty, Server, User, on_both};

fn attempt(party: &RelyingParty, browser: &mut Browser, email: &str, password: &str) -> Page {
    let page = party.start(browser);
    try_on(browser, &page, email, password)
}

fn try_on(browser: &mut Browser, page: &Page, email: &str, password: &str) -> Page {
    let form = page.form_with_button("login-submit");
    let form = form.set("username", email).set("password", password).press("login-submit");
    browser.submit(page, &form)
}

on_both!(a_wrong_password_keeps_the_address_and_clears_the_password, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let email = server.user(0).email;
    let page = attempt(&party, &mut browser, &email, "not the password").expect(422);
    let form = page.form_with_button("login-submit");
    assert_eq!(form.value("username"), Some(&*email));
    assert_eq!(form.value("password"), Some(""));
    assert!(page.text().contains("Email or password is not correct"), "{}", page.text());
    assert!(page.response.text().contains("<title>Error:"));
    let page = try_on(&mut browser, &page, &email, &server.user(0).password);
    party.finish(&mut browser, page);
});

on_both!(blanks_around_the_address_and_its_case_do_not_matter, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(0);
    let email = format!(" \u{a0}{} ", user.email.to_uppercase());
    let mut browser = Browser::new(&server);
    let page = attempt(&party, &mut browser, &email, &user.password);
    party.finish(&mut browser, page);
});

on_both!(a_blocked_person_learns_it_only_with_the_right_password, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(1);
    server.cli().json(&["user", "block", &user.id, "--yes"]);
    let mut browser = Browser::new(&server);
    let page = attempt(&party, &mut browser, &user.email, "not the password").expect(422);
    assert!(page.text().contains("Email or password is not correct"));
    let page = attempt(&party, &mut browser, &user.email, &user.password);
    assert!(!page.left && !page.text().contains("not correct"), "{}", page.text());
    server.cli().json(&["user", "unblock", &user.id]);
    let page = attempt(&party, &mut browser, &user.email, &user.password);
    party.finish(&mut browser, page);
});

on_both!(ten_wrong_guesses_close_the_door_for_a_minute, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(0);
    for known in [user.email.as_str(), "nobody@example.test"] {
        let mut browser = Browser::new(&server);
        for _ in 0..10 {
            let page = attempt(&party, &mut browser, known, "not the password");
            assert!(page.text().contains("not correct"), "{}", page.text());
        }
        let page = attempt(&party, &mut browser, known, &user.password);
        assert!(page.text().contains("Too many attempts"), "{known}: {}", page.text());
    }
    server.clock().set(62);
    let mut browser = Browser::new(&server);
    let page = attempt(&party, &mut browser, &user.email, &user.password);
    party.finish(&mut browser, page);
});

on_both!(a_known_browser_still_gets_in, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web")).with("prompt", "login");
    let user = server.user(0);
    let mut known = Browser::new(&server);
    party.sign_in(&mut known, &user);
    let mut attacker = Browser::new(&server);
    for _ in 0..11 {
        attempt(&party, &mut attacker, &user.email, "not the password");
    }
    let page = attempt(&party, &mut attacker, &user.email, &user.password);
    assert!(page.text().contains("Too many attempts"), "{}", page.text());
    let page = attempt(&party, &mut known, &user.email, &user.password);
    party.finish(&mut known, page);
});

on_both!(an_empty_form_says_what_is_missing, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    for (email, password) in [("", ""), ("ann@example.test", ""), ("", "something long")] {
        let page = attempt(&party, &mut browser, email, password).expect(422);
        assert!(page.text().contains("There is a problem"), "{}", page.text());
    }
});

on_both!(remember_me_makes_the_cookie_outlive_the_browser, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let User { email, password, .. } = server.user(0);
    for remember in [false, true] {
        let mut browser = Browser::new(&server);
        let page = party.start(&mut browser);
        let mut form = page.form_with_button("login-submit");
        form = form.set("username", &email).set("password", &password);
        if remember {
            form = form.set("remember", "1");
        }
        browser.submit(&page, &form.press("login-submit"));
        let cookie = browser.cookies().iter().find(|c| c.name.contains("ses"));
        let line = cookie.expect("a session cookie").line.to_lowercase();
        assert_eq!(line.contains("max-age") || line.contains("expires"), remember, "{line}");
        assert!(line.contains("httponly") && line.contains("samesite=lax"), "{line}");
    }
});
