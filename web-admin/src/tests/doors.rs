//! Doors: without a session, with a session that ended, without a right, with another tenant's id,
//! from another site.

use directory::{Actor, sessions, users};
use store::TenantId;

use super::site::Site;

#[actix_web::test]
async fn without_a_session_every_page_leads_to_the_sign_in() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let ctx = &site.fixture.state.ctx;
    sessions::revoke_all(ctx, &Actor::cli(ctx), &TenantId::system(), site.operator.as_str())
        .unwrap();
    let answer = browser.open("/console/t/acme/applications?q=a").await;
    assert_eq!(answer.status, 302);
    let to = answer.header("location");
    assert!(to.ends_with("/console/login?to=%2Fconsole%2Ft%2Facme%2Fapplications%3Fq%3Da"), "{to}");
    let on = browser.follow(answer).await;
    assert!(on.header("location").contains("/t/system/authorize?"), "{}", on.header("location"));
    for part in ["code_challenge_method=S256", "state=", "nonce=", "scope=openid"] {
        assert!(on.header("location").contains(part), "{part}");
    }
}

#[actix_web::test]
async fn a_session_ends_with_what_it_hangs_on() {
    let site = Site::new();
    let ctx = &site.fixture.state.ctx;
    let (actor, system) = (Actor::cli(ctx), TenantId::system());
    let ann = site.with_role("ann@example.com", "admin");
    let id = ann.as_str();
    let mut browser = site.browser(&ann);
    assert_eq!(browser.open("/console/t/acme").await.status, 200);
    let list = sessions::list(ctx, &actor, &system, Some(id), None, None).unwrap().items;
    for session in list {
        sessions::revoke(ctx, &actor, &system, session.id.as_str()).unwrap();
    }
    assert_eq!(browser.open("/console/t/acme").await.status, 302, "revoked");
    let mut browser = site.browser(&ann);
    users::change::set_blocked(ctx, &actor, &system, id, true).unwrap();
    assert_eq!(browser.open("/console/t/acme").await.status, 302, "blocked");
}

#[actix_web::test]
async fn an_auditor_reads_and_changes_nothing() {
    let site = Site::new();
    let auditor = site.with_role("audit@example.com", "auditor");
    let mut browser = site.browser(&auditor);
    assert_eq!(browser.open("/console").await.header("location"), here("/console/t/acme"));
    let app = format!("/console/t/acme/applications/{}", site.app);
    let page = browser.open(&app).await;
    assert_eq!(page.status, 200);
    let settings = browser.open(&format!("{app}/settings")).await;
    assert!(settings.body.contains("<fieldset class=\"whole\" disabled>"), "{}", settings.body);
    let list = browser.open("/console/t/acme/applications").await;
    assert!(!list.body.contains("/applications/new"), "{}", list.body);
    for path in ["/console/t/acme/applications/new", &format!("{app}/delete"), "/console/system"] {
        let refused = browser.open(path).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.body.contains("You may not do this"), "{path}");
    }
    let disable = format!("{app}/disable");
    let token = super::lint::fields(&page.body, "/console/appearance").remove(0);
    for path in [&disable, &format!("{app}/credentials"), &format!("{app}/enable")] {
        assert_eq!(browser.post(path, std::slice::from_ref(&token)).await.status, 403, "{path}");
    }
}

fn here(path: &str) -> String {
    format!("https://id.example.com{path}")
}

#[actix_web::test]
async fn foreign_ids_look_like_unknown_ones() {
    let site = Site::new();
    site.fixture.tenant("other", None);
    let auditor = site.with_role("audit@example.com", "auditor");
    let mut operator = site.browser(&site.operator);
    let mut only_acme = site.browser(&auditor);
    let without_id = |answer: web::testing::Answer| {
        let id = answer.header("request-id").to_owned();
        assert_eq!(answer.status, 404, "{}", answer.body);
        answer.body.replace(&id, "")
    };
    let unknown = without_id(operator.open("/console/t/nobody/users").await);
    assert_eq!(without_id(only_acme.open("/console/t/other/users").await), unknown);
    for rest in [
        format!("applications/{}", site.app),
        format!("applications/{}/settings", site.app),
        format!("applications/{}/credentials/{}/revoke", site.app, site.secret),
        format!("users/{}", site.user),
        format!("users/{}/block", site.user),
        "applications/app_zzzzzzzzzzzzzzzzzzzzzzzzzz".to_owned(),
        "users/ann".to_owned(),
    ] {
        let answer = operator.open(&format!("/console/t/other/{rest}")).await;
        assert_eq!(without_id(answer), unknown, "{rest}");
    }
}

#[actix_web::test]
async fn forms_count_from_our_own_page_and_session_only() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let path = "/console/t/acme/users/new";
    let page = browser.open(path).await;
    let typed = [("email", "new@example.com"), ("csrf", "another")];
    let kept = browser.submit(&page, path, &typed).await;
    assert_eq!(kept.status, 403, "{}", kept.body);
    assert!(kept.body.contains("value=\"new@example.com\""), "{}", kept.body);
    let sent = browser.submit(&kept, path, &[]).await;
    assert!(browser.follow(sent).await.body.contains("new@example.com"), "nothing was lost");
    let foreign = web::testing::post("id.example.com", path, "email=x%40example.com")
        .insert_header(("sec-fetch-site", "cross-site"));
    let refused = site.fixture.send(&crate::routes(), foreign).await;
    assert_eq!(refused.status, 403);
    assert!(!refused.body.contains("x@example.com"), "{}", refused.body);
}

#[actix_web::test]
async fn the_callback_wants_what_was_sent() {
    let site = Site::new();
    let mut browser = site.browser(&site.with_role("a@example.com", "admin"));
    let signed_in = browser.open("/console/callback?code=x&state=y").await;
    assert_eq!(signed_in.header("location"), here("/console"), "another tab was first");
    let plain = web::testing::get("id.example.com", "/console/callback?code=x&state=y");
    let refused = site.fixture.send(&crate::routes(), plain).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("/console/login"), "a way on: {}", refused.body);
}

#[actix_web::test]
async fn before_the_first_operator_the_console_says_how_to_begin() {
    let fixture = web::testing::Fixture::new("https://id.example.com", context::Addressing::Path);
    directory::setup::ensure_system(&fixture.state.ctx).unwrap();
    let request = web::testing::get("id.example.com", "/console/login");
    let page = fixture.send(&crate::routes(), request).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("tessera admin setup-link"), "{}", page.body);
}
