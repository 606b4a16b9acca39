//! Passwords and the first operator, by one-time links.

use actix_web::http::StatusCode;
use directory::links::{self, LinkKind};
use directory::{Actor, setup, users};

use super::surfer::{Site, Surfer, path_of};

const NEW: &str = "purple elephants dance quietly";

fn link(site: &Site) -> String {
    let ctx = &site.fixture.state.ctx;
    let actor = Actor::cli(ctx);
    let ann = users::show(ctx, &actor, &site.tenant, "ann@example.com").unwrap();
    let kind = LinkKind::SetPassword;
    path_of(&links::create_set_password(ctx, &actor, &site.tenant, &ann.id, kind).unwrap())
}

#[actix_web::test]
async fn a_link_sets_a_password_once() {
    let site = Site::new();
    let (path, mut ann) = (link(&site), Surfer::new(&site));
    let page = ann.open(&path).await;
    assert!(page.body.contains("value=\"ann@example.com\"") && page.body.contains("15 characters"));
    for (password, said) in [("", "Enter a password"), ("short", "at least 15 characters")] {
        let refused = ann.submit(&page, &[("password", password)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(said), "{}", refused.body);
    }
    let stale = ann.submit(&page, &[("password", NEW), ("csrf", "old")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = ann.submit(&page, &[("password", NEW)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(ann.follow(done).await.body.contains("Your password is set"));
    let again = ann.open(&path).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.body.contains("This link has already been used"), "{}", again.body);
    let login = ann.start("").await;
    assert_eq!(ann.sign_in(&login, "ann@example.com", NEW).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_link_is_bound_to_its_tenant_and_to_its_form() {
    let site = Site::new();
    site.fixture.tenant("other", None);
    let mut ann = Surfer::new(&site);
    let path = link(&site);
    let elsewhere = ann.open(&path.replace("/t/acme/", "/t/other/")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert_eq!(ann.open("/t/acme/set-password/ln_x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ann.open(&path.replace("set-password", "setup")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn the_first_operator_is_made_once() {
    let site = Site::new();
    let ctx = &site.fixture.state.ctx;
    setup::ensure_system(ctx).unwrap();
    let path = path_of(&setup::setup_link(ctx).unwrap());
    let mut ann = Surfer::new(&site);
    let page = ann.open(&path).await;
    let empty = ann.submit(&page, &[]).await;
    assert!(empty.body.contains("Enter your name") && empty.body.contains("Enter your email"));
    let wrong = [("name", "Ann"), ("email", "ann"), ("password", NEW)];
    let wrong = ann.submit(&page, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
    assert!(wrong.body.contains("href=\"#email\"") && wrong.body.contains("value=\"Ann\""));
    let right = [("name", "Ann"), ("email", "ann@example.com"), ("password", NEW)];
    let done = ann.submit(&page, &right).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(ann.follow(done).await.body.contains("Your installation is ready"));
    let again = ann.open(&path).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.body.contains("already set up") && again.body.contains("Open the console"));
}
