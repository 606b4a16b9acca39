//! B16: nothing is fetched from inside, whatever an address or a name says.

use super::{party, pressed, refused};
use harness::upstream::press;
use harness::{Browser, Options, Server, Upstream, on_both};
use std::time::Duration;

on_both!(without_leave_not_even_loopback_is_called, |database| {
    let upstream = Upstream::start();
    let server = Server::start(database);
    // Over plain http it is not even saved; over https the guard stands where requests are made.
    let secret = server.folder().join("secret");
    std::fs::write(&secret, "secret").expect("the folder is writable");
    let tenant = &server.ready().tenant.slug;
    let create = ["connection", "create", "--tenant", tenant, "--code", "up", "--client-id", "c"];
    let secret = ["--client-secret-file", &secret.to_string_lossy()].map(str::to_owned);
    let issuer = upstream.issuer();
    let more = ["--issuer", &issuer, &secret[0], &secret[1]];
    let refused = server.cli().try_run(&[&create[..], &more].concat());
    assert_ne!(refused.code, 0);
    let told = &refused.stderr;
    assert!(told.contains("issuer") && told.contains("--allow-host"), "{told}");
    let issuer = issuer.replace("http://", "https://");
    upstream.connect(&server, "up", &["--issuer", &issuer]);
    let party = party(&server);
    let page = pressed(&party, &server, "up");
    assert!(!page.left && page.status() >= 400, "{}", page.text());
    assert_eq!(upstream.seen().len(), 0, "it was called");
});

on_both!(a_name_that_turns_inside_is_not_followed, |database| {
    let upstream = Upstream::start();
    let port = upstream.host().rsplit(':').next().expect("a port").to_owned();
    // The name answers with a public address first and with loopback then.
    let options = Options::new(database)
        .argument("--allow-host")
        .argument(&upstream.host())
        .argument("--resolve")
        .argument("turns.test=127.0.0.1,93.184.215.14")
        .argument("--resolve")
        .argument("inside.test=10.1.2.3");
    let server = Server::with(options);
    for (code, name) in [("turns", "turns.test"), ("inside", "inside.test")] {
        let token = format!("https://{name}/token");
        let authorize = upstream.url("/authorize");
        let userinfo = upstream.url("/userinfo");
        upstream.connect(
            &server,
            code,
            &[
                "--authorization-endpoint",
                &authorize,
                "--token-endpoint",
                &token,
                "--userinfo-endpoint",
                &userinfo,
            ],
        );
        let party = party(&server);
        let mut browser = Browser::new(&server);
        // Another process made the connection: the server follows within a second.
        let button = format!("data-connection=\"{code}\"");
        let page = harness::until("the button", Duration::from_secs(5), || {
            let page = party.start(&mut browser);
            page.response.text().contains(&button).then_some(page)
        });
        let request = press(&mut browser, &page, code);
        let page = browser.open(&upstream.agree(&request));
        refused(&page, "upstream_blocked");
        assert!(!page.text().contains("127.0.0.1") && !page.text().contains("10.1.2.3"));
    }
    assert_eq!(upstream.count("/token"), 0, "port {port}");
});
