//! Journey 1: a person signs in to a real application with a password, through the code flow.

use harness::{Browser, RelyingParty, Server, jwt, on_both};

on_both!(a_web_application_signs_somebody_in, |database| {
    let server = Server::start(database);
    let user = server.user(0);
    let party = RelyingParty::new(&server, &server.application("web"));
    let callback = party.sign_in(&mut Browser::new(&server), &user);
    assert_eq!(callback.get("state"), "state-of-this-test");
    assert_eq!(callback.get("iss"), party.issuer, "RFC 9207");
    let tokens = party.tokens(&callback);
    let id = jwt::claims(&tokens.id);
    assert_eq!(id["iss"], party.issuer);
    assert_eq!(id["sub"], user.id);
    assert_eq!(id["nonce"], "nonce-of-this-test");
    assert_eq!(id["email"], user.email, "profile claims are inline by default");
    assert_eq!(jwt::header(&tokens.id)["alg"], "RS256");
    assert_eq!(jwt::header(&tokens.access)["alg"], "ES256");
    let claims = party.userinfo(&tokens.access).expect(200).json();
    assert_eq!(claims["sub"], user.id);
    assert_eq!(claims["email"], user.email);
    assert!(party.is_active(&tokens.access));
    assert!(!tokens.refresh.is_empty(), "offline_access yields a refresh token");
});

on_both!(a_single_page_application_needs_no_secret, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("spa"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    assert_eq!(jwt::claims(&tokens.id)["sub"], server.user(0).id);
});

on_both!(a_native_application_may_listen_on_any_loopback_port, |database| {
    let server = Server::start(database);
    let tenant = &server.ready().tenant.slug;
    let redirect = ["--redirect-uri", "http://127.0.0.1/callback"];
    let application = server.cli().create_application(tenant, "native", &redirect);
    let party = RelyingParty::new(&server, &application)
        .with("redirect_uri", "http://127.0.0.1:51004/callback");
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    assert_eq!(jwt::claims(&tokens.id)["aud"], application.client_id);
});

on_both!(consent_is_asked_once_and_may_be_refused, |database| {
    let server = Server::start(database);
    let tenant = &server.ready().tenant.slug;
    let redirect = ["--redirect-uri", "https://app.example.test/callback"];
    let application = server.cli().create_application(tenant, "web", &redirect);
    let party = RelyingParty::new(&server, &application);
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser);
    let page = harness::relying_party::sign_in_on(&mut browser, &page, &server.user(0));
    let form = page.form_with_button("consent-deny").press("consent-deny");
    let refused = browser.submit(&page, &form);
    assert!(refused.left, "{}", refused.response.summary());
    let callback = harness::Callback::from(refused.url);
    assert_eq!(callback.get("error"), "access_denied");
    assert_eq!(callback.get("state"), "state-of-this-test");

    let page = party.start(&mut browser);
    assert!(page.has_button("consent-allow"), "a refusal is not remembered as consent");
    party.finish(&mut browser, page);
    let page = party.start(&mut browser);
    assert!(page.left, "consent is asked once: {}", page.response.summary());
});

on_both!(a_first_party_application_asks_no_consent, |database| {
    let server = Server::start(database);
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    let application = server.cli().create_application(tenant, "web", &more);
    let party = RelyingParty::new(&server, &application);
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser);
    let page = harness::relying_party::sign_in_on(&mut browser, &page, &server.user(0));
    assert!(page.left, "{}", page.response.summary());
});

on_both!(form_post_delivers_the_code_in_a_page, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"))
        .with("response_mode", "form_post")
        .with("state", "\"><script>alert(1)</script>");
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser);
    let page = harness::relying_party::sign_in_on(&mut browser, &page, &server.user(0));
    let page = harness::relying_party::consent_on(&mut browser, page).expect(200);
    let form = &page.forms()[0];
    assert_eq!(form.action, party.parameters["redirect_uri"]);
    assert_eq!(form.value("state"), Some("\"><script>alert(1)</script>"));
    assert!(!page.response.text().contains("<script>alert"));
    let policy = page.response.header("content-security-policy").expect("a policy");
    assert!(policy.contains("'nonce-"), "{policy}");
    assert!(!form.buttons.is_empty(), "a visible button for browsers without scripts");
    let code = form.value("code").expect("a code");
    party.redeem(code).expect(200);
});
