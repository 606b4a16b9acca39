//! B28: two requests both win what only one may have.

use harness::{Browser, Server, on_both, race};

const PASSWORD: &str = "a password chosen by somebody";

on_both!(
    /// A one-time link spent fifty times at once.
    b28_1_a_link_works_once,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        let arguments = ["user", "create", "--tenant", &tenant, "--email", "race@example.test"];
        let created = server.cli().json(&arguments);
        let url = created["set_password_url"].as_str().expect("a link").to_owned();
        let windows: Vec<_> = (0..20)
            .map(|_| {
                let mut browser = Browser::new(&server);
                let page = browser.open(&url);
                let form = page.forms().into_iter().find(|form| form.value("password").is_some());
                (browser, page, form.expect("a password form"))
            })
            .collect();
        let results = race(windows.len(), |index| {
            let (browser, page, form) = &windows[index];
            let form = form.clone().set("password", &format!("{PASSWORD} {index}"));
            browser.clone().submit_once(page, &form).status()
        });
        let won = results.iter().filter(|status| **status < 400).count();
        assert_eq!(won, 1, "{results:?}");
    }
);

on_both!(
    /// A GET, a HEAD or a mail scanner does not burn a link.
    b28_1_looking_burns_nothing,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        let arguments = ["user", "create", "--tenant", &tenant, "--email", "scan@example.test"];
        let created = server.cli().json(&arguments);
        let url = created["set_password_url"].as_str().expect("a link").to_owned();
        for _ in 0..3 {
            let page = Browser::new(&server).open(&url).expect(200);
            assert!(page.forms().iter().any(|form| form.value("password").is_some()));
        }
    }
);

on_both!(
    /// One slug, one address: a constraint decides, not a check in code.
    b28_2_unique_names,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        let codes = race(8, |_| {
            let arguments = ["tenant", "create", "--slug", "only-one", "--name", "One", "--json"];
            server.cli().try_run(&arguments).code
        });
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
        assert_eq!(codes.iter().filter(|code| **code == 4).count(), 7, "{codes:?}");
        let codes = race(8, |_| {
            let arguments = ["user", "create", "--tenant", &tenant, "--email", "one@example.test"];
            server.cli().try_run(&arguments).code
        });
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    }
);
