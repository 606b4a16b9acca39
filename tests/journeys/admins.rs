//! Who administers a tenant: an invitation accepted by somebody new, roles that reach as far as they
//! say, the last owner who cannot be lost.

use harness::{Browser, Server, on_both};

fn invite(server: &Server, email: &str, role: &str) -> String {
    let slug = server.ready().tenant.slug.clone();
    let arguments = ["admin", "invite", "--tenant", &slug, "--email", email, "--role", role];
    let made = server.cli().json(&arguments);
    made["url"].as_str().expect("a link").to_owned()
}

const PASSWORD: &str = "seven quiet boats at anchor";

/// Opens an invitation in a fresh browser and makes the account.
fn accept(server: &Server, link: &str, name: &str) -> Browser {
    let mut browser = Browser::new(server);
    let page = browser.open(link).expect(200);
    let form = page.form_with_button("admin-invitation-submit");
    let form = form.set("name", name).set("password", PASSWORD);
    let onward = browser.submit(&page, &form.press("admin-invitation-submit")).expect(200);
    assert!(onward.url.path().contains("/system/"), "the console asks to sign in: {}", onward.url);
    browser
}

fn enter(server: &Server, email: &str) -> Browser {
    let mut browser = Browser::new(server);
    let page = browser.open(&server.ready().console_url).expect(200);
    let form = page.form_with_button("login-submit");
    let form = form.set("username", email).set("password", PASSWORD);
    browser.submit(&page, &form.press("login-submit")).expect(200);
    browser
}

on_both!(somebody_invited_administers_the_tenant_and_nothing_else, |database| {
    let server = Server::start(database);
    let link = invite(&server, "olive@admins.test", "support");
    accept(&server, &link, "Olive Oak");
    let known = server.cli().json(&["user", "list", "--tenant", "system"]);
    let known = known["items"].as_array().expect("a list");
    let made = known.iter().find(|user| user["email"] == "olive@admins.test").expect("an account");
    let shown = server.cli().json(&["user", "show", made["id"].as_str().expect("an id")]);
    assert_eq!(shown["email_verified"], false, "whoever invited her had the link too: {shown}");
    let mut olive = enter(&server, "olive@admins.test");
    let slug = &server.ready().tenant.slug;
    let base = format!("{}/t/{slug}", server.ready().console_url);
    assert!(olive.open(&format!("{base}/users")).expect(200).text().contains("Users"));
    olive.open(&format!("{base}/applications/new")).expect(403);
    olive.open(&format!("{}/system", server.ready().console_url)).expect(403);
    olive.open(&format!("{}/t/system", server.ready().console_url)).expect(404);
});

on_both!(an_invitation_works_once_and_only_as_it_was_sent, |database| {
    let server = Server::start(database);
    let link = invite(&server, "once@admins.test", "auditor");
    let mut looker = Browser::new(&server);
    // Mail scanners look at links: looking uses nothing up.
    looker.open(&link).expect(200);
    looker.open(&link).expect(200);
    accept(&server, &link, "Once Only");
    let used = Browser::new(&server).open(&link);
    assert_eq!(used.status(), 410, "{}", used.text());
    let newer = invite(&server, "twice@admins.test", "auditor");
    let newest = invite(&server, "twice@admins.test", "admin");
    assert_eq!(Browser::new(&server).open(&newer).status(), 410, "it was replaced");
    Browser::new(&server).open(&newest).expect(200);
    let changed = format!("{}x", &newest[..newest.len() - 1]);
    assert_eq!(Browser::new(&server).open(&changed).status(), 404);
    let slug = &server.ready().tenant.slug;
    let elsewhere = newest.replace(&format!("/{slug}/"), "/nobody/");
    assert_eq!(Browser::new(&server).open(&elsewhere).status(), 404);
});

on_both!(the_last_owner_stays, |database| {
    let server = Server::start(database);
    let cli = server.cli();
    let slug = server.ready().tenant.slug.clone();
    for (email, name) in [("one@admins.test", "One"), ("two@admins.test", "Two")] {
        accept(&server, &invite(&server, email, "owner"), name);
    }
    let list = cli.json(&["admin", "list", "--tenant", &slug]);
    let id = |email: &str| -> String {
        let all = list["items"].as_array().expect("a list");
        let found = all.iter().find(|admin| admin["email"] == email).expect("somebody");
        found["user"].as_str().expect("an id").to_owned()
    };
    let (one, two) = (id("one@admins.test"), id("two@admins.test"));
    cli.json(&["admin", "grant", "--tenant", &slug, "--role", "auditor", &one]);
    for arguments in [
        vec!["admin", "remove", "--tenant", &slug, &two, "--yes"],
        vec!["admin", "grant", "--tenant", &slug, "--role", "admin", &two],
        vec!["user", "delete", &two, "--yes"],
    ] {
        let refused = cli.try_run(&arguments);
        assert_ne!(refused.code, 0, "{arguments:?}: {}", refused.stdout);
    }
    cli.json(&["admin", "grant", "--tenant", &slug, "--role", "owner", &one]);
    cli.json(&["admin", "remove", "--tenant", &slug, &two, "--yes"]);
});
