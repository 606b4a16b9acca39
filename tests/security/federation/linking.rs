//! B9: an address never signs in, never links and never overwrites.

use super::{World, refused};
use harness::upstream::press;
use harness::{Browser, Page, on_both};
use serde_json::{Value, json};

/// What a page of the linking journey is asked to do.
fn answer(browser: &mut Browser, page: &Page, button: &str, password: Option<&str>) -> Page {
    let mut form = page.form_with_button(button);
    if let Some(password) = password {
        form = form.set("password", password);
    }
    browser.submit(page, &form.press(button))
}

on_both!(b9_1_an_address_that_is_taken_asks_for_a_proof, |database| {
    let world = World::new(database);
    let victim = world.server.user(0);
    for verified in [json!(true), json!("true"), json!(1), Value::Null] {
        world.upstream.script(|s| s.person("mallory", &victim.email, verified.clone()));
        let mut browser = Browser::new(&world.server);
        let page = world.come_back(&mut browser);
        assert!(!page.left, "{verified}: {}", page.url);
        assert!(!browser.cookies().iter().any(|c| c.name.contains("ses")), "{verified}");
        let asks = page.text().contains("You already have an account");
        assert_eq!(asks, verified == json!(true), "{verified}: {}", page.text());
    }
});

on_both!(the_owner_proves_the_account_and_connects, |database| {
    let world = World::new(database);
    let owner = world.server.user(0);
    world.upstream.script(|s| s.person("ann-there", &owner.email, json!(true)));
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser);
    let wrong = answer(&mut browser, &page, "connect-password", Some("not the password"));
    assert_eq!(wrong.status(), 422, "{}", wrong.text());
    let page = answer(&mut browser, &wrong, "connect-password", Some(&owner.password));
    assert!(page.text().contains("Connect up to your account?"), "{}", page.text());
    let page = answer(&mut browser, &page, "connect-confirm", None);
    let tokens = world.party.tokens(&world.party.finish(&mut browser, page));
    assert_eq!(harness::jwt::claims(&tokens.id)["sub"], owner.id);
    let page = world.come_back(&mut Browser::new(&world.server));
    assert!(page.left, "the next time it signs in: {}", page.text());
});

on_both!(a_pending_link_counts_once_in_its_own_browser, |database| {
    let world = World::new(database);
    let owner = world.server.user(0);
    world.upstream.script(|s| s.person("ann-there", &owner.email, json!(true)));
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser);
    let address = page.url.to_string();
    refused(&Browser::new(&world.server).open(&address), "flow_foreign_browser");
    let page = answer(&mut browser, &page, "connect-password", Some(&owner.password));
    let confirm = page.clone();
    assert!(answer(&mut browser, &page, "connect-confirm", None).left);
    let tenant = &world.server.ready().tenant.slug;
    world.server.cli().json(&["connection", "disable", "up", "--tenant", tenant]);
    harness::until("the change", std::time::Duration::from_secs(5), || {
        let again = answer(&mut browser, &confirm, "connect-confirm", None);
        (again.status() == 400).then(|| refused(&again, "link_proof_over"))
    });
});

on_both!(an_older_session_is_no_proof, |database| {
    let world = World::new(database);
    let owner = world.server.user(0);
    let mut browser = Browser::new(&world.server);
    world.party.sign_in(&mut browser, &owner);
    world.upstream.script(|s| s.person("ann-there", &owner.email, json!(true)));
    let fresh = world.party.clone().with("prompt", "login");
    let page = fresh.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    assert_eq!(harness::upstream::parameter(&request, "prompt").as_deref(), Some("login"));
    let page = browser.open(&world.upstream.agree(&request));
    assert!(page.text().contains("You already have an account"), "{}", page.text());
});

on_both!(b9_5_a_marker_vouches_only_for_the_address_beside_it, |database| {
    let world = World::new(database);
    let halves = [
        (json!({ "email": "x1@people.test" }), json!({ "email_verified": true })),
        (json!({ "email_verified": true }), json!({ "email": "x2@people.test" })),
        (
            json!({ "email": "x3@people.test", "email_verified": false }),
            json!({ "email": "x3@people.test", "email_verified": true }),
        ),
        (json!({}), json!({ "email": "x4@people.test", "email_verified": "true" })),
    ];
    for (number, (token, userinfo)) in halves.into_iter().enumerate() {
        let subject = format!("subject-{number}");
        world.upstream.script(|script| {
            script.in_id_token = false;
            script.id_token = token;
            script.profile = userinfo;
            script.profile["sub"] = json!(subject);
        });
        let mut browser = Browser::new(&world.server);
        let page = world.come_back(&mut browser);
        assert!(!page.left, "{number}: an account was made of it");
        assert!(!browser.cookies().iter().any(|c| c.name.contains("ses")), "{number}");
    }
});

on_both!(b9_2_an_account_that_was_set_up_before_is_not_taken_over_nor_shared, |database| {
    let world = World::new(database);
    let tenant = world.server.ready().tenant.slug.clone();
    let cli = world.server.cli();
    let made = cli.json(&["user", "create", "--tenant", &tenant, "--email", "carol@people.test"]);
    world.upstream.script(|s| s.person("carol-there", "carol@people.test", json!(true)));
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser);
    assert!(page.text().contains("Email me a link"), "{}", page.text());
    assert!(!page.has_button("connect-password"), "an unproven account's password is no proof");
    let page = answer(&mut browser, &page, "connect-mail", None);
    assert!(page.text().contains("Check your email"), "{}", page.text());
    let link = world.server.links_to("carol@people.test", "/connect/mail/", 1).remove(0);
    refused(&Browser::new(&world.server).open(&link), "flow_foreign_browser");
    let page = browser.open(&link);
    let page = answer(&mut browser, &page, "connect-confirm", None);
    let tokens = world.party.tokens(&world.party.finish(&mut browser, page));
    assert_eq!(harness::jwt::claims(&tokens.id)["sub"], made["id"]);
    refused(&browser.open(&link), "link_proof_over");
});

on_both!(a_provider_without_a_proven_address_makes_no_account, |database| {
    let world = World::new(database);
    let before = world.users();
    for person in [json!({ "sub": "x" }), json!({ "sub": "y", "email": "y@people.test" })] {
        world.upstream.script(|script| script.profile = person.clone());
        let mut browser = Browser::new(&world.server);
        let page = world.come_back(&mut browser).expect(200);
        assert!(page.has_button("complete-submit"), "{}", page.text());
        assert!(!browser.cookies().iter().any(|c| c.name.contains("ses")));
    }
    assert_eq!(world.users(), before);
});
