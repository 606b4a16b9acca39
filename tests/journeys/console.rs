//! Journey 5: an admin in the console, by plain requests: the ordinary sign-in, an application
//! registered and edited, mistakes that keep what was typed, edits that meet.

use harness::{Browser, Page, RelyingParty, Server, on_both};

/// An operator's browser, signed in.
pub fn enter(server: &Server) -> Browser {
    let mut browser = Browser::new(server);
    let operator = &server.ready().operator;
    let page = browser.open(&server.ready().console_url);
    assert!(
        page.url.path().contains("/system/"),
        "the system tenant signs admins in: {}",
        page.url
    );
    let form = page.form_with_button("login-submit");
    let form = form.set("username", &operator.email).set("password", &operator.password);
    let home = browser.submit(&page, &form.press("login-submit")).expect(200);
    assert!(home.url.path().starts_with("/console"), "{}", home.url);
    browser
}

pub fn path(server: &Server, rest: &str) -> String {
    format!("{}/t/{}{rest}", server.ready().console_url, server.ready().tenant.slug)
}

/// Fills and sends the form that has this button.
pub fn send(browser: &mut Browser, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
    let mut form = page.form_with_button(button).press(button);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    browser.submit(page, &form)
}

/// The secret a page shows, if it does.
fn secret_of(page: &Page) -> Option<String> {
    let text = page.response.text();
    let start = text.match_indices("ts_").map(|(at, _)| at);
    let secret = |at: usize| -> String {
        let allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '-';
        text[at..].chars().take_while(allowed).collect()
    };
    start.map(secret).find(|secret| secret.len() == 46)
}

on_both!(an_admin_registers_an_application_that_works, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&path(&server, "/applications/new?type=web")).expect(200);
    let fields = [("name", "Made here"), ("redirect_uris.0", "https://made.example.test/cb")];
    let shown = send(&mut admin, &page, "register", &fields).expect(200);
    let id = shown.url.path().rsplit('/').next().expect("an id").to_owned();
    assert!(id.starts_with("app_"), "{}", shown.url);
    let secret = secret_of(&shown).expect("the secret is shown");
    let again = admin.open(shown.url.path()).expect(200);
    assert_eq!(secret_of(&again), None, "once");
    let mut application = server.application("web");
    application.client_id.clone_from(&id);
    application.id = id;
    application.client_secret = Some(secret);
    application.redirect_uris = vec!["https://made.example.test/cb".to_owned()];
    let party = RelyingParty::new(&server, &application);
    party.sign_in_fresh(&server, &server.user(0));
});

on_both!(a_form_sent_twice_registers_once, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&path(&server, "/applications/new?type=web")).expect(200);
    let fields = [("name", "Only once"), ("redirect_uris.0", "https://once.example.test/cb")];
    let one = send(&mut admin, &page, "register", &fields).expect(200);
    let two = send(&mut admin, &page, "register", &fields).expect(200);
    assert_eq!(one.url.path(), two.url.path());
    let list = admin.open(&path(&server, "/applications")).expect(200).text();
    assert_eq!(list.matches("Only once Active").count(), 1, "{list}");
});

on_both!(mistakes_keep_what_was_typed, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&path(&server, "/applications/new?type=web")).expect(200);
    for uri in
        ["http://made.example.test/cb", "javascript:alert(1)", "https://a.test/#x", "nonsense"]
    {
        let fields = [("name", "Kept name"), ("redirect_uris.0", uri)];
        let answer = send(&mut admin, &page, "register", &fields).expect(422);
        let form = answer.form_with_button("register");
        assert_eq!(form.value("name"), Some("Kept name"));
        assert_eq!(form.value("redirect_uris.0"), Some(uri));
        assert!(answer.text().contains("There is a problem"), "{}", answer.text());
    }
    let empty = send(&mut admin, &page, "register", &[("name", "")]).expect(422);
    assert!(empty.text().contains("There is a problem"), "{}", empty.text());
    let long = "n".repeat(5000);
    send(&mut admin, &page, "register", &[("name", &long)]).expect(422);
});

on_both!(two_edits_that_meet_lose_nothing, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let settings =
        path(&server, &format!("/applications/{}/settings", server.application("web").id));
    let one = admin.open(&settings).expect(200);
    let two = admin.open(&settings).expect(200);
    send(&mut admin, &one, "save", &[("name", "Theirs")]).expect(200);
    let meet = send(&mut admin, &two, "save", &[("name", "Ours")]);
    assert_eq!(meet.status(), 409, "{}", meet.response.summary());
    let text = meet.response.text();
    assert!(text.contains("Theirs") && text.contains("Ours"), "{}", meet.text());
    let now = admin.open(&settings).expect(200);
    assert_eq!(now.form_with_button("save").value("name"), Some("Theirs"));
});

on_both!(an_admin_makes_a_tenant, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let new = format!("{}/tenants/new", server.ready().console_url);
    let page = admin.open(&new).expect(200);
    let fields = [("name", "North Wind"), ("slug", "north-wind")];
    let shown = send(&mut admin, &page, "create", &fields).expect(200);
    assert!(shown.text().contains("North Wind"), "{}", shown.text());
    let issuer = format!("{}/t/north-wind", server.ready().base_url);
    let tenants = server.cli().json(&["tenant", "list"]).to_string();
    assert!(tenants.contains("north-wind"), "{tenants}");
    let discovery = format!("{issuer}/.well-known/openid-configuration");
    let page = Browser::new(&server).open(&discovery).expect(200);
    assert_eq!(page.response.json()["issuer"], issuer);
    for slug in ["north-wind", "system", "UPPER", "a", "-x", "x--y", "admin"] {
        let page = admin.open(&new).expect(200);
        let answer = send(&mut admin, &page, "create", &[("name", "Again"), ("slug", slug)]);
        assert_eq!(answer.status(), 422, "{slug}: {}", answer.response.summary());
    }
});

on_both!(signing_out_of_the_console_ends_it, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let home = admin.open(&path(&server, "")).expect(200);
    let form = home.forms().into_iter().find(|form| form.action.contains("sign-out"));
    let before = admin.clone();
    let end = admin.submit(&home, &form.expect("a sign-out form"));
    if end.has_button("logout-confirm") {
        let form = end.form_with_button("logout-confirm").press("logout-confirm");
        admin.submit(&end, &form).expect(200);
    }
    for mut browser in [admin, before] {
        let page = browser.open(&path(&server, "/applications"));
        assert!(page.has_button("login-submit") || page.status() == 403, "{}", page.text());
    }
});

on_both!(a_deep_link_survives_the_sign_in, |database| {
    let server = Server::start(database);
    let mut browser = Browser::new(&server);
    let wanted = path(&server, "/applications?q=shop");
    let page = browser.open(&wanted);
    let operator = &server.ready().operator;
    let form = page.form_with_button("login-submit");
    let form = form.set("username", &operator.email).set("password", &operator.password);
    let arrived = browser.submit(&page, &form.press("login-submit")).expect(200);
    assert_eq!(arrived.url.as_str(), wanted);
});
