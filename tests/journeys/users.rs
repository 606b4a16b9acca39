//! Users as an admin works with them: found, edited by two at once, invited by mail, blocked by the
//! dozen, deleted with what hangs on them.

use harness::{Browser, Page, RelyingParty, Server, on_both};

fn enter(server: &Server) -> Browser {
    let mut browser = Browser::new(server);
    let operator = &server.ready().operator;
    let page = browser.open(&server.ready().console_url);
    let form = page.form_with_button("login-submit");
    let form = form.set("username", &operator.email).set("password", &operator.password);
    browser.submit(&page, &form.press("login-submit")).expect(200);
    browser
}

fn path(server: &Server, rest: &str) -> String {
    format!("{}/t/{}{rest}", server.ready().console_url, server.ready().tenant.slug)
}

fn send(browser: &mut Browser, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
    let mut form = page.form_with_button(button).press(button);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    browser.submit(page, &form)
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..100 {
        if done() {
            return;
        }
        harness::wait::pause(std::time::Duration::from_millis(100));
    }
    panic!("waited in vain until {what}");
}

on_both!(two_admins_edit_one_user_and_nothing_is_lost, |database| {
    let server = Server::start(database);
    let user = server.user(0);
    let (mut one, mut two) = (enter(&server), enter(&server));
    let edit = path(&server, &format!("/users/{}/edit", user.id));
    let (first, second) = (one.open(&edit).expect(200), two.open(&edit).expect(200));
    send(&mut one, &first, "save", &[("nickname", "Addie")]).expect(200);
    let typed = [("nickname", "Adele"), ("external_id", "hr-1")];
    let conflict = send(&mut two, &second, "save", &typed).expect(409);
    for part in ["Addie", "Adele", "hr-1"] {
        assert!(conflict.text().contains(part), "{part}: {}", conflict.text());
    }
    let saved = send(&mut two, &conflict, "save-mine", &[]).expect(200);
    assert!(saved.text().contains("Adele"), "{}", saved.text());
    let shown = server.cli().json(&["user", "show", &user.id]);
    assert_eq!(shown["fields"]["nickname"], "Adele");
    assert_eq!(shown["external_id"], "hr-1");
    assert_eq!(shown["sources"]["nickname"], "admin");
});

on_both!(a_new_address_is_not_proven_and_its_links_are_void, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    let made = cli.json(&["user", "create", "--tenant", &slug, "--email", "old@users.test"]);
    let (id, link) = (made["id"].as_str().expect("id"), made["set_password_url"].as_str());
    cli.json(&["user", "set", id, "email=new@users.test"]);
    let shown = cli.json(&["user", "show", id]);
    assert_eq!(shown["email_verified"], false);
    let opened = Browser::new(&server).open(link.expect("a link"));
    assert!((400..500).contains(&opened.status()), "who reads the old mailbox stays out");
    let stale = cli.try_run(&["user", "set", id, "nickname=x", "--version", "1"]);
    assert_eq!(stale.code, 4, "{}", stale.stderr);
    let taken = cli.try_run(&["user", "set", id, &format!("email={}", server.user(0).email)]);
    assert_eq!(taken.code, 4, "{}", taken.stderr);
});

on_both!(an_invitation_goes_out_by_mail_and_is_shown_to_nobody, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&path(&server, "/users/new")).expect(200);
    let fields = [("email", "invited@users.test"), ("name", "Ina"), ("invite", "1")];
    let shown = send(&mut admin, &page, "create", &fields).expect(200);
    assert!(!shown.response.text().contains("/set-password/"), "{}", shown.text());
    let mail = server.mail_to("invited@users.test");
    assert!(mail.to_string().contains("/set-password/"), "{mail}");
});

on_both!(many_are_blocked_by_a_job_and_the_last_operator_is_not, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    for n in 0..5 {
        let email = format!("many{n}@users.test");
        cli.json(&["user", "create", "--tenant", &slug, "--email", &email]);
    }
    let mut admin = enter(&server);
    let list = admin.open(&path(&server, "/users?q=many")).expect(200);
    let form = list.forms().into_iter().find(|form| form.value("filter").is_some());
    let form = form.expect("the list is a form").set("all", "1").set("do", "block");
    let ask = admin.submit(&list, &form).expect(200);
    assert!(ask.text().contains("begin with “many”"), "{}", ask.text());
    let job = send(&mut admin, &ask, "go", &[]).expect(200);
    let here = job.url.to_string();
    until("the job is done", || admin.open(&here).text().contains("Done"));
    let blocked = cli.json(&["user", "list", "--tenant", &slug, "--filter", "blocked"]);
    assert_eq!(blocked["items"].as_array().map(Vec::len), Some(5), "{blocked}");
    let operator = cli.json(&["user", "list", "--tenant", "system"]);
    let id = operator["items"][0]["id"].as_str().expect("an operator");
    let refused = cli.try_run(&["user", "block", id]);
    assert!(refused.stderr.contains("last operator"), "{}", refused.stderr);
    assert_eq!(cli.try_run(&["user", "delete", id, "--yes"]).code, 2);
});

on_both!(a_page_of_users_goes_on_in_both_directions, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    for n in 0..7 {
        let email = format!("page{n}@users.test");
        cli.json(&["user", "create", "--tenant", &slug, "--email", &email]);
    }
    let page = |at: Option<&str>, more: &[&str]| {
        let mut arguments = vec!["user", "list", "--tenant", &slug, "--limit", "3"];
        arguments.extend(at.into_iter().flat_map(|at| ["--after", at]));
        arguments.extend(more);
        cli.json(&arguments)
    };
    let emails = |list: &serde_json::Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items");
        items.iter().map(|u| u["email"].as_str().unwrap_or("").to_owned()).collect()
    };
    for order in [&["--sort", "email"][..], &["--sort", "name"], &["--sort", "created", "--desc"]] {
        let first = page(None, order);
        let second = page(first["next"].as_str(), order);
        let back = page(second["previous"].as_str(), order);
        assert_eq!(emails(&back), emails(&first), "{order:?}");
        assert!(emails(&second).iter().all(|email| !emails(&first).contains(email)));
    }
    let (mut seen, mut at) = (Vec::new(), None::<String>);
    loop {
        let list = page(at.as_deref(), &["--query", "page"]);
        seen.extend(emails(&list));
        at = list["next"].as_str().map(str::to_owned);
        if at.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
});

on_both!(a_name_is_text_on_every_page_of_a_user, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let nasty = "\"><script>alert(1)</script>{{7*7}}";
    let cli = server.cli();
    let args = ["user", "create", "--tenant", &slug, "--email", "xss@users.test", "--name", nasty];
    let id = cli.json(&args)["id"].as_str().expect("an id").to_owned();
    let mut admin = enter(&server);
    for rest in
        ["", "/edit", "/identities", "/sessions", "/consents", "/organizations", "/activity"]
    {
        let page = admin.open(&path(&server, &format!("/users/{id}{rest}"))).expect(200);
        assert!(!page.response.text().contains("<script>alert"), "{rest}");
    }
    let list = admin.open(&path(&server, "/users?q=xss")).expect(200);
    assert!(!list.response.text().contains("<script>alert"));
});

on_both!(what_an_application_may_do_is_taken_back, |database| {
    let server = Server::start(database);
    let user = server.user(0);
    let party = RelyingParty::new(&server, &server.application("web"));
    party.sign_in_fresh(&server, &user);
    let mut admin = enter(&server);
    let consents = admin.open(&path(&server, &format!("/users/{}/consents", user.id))).expect(200);
    if consents.has_button("revoke-all") {
        let after = send(&mut admin, &consents, "revoke-all", &[]).expect(200);
        assert!(after.text().contains("Nothing allowed"), "{}", after.text());
    }
    let sessions = admin.open(&path(&server, &format!("/users/{}/sessions", user.id))).expect(200);
    assert!(sessions.text().contains("Signed in"), "{}", sessions.text());
});
