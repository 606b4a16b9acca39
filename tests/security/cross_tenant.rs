//! B8: an id, token, cookie or host of one tenant works at another.

use harness::http::encode;
use harness::{Browser, RelyingParty, Request, Server, User, on_both};

struct Two {
    server: Server,
    ours: RelyingParty,
    theirs: RelyingParty,
    their_user: User,
}

fn two_tenants(database: harness::Database) -> Two {
    let server = Server::start(database);
    let cli = server.cli();
    let issuer = cli.create_tenant("other", &["--environment", "development"]);
    let redirect = ["--redirect-uri", "https://other.example.test/callback"];
    let application = cli.create_application("other", "web", &redirect);
    let (email, password) = ("olga@other.test", "a long password of olga");
    let id = cli.create_user("other", email, password);
    let their_user = User { id, email: email.to_owned(), password: password.to_owned() };
    let ours = RelyingParty::new(&server, &server.application("web"));
    let theirs = RelyingParty::of(&server, &issuer, &application);
    Two { server, ours, theirs, their_user }
}

/// Another tenant's party with its registration, sent to our endpoints.
fn astray(two: &Two) -> RelyingParty {
    let mut party = two.ours.clone();
    party.application = two.theirs.application.clone();
    party.parameters = two.theirs.parameters.clone();
    party
}

on_both!(
    /// CVE-2025-27507: an application of one tenant is unknown to another.
    b8_3_applications_are_unknown_elsewhere,
    |database| {
        let two = two_tenants(database);
        let astray = astray(&two);
        let page = astray.start(&mut Browser::new(&two.server));
        assert!(!page.left && page.status() == 400, "{}", page.response.summary());
        let unknown = astray.clone().with("client_id", "app_00000000000000000000000000");
        let missing = unknown.start(&mut Browser::new(&two.server));
        assert_eq!(page.status(), missing.status(), "like an unknown id");
        let answer = astray.token(&[("grant_type", "client_credentials")]);
        assert_eq!((answer.status, &*answer.error()), (401, "invalid_client"));
    }
);

on_both!(
    /// GHSA-pfrf-9r5f-73f5: codes, tokens, flows and cookies of another tenant.
    b8_3_values_are_worth_nothing_elsewhere,
    |database| {
        let two = two_tenants(database);
        let mut browser = Browser::new(&two.server);
        let login = two.theirs.start(&mut browser);
        let callback = two.theirs.sign_in(&mut browser, &two.their_user);
        let answer = two.ours.clone().redeem(callback.code());
        assert_eq!(answer.error(), "invalid_grant");
        let tokens = two.theirs.tokens(&callback);
        assert_eq!(two.ours.userinfo(&tokens.access).status, 401);
        assert!(!two.ours.is_active(&tokens.access));
        assert!(!two.ours.is_active(&tokens.refresh));
        assert_eq!(two.ours.refresh(&tokens.refresh).error(), "invalid_grant");
        two.ours.revoke(&tokens.refresh);
        assert!(two.theirs.is_active(&tokens.refresh), "not revoked from elsewhere");
        assert!(two.ours.start(&mut browser).has_button("login-submit"), "no session here");
        let their_path = url::Url::parse(&two.theirs.issuer).expect("an address");
        let our_path = url::Url::parse(&two.ours.issuer).expect("an address");
        let moved = login.url.as_str().replace(their_path.path(), our_path.path());
        let page = browser.open(&moved);
        assert!(!page.left && page.status() != 500, "{}", page.response.summary());
        assert!(!page.response.text().contains("other.example.test"), "{}", page.text());
    }
);

on_both!(
    /// A cookie renamed to fit another tenant of the same origin.
    b8_3_a_renamed_cookie_signs_nobody_in,
    |database| {
        let two = two_tenants(database);
        let mut theirs = Browser::new(&two.server);
        two.theirs.sign_in(&mut theirs, &two.their_user);
        let mut ours = Browser::new(&two.server);
        two.ours.sign_in(&mut ours, &two.server.user(0));
        let session = |browser: &Browser| {
            browser.cookies().iter().find(|c| c.name.contains("ses")).expect("a session").clone()
        };
        let mut thief = Browser::new(&two.server);
        let mut renamed = session(&ours);
        renamed.value = session(&theirs).value;
        thief.cookies_mut().push(renamed);
        assert!(two.ours.start(&mut thief).has_button("login-submit"));
    }
);

on_both!(
    /// CVE-2026-9094: hints of another tenant, and keys that no two tenants share.
    b8_4_hints_and_keys,
    |database| {
        let two = two_tenants(database);
        let tokens = two.theirs.sign_in_fresh(&two.server, &two.their_user);
        let mut browser = Browser::new(&two.server);
        two.ours.sign_in(&mut browser, &two.server.user(0));
        let end = two.ours.endpoint("end_session_endpoint");
        let page = browser.open(&format!("{end}?id_token_hint={}", encode(&tokens.id)));
        assert!(page.has_button("logout-confirm"), "{}", page.response.summary());
        assert!(two.ours.start(&mut browser).left, "the session lives");
        let keys = |party: &RelyingParty| {
            let set = party.request(&party.endpoint("jwks_uri"), Request::get).expect(200).json();
            let kids = set["keys"].as_array().expect("keys").iter().map(|k| k["kid"].clone());
            kids.collect::<Vec<_>>()
        };
        let (ours, theirs) = (keys(&two.ours), keys(&two.theirs));
        assert!(ours.iter().all(|kid| !theirs.contains(kid)));
    }
);

on_both!(
    /// CVE-2026-32130: spellings of a protected path that a router and a guard read differently.
    b8_5_second_paths,
    |database| {
        let server = Server::start(database);
        let console = url::Url::parse(&server.ready().console_url).expect("an address");
        let base = console.path().trim_end_matches('/');
        for path in [
            format!("/{base}/tenants"),
            format!("{base}/%74enants"),
            format!("{base}//tenants"),
            format!("{base}/./tenants"),
            format!("{base}/x/../tenants"),
            format!("{base}/tenants;x"),
            format!("{base}/tenants."),
            format!("{base}/TENANTS"),
            format!("{base}%2ftenants"),
            format!("{base}/tenants/"),
        ] {
            let answer = server.send(&Request::get(&path));
            assert!(![200, 201, 204].contains(&answer.status), "{path}: {}", answer.summary());
            assert!(answer.status < 500, "{path}: {}", answer.summary());
        }
    }
);

on_both!(
    /// Two issuers never differ by case or a slash only.
    b8_4_no_lookalike_issuers,
    |database| {
        let server = Server::start(database);
        let slug = &server.ready().tenant.slug;
        let well_known = ".well-known/openid-configuration";
        for path in [
            format!("/t/{}/{well_known}", slug.to_uppercase()),
            format!("/t/{slug}//{well_known}"),
            format!("/T/{slug}/{well_known}"),
            format!("//t/{slug}/{well_known}"),
        ] {
            let answer = server.send(&Request::get(&path));
            assert!([400, 404].contains(&answer.status), "{path}: {}", answer.summary());
        }
        let taken = server.cli().try_run(&["tenant", "create", "--slug", slug, "--name", "Again"]);
        assert_eq!(taken.code, 4, "a conflict: {taken:?}");
    }
);
