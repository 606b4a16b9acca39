//! What one node did, the other knows within a second.

use harness::{Browser, RelyingParty, Request, Server, on_both};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

on_both!(a_revoked_session_is_seen_within_a_second, |database| {
    let first = Server::start(database);
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web")).with("scope", "openid");
    let there = here.clone().at(&second);
    let mut browser = Browser::new(&first);
    let tokens = here.tokens(&here.sign_in(&mut browser, &first.user(0)));
    let elsewhere = browser.clone().at(&second).clone();
    assert!(there.is_active(&tokens.access), "warm caches on the other node");
    there.userinfo(&tokens.access).expect(200);
    assert!(here.start(&mut elsewhere.clone()).left);
    let session = harness::jwt::claims(&tokens.id)["sid"].as_str().expect("sid").to_owned();
    first.cli().json(&["session", "revoke", &session, "--yes"]);
    harness::until("the other node to notice", SECOND, || {
        let gone = !there.is_active(&tokens.access)
            && there.userinfo(&tokens.access).status == 401
            && here.start(&mut elsewhere.clone()).has_button("login-submit");
        gone.then_some(())
    });
});

on_both!(a_blocked_user_is_seen_within_a_second, |database| {
    let first = Server::start(database);
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web"));
    let there = here.clone().at(&second);
    let user = first.user(1);
    let tokens = there.sign_in_fresh(&second, &user);
    there.userinfo(&tokens.access).expect(200);
    first.cli().json(&["user", "block", &user.id, "--yes"]);
    harness::until("the other node to notice", SECOND, || {
        let gone = !there.is_active(&tokens.access)
            && there.userinfo(&tokens.access).status == 401
            && there.refresh(&tokens.refresh).error() == "invalid_grant";
        gone.then_some(())
    });
});

on_both!(a_token_revoked_here_is_dead_there, |database| {
    let first = Server::start(database);
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web"));
    let there = here.clone().at(&second);
    let tokens = here.sign_in_fresh(&first, &first.user(0));
    assert!(there.is_active(&tokens.access));
    here.revoke(&tokens.refresh).expect(200);
    harness::until("the other node to notice", SECOND, || {
        (!there.is_active(&tokens.access)).then_some(())
    });
});

on_both!(a_flow_may_bounce_between_nodes, |database| {
    let first = Server::start(database);
    let second = first.join();
    let party = RelyingParty::new(&first, &first.application("web"));
    let mut browser = Browser::new(&first);
    let page = party.start(&mut browser);
    browser.at(&second);
    let page = harness::relying_party::sign_in_on(&mut browser, &page, &first.user(0));
    browser.at(&first);
    let callback = party.finish(&mut browser, page);
    let there = party.clone().at(&second);
    let tokens = there.tokens(&callback);
    party.userinfo(&tokens.access).expect(200);
    there.refresh(&tokens.refresh).expect(200);
});

on_both!(a_new_application_is_known_everywhere_within_a_second, |database| {
    let first = Server::start(database);
    let second = first.join();
    let tenant = first.ready().tenant.slug.clone();
    let application = first.cli().create_application(&tenant, "machine", &[]);
    let there = RelyingParty::new(&first, &application).at(&second);
    harness::until("the other node to know it", SECOND, || {
        let answer = there.token(&[("grant_type", "client_credentials")]);
        (answer.status == 200).then_some(())
    });
    let keys = there.endpoint("jwks_uri");
    let here = RelyingParty::new(&first, &application);
    let (one, two) = (here.request(&keys, Request::get), there.request(&keys, Request::get));
    assert_eq!(one.expect(200).text(), two.expect(200).text());
});
