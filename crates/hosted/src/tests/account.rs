//! The account pages: who is let in, what each change costs, and that nobody reaches what is not
//! theirs.

use actix_web::http::StatusCode;
use directory::mail::Template;
use directory::{Actor, users};
use store::users::UserRow;

use super::PASSWORD;
use super::surfer::{Shown, Site, Surfer, path_of};

const NEW: &str = "purple elephants dance quietly";

fn user(site: &Site, email: &str) -> UserRow {
    let ctx = &site.fixture.state.ctx;
    users::show(ctx, &Actor::cli(ctx), &site.tenant, email).unwrap()
}

/// Opens an account page, signing in on the way.
async fn enter<'s>(site: &'s Site, email: &str, path: &str) -> (Surfer<'s>, Shown) {
    let mut surfer = Surfer::new(site);
    let login = surfer.open(path).await;
    assert!(login.body.contains("Sign in to <bdi>your account</bdi>"), "{}", login.body);
    let done = surfer.sign_in(&login, email, PASSWORD).await;
    assert_eq!(done.header("location"), format!("https://id.example.com{path}"));
    let page = surfer.follow(done).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    (surfer, page)
}

fn mail(site: &Site, template: Template) -> directory::mail::Message {
    let mails = site.mails();
    let found = mails.iter().find(|mail| mail.template == template);
    found.unwrap_or_else(|| panic!("no {template:?} in {mails:?}")).clone()
}

#[actix_web::test]
async fn a_stranger_signs_in_first_and_every_page_is_there() {
    let site = Site::new();
    let (mut ann, home) = enter(&site, "ann@example.com", "/t/acme/account").await;
    assert!(home.body.contains("Ann Archer") && home.body.contains("This browser only"));
    for page in ["profile", "email", "password", "identities", "sessions", "applications"] {
        let page = ann.open(&format!("/t/acme/account/{page}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("aria-current=\"page\""));
    }
    let known = ann.get("/t/acme/.well-known/change-password").await;
    assert!(known.header("location").ends_with("/t/acme/account/password"));
}

#[actix_web::test]
async fn a_profile_is_saved_and_two_windows_do_not_overwrite_each_other() {
    let site = Site::new();
    let (mut ann, page) = enter(&site, "ann@example.com", "/t/acme/account/profile").await;
    let saved = ann.submit(&page, &[("name", "Ann <b>Ash</b>"), ("nickname", "Annie")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let shown = ann.follow(saved).await;
    assert!(shown.body.contains("Your profile is saved") && !shown.body.contains("<b>Ash"));
    let late = ann.submit(&page, &[("name", "Somebody")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("value=\"Somebody\""), "what was typed stays");
    let wrong = ann.submit(&shown, &[("website", "javascript:alert(1)")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("href=\"#website\""), "{}", wrong.body);
    assert_eq!(user(&site, "ann@example.com").name, "Ann <b>Ash</b>");
}

#[actix_web::test]
async fn b9_4_what_a_person_may_not_write_is_not_written() {
    let site = Site::new();
    let (mut ann, page) = enter(&site, "ann@example.com", "/t/acme/account/profile").await;
    let more = [
        ("name", "Ann"),
        ("email", "eve@evil.test"),
        ("email_verified", "true"),
        ("external_id", "1"),
        ("blocked", "false"),
    ];
    ann.submit(&page, &more).await;
    let ann = user(&site, "ann@example.com");
    assert!(!ann.email_verified && ann.external_id.is_none());
}

#[actix_web::test]
async fn a_password_changes_with_the_present_one_and_other_browsers_end() {
    let site = Site::new();
    let (mut ann, page) = enter(&site, "ann@example.com", "/t/acme/account/password").await;
    let (mut other, _) = enter(&site, "ann@example.com", "/t/acme/account").await;
    let wrong = ann.submit(&page, &[("current", "wrong"), ("password", NEW)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("present password is not correct"), "{}", wrong.body);
    let done = ann.submit(&page, &[("current", PASSWORD), ("password", NEW)]).await;
    let done = ann.follow(done).await;
    assert!(done.body.contains("Your password is set"), "this browser stays: {}", done.body);
    assert!(other.open("/t/acme/account").await.body.contains("login-submit"));
    assert_eq!(mail(&site, Template::PasswordChanged).to, "ann@example.com");
}

#[actix_web::test]
async fn b12_guesses_at_the_present_password_count_with_all_others() {
    let site = Site::new();
    let (mut ann, page) = enter(&site, "ann@example.com", "/t/acme/account/password").await;
    // The mark of a known browser has a counter of its own; without it all share one.
    ann.cookies.retain(|(name, _)| !name.contains("kb"));
    for _ in 0..10 {
        ann.submit(&page, &[("current", "wrong"), ("password", NEW)]).await;
    }
    let refused = ann.submit(&page, &[("current", PASSWORD), ("password", NEW)]).await;
    assert!(refused.body.contains("Too many attempts"), "{}", refused.body);
    let mut eve = Surfer::new(&site);
    let login = eve.start("").await;
    let refused = eve.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert!(refused.body.contains("Too many attempts"), "{}", refused.body);
}

#[actix_web::test]
async fn an_address_changes_by_proof_and_can_be_taken_back() {
    let site = Site::new();
    let (mut ann, page) = enter(&site, "ann@example.com", "/t/acme/account/email").await;
    let asked = ann.submit(&page, &[("email", "New@example.com")]).await;
    let asked = ann.follow(asked).await;
    assert!(asked.body.contains("Check your email") && asked.body.contains("New@example.com"));
    assert_eq!(user(&site, "ann@example.com").name, "Ann Archer", "nothing changed yet");
    let link = path_of(&mail(&site, Template::ChangeEmail).values["link"]);
    // Whoever reads a mistyped mailbox is not her.
    let (mut bob, not_his) = {
        let mut bob = Surfer::new(&site);
        let login = bob.open(&link).await;
        let done = bob.sign_in(&login, "bob@example.com", PASSWORD).await;
        let page = bob.follow(done).await;
        (bob, page)
    };
    assert_eq!(not_his.status, StatusCode::NOT_FOUND, "{}", not_his.body);
    assert_eq!(bob.post(&link, "csrf=x").await.status, StatusCode::NOT_FOUND);
    let question = ann.open(&link).await;
    let done = ann.submit(&question, &[]).await;
    assert!(ann.follow(done).await.body.contains("Your address is changed"));
    let changed = user(&site, "new@example.com");
    assert!(changed.email_verified);
    let told = mail(&site, Template::EmailChanged);
    assert_eq!(told.to, "ann@example.com");
    let undo = path_of(&told.values["link"]);
    let mut owner = Surfer::new(&site);
    let page = owner.open(&undo).await;
    assert_eq!(user(&site, "new@example.com").id, changed.id, "opening it changes nothing");
    let undone = owner.submit(&page, &[]).await;
    let reset = owner.follow(undone).await;
    assert!(reset.body.contains("Create a password"), "{}", reset.body);
    let back = user(&site, "ann@example.com");
    assert!(back.id == changed.id && back.password.is_none(), "the present password is gone");
    assert!(ann.open("/t/acme/account").await.body.contains("login-submit"), "all are out");
    let done = owner.submit(&reset, &[("password", NEW)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(owner.open(&undo).await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn an_undone_change_cannot_be_redone_by_a_later_link() {
    let site = Site::new();
    let mut undos = Vec::new();
    let (mut thief, _) = enter(&site, "ann@example.com", "/t/acme/account").await;
    for to in ["one@evil.test", "two@evil.test"] {
        let page = thief.open("/t/acme/account/email").await;
        thief.submit(&page, &[("email", to)]).await;
        let link = path_of(&mail(&site, Template::ChangeEmail).values["link"]);
        let page = thief.open(&link).await;
        thief.submit(&page, &[]).await;
        undos.push(path_of(&mail(&site, Template::EmailChanged).values["link"]));
    }
    let mut owner = Surfer::new(&site);
    let page = owner.open(&undos[0]).await;
    assert_eq!(owner.submit(&page, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(thief.open(&undos[1]).await.status, StatusCode::GONE);
    assert!(user(&site, "ann@example.com").email_verified);
}

#[actix_web::test]
async fn an_address_that_somebody_has_gets_the_same_answer() {
    let site = Site::new();
    let (mut ann, page) = enter(&site, "ann@example.com", "/t/acme/account/email").await;
    let asked = ann.submit(&page, &[("email", "bob@example.com")]).await;
    assert!(ann.follow(asked).await.body.contains("Check your email"));
    assert_eq!(mail(&site, Template::AlreadyRegistered).to, "bob@example.com");
    let same = ann.submit(&page, &[("email", "nonsense")]).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn sessions_end_one_by_one_and_nobody_elses() {
    let site = Site::new();
    let (mut ann, _) = enter(&site, "ann@example.com", "/t/acme/account").await;
    let (mut phone, _) = enter(&site, "ann@example.com", "/t/acme/account").await;
    let (mut bob, bobs) = enter(&site, "bob@example.com", "/t/acme/account/sessions").await;
    let page = ann.open("/t/acme/account/sessions").await;
    assert!(page.body.matches("value=\"ses_").count() == 2, "{}", page.body);
    let id = bobs.body.split("value=\"ses_").nth(1).unwrap().split('"').next().unwrap();
    let theirs = ann.press(&page, "end-1", &[]).await;
    drop(theirs);
    let page = ann.open("/t/acme/account/sessions").await;
    let stolen = format!("ses_{id}");
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap().to_owned();
    let body = format!("csrf={csrf}&session={stolen}");
    let refused = ann.post("/t/acme/account/sessions", &body).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(bob.open("/t/acme/account").await.status, StatusCode::OK);
    assert!(bob.open("/t/acme/account").await.body.contains("bob@example.com"));
    let everywhere = ann.press(&page, "end-everywhere", &[]).await;
    assert!(ann.follow(everywhere).await.body.contains("You are signed out"));
    assert!(phone.open("/t/acme/account").await.body.contains("login-submit"));
    assert!(!bob.open("/t/acme/account").await.body.contains("login-submit"));
}

#[actix_web::test]
async fn every_form_needs_its_token_and_our_own_page() {
    let site = Site::new();
    let (mut ann, _) = enter(&site, "ann@example.com", "/t/acme/account").await;
    for (path, body) in [
        ("profile", "version=1&name=Eve"),
        ("email", "email=eve%40evil.test"),
        ("password", "current=x&password=y"),
        ("identities/unlink", "identity=idn_00000000000000000000000000"),
        ("sessions", "session=everywhere"),
        ("applications", "application=app_00000000000000000000000000"),
    ] {
        let path = format!("/t/acme/account/{path}");
        ann.origin = "https://evil.test".to_owned();
        let crossed = ann.post(&path, body).await;
        assert_eq!(crossed.status, StatusCode::FORBIDDEN, "{path}");
        ann.origin = "https://id.example.com".to_owned();
        let bare = ann.post(&path, body).await;
        let harmless = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER];
        assert!(harmless.contains(&bare.status), "{path}: {}", bare.status);
        assert!(!bare.header("location").contains("done="), "{path}");
    }
    assert_eq!(user(&site, "ann@example.com").name, "Ann Archer");
    assert!(!ann.open("/t/acme/account").await.body.contains("login-submit"));
    assert!(site.mails().is_empty());
}

#[actix_web::test]
async fn an_application_loses_its_access_for_its_owner_alone() {
    let site = Site::new();
    let ctx = &site.fixture.state.ctx;
    let app = site.application();
    let (ann, bob) = (user(&site, "ann@example.com"), user(&site, "bob@example.com"));
    for one in [&ann, &bob] {
        let put = ctx.db.write(&site.tenant, |tx| {
            tx.put_consent(&one.id, &app, "openid email offline_access", ctx.now())
        });
        let put: Result<(), store::Error> = put;
        put.unwrap();
    }
    let (mut surfer, page) = enter(&site, "ann@example.com", "/t/acme/account/applications").await;
    assert!(page.body.contains("See your email address"), "{}", page.body);
    let gone = surfer.press(&page, "remove-1", &[]).await;
    let gone = surfer.follow(gone).await;
    assert!(gone.body.contains("Its access is removed") && gone.body.contains("None yet"));
    let left = ctx.db.read(&site.tenant, |tx| {
        Ok::<_, store::Error>((tx.find_consent(&ann.id, &app)?, tx.find_consent(&bob.id, &app)?))
    });
    let (anns, bobs) = left.unwrap();
    assert!(anns.is_none() && bobs.is_some());
}
