//! B12: guessing goes on because the counter sees other spellings, addresses or endpoints.

use harness::{Browser, RelyingParty, Server, on_both};

fn guess(server: &Server, party: &RelyingParty, email: &str, password: &str) -> String {
    let mut browser = Browser::new(server);
    let page = party.start(&mut browser);
    let form = page.form_with_button("login-submit");
    let form = form.set("username", email).set("password", password).press("login-submit");
    let page = browser.submit(&page, &form);
    if page.left { "in".to_owned() } else { page.text() }
}

fn first_party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(
    /// CVE-2025-24806: all spellings of an address share one counter.
    b12_1_one_counter_for_all_spellings,
    |database| {
        let server = Server::start(database);
        let party = first_party(&server);
        let user = server.user(0);
        let (local, domain) = user.email.split_once('@').expect("an address");
        let spellings = [
            user.email.clone(),
            user.email.to_uppercase(),
            format!(" {} ", user.email),
            format!("{}@{}", local, domain.to_uppercase()),
            format!("\u{a0}{}", user.email),
        ];
        for round in 0..10 {
            let text = guess(&server, &party, &spellings[round % spellings.len()], "wrong");
            assert!(text.contains("not correct"), "{round}: {text}");
        }
        for spelling in &spellings {
            let text = guess(&server, &party, spelling, &user.password);
            assert!(text.contains("Too many attempts"), "{spelling}: {text}");
        }
    }
);

on_both!(
    /// django-allauth 65.8.1: somebody else's success resets nothing.
    b12_2_only_ones_own_success_resets,
    |database| {
        let server = Server::start(database);
        let party = first_party(&server);
        let (alice, mallory) = (server.user(0), server.user(1));
        for round in 0..10 {
            guess(&server, &party, &alice.email, "wrong");
            if round % 3 == 0 {
                assert_eq!(guess(&server, &party, &mallory.email, &mallory.password), "in");
            }
        }
        let text = guess(&server, &party, &alice.email, &alice.password);
        assert!(text.contains("Too many attempts"), "{text}");
    }
);

on_both!(
    /// One's own success does reset the counter.
    b12_2_ones_own_success_resets,
    |database| {
        let server = Server::start(database);
        let party = first_party(&server);
        let user = server.user(0);
        for _ in 0..2 {
            for _ in 0..9 {
                guess(&server, &party, &user.email, "wrong");
            }
            assert_eq!(guess(&server, &party, &user.email, &user.password), "in");
        }
    }
);
