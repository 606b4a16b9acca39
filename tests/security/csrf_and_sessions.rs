//! B5: the victim is put into the attacker's session, or the attacker gets into the victim's.

use harness::browser::Cookie;
use harness::relying_party::sign_in_on;
use harness::{Browser, Page, RelyingParty, Request, Server, on_both};

fn session_cookie(browser: &Browser) -> Cookie {
    let cookie = browser.cookies().iter().find(|cookie| cookie.name.contains("ses"));
    cookie.unwrap_or_else(|| panic!("no session cookie in {:?}", browser.cookies())).clone()
}

/// Sends a form the way a page of another site would make a browser send it.
fn from_elsewhere(browser: &mut Browser, page: &Page, id: &str, origin: &str) -> harness::Response {
    let form = page.form_with_button(id).press(id);
    let url = page.url.join(&form.action).expect("an address");
    let fields: Vec<_> = form.fields.iter().map(|(n, v)| (&**n, &**v)).collect();
    let request = Request::post(url.path()).form(&fields);
    let request = request.header("Origin", origin).header("Sec-Fetch-Site", "cross-site");
    browser.send(&url, request)
}

on_both!(
    /// A form sent from another site changes nothing, even with the right token in it.
    b5_1_posts_from_elsewhere_are_refused,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        let login = party.start(&mut browser);
        let page = sign_in_on(&mut browser, &login, &server.user(0));
        for origin in ["https://evil.example.test", "null"] {
            let answer = from_elsewhere(&mut browser, &page, "consent-allow", origin);
            assert!(![302, 303].contains(&answer.status) || !answer.location().contains("code="));
        }
        let page = party.start(&mut browser);
        assert!(page.has_button("consent-allow"), "nothing was allowed: {}", page.text());
        let form = page.form_with_button("consent-allow").press("consent-allow").without("csrf");
        let answer = browser.submit_once(&page, &form);
        assert!(answer.response.header("location").is_none_or(|at| !at.contains("code=")));
    }
);

on_both!(
    /// CVE-2026-7507: the attacker's flow opened in the victim's browser carries nothing over.
    b5_2_a_flow_belongs_to_its_browser,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut mallory = Browser::new(&server);
        let login = party.start(&mut mallory);
        let consent = sign_in_on(&mut mallory, &login, &server.user(1));
        let mut alice = Browser::new(&server);
        for page in [&login, &consent] {
            let seen = alice.open(page.url.as_str());
            assert!(!seen.left && seen.has_button("login-submit"), "{}", seen.response.summary());
            assert!(!seen.response.text().contains(&server.user(1).email), "{}", seen.text());
        }
        let form = consent.form_with_button("consent-allow").press("consent-allow");
        let answer = alice.submit(&consent, &form);
        assert!(!answer.left, "consent of another browser: {}", answer.url);
        let form = login.form_with_button("login-submit");
        let user = server.user(0);
        let form = form.set("username", &user.email).set("password", &user.password);
        let answer = alice.submit(&login, &form);
        assert!(!answer.left, "a foreign flow never completes: {}", answer.url);
    }
);

on_both!(
    /// CVE-2024-28197: a session cookie planted before sign-in.
    b5_3_session_fixation,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut probe = Browser::new(&server);
        party.sign_in(&mut probe, &server.user(1));
        let known = session_cookie(&probe);
        let mut victim = Browser::new(&server);
        let login = party.start(&mut victim);
        let planted = Cookie { value: "A".repeat(known.value.len()), ..known };
        victim.cookies_mut().push(planted.clone());
        sign_in_on(&mut victim, &login, &server.user(0));
        let fresh = session_cookie(&victim);
        assert_ne!(fresh.value, planted.value);
        let mut attacker = Browser::new(&server);
        attacker.cookies_mut().push(planted);
        assert!(party.start(&mut attacker).has_button("login-submit"));
    }
);

on_both!(
    /// The value of the cookie changes when somebody signs in again; the old one is dead.
    b5_3_each_sign_in_makes_a_new_session,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web")).with("prompt", "login");
        let mut browser = Browser::new(&server);
        party.sign_in(&mut browser, &server.user(0));
        let old = session_cookie(&browser);
        party.sign_in(&mut browser, &server.user(0));
        assert_ne!(old.value, session_cookie(&browser).value);
        let mut thief = Browser::new(&server);
        thief.cookies_mut().push(old);
        let page = party.clone().without("prompt").start(&mut thief);
        assert!(page.has_button("login-submit"), "{}", page.response.summary());
    }
);

on_both!(
    /// CVE-2026-39324: a changed, cut or empty cookie means signed out, never an error.
    b5_4_mangled_cookies,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        party.sign_in(&mut browser, &server.user(0));
        let good = session_cookie(&browser);
        let cut = good.value[..good.value.len() - 1].to_owned();
        let flipped = format!("{}A", cut);
        let flipped = if flipped == good.value { format!("{cut}B") } else { flipped };
        for value in [cut, flipped, String::new(), "%00".into(), "..".into(), "x".repeat(3000)] {
            let mut browser = Browser::new(&server);
            browser.cookies_mut().push(Cookie { value: value.clone(), ..good.clone() });
            let page = party.start(&mut browser);
            assert!(page.has_button("login-submit"), "{value}: {}", page.response.summary());
        }
    }
);

on_both!(
    /// CVE-2018-1000119: the token of one browser is worth nothing in another.
    b5_5_the_csrf_token_belongs_to_its_browser,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let (mut mallory, mut alice) = (Browser::new(&server), Browser::new(&server));
        let theirs = party.start(&mut mallory).form_with_button("login-submit");
        let page = party.start(&mut alice);
        let ours = page.form_with_button("login-submit");
        let token = theirs.value("csrf").expect("a token");
        assert_ne!(ours.value("csrf"), Some(token));
        let user = server.user(0);
        let form = ours.set("csrf", token).set("username", &user.email).set("password", &user.password);
        let answer = alice.submit_once(&page, &form);
        assert_ne!(answer.status(), 303, "signed in with a foreign token");
        assert!(!alice.cookies().iter().any(|cookie| cookie.name.contains("ses")));
    }
);

on_both!(
    /// Over TLS every cookie carries the prefix that binds it to this host.
    b5_3_cookies_are_host_bound_over_tls,
    |database| {
        let options = harness::Options::new(database);
        let options = options.argument("--public-url").argument("https://id.example.test");
        let server = Server::with(options);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        party.start(&mut browser);
        assert!(!browser.cookies().is_empty());
        for cookie in browser.cookies() {
            let line = cookie.line.to_lowercase();
            assert!(cookie.name.starts_with("__Host-"), "{line}");
            assert!(line.contains("secure") && line.contains("httponly"), "{line}");
            assert!(line.contains("path=/;") || line.ends_with("path=/"), "{line}");
            assert!(!line.contains("domain="), "{line}");
        }
    }
);
