//! B25: two spellings are one account for one check and two for another.

use harness::{Browser, RelyingParty, Server, on_both};

on_both!(
    /// CVE-2026-73420 and others: addresses with no safe form are refused.
    b25_1_odd_addresses,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        for email in [
            "ann\u{ff20}example.test",
            "ann\u{fe6b}example.test",
            "ann@evil.test@example.test",
            "\"a@evil\"@example.test",
            "ann(comment)@example.test",
            "ann@example.test,bob@example.test",
            "ann@example.test.",
            "ann\u{200b}@example.test",
            "ann@example.test\u{202e}",
            "ann\r\nBcc: bob@example.test",
            "ann",
            "@example.test",
            "ann@",
            "",
        ] {
            let outcome =
                server.cli().try_run(&["user", "create", "--tenant", &tenant, "--email", email]);
            assert_ne!(outcome.code, 0, "accepted {email:?}: {outcome:?}");
        }
        let create = |email: &str| {
            server.cli().try_run(&["user", "create", "--tenant", &tenant, "--email", email]).code
        };
        assert_eq!(create("Twice@Example.test"), 0);
        for again in ["twice@example.test", "TWICE@EXAMPLE.TEST", " twice@example.test "] {
            assert_eq!(create(again), 4, "{again:?} is the same person");
        }
    }
);

on_both!(
    /// Odd text in the sign-in form is only a wrong name.
    b25_1_odd_names_at_sign_in,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        for name in ["\u{0}", "a\u{0}b@example.test", "\u{202e}", "\u{ff20}", "'; DROP TABLE users; --"] {
            let mut browser = Browser::new(&server);
            let page = party.start(&mut browser);
            let form = page.form_with_button("login-submit");
            let page = browser.submit(&page, &form.set("username", name).set("password", "x"));
            assert!((400..500).contains(&page.status()), "{name:?}: {}", page.response.summary());
        }
    }
);
