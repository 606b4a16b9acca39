//! B9, B10, B11, B15, B28 where people serve themselves: sign-up, a forgotten password, and the
//! account pages.

use harness::{Browser, Page, RelyingParty, Request, Server, on_both, race, until};
use std::time::Duration;

const PASSWORD: &str = "violet kettle marches 42 rivers";

/// The newest link that went to an address.
fn link(server: &Server, to: &str) -> String {
    until("the mail", Duration::from_secs(20), || links(server, to).into_iter().next())
}

/// The first link of each mail to an address, the newest mail first.
fn links(server: &Server, to: &str) -> Vec<String> {
    let inbox = server.ready().inbox_url.clone().expect("an inbox");
    let path = url::Url::parse(&inbox).expect("an address").path().to_owned();
    let answer = server.send(&Request::get(&path).header("Accept", "application/json"));
    let mut found: Vec<(String, String)> = Vec::new();
    for mail in answer.json().as_array().expect("a list of mails") {
        let theirs = mail["to"].as_str().is_some_and(|address| address.contains(to));
        let links = mail["links"].as_array().cloned().unwrap_or_default();
        if let Some(link) = links.first().and_then(|link| link.as_str()).filter(|_| theirs) {
            found.push((mail["id"].as_str().unwrap_or_default().to_owned(), link.to_owned()));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0));
    found.into_iter().map(|(_, link)| link).collect()
}

fn recover(server: &Server, browser: &mut Browser, email: &str) -> Page {
    let issuer = server.ready().tenant.issuer.clone();
    let page = browser.open(&format!("{issuer}/recover")).expect(200);
    let form = page.form_with_button("recover-submit").set("username", email);
    browser.submit(&page, &form)
}

fn sign_up(party: &RelyingParty, browser: &mut Browser, email: &str) -> Page {
    let login = party.start(browser);
    let text = login.response.text();
    let href = text.split("href=\"").find(|part| part.contains("/signup?tx=")).expect("a link");
    let href = harness::html::unescape(href.split('"').next().expect("an address"));
    let page = browser.click(&login, &href).expect(200);
    let form = page.form_with_button("signup-submit").set("email", email);
    browser.submit(&page, &form.set("name", "Eve").set("password", PASSWORD))
}

/// An answer without what is random in every page.
fn plain(page: &Page, email: &str) -> (u16, usize, String) {
    let text = page.text_of_any_flow().replace(email, "EMAIL");
    let words: Vec<_> = text.split(' ').filter(|word| !word.contains("req_")).collect();
    (page.status(), page.response.header_all("set-cookie").len(), words.join(" "))
}

on_both!(
    /// CVE-2024-41952 and others: nobody learns who has an account by asking for one, or for a
    /// link to one.
    b11_1_sign_up_and_recovery_answer_everybody_the_same,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let known = server.user(0).email;
        let unknown = "nobody.at.all@example.test";
        let asked = |email: &str| {
            let page = recover(&server, &mut Browser::new(&server), email);
            plain(&page, email)
        };
        assert_eq!(asked(&known), asked(unknown));
        let asked = |email: &str| {
            let page = sign_up(&party, &mut Browser::new(&server), email);
            plain(&page, email)
        };
        assert_eq!(asked(&known), asked(unknown));
    }
);

on_both!(
    /// CVE-2023-49097, CVE-2025-64101: the link has the tenant's own address, whatever the request
    /// says about hosts.
    b10_1_a_link_has_the_tenants_own_address,
    |database| {
        let server = Server::start(database);
        let user = server.user(0);
        let issuer = server.ready().tenant.issuer.clone();
        let mut browser = Browser::new(&server);
        let page = browser.open(&format!("{issuer}/recover")).expect(200);
        let form = page.form_with_button("recover-submit").set("username", &user.email);
        let fields: Vec<_> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let url = page.url.join(&form.action).expect("an address");
        let mut request = Request::post(url.path()).form(&fields);
        request = request.header("Origin", &url.origin().ascii_serialization());
        for name in ["X-Forwarded-Host", "X-Original-Host", "X-Forwarded-Server", "X-Host"] {
            request = request.header(name, "evil.test");
        }
        request = request.header("Forwarded", "host=evil.test;proto=https");
        request = request.header("X-Forwarded-Prefix", "//evil.test");
        browser.send(&url, request);
        let link = link(&server, &user.email);
        assert!(link.starts_with(&format!("{issuer}/set-password/")), "{link}");
    }
);

on_both!(
    /// A reset link used twenty times at once sets one password.
    b28_1_a_reset_link_has_one_winner,
    |database| {
        let server = Server::start(database);
        let user = server.user(0);
        recover(&server, &mut Browser::new(&server), &user.email).expect(200);
        let link = link(&server, &user.email);
        let windows: Vec<_> = (0..12)
            .map(|_| {
                let mut browser = Browser::new(&server);
                let page = browser.open(&link).expect(200);
                (browser, page)
            })
            .collect();
        let results = race(windows.len(), |index| {
            let (browser, page) = &windows[index];
            let form = page.form_with_button("password-submit");
            let form = form.set("password", &format!("{PASSWORD} {index}"));
            browser.clone().submit_once(page, &form).status()
        });
        assert_eq!(results.iter().filter(|s| **s < 400).count(), 1, "{results:?}");
    }
);

on_both!(
    /// A sign-up link used twelve times at once makes one account.
    b28_2_a_sign_up_makes_one_account,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        sign_up(&party, &mut Browser::new(&server), "race@example.test").expect(200);
        let link = link(&server, "race@example.test");
        let windows: Vec<_> = (0..12)
            .map(|_| {
                let mut browser = Browser::new(&server);
                let page = browser.open(&link).expect(200);
                (browser, page)
            })
            .collect();
        let results = race(windows.len(), |index| {
            let (browser, page) = &windows[index];
            let form = page.form_with_button("verify-submit");
            browser.clone().submit_once(page, &form).status()
        });
        assert_eq!(results.iter().filter(|s| **s < 400).count(), 1, "{results:?}");
    }
);

on_both!(
    /// Somebody's own name is text on every page that shows it.
    b15_2_a_name_is_text,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let user = server.user(0);
        let mut browser = Browser::new(&server);
        party.sign_in(&mut browser, &user);
        let issuer = server.ready().tenant.issuer.clone();
        let page = browser.open(&format!("{issuer}/account/profile")).expect(200);
        let hostile = "\"><img src=x onerror=alert(1)>{{7*7}}";
        let form = page.form_with_button("profile-submit").set("name", hostile);
        browser.submit(&page, &form).expect(200);
        for section in ["", "/profile", "/email", "/sessions", "/applications", "/identities"] {
            let page = browser.open(&format!("{issuer}/account{section}")).expect(200);
            assert!(!page.response.text().contains("<img src=x"), "{section}");
        }
        let login = party.clone().with("prompt", "select_account").start(&mut browser);
        assert!(!login.response.text().contains("<img src=x"));
    }
);

on_both!(
    /// CVE-2024-28197 and B5.3: a session planted before a sign-up is not the one after it.
    b5_3_a_sign_up_ends_in_a_session_of_its_own,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        let sent = sign_up(&party, &mut browser, "fixed@example.test");
        let link = link(&server, "fixed@example.test");
        let planted = "a".repeat(43);
        let cookie = sent.response.header_all("set-cookie").first().map(|line| line.to_string());
        drop(cookie);
        let mut victim = browser.clone();
        if let Some(first) = victim.cookies().first().cloned() {
            let name = first.name.replace("bid", "ses");
            victim.cookies_mut().push(harness::browser::Cookie {
                name,
                value: planted.clone(),
                ..first
            });
        }
        let page = victim.open(&link).expect(200);
        let form = page.form_with_button("verify-submit");
        let page = victim.submit(&page, &form);
        party.finish(&mut victim, page);
        let sessions = victim.cookies().iter().filter(|cookie| cookie.name.contains("ses"));
        let values: Vec<_> = sessions.map(|cookie| cookie.value.clone()).collect();
        let fresh = values.iter().any(|value| value.split('.').any(|one| one != planted));
        assert!(fresh, "{values:?}");
    }
);
