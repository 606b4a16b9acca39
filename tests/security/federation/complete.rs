//! B9 where a provider names no proven address: what waits belongs to the browser, the flow and the
//! tenant in which the provider vouched, the answer is the same for every address, and nobody's
//! account is entered, made or prepared by typing its address.

use super::{World, refused};
use harness::{Browser, Page, on_both, until};
use serde_json::{Value, json};
use std::time::Duration;

/// A world whose provider vouches for somebody without a proven address.
fn without_address(database: harness::Database, claimed: Option<&str>) -> World {
    let world = World::new(database);
    let profile = json!({ "sub": "mallory-there", "name": "Mallory", "email": claimed });
    world.upstream.script(|script| script.profile = profile);
    world
}

fn typed(browser: &mut Browser, page: &Page, email: &str) -> Page {
    let form = page.form_with_button("complete-submit").set("email", email);
    browser.submit(page, &form)
}

/// Presses the button of the page behind the link.
fn confirm(browser: &mut Browser, link: &str) -> Page {
    let page = browser.open(link).expect(200);
    let form = page.form_with_button("verify-submit");
    browser.submit(&page, &form)
}

/// The log says why they were asked.
fn arrived(world: &World) {
    let tenant = world.server.ready().tenant.slug.clone();
    until("the step in the log", Duration::from_secs(10), || {
        let list = ["log", "list", "--tenant", &tenant, "--code", "email_missing"];
        let list = world.server.cli().json(&list);
        let step = list["items"].as_array()?.first()?.clone();
        (step["connection"] == world.connection).then_some(())
    });
}

fn has_session(browser: &Browser) -> bool {
    browser.cookies().iter().any(|cookie| cookie.name.contains("ses"))
}

on_both!(b9_2_an_address_that_is_typed_counts_once_it_is_proven_in_the_same_browser, |database| {
    let world = without_address(database, None);
    let before = world.users();
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser).expect(200);
    assert!(page.text().contains("Complete your sign-up"), "{}", page.text());
    arrived(&world);
    typed(&mut browser, &page, "mallory@people.test").expect(200);
    assert!(!has_session(&browser));
    assert_eq!(world.users(), before, "nobody before the proof");
    let link = world.server.links_to("mallory@people.test", "/verify/", 1).remove(0);
    // The victim of a sign-up that somebody else began opens the mail in a browser of their own.
    let mut victim = Browser::new(&world.server);
    let foreign = victim.open(&link);
    refused(&foreign, "flow_foreign_browser");
    world.server.logged(&crate::federation::support(&foreign), "flow_foreign_browser");
    assert!(foreign.text().contains("began in another browser"), "{}", foreign.text());
    world.party.start(&mut victim);
    refused(&victim.open(&link), "flow_foreign_browser");
    assert_eq!((world.users(), has_session(&victim)), (before, false));
    refused(&Browser::new(&world.server).open(page.url.as_str()), "flow_foreign_browser");
    let done = confirm(&mut browser, &link);
    let tokens = world.party.tokens(&world.party.finish(&mut browser, done));
    let claims = harness::jwt::claims(&tokens.id);
    assert_eq!(
        (&claims["email"], &claims["name"]),
        (&json!("mallory@people.test"), &json!("Mallory"))
    );
    assert_eq!(world.users(), before + 1);
    assert_eq!(browser.open(&link).status(), 410, "a link counts once");
    refused(&browser.open(page.url.as_str()), "upstream_state");
    let again = world.come_back(&mut Browser::new(&world.server));
    assert!(again.left, "the identity signs in from now on: {}", again.text());
});

on_both!(b9_2_a_forged_request_with_the_links_token_makes_nobody, |database| {
    let world = without_address(database, None);
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser).expect(200);
    typed(&mut browser, &page, "carol@people.test").expect(200);
    let before = world.users();
    let link = world.server.links_to("carol@people.test", "/verify/", 1).remove(0);
    // Carol's own browser has a page of its own with a token of its own, and sends it to the link.
    let mut carol = Browser::new(&world.server);
    let page = world.party.start(&mut carol);
    let mut form = page.form_with_button("login-submit");
    form.action = url::Url::parse(&link).expect("an address").path().to_owned();
    let sent = carol.submit(&page, &form);
    assert!(sent.status() >= 400, "{}", sent.text());
    assert_eq!((world.users(), has_session(&carol)), (before, false));
});

on_both!(
    b9_1_an_address_that_is_typed_and_taken_is_answered_alike_and_asks_for_a_proof,
    |database| {
        let world = without_address(database, None);
        let victim = world.server.user(0);
        let mut answers = Vec::new();
        for email in ["nobody.at.all@people.test", victim.email.as_str()] {
            let mut browser = Browser::new(&world.server);
            let page = world.come_back(&mut browser).expect(200);
            let sent = typed(&mut browser, &page, email);
            assert!(sent.text().contains("Check your email"), "{}", sent.text());
            answers.push((
                sent.status(),
                sent.text_of_any_flow().replace(email, "EMAIL"),
                browser.cookies().len(),
            ));
            if email == victim.email {
                let link = world.server.links_to(email, "/verify/", 1).remove(0);
                refused(&Browser::new(&world.server).open(&link), "flow_foreign_browser");
                let page = browser.open(&link);
                assert!(page.text().contains("You already have an account"), "{}", page.text());
                assert!(!page.text().contains("says your email address"), "{}", page.text());
                assert!(!has_session(&browser), "an open mail is no sign-in");
                let form = page.form_with_button("connect-password").press("connect-password");
                let page = browser.submit(&page, &form.set("password", &victim.password));
                let form = page.form_with_button("connect-confirm").press("connect-confirm");
                let page = browser.submit(&page, &form);
                let tokens = world.party.tokens(&world.party.finish(&mut browser, page));
                assert_eq!(harness::jwt::claims(&tokens.id)["sub"], victim.id);
                refused(&browser.open(&link), "upstream_state");
            }
        }
        assert_eq!(answers[0], answers[1]);
    }
);

on_both!(b9_1_an_address_somebody_claims_at_a_provider_is_only_a_proposal, |database| {
    let world = World::new(database);
    let victim = world.server.user(0);
    for marker in [Value::Null, json!(false), json!("true")] {
        world.upstream.script(|s| s.person("mallory", &victim.email, marker.clone()));
        let mut browser = Browser::new(&world.server);
        let page = world.come_back(&mut browser).expect(200);
        let form = page.form_with_button("complete-submit");
        assert_eq!(form.value("email"), Some(victim.email.as_str()), "{marker}");
        assert!(!has_session(&browser), "{marker}");
    }
});

on_both!(what_waits_is_of_no_use_elsewhere, |database| {
    let world = without_address(database, None);
    let other = world.server.cli().create_tenant("other", &["--environment", "development"]);
    world.upstream.connect_to(&world.server, "other", "up", &[]);
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser).expect(200);
    let there = page.url.as_str().replace(world.party.issuer.as_str(), &other);
    let page_there = browser.open(&there);
    assert!(page_there.status() >= 400, "{}", page_there.text());
    let connect = page.url.as_str().replace("/complete/", "/connect/");
    refused(&browser.open(&connect), "link_proof_over");
    for wrong in ["x", "r.req_00000000000000000000000000"] {
        let waits = page.url.path().rsplit('/').next().expect("a segment");
        refused(&browser.open(&page.url.as_str().replace(waits, wrong)), "upstream_state");
    }
    world.server.clock().set(3_700);
    let late = typed(&mut browser, &page, "late@people.test");
    refused(&late, "upstream_state");
});

on_both!(the_newest_link_of_an_address_works_and_sign_up_may_close, |database| {
    let world = without_address(database, None);
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser).expect(200);
    typed(&mut browser, &page, "two@people.test").expect(200);
    typed(&mut browser, &page, "two@people.test").expect(200);
    let links = world.server.links_to("two@people.test", "/verify/", 2);
    let old = browser.open(&links[1]);
    assert!(old.status() == 410 || old.status() == 404, "{}", old.text());
    let tenant = &world.server.ready().tenant.slug;
    world.server.cli().json(&["connection", "disable", "up", "--tenant", tenant]);
    until("the change", Duration::from_secs(5), || {
        let page = browser.open(&links[0]);
        (page.status() >= 400).then(|| refused(&page, "connection_disabled"))
    });
});
