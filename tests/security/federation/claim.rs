//! B9 and pre-hijacking: an account that somebody else set up with an address of yours is yours
//! alone once you prove the address, whichever way.

use super::{World, refused};
use harness::{Browser, Page, User, on_both};
use serde_json::json;

const PASSWORD: &str = "violet kettle marches 42 rivers";

/// An account at an address that nobody has proven, and the browser of whoever prepared it: they
/// know its password and have linked an identity of theirs.
fn prepared(world: &World, email: &str) -> (User, Browser) {
    let tenant = world.server.ready().tenant.slug.clone();
    let password = "the password that mallory chose".to_owned();
    let id = world.server.cli().create_user(&tenant, email, &password);
    let user = User { id, email: email.to_owned(), password };
    let mut mallory = Browser::new(&world.server);
    world.party.sign_in(&mut mallory, &user);
    world.upstream.script(|s| s.person("mallory-there", "mallory@evil.test", json!(true)));
    let issuer = world.party.issuer.clone();
    let page = mallory.open(&format!("{issuer}/account/identities")).expect(200);
    let page = mallory.submit(&page, &page.form_with_button("link-up").press("link-up"));
    let request = way(&page);
    let page = mallory.open(&world.upstream.agree(&request)).expect(200);
    let form = page.form_with_button("connect-confirm").press("connect-confirm");
    let page = mallory.submit(&page, &form).expect(200);
    assert!(page.has_button("unlink-1"), "{}", page.text());
    assert!(world.come_back(&mut Browser::new(&world.server)).left, "it signs in");
    (user, mallory)
}

/// The link to the provider on the page that shows the way there.
fn way(page: &Page) -> url::Url {
    let html = page.response.text();
    let href = html.split("href=\"").find(|part| part.contains("/authorize?")).expect("a link");
    let href = harness::html::unescape(href.split('"').next().expect("an end"));
    url::Url::parse(&href).expect("an address")
}

/// Nothing of whoever prepared the account gets in any more.
fn is_the_owners(world: &World, user: &User, mallory: &mut Browser) {
    let issuer = world.party.issuer.clone();
    let page = mallory.open(&format!("{issuer}/account"));
    assert!(page.has_button("login-submit"), "the session ended: {}", page.text());
    let login = world.party.start(mallory);
    let old = harness::relying_party::sign_in_on(mallory, &login, user);
    assert_eq!(old.status(), 422, "the password is over");
    world.upstream.script(|s| s.person("mallory-there", "mallory@evil.test", json!(true)));
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser);
    let tokens = world.party.tokens(&world.party.finish(&mut browser, page));
    let sub = harness::jwt::claims(&tokens.id)["sub"].clone();
    assert_ne!(sub, user.id.as_str(), "the identity is not the account's any more");
}

on_both!(b9_2_a_reset_at_an_address_nobody_had_proven_claims_the_account, |database| {
    let world = World::new(database);
    let (user, mut mallory) = prepared(&world, "carol@people.test");
    let issuer = world.party.issuer.clone();
    let mut carol = Browser::new(&world.server);
    let page = carol.open(&format!("{issuer}/recover")).expect(200);
    let form = page.form_with_button("recover-submit").set("username", &user.email);
    carol.submit(&page, &form).expect(200);
    let link = world.server.links_to(&user.email, "/set-password/", 1).remove(0);
    let page = carol.open(&link).expect(200);
    // Even somebody who leaves sessions alone does not share the account with a stranger.
    let form = page.form_with_button("password-submit").without("everywhere");
    carol.submit(&page, &form.set("password", PASSWORD)).expect(200);
    is_the_owners(&world, &user, &mut mallory);
    let owner = User { password: PASSWORD.to_owned(), ..user.clone() };
    let tokens = world.party.sign_in_fresh(&world.server, &owner);
    let claims = harness::jwt::claims(&tokens.id);
    assert_eq!((&claims["sub"], &claims["email_verified"]), (&json!(user.id), &json!(true)));
});

on_both!(b9_2_a_provider_and_a_mail_claim_the_account, |database| {
    let world = World::new(database);
    let (user, mut mallory) = prepared(&world, "carol@people.test");
    world.upstream.script(|s| s.person("carol-there", "carol@people.test", json!(true)));
    let mut carol = Browser::new(&world.server);
    let page = world.come_back(&mut carol);
    let form = page.form_with_button("connect-mail").press("connect-mail");
    carol.submit(&page, &form).expect(200);
    let link = world.server.links_to(&user.email, "/connect/mail/", 1).remove(0);
    let page = carol.open(&link).expect(200);
    let form = page.form_with_button("connect-confirm").press("connect-confirm");
    let page = carol.submit(&page, &form);
    let tokens = world.party.tokens(&world.party.finish(&mut carol, page));
    assert_eq!(harness::jwt::claims(&tokens.id)["sub"], user.id);
    is_the_owners(&world, &user, &mut mallory);
    world.upstream.script(|s| s.person("carol-there", "carol@people.test", json!(true)));
    let mut again = Browser::new(&world.server);
    let page = world.come_back(&mut again);
    let tokens = world.party.tokens(&world.party.finish(&mut again, page));
    assert_eq!(harness::jwt::claims(&tokens.id)["sub"], user.id, "hers signs in");
    refused(&carol.open(&link), "link_proof_over");
});

on_both!(who_has_an_identity_and_no_password_chooses_one, |database| {
    let world = World::new(database);
    let mut browser = Browser::new(&world.server);
    let page = world.come_back(&mut browser);
    let tokens = world.party.tokens(&world.party.finish(&mut browser, page));
    let claims = harness::jwt::claims(&tokens.id);
    let email = claims["email"].as_str().expect("an address");
    let issuer = world.party.issuer.clone();
    let page = browser.open(&format!("{issuer}/recover")).expect(200);
    let form = page.form_with_button("recover-submit").set("username", email);
    browser.submit(&page, &form).expect(200);
    let link = world.server.links_to(email, "/set-password/", 1).remove(0);
    let page = browser.open(&link).expect(200);
    let form = page.form_with_button("password-submit").set("password", PASSWORD);
    browser.submit(&page, &form).expect(200);
    let id = claims["sub"].as_str().expect("a subject").to_owned();
    let user = User { id, email: email.to_owned(), password: PASSWORD.to_owned() };
    let tokens = world.party.sign_in_fresh(&world.server, &user);
    assert_eq!(harness::jwt::claims(&tokens.id)["sub"], claims["sub"]);
    let page = world.come_back(&mut Browser::new(&world.server));
    assert!(page.left, "a proven address: the identity stays: {}", page.text());
});
