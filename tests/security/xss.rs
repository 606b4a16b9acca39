//! B15: text from a request becomes script or markup on our origin; pages are framed.

use harness::{Browser, Page, RelyingParty, Server, on_both};

const POLYGLOT: &str = "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A</tItle/</\
                        script/--!>\\x3csVg/<sVg/oNloAd=alert()//>";

/// Asserts what every page of ours promises by its headers.
#[track_caller]
fn hardened(page: &Page) {
    let header = |name: &str| page.response.header(name).unwrap_or_default().to_owned();
    let policy = header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action"] {
        assert!(policy.contains(part), "{}: {part} in {policy}", page.url);
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{policy}");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("cross-origin-opener-policy").contains("same-origin"), "{}", page.url);
    assert!(!header("permissions-policy").is_empty(), "{}", page.url);
}

#[track_caller]
fn inert(page: &Page) {
    let text = page.response.text();
    assert!(!text.contains("<sVg"), "{}: {}", page.url, page.response.summary());
    assert!(!text.contains("<script>alert"), "{}", page.response.summary());
    for tag in harness::html::tags(&text) {
        let handler = tag.attributes.iter().any(|(name, _)| name.starts_with("on"));
        assert!(!handler && !tag.has("style"), "<{} {:?}>", tag.name, tag.attributes);
        let scripted = tag
            .attribute("href")
            .is_some_and(|url| url.trim().to_lowercase().starts_with("javascript:"));
        assert!(!scripted, "{:?}", tag.attributes);
    }
}

on_both!(
    /// CVE-2019-8400 and others: every parameter of every public page.
    b15_2_polyglots_stay_text,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        for name in [
            "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt",
            "login_hint", "ui_locales", "display", "acr_values", "max_age", "id_token_hint",
            "response_mode", "code_challenge", "no_such_parameter",
        ] {
            let page = party.clone().with(name, POLYGLOT).start(&mut Browser::new(&server));
            if !page.left {
                inert(&page);
                hardened(&page);
            }
        }
        let end = party.endpoint("end_session_endpoint");
        for name in ["post_logout_redirect_uri", "state", "id_token_hint", "ui_locales"] {
            let url = format!("{end}?{name}={}", harness::http::encode(POLYGLOT));
            let page = Browser::new(&server).open(&url);
            inert(&page);
        }
        let mut browser = Browser::new(&server);
        let page = party.start(&mut browser);
        let form = page.form_with_button("login-submit");
        let form = form.set("username", POLYGLOT).set("password", "x");
        inert(&browser.submit(&page, &form));
    }
);

on_both!(
    /// Names that an admin or a person chose stay text on every page that shows them.
    b15_2_names_stay_text,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        let name = "<img src=x onerror=alert(1)>\"'`";
        let created = server.cli().json(&[
            "app", "create", "--tenant", &tenant, "--type", "web", "--name", name,
            "--redirect-uri", "https://app.example.test/cb",
        ]);
        let application = serde_json::from_value(created).expect("an application");
        let party = RelyingParty::new(&server, &application);
        let mut browser = Browser::new(&server);
        let login = party.start(&mut browser);
        inert(&login);
        let consent = harness::relying_party::sign_in_on(&mut browser, &login, &server.user(0));
        assert!(consent.has_button("consent-allow"));
        inert(&consent);
        hardened(&consent);
    }
);

on_both!(
    /// Clickjacking: no page of ours can be framed, whatever its status.
    b15_4_every_page_has_its_headers,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        let login = party.start(&mut browser);
        hardened(&login);
        hardened(&party.clone().with("redirect_uri", "https://evil.test/").start(&mut browser));
        hardened(&browser.open(&party.endpoint("end_session_endpoint")));
        hardened(&browser.open(&format!("{}x", login.url)));
        hardened(&browser.open(&server.ready().console_url));
        hardened(&browser.open("/no/such/page"));
    }
);

on_both!(
    /// CSP lets the login form reach exactly the application of this transaction.
    b15_4_form_action_names_the_application,
    |database| {
        let server = Server::start(database);
        let tenant = &server.ready().tenant.slug;
        let more = ["--redirect-uri", "https://app.example.test/cb", "--redirect-uri", "https://b.example.test/cb"];
        let application = server.cli().create_application(tenant, "web", &more);
        let party = RelyingParty::new(&server, &application);
        let page = party.start(&mut Browser::new(&server));
        let policy = page.response.header("content-security-policy").expect("a policy");
        let action = policy.split(';').find(|part| part.trim().starts_with("form-action"));
        let action = action.expect("form-action");
        assert!(action.contains("https://app.example.test"), "{policy}");
        assert!(!action.contains("b.example.test") && !action.contains('*'), "{policy}");
    }
);
