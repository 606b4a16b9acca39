//! The largest form that each noun can produce is read: a tenant at the bounds of what it may
//! define ticks everything and loses nothing.

use directory::organizations::{self, OrganizationInput};
use directory::{Actor, fields};
use mapping::schema::{FieldDefinition, FieldKind, MAX_CUSTOM, Who};

use super::site::Site;

/// So many roles a tenant may have (`directory::organizations`).
const ROLES: usize = 200;

/// As many fields as a tenant may have, those included that it had.
fn define_fields(site: &Site) {
    let ctx = &site.fixture.state.ctx;
    for n in 0..MAX_CUSTOM {
        let (key, label) = (format!("own_{n}"), format!("Own {n}"));
        let field = FieldDefinition {
            editable_by: Who::User,
            visible_to: Who::User,
            ..FieldDefinition::new(&key, &label, FieldKind::Text)
        };
        if fields::create(ctx, &Actor::cli(ctx), &site.tenant, &field).is_err() {
            return assert!(n > MAX_CUSTOM - 5, "only {n} fields");
        }
    }
}

/// The names of the boxes of a page that begin so.
fn boxes(body: &str, start: &str) -> Vec<String> {
    let quoted = format!("name=\"{start}");
    let ends = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
    body.split(&quoted).skip(1).map(|rest| format!("{start}{}", ends(rest))).collect()
}

#[actix_web::test]
async fn every_field_of_a_user_is_saved() {
    let site = Site::new();
    define_fields(&site);
    let mut browser = site.browser(&site.operator);
    let path = format!("/console/t/acme/users/{}/edit", site.user);
    let page = browser.open(&path).await;
    let address = "1 Mosaic Lane\r\n1010 Vienna";
    let typed = [("address.formatted", address), ("own_0", "first"), ("own_44", "last")];
    let saved = browser.submit(&page, &path, &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let shown = browser.follow(saved).await.body;
    for part in ["first", "last", "1 Mosaic Lane\n1010 Vienna"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let page = browser.open(&path).await;
    assert_eq!(browser.submit(&page, &path, &[("own_1", "next")]).await.status, 303);
    let shown = browser.open(path.trim_end_matches("/edit")).await.body;
    assert!(shown.contains("1 Mosaic Lane\n1010 Vienna"), "a line break is lost: {shown}");
}

#[actix_web::test]
async fn every_field_may_be_asked_for() {
    let site = Site::new();
    define_fields(&site);
    let mut browser = site.browser(&site.operator);
    let ways = "/console/t/acme/sign-in".to_owned();
    let own = format!("/console/t/acme/applications/{}/sign-in", site.app);
    for path in [ways, own] {
        let page = browser.open(&path).await;
        let needs = boxes(&page.body, "need.");
        assert!(needs.len() > MAX_CUSTOM, "{path}: {needs:?}");
        let mut typed: Vec<(&str, &str)> = needs.iter().map(|name| (name.as_str(), "1")).collect();
        typed.push(("needs", "own"));
        let saved = match path.ends_with("/t/acme/sign-in") {
            true => browser.submit(&page, &path, &typed).await,
            false => browser.submit_parts(&page, &path, &typed).await,
        };
        assert_eq!(saved.status, 303, "{path}: {}", saved.body);
        let shown = browser.open(&path).await.body;
        assert!(shown.matches(" checked").count() >= needs.len(), "{path}: {shown}");
    }
}

#[actix_web::test]
async fn every_role_of_an_organization_may_be_ticked() {
    let site = Site::new();
    let ctx = &site.fixture.state.ctx;
    let actor = Actor::cli(ctx);
    for n in 0..ROLES {
        organizations::create_role(ctx, &actor, &site.tenant, &format!("role.{n}"), "").unwrap();
    }
    let input = OrganizationInput { slug: "north".into(), name: "North".into() };
    let made = organizations::create(ctx, &actor, &site.tenant, &input).unwrap();
    let mut browser = site.browser(&site.operator);
    let path = format!("/console/t/acme/organizations/{}", made.id);
    let page = browser.open(&path).await;
    let roles = boxes(&page.body, "role.");
    assert_eq!(roles.len(), ROLES);
    let mut typed: Vec<(&str, &str)> = roles.iter().map(|name| (name.as_str(), "1")).collect();
    typed.push(("user", "ann@example.com"));
    let added = browser.submit(&page, &format!("{path}/members"), &typed).await;
    let whole = "answered as a form, not thrown away as too large";
    assert!(matches!(added.status, 303 | 422), "{}: {whole}: {}", added.status, added.body);
    if added.status == 422 {
        assert!(added.body.contains("value=\"ann@example.com\""), "{}", added.body);
    }
}
