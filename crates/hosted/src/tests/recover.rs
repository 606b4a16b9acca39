//! A forgotten password: what anybody is told, who gets the mail, and what the link does.

use actix_web::http::StatusCode;
use directory::mail::Template;
use directory::{Actor, users};

use super::PASSWORD;
use super::surfer::{Shown, Site, Surfer, path_of};

const NEW: &str = "purple elephants dance quietly";

async fn ask(surfer: &mut Surfer<'_>, email: &str) -> Shown {
    let page = surfer.open("/t/acme/recover").await;
    let sent = surfer.submit(&page, &[("username", email)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    surfer.follow(sent).await
}

#[actix_web::test]
async fn b11_everybody_is_told_the_same_and_only_a_stored_address_gets_mail() {
    let site = Site::new();
    let ctx = &site.fixture.state.ctx;
    users::change::set_blocked(ctx, &Actor::cli(ctx), &site.tenant, "bob@example.com", true)
        .unwrap();
    let mut answers = Vec::new();
    for email in ["ANN@example.com", "bob@example.com", "nobody@example.com"] {
        let page = ask(&mut Surfer::new(&site), email).await;
        assert!(page.body.contains("Check your email"), "{}", page.body);
        answers.push((page.status, page.body.replace(email, "EMAIL")));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let mails = site.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(
        (mails[0].template, mails[0].to.as_str()),
        (Template::ResetPassword, "ann@example.com")
    );
    assert!(mails[0].values["link"].starts_with("https://id.example.com/t/acme/set-password/"));
}

#[actix_web::test]
async fn one_address_gets_a_few_mails_an_hour_and_nobody_is_told() {
    let site = Site::new();
    for _ in 0..8 {
        let page = ask(&mut Surfer::new(&site), "ann@example.com").await;
        assert!(page.body.contains("Check your email"));
    }
    assert_eq!(site.mails().len(), 5);
}

#[actix_web::test]
async fn a_link_from_a_sign_in_leads_back_to_it() {
    let site = Site::new();
    let (mut here, mut elsewhere) = (Surfer::new(&site), Surfer::new(&site));
    let login = here.start("&state=kept").await;
    let recover = login.body.split("href=\"").find(|part| part.starts_with("/t/acme/recover?tx="));
    let recover = recover.unwrap().split('"').next().unwrap().to_owned();
    let page = here.open(&recover).await;
    let sent = here.submit(&page, &[("username", "ann@example.com")]).await;
    assert!(here.follow(sent).await.body.contains("Back to sign-in"));
    let mail = site.mails().remove(0);
    assert_eq!(mail.values["application"], "App");
    let link = path_of(&mail.values["link"]);
    // A scanner that opens links uses nothing up.
    assert_eq!(elsewhere.open(&link).await.status, StatusCode::OK);
    let page = here.open(&link).await;
    assert!(page.body.contains("Choose a new password"), "{}", page.body);
    let done = here.submit(&page, &[("password", NEW), ("everywhere", "1")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let login = here.follow(done).await;
    assert!(login.body.contains("Your password is set"), "{}", login.body);
    let signed_in = here.sign_in(&login, "ann@example.com", NEW).await;
    assert!(signed_in.header("location").contains("state=kept"), "{}", signed_in.body);
    assert_eq!(elsewhere.open(&link).await.status, StatusCode::GONE);
    let told = site.mails();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].template, Template::PasswordChanged);
}

#[actix_web::test]
async fn a_reset_ends_what_was_signed_in_unless_told_otherwise() {
    let site = Site::new();
    // Of an address that is proven: else the mail proves it, and everything of before ends.
    let ctx = &site.fixture.state.ctx;
    let ann = users::show(ctx, &Actor::cli(ctx), &site.tenant, "ann@example.com").unwrap();
    let proven = |tx: &mut store::Tx| tx.verify_user_email(&ann.id, &ann.email_key, ctx.now());
    assert!(ctx.db.write(&site.tenant, proven).unwrap());
    for (everywhere, left) in [("", true), ("1", false)] {
        let mut ann = Surfer::new(&site);
        let login = ann.start("").await;
        let password = if left { PASSWORD } else { NEW };
        ann.sign_in(&login, "ann@example.com", password).await;
        ask(&mut Surfer::new(&site), "ann@example.com").await;
        let reset = |m: &directory::mail::Message| m.template == Template::ResetPassword;
        let mail = site.mails().into_iter().find(reset).unwrap();
        let mut other = Surfer::new(&site);
        let page = other.open(&path_of(&mail.values["link"])).await;
        let done = other.submit(&page, &[("password", NEW), ("everywhere", everywhere)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let silent = ann.start("&prompt=none").await;
        assert_eq!(silent.header("location").contains("?code="), left, "everywhere: {everywhere}");
    }
}

#[actix_web::test]
async fn a_mailed_link_proves_the_address_and_is_of_one_tenant() {
    let site = Site::new();
    site.fixture.tenant("other", None);
    ask(&mut Surfer::new(&site), "ann@example.com").await;
    let link = path_of(&site.mails().remove(0).values["link"]);
    let mut ann = Surfer::new(&site);
    let there = ann.open(&link.replace("/t/acme/", "/t/other/")).await;
    assert_eq!(there.status, StatusCode::NOT_FOUND);
    let page = ann.open(&link).await;
    ann.submit(&page, &[("password", NEW), ("everywhere", "1")]).await;
    let ctx = &site.fixture.state.ctx;
    let user = users::show(ctx, &Actor::cli(ctx), &site.tenant, "ann@example.com").unwrap();
    assert!(user.email_verified);
}

#[actix_web::test]
async fn b10_2_what_is_no_single_address_gets_no_mail() {
    let site = Site::new();
    for email in ["ann@example.com,eve@evil.test", "\"eve@evil.test\"@example.com", "ann", ""] {
        let mut eve = Surfer::new(&site);
        let page = eve.open("/t/acme/recover").await;
        let refused = eve.submit(&page, &[("username", email)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
    }
    assert!(site.mails().is_empty());
}

#[actix_web::test]
async fn a_password_counts_only_where_it_is_asked_for() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    site.settings(|settings| settings.password = false);
    let refused = ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("no way to sign in here"), "{}", refused.body);
    assert!(!refused.body.contains("name=\"password\""));
}
