//! Tenants: made by command, reached at their one canonical address, suspended and deleted.

use harness::{Browser, RelyingParty, Request, Server, on_both};

on_both!(a_new_tenant_works_at_once, |database| {
    let server = Server::start(database);
    let cli = server.cli();
    let issuer = cli.create_tenant("north", &["--environment", "development"]);
    let redirect = ["--redirect-uri", "http://localhost:3000/callback"];
    let application = cli.create_application("north", "web", &redirect);
    let id = cli.create_user("north", "nora@north.test", "a long password of nora");
    let party = RelyingParty::of(&server, &issuer, &application);
    assert_eq!(party.metadata["issuer"], issuer);
    let user = harness::User {
        id,
        email: "nora@north.test".to_owned(),
        password: "a long password of nora".to_owned(),
    };
    party.sign_in_fresh(&server, &user);
});

on_both!(production_tenants_refuse_plain_http_redirects, |database| {
    let server = Server::start(database);
    let cli = server.cli();
    cli.create_tenant("prod", &["--environment", "production"]);
    for uri in ["http://localhost:3000/cb", "http://127.0.0.1/cb", "http://app.example.test/cb"] {
        let arguments = [
            "app",
            "create",
            "--tenant",
            "prod",
            "--type",
            "web",
            "--name",
            "x",
            "--redirect-uri",
            uri,
        ];
        let outcome = cli.try_run(&arguments);
        assert_ne!(outcome.code, 0, "{uri}: {outcome:?}");
        assert!(outcome.stderr.contains("https"), "says what to do: {outcome:?}");
    }
});

on_both!(a_tenant_on_its_own_host_has_one_canonical_address, |database| {
    let server = Server::start(database);
    let issuer = server.cli().create_tenant("hosted", &["--host", "id.hosted.test"]);
    let at = |host: &str, path: &str| server.send(&Request::get(path).header("Host", host));
    let port = server.address().port();
    let canonical = url::Url::parse(&issuer).expect("an issuer is an address");
    let discovery = "/.well-known/openid-configuration";
    let own = format!("id.hosted.test:{port}");
    let answers =
        [at(&own, discovery), at(server.base().authority(), &format!("/t/hosted{discovery}"))];
    let good: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(good.len(), 1, "one address is the issuer: {canonical} {answers:?}");
    assert_eq!(good[0].json()["issuer"], issuer);
    assert_eq!(answers.iter().filter(|answer| answer.status == 404).count(), 1);
});

on_both!(unknown_hosts_and_tenants_are_not_found, |database| {
    let server = Server::start(database);
    let path = format!("/t/{}/.well-known/openid-configuration", server.ready().tenant.slug);
    let answer = server.send(&Request::get(&path).header("Host", "evil.example.test"));
    assert!([404, 421].contains(&answer.status), "{}", answer.summary());
    let answer = server.send(&Request::get("/t/nobody/.well-known/openid-configuration"));
    assert_eq!(answer.status, 404);
    let page = Browser::new(&server).open("/t/nobody/authorize?client_id=x");
    assert_eq!(page.status(), 404);
});

on_both!(a_deleted_tenant_is_gone, |database| {
    let server = Server::start(database);
    let cli = server.cli();
    let issuer = cli.create_tenant("brief", &[]);
    let path = format!(
        "{}/.well-known/openid-configuration",
        url::Url::parse(&issuer).expect("url").path()
    );
    server.send(&Request::get(&path)).expect(200);
    let refused = cli.try_run(&["tenant", "delete", "brief"]);
    assert_ne!(refused.code, 0, "a destructive command wants --yes without a terminal");
    cli.json(&["tenant", "delete", "brief", "--yes"]);
    harness::until("the tenant to go", std::time::Duration::from_secs(1), || {
        (server.send(&Request::get(&path)).status == 404).then_some(())
    });
});
