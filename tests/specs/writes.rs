//! How many write transactions and statements each operation takes: the design promises numbers
//! and the server counts them.

use harness::{Browser, Callback, RelyingParty, Request, Server, Tokens, on_both};

/// What the server has counted so far.
#[derive(Clone, Copy, Debug)]
struct Counted {
    writes: i64,
    statements: i64,
}

/// Reads the counters of a development server.
fn counted(server: &Server) -> Counted {
    let body = server.send(&Request::get("/dev/counters")).expect(200).json();
    let number = |name: &str| body[name].as_i64().unwrap_or_else(|| panic!("{name}: {body}"));
    Counted { writes: number("write_transactions"), statements: number("statements") }
}

/// Runs `work` several times and answers the least it cost: what the background (feed, traces,
/// jobs) did in between does not count.
fn cost(server: &Server, mut work: impl FnMut()) -> Counted {
    let mut least = Counted { writes: i64::MAX, statements: i64::MAX };
    for _ in 0..6 {
        let before = counted(server);
        work();
        let after = counted(server);
        least.writes = least.writes.min(after.writes - before.writes);
        least.statements = least.statements.min(after.statements - before.statements);
    }
    least
}

fn first_party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

on_both!(client_credentials_write_nothing, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("machine"));
    let call = || drop(party.token(&[("grant_type", "client_credentials")]).expect(200));
    call();
    let cost = cost(&server, call);
    assert_eq!((cost.writes, cost.statements), (0, 0), "no database at all");
});

on_both!(a_single_sign_on_writes_once_in_four_statements, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    let mut browser = Browser::new(&server);
    party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let cost = cost(&server, || {
        let page = party.start(&mut browser);
        assert!(page.left, "{}", page.response.summary());
        party.tokens(&Callback::from(page.url));
    });
    assert_eq!(cost.writes, 1);
    assert!(cost.statements <= 4, "{} statements", cost.statements);
});

on_both!(a_sign_in_with_its_code_writes_twice, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    party.sign_in_fresh(&server, &server.user(0));
    let cost = cost(&server, || drop(party.sign_in_fresh(&server, &server.user(0))));
    println!("sign-in and code flow: {} statements", cost.statements);
    assert_eq!(cost.writes, 2);
});

on_both!(a_refresh_writes_once_in_three_statements, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    let mut token = party.sign_in_fresh(&server, &server.user(0)).refresh;
    let cost = cost(&server, || token = Tokens::from(party.refresh(&token)).refresh);
    assert_eq!(cost.writes, 1);
    assert!(cost.statements <= 3, "{} statements", cost.statements);
});

on_both!(a_failed_sign_in_writes_once, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser);
    let cost = cost(&server, || {
        let form = page.form_with_button("login-submit");
        let form = form.set("username", &server.user(0).email).set("password", "not the password");
        assert_eq!(browser.submit_once(&page, &form).status(), 422);
    });
    assert_eq!(cost.writes, 1);
});

on_both!(looking_at_a_token_writes_nothing, |database| {
    let server = Server::start(database);
    let party = first_party(&server);
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let cost = cost(&server, || {
        party.userinfo(&tokens.access).expect(200);
        assert!(party.is_active(&tokens.access));
    });
    assert_eq!(cost.writes, 0);
});

on_both!(a_sign_in_through_a_provider_writes_twice, |database| {
    let upstream = harness::Upstream::start();
    let server = harness::upstream::server_with(database, &[&upstream]);
    upstream.connect(&server, "up", &[]);
    let party = first_party(&server);
    let enter = || {
        let mut browser = Browser::new(&server);
        let page = party.start(&mut browser);
        let request = harness::upstream::press(&mut browser, &page, "up");
        let page = browser.open(&upstream.agree(&request));
        assert!(page.left, "{}", page.response.summary());
        party.tokens(&Callback::from(page.url));
    };
    enter();
    let cost = cost(&server, enter);
    println!("sign-in through a provider and code flow: {} statements", cost.statements);
    assert_eq!(cost.writes, 2);
});
