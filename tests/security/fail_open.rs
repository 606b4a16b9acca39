//! B29: a check that breaks lets the request pass; a header from outside is believed.

use harness::{Browser, RelyingParty, Request, Server, on_both};

on_both!(
    /// CVE-2026-25748: forwarding headers count only from configured proxies.
    b29_1_forwarding_headers_are_not_believed,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let discovery = format!("{}/.well-known/openid-configuration", party.issuer);
        let plain = party.request(&discovery, Request::get).expect(200).text();
        for (name, value) in [
            ("X-Forwarded-Host", "evil.example.test"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Prefix", "/evil"),
            ("X-Forwarded-Port", "1"),
            ("Forwarded", "host=evil.example.test;proto=https"),
            ("X-Original-Host", "evil.example.test"),
            ("X-Original-URL", "/console"),
            ("X-Rewrite-URL", "/console"),
            ("X-Forwarded-User", "admin"),
            ("X_Forwarded_Host", "evil.example.test"),
        ] {
            let answer = party.request(&discovery, |t| Request::get(t).header(name, value));
            assert_eq!(answer.expect(200).text(), plain, "{name}");
        }
        let answer = party.request(&discovery, |t| {
            Request::get(t).header("Host", "evil.example.test")
        });
        assert!([404, 421].contains(&answer.status), "{}", answer.summary());
    }
);

on_both!(
    /// Two Host headers, or none, reach no tenant.
    b29_1_ambiguous_hosts,
    |database| {
        let server = Server::start(database);
        let base = server.base();
        let path = format!("/t/{}/.well-known/openid-configuration", server.ready().tenant.slug);
        let two = Request::get(&path).header("Host", base.authority()).header("Host", "evil.test");
        if let Ok(answer) = server.try_send(&two) {
            assert!((400..500).contains(&answer.status), "{}", answer.summary());
        }
        let absolute = format!("http://evil.example.test{path}");
        let answer = server.send(&Request::get(&absolute));
        assert!((400..500).contains(&answer.status) || !answer.text().contains("evil"), "{}", answer.summary());
    }
);

on_both!(
    /// A broken cookie of every kind means signed out.
    b29_1_broken_cookies_mean_signed_out,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let mut browser = Browser::new(&server);
        party.sign_in(&mut browser, &server.user(0));
        for cookie in browser.cookies_mut() {
            cookie.value = format!("{}!", cookie.value.replace(['a', 'b', 'c'], "x"));
        }
        let page = party.start(&mut browser);
        assert!(page.has_button("login-submit"), "{}", page.response.summary());
        let console = browser.open(&server.ready().console_url);
        assert!(console.has_button("login-submit"), "{}", console.response.summary());
    }
);
