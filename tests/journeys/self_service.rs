//! What people do for themselves: signing up, a forgotten password, and the account pages. Mail is
//! read from the inbox of dev mode.

use harness::{Browser, Page, RelyingParty, Request, Server, User, on_both, until};
use std::time::Duration;

const PASSWORD: &str = "violet kettle marches 42 rivers";
const ANOTHER: &str = "purple elephants dance quietly";

/// The links of mails to an address, the newest first, once there are so many.
fn links(server: &Server, to: &str, count: usize) -> Vec<String> {
    let inbox = server.ready().inbox_url.clone().expect("an inbox");
    let path = url::Url::parse(&inbox).expect("an address").path().to_owned();
    until("the mail", Duration::from_secs(20), || {
        let answer = server.send(&Request::get(&path).header("Accept", "application/json"));
        let mails = answer.json();
        let mut found: Vec<(String, String)> = Vec::new();
        for mail in mails.as_array().expect("a list of mails") {
            let theirs = mail["to"].as_str().is_some_and(|address| address.contains(to));
            let first = |link: &serde_json::Value| link.as_str().map(str::to_owned);
            let link = mail["links"].as_array().and_then(|all| all.iter().find_map(first));
            if let Some(link) = link.filter(|_| theirs) {
                found.push((mail["id"].as_str().unwrap_or_default().to_owned(), link));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0));
        (found.len() >= count).then(|| found.into_iter().map(|(_, link)| link).collect())
    })
}

fn sign_up(browser: &mut Browser, login: &Page, email: &str) -> Page {
    let href = login.response.text();
    let href = href.split("href=\"").find(|part| part.contains("/signup?tx=")).expect("a link");
    let href = harness::html::unescape(href.split('"').next().expect("an address"));
    let page = browser.click(login, &href).expect(200);
    let form = page.form_with_button("signup-submit");
    let form = form.set("email", email).set("name", "Nora New").set("password", PASSWORD);
    browser.submit(&page, &form.press("signup-submit"))
}

on_both!(a_stranger_signs_up_and_arrives_at_the_application, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let login = party.start(&mut browser);
    let sent = sign_up(&mut browser, &login, "Nora@Example.test").expect(200);
    assert!(sent.text().contains("Check your email"), "{}", sent.text());
    let link = links(&server, "Nora@example.test", 1).remove(0);
    let page = browser.open(&link).expect(200);
    let form = page.form_with_button("verify-submit").press("verify-submit");
    let page = browser.submit(&page, &form);
    let tokens = party.tokens(&party.finish(&mut browser, page));
    let claims = party.userinfo(&tokens.access).expect(200).json();
    assert_eq!(claims["email"], "Nora@example.test");
    assert_eq!((&claims["email_verified"], &claims["name"]), (&true.into(), &"Nora New".into()));
    let again = Browser::new(&server).open(&link);
    assert_eq!(again.status(), 410, "{}", again.response.summary());
});

on_both!(a_forgotten_password_is_replaced_and_what_was_issued_ends, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(0);
    let before = party.sign_in_fresh(&server, &user);
    let mut browser = Browser::new(&server);
    let issuer = server.ready().tenant.issuer.clone();
    let page = browser.open(&format!("{issuer}/recover")).expect(200);
    let form = page.form_with_button("recover-submit").set("username", &user.email);
    browser.submit(&page, &form).expect(200);
    let link = links(&server, &user.email, 1).remove(0);
    assert!(link.starts_with(&issuer), "the tenant's own address: {link}");
    let page = browser.open(&link).expect(200);
    let form = page.form_with_button("password-submit");
    assert_eq!(form.value("everywhere"), Some("1"), "ticked");
    browser.submit(&page, &form.set("password", ANOTHER)).expect(200);
    let refresh = before.refresh.as_str();
    party.refresh(refresh).expect(400);
    let new = User { password: ANOTHER.to_owned(), ..user.clone() };
    party.sign_in_fresh(&server, &new);
    let login = party.start(&mut browser);
    let old = harness::relying_party::sign_in_on(&mut browser, &login, &user);
    assert_eq!(old.status(), 422, "the old password is over");
    // Telling of it, to the same address.
    assert_eq!(links(&server, &user.email, 1).len(), 1);
});

on_both!(a_link_dies_after_an_hour, |database| {
    let server = Server::start(database);
    let user = server.user(0);
    let mut browser = Browser::new(&server);
    let issuer = server.ready().tenant.issuer.clone();
    let page = browser.open(&format!("{issuer}/recover")).expect(200);
    let form = page.form_with_button("recover-submit").set("username", &user.email);
    browser.submit(&page, &form).expect(200);
    let link = links(&server, &user.email, 1).remove(0);
    let page = browser.open(&link).expect(200);
    server.clock().set(3_601);
    let form = page.form_with_button("password-submit").set("password", ANOTHER);
    let late = browser.submit(&page, &form);
    assert_eq!(late.status(), 410, "{}", late.response.summary());
});

on_both!(the_account_pages_change_what_they_say, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(0);
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &user));
    let issuer = server.ready().tenant.issuer.clone();
    let page = browser.open(&format!("{issuer}/account/profile")).expect(200);
    let form = page.form_with_button("profile-submit").set("name", "Renamed").set("nickname", "R");
    let saved = browser.submit(&page, &form).expect(200);
    assert!(saved.text().contains("Your profile is saved"), "{}", saved.text());
    let claims = party.userinfo(&tokens.access).expect(200).json();
    assert_eq!((&claims["name"], &claims["nickname"]), (&"Renamed".into(), &"R".into()));
    let page = browser.open(&format!("{issuer}/account/applications")).expect(200);
    let form = page.form_with_button("remove-1").press("remove-1");
    browser.submit(&page, &form).expect(200);
    assert!(!party.is_active(&tokens.access), "access taken away ends what was issued");
    party.refresh(&tokens.refresh).expect(400);
    let page = browser.open(&format!("{issuer}/account/sessions")).expect(200);
    let form = page.form_with_button("end-everywhere").press("end-everywhere");
    let out = browser.submit(&page, &form).expect(200);
    assert!(out.text().contains("You are signed out"), "{}", out.text());
    assert!(party.start(&mut browser).has_button("login-submit"));
});

on_both!(a_profile_edited_in_two_windows_keeps_both_versions_side_by_side, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(0);
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &user));
    let profile = format!("{}/account/profile", server.ready().tenant.issuer);
    let one = browser.open(&profile).expect(200);
    let two = browser.open(&profile).expect(200);
    let form = one.form_with_button("profile-submit").set("nickname", "First");
    browser.submit(&one, &form).expect(200);
    let form =
        two.form_with_button("profile-submit").set("nickname", "Second").set("middle_name", "Q");
    let both = browser.submit(&two, &form).expect(409);
    let text = both.text();
    assert!(text.contains("Nickname Second First"), "yours and what is stored: {text}");
    assert!(text.contains("Middle name Q May"), "{text}");
    assert!(!text.contains("Website https"), "what is alike is not listed: {text}");
    let stored = || party.userinfo(&tokens.access).expect(200).json()["nickname"].clone();
    assert_eq!(stored(), "First", "nothing is saved yet");
    let form = both.form_with_button("profile-submit");
    assert_eq!((form.value("nickname"), form.value("middle_name")), (Some("Second"), Some("Q")));
    browser.submit(&both, &form).expect(200);
    assert_eq!(stored(), "Second", "sent once more it counts");
    let fresh = browser.open(&profile).expect(200);
    assert_eq!(fresh.form_with_button("profile-submit").value("nickname"), Some("Second"));
});

on_both!(an_old_proof_is_asked_for_again_before_an_address_changes, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let user = server.user(0);
    let mut browser = Browser::new(&server);
    party.sign_in(&mut browser, &user);
    server.clock().set(301);
    let issuer = server.ready().tenant.issuer.clone();
    let profile = browser.open(&format!("{issuer}/account/profile")).expect(200);
    assert!(profile.has_button("profile-submit"), "reading and naming oneself needs no new proof");
    for section in ["email", "identities"] {
        let page = browser.open(&format!("{issuer}/account/{section}")).expect(200);
        assert!(page.text().contains("show that it is still you"), "{}", page.text());
        assert!(page.has_button("login-submit"));
    }
    let page = browser.open(&format!("{issuer}/account/email")).expect(200);
    let page = harness::relying_party::sign_in_on(&mut browser, &page, &user).expect(200);
    assert!(page.has_button("email-submit"), "{}", page.text());
});
