//! Creating an account: nothing exists before the address is proven, and nobody learns who has one.

use actix_web::http::StatusCode;
use directory::mail::Template;
use directory::{Actor, users};

use super::PASSWORD;
use super::surfer::{Shown, Site, Surfer, path_of};

const NEW: &str = "violet kettle marches rivers";

fn link_on(page: &Shown, start: &str) -> String {
    let href = page.body.split("href=\"").find(|part| part.starts_with(start));
    let href = href.unwrap_or_else(|| panic!("no link to {start}: {}", page.body));
    href.split('"').next().unwrap().replace("&amp;", "&")
}

/// Goes to the sign-up page of a fresh sign-in and sends it.
async fn ask(surfer: &mut Surfer<'_>, fields: &[(&str, &str)]) -> Shown {
    let login = surfer.start("&state=kept").await;
    let page = surfer.open(&link_on(&login, "/t/acme/signup?tx=")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let sent = surfer.submit(&page, fields).await;
    surfer.follow(sent).await
}

fn exists(site: &Site, email: &str) -> bool {
    let ctx = &site.fixture.state.ctx;
    users::show(ctx, &Actor::cli(ctx), &site.tenant, email).is_ok()
}

fn link(site: &Site) -> String {
    let mails = site.mails();
    let mail = mails.iter().find(|mail| mail.template == Template::VerifyEmail);
    path_of(&mail.unwrap_or_else(|| panic!("{mails:?}")).values["link"])
}

#[actix_web::test]
async fn a_stranger_becomes_somebody_and_goes_on() {
    let site = Site::new();
    let mut eve = Surfer::new(&site);
    let fields = [("email", "New@example.com"), ("name", "Nora New"), ("password", NEW)];
    let sent = ask(&mut eve, &fields).await;
    assert!(sent.body.contains("Check your email") && sent.body.contains("New@example.com"));
    assert!(!exists(&site, "new@example.com"), "nothing before the address is proven");
    let link = link(&site);
    let page = eve.open(&link).await;
    assert!(page.body.contains("Is <b><bdi>New@example.com</bdi></b> yours"), "{}", page.body);
    assert!(!page.body.contains("another browser"));
    assert!(!exists(&site, "new@example.com"), "opening a link makes nothing");
    let before: Vec<_> = eve.cookies.clone();
    let done = eve.submit(&page, &[]).await;
    assert!(done.header("location").starts_with("https://app.test/cb?code="), "{}", done.body);
    assert!(done.header("location").contains("state=kept"));
    let ses = |cookies: &[(String, String)]| {
        cookies.iter().find(|(name, _)| name.contains("ses")).map(|(_, value)| value.clone())
    };
    assert!(ses(&before).is_none() && ses(&eve.cookies).is_some(), "a session of its own");
    let ctx = &site.fixture.state.ctx;
    let user = users::show(ctx, &Actor::cli(ctx), &site.tenant, "new@example.com").unwrap();
    assert!(user.email_verified && user.name == "Nora New");
    assert_eq!(eve.open(&link).await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn b11_an_address_with_an_account_gets_the_same_answer_and_its_owner_the_news() {
    let site = Site::new();
    let mut answers = Vec::new();
    for email in ["new@example.com", "ANN@example.com"] {
        let fields = [("email", email), ("name", "Nora"), ("password", NEW)];
        let sent = ask(&mut Surfer::new(&site), &fields).await;
        let body = sent.body.replace(email, "EMAIL");
        let body: Vec<&str> =
            body.split("tx=").map(|p| p.split_once('"').map_or(p, |p| p.1)).collect();
        let body: Vec<String> =
            body.iter().map(|p| p.split("/login/").next().unwrap().to_owned()).collect();
        // What differs from flow to flow is left out: what is sealed, and the support code.
        let body: Vec<String> =
            body.iter().map(|p| p.split("<footer>").next().unwrap().to_owned()).collect();
        answers.push((sent.status, body));
    }
    assert_eq!(answers[0], answers[1]);
    let mails = site.mails();
    let told: Vec<_> = mails.iter().map(|mail| (mail.template, mail.to.as_str())).collect();
    assert_eq!(
        told,
        [
            (Template::VerifyEmail, "new@example.com"),
            (Template::AlreadyRegistered, "ann@example.com")
        ]
    );
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    let done = ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "her password is as it was");
}

#[actix_web::test]
async fn another_browser_proves_the_address_and_gets_no_session() {
    let site = Site::new();
    let (mut here, mut phone) = (Surfer::new(&site), Surfer::new(&site));
    ask(&mut here, &[("email", "new@example.com"), ("password", NEW)]).await;
    let link = link(&site);
    let page = phone.open(&link).await;
    assert!(page.body.contains("another browser than this one"), "{}", page.body);
    let done = phone.submit(&page, &[]).await;
    let done = phone.follow(done).await;
    assert!(done.body.contains("Return to the device where you started"), "{}", done.body);
    assert!(!phone.cookies.iter().any(|(name, _)| name.contains("ses")));
    let login = here.start("").await;
    let done = here.sign_in(&login, "new@example.com", NEW).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
}

#[actix_web::test]
async fn everything_to_correct_is_said_at_once_and_nothing_typed_is_lost() {
    let site = Site::new();
    site.settings(|settings| {
        settings.terms_url = Some("https://acme.example/terms".to_owned());
        settings.required_fields = vec!["given_name".to_owned(), "phone_number".to_owned()];
    });
    let mut eve = Surfer::new(&site);
    let fields = [("email", "no address"), ("given_name", "<b>Nora</b>"), ("password", "short")];
    let refused = ask(&mut eve, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    for id in ["email", "phone_number", "password", "agree"] {
        assert!(refused.body.contains(&format!("href=\"#{id}\"")), "{id}: {}", refused.body);
    }
    assert!(refused.body.contains("value=\"no address\"") && !refused.body.contains("<b>Nora"));
    assert!(!refused.body.contains("short\""), "the password is not sent back");
    let fields = [
        ("email", "new@example.com"),
        ("given_name", "Nora"),
        ("phone_number", "+43 1 2345678"),
        ("password", NEW),
        ("agree", "1"),
    ];
    assert!(ask(&mut eve, &fields).await.body.contains("Check your email"));
}

#[actix_web::test]
async fn where_it_is_closed_there_is_no_way_round() {
    let site = Site::new();
    let mut eve = Surfer::new(&site);
    let login = eve.start("").await;
    let page = eve.open(&link_on(&login, "/t/acme/signup?tx=")).await;
    ask(&mut eve, &[("email", "early@example.com"), ("password", NEW)]).await;
    let early = link(&site);
    site.settings(|settings| settings.sign_up = false);
    let sent = eve.submit(&page, &[("email", "new@example.com"), ("password", NEW)]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.body.contains("You cannot create an account here"), "{}", sent.body);
    assert!(site.mails().is_empty());
    assert!(!eve.start("").await.body.contains("/signup"));
    let verify = eve.open(&early).await;
    let refused = eve.submit(&verify, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "closed means closed: {}", refused.body);
    assert!(!exists(&site, "early@example.com"));
}

#[actix_web::test]
async fn b9_2_two_sign_ups_for_one_address_make_one_account_of_whoever_reads_the_mail() {
    let site = Site::new();
    let (mut mallory, mut victim) = (Surfer::new(&site), Surfer::new(&site));
    ask(&mut mallory, &[("email", "v@example.com"), ("password", "mallory knows this one")]).await;
    let first = link(&site);
    ask(&mut victim, &[("email", "V@example.com"), ("password", NEW)]).await;
    let second = link(&site);
    assert_eq!(victim.open(&first).await.status, StatusCode::GONE, "only the newest works");
    let page = victim.open(&second).await;
    victim.submit(&page, &[]).await;
    let login = mallory.start("").await;
    let refused = mallory.sign_in(&login, "v@example.com", "mallory knows this one").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
