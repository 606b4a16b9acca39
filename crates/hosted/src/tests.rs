//! The pages through the whole pipeline over a real database, as one browser meets them. Journeys
//! with an application at the end of them are black-box tests of the whole server.

mod account;
mod links;
mod recover;
mod sign_up;
mod surfer;

use actix_web::http::StatusCode;
use surfer::{Site, Surfer};

use crate::views::sign_in::REFRESHED;

const PASSWORD: &str = "correct horse battery staple";

#[actix_web::test]
async fn a_sign_in_ends_at_the_application() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    assert_eq!(login.status, StatusCode::OK, "{}", login.body);
    let policy = login.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.test;"), "{policy}");
    assert_eq!(login.header("cache-control"), "no-store");
    let done = ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(done.header("location").starts_with("https://app.test/cb?code=oc_"));
    assert!(ann.start("").await.header("location").starts_with("https://app.test/cb?code="));
}

#[actix_web::test]
async fn a_page_that_was_overtaken_leads_on_with_one_press() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let (left, right) = (ann.start("&state=left").await, ann.start("&state=right").await);
    ann.sign_in(&left, "ann@example.com", PASSWORD).await;
    let right = ann.open(&right.path).await;
    assert!(right.body.contains("You are signed in as") && right.body.contains("Ann Archer"));
    let done = ann.submit(&right, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(done.header("location").contains("&state=right"), "{}", done.header("location"));
}

#[actix_web::test]
async fn an_old_token_shows_the_form_again_and_guesses_nothing() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    for _ in 0..12 {
        let sent = [("csrf", "old"), ("username", "ann@example.com"), ("password", "wrong")];
        let again = ann.submit(&login, &sent).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains(REFRESHED) && again.body.contains("value=\"ann@example.com\""));
    }
    let done = ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "no guess was counted: {}", done.body);
}

#[actix_web::test]
async fn a_form_from_another_site_is_refused() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    ann.origin = "https://evil.test".to_owned();
    let answer = ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!ann.cookies.iter().any(|(name, _)| name.contains("ses")));
}

#[actix_web::test]
async fn a_browser_without_cookies_is_told_so_and_does_not_go_in_circles() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    ann.cookies.clear();
    let once = ann.get(&login.path).await;
    assert_eq!(once.status, StatusCode::FOUND);
    ann.cookies.clear();
    let twice = ann.get(&surfer::path_of(once.header("location"))).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST, "{}", twice.header("location"));
    assert!(twice.body.contains("flow_foreign_browser"), "{}", twice.body);
}

#[actix_web::test]
async fn somebody_else_signs_in_beside_the_first() {
    let site = Site::new();
    let mut both = Surfer::new(&site);
    let login = both.start("").await;
    both.sign_in(&login, "ann@example.com", PASSWORD).await;
    let choose = both.start("&prompt=select_account").await;
    assert!(choose.body.contains("Choose an account") && choose.body.contains("ann@example.com"));
    let login = both.submit(&choose, &[("session", "")]).await;
    let login = both.follow(login).await;
    assert!(login.body.contains("login-submit"), "{}", login.body);
    let done = both.sign_in(&login, "bob@example.com", PASSWORD).await;
    assert!(done.header("location").starts_with("https://app.test/cb?code="), "{}", done.body);
    let choose = both.start("&prompt=select_account").await;
    assert!(choose.body.contains("ann@example.com") && choose.body.contains("bob@example.com"));
}

#[actix_web::test]
async fn one_flow_may_change_hands_before_it_ends() {
    let site = Site::new();
    let mut both = Surfer::new(&site);
    let login = both.start("&prompt=select_account").await;
    both.sign_in(&login, "ann@example.com", PASSWORD).await;
    let sent_late = both.sign_in(&login, "bob@example.com", PASSWORD).await;
    assert!(sent_late.body.contains("You are signed in as"), "{}", sent_late.header("location"));
    assert!(sent_late.body.contains("Ann Archer"), "not silently as somebody else");
    let twice = both.sign_in(&login, "Ann@example.com", PASSWORD).await;
    assert!(twice.header("location").starts_with("https://app.test/cb?code="));
    let choose = both.open(&login.path.replace("/login/", "/choose/")).await;
    let other = both.submit(&choose, &[("session", "")]).await;
    let other = both.follow(other).await;
    assert!(other.body.contains("login-submit"), "{}", other.body);
    let done = both.sign_in(&other, "bob@example.com", PASSWORD).await;
    assert!(done.header("location").starts_with("https://app.test/cb?code="), "{}", done.body);
    let choose = both.start("&prompt=select_account").await;
    let (ann, bob) = (choose.body.find("ann@example.com"), choose.body.find("bob@example.com"));
    assert!(bob.is_some() && bob < ann, "Bob has a session, and it is the newest");
}

#[actix_web::test]
async fn a_used_page_whose_session_is_over_asks_once_more() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    ann.cookies.retain(|(name, _)| !name.contains("ses"));
    let login = ann.open(&login.path).await;
    let again = ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains(REFRESHED) && again.body.contains("value=\"ann@example.com\""));
    let done = ann.sign_in(&again, "ann@example.com", PASSWORD).await;
    assert!(done.header("location").starts_with("https://app.test/cb?code="), "{}", done.body);
}

#[actix_web::test]
async fn asked_again_the_person_is_settled_and_may_say_otherwise() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    let login = ann.start("").await;
    ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    let again = ann.start("&prompt=login").await;
    assert!(again.body.contains("needs a fresh check"), "{}", again.body);
    assert!(again.body.contains("readonly") && again.body.contains("value=\"ann@example.com\""));
    let other = ann.open(&format!("{}?as=new", again.path)).await;
    assert!(!other.body.contains("readonly") && !other.body.contains("ann@example.com"));
    let hinted = ann.start("&prompt=login&login_hint=bob%40example.com").await;
    assert!(!hinted.body.contains("readonly") && hinted.body.contains("value=\"bob@example.com\""));
}

#[actix_web::test]
async fn signing_out_asks_first_and_forgets_the_browser() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    assert!(ann.open("/t/acme/logout").await.body.contains("You are not signed in"));
    let login = ann.start("").await;
    ann.sign_in(&login, "ann@example.com", PASSWORD).await;
    let question = ann.open("/t/acme/logout?id_token_hint=x").await;
    assert!(question.body.contains("logout-confirm"), "{} {:?}", question.body, ann.cookies);
    assert!(question.body.contains("ann@example.com"), "{}", question.body);
    let done = ann.submit(&question, &[]).await;
    let done = ann.follow(done).await;
    assert!(done.body.contains("You are signed out of"), "{}", done.body);
    assert!(!ann.cookies.iter().any(|(name, _)| name.contains("ses")), "{:?}", ann.cookies);
    assert!(ann.start("").await.body.contains("login-submit"));
}

#[actix_web::test]
async fn an_applications_posted_sign_out_becomes_a_page_of_ours() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    ann.origin = "https://app.test".to_owned();
    let answer = ann.post("/t/acme/logout", "id_token_hint=a.b.c&state=1&x=2").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let expected = "https://id.example.com/t/acme/logout?id_token_hint=a.b.c&state=1";
    assert_eq!(answer.header("location"), expected);
}

#[actix_web::test]
async fn what_is_no_flow_is_not_found_and_a_theme_is_a_colour() {
    let site = Site::new();
    let mut ann = Surfer::new(&site);
    for page in ["login", "flow", "consent", "choose"] {
        assert_eq!(ann.open(&format!("/t/acme/{page}/x")).await.status, StatusCode::NOT_FOUND);
    }
    let theme = ann.open("/t/acme/theme.0d7a5f.css").await;
    assert_eq!(theme.body, ":root{--brand:#0d7a5f}\n");
    assert!(theme.header("cache-control").contains("immutable"));
    for wrong in
        ["/t/acme/theme.0d7a5.css", "/t/acme/theme.x}body{}.css", "/t/none/theme.0d7a5f.css"]
    {
        assert_eq!(ann.open(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}
