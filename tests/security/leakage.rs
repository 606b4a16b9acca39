//! B22: secrets end up where others read them.

use harness::{Browser, RelyingParty, Server, on_both};

on_both!(
    /// Canary values through every flow, failing ones too: not in the log, not in the database.
    b22_1_canaries,
    |database| {
        let options = harness::Options::new(database).env("TESSERA_LOG", "debug");
        let server = Server::with(options);
        let tenant = server.ready().tenant.slug.clone();
        let password = "canary-password-7f3a9c-of-somebody";
        server.cli().create_user(&tenant, "canary@example.test", password);
        let party = RelyingParty::new(&server, &server.application("web"));
        let user = harness::User {
            id: String::new(),
            email: "canary@example.test".to_owned(),
            password: password.to_owned(),
        };
        let mut browser = Browser::new(&server);
        let callback = party.sign_in(&mut browser, &user);
        let tokens = party.tokens(&callback);
        party.redeem(callback.code());
        let wrong = "canary-wrong-guess-7f3a9c";
        let mut guesser = Browser::new(&server);
        let page = party.start(&mut guesser);
        let form = page.form_with_button("login-submit").set("username", &user.email);
        let page = guesser.submit(&page, &form.set("password", wrong));
        assert!(!page.response.text().contains(wrong));
        let secret = party.application.client_secret.clone().expect("a secret");
        let session = browser.cookies().iter().find(|c| c.name.contains("ses")).expect("a session");
        let canaries = [
            password,
            wrong,
            &secret,
            &tokens.access,
            &tokens.refresh,
            callback.code(),
            &session.value,
            harness::relying_party::VERIFIER,
        ];
        let mut places = vec![("log".to_owned(), server.log().into_bytes())];
        let file = server.ready().database.trim_start_matches("sqlite:").to_owned();
        for suffix in ["", "-wal"] {
            if let Ok(bytes) = std::fs::read(format!("{file}{suffix}")) {
                places.push((format!("database{suffix}"), bytes));
            }
        }
        if server.database().is_postgres() {
            places.push(("database".to_owned(), dump(&server).into_bytes()));
        }
        assert!(places.len() > 1, "the database was read: {}", server.ready().database);
        for (place, bytes) in &places {
            for canary in canaries {
                let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
                assert!(!found, "{canary} stands in the {place}");
            }
        }
    }
);

/// All rows of all tables as text.
fn dump(server: &Server) -> String {
    let tables = server
        .database()
        .psql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
    let rows =
        tables.lines().map(|t| server.database().psql(&format!("SELECT t::text FROM {t} t")));
    rows.collect::<Vec<_>>().join("\n")
}

on_both!(
    /// Pages and answers with secrets in them are never stored by anybody.
    b22_1_nothing_is_cached,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        let login = party.start(&mut browser);
        let callback = party.sign_in(&mut browser, &server.user(0));
        let answers = [login.response, party.redeem(callback.code()), party.redeem("x")];
        for answer in answers {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.summary());
        }
    }
);
