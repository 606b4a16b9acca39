//! The rights table through HTTP, whole: every role at every address of the console that names a
//! right, and the same for operators' addresses. What a role may not do is refused, whatever is
//! sent, and leaves no entry in the audit.

use directory::audit::{self, AuditQuery};
use directory::rights::{Role, allowed};
use directory::{Action, Actor};
use web::{Permission, Route};

use super::site::{Browser, Site};

/// A path with objects that are there, as far as the site has them.
fn filled(site: &Site, path: &str) -> String {
    let value = |name: &str| -> String {
        match name {
            "tenant" => "acme".into(),
            "id" | "application" => site.app.clone(),
            "secret" => site.secret.clone(),
            "user" => site.user.clone(),
            "connection" => site.connection.clone(),
            "version" => "1".into(),
            "field" => "dept".into(),
            "template" => "reset_password".into(),
            "language" => "en".into(),
            "host" => "login.acme.test".into(),
            // Nobody has it: for who may act it is missing, for who may not it is refused or missing.
            _ => "ses_00000000000000000000000000".into(),
        }
    };
    let parts = path.split('/').map(|part| {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => value(name),
            None => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The least right that an address asks for; nothing for addresses without one.
fn right(route: &Route) -> Option<Option<Action>> {
    match route.permission {
        Permission::Role(action) => Some(Some(action)),
        Permission::Operator => Some(None),
        _ => None,
    }
}

async fn ask(
    browser: &mut Browser<'_>,
    token: &(String, String),
    route: &Route,
    path: &str,
) -> u16 {
    match route.method {
        "GET" => browser.peek(path).await.status,
        _ if path.ends_with("/users/import") => {
            browser.post_parts(path, std::slice::from_ref(token)).await.status
        }
        _ => browser.post(path, std::slice::from_ref(token)).await.status,
    }
}

fn entries(site: &Site) -> usize {
    let ctx = &site.fixture.state.ctx;
    let query = AuditQuery::default();
    let list = audit::list(ctx, &Actor::cli(ctx), &site.tenant, &query, None, Some(100)).unwrap();
    list.items.len()
}

#[actix_web::test]
async fn every_role_reaches_what_the_table_says_and_nothing_else() {
    let mut reached = 0;
    for role in [Role::Owner, Role::Admin, Role::Support, Role::Auditor] {
        let site = Site::new();
        let who = site.with_role("somebody@example.com", role.as_str());
        let mut browser = site.browser(&who);
        let page = browser.open("/console/t/acme").await;
        let token = super::lint::fields(&page.body, "/console/appearance").remove(0);
        let before = entries(&site);
        let mut wrong = Vec::new();
        // First what is refused: it must leave everything as it is.
        for route in crate::routes().iter().filter(|route| right(route).is_some()) {
            let action = right(route).flatten();
            if action.is_some_and(|action| allowed(role, action)) {
                continue;
            }
            let path = filled(&site, route.path);
            let status = ask(&mut browser, &token, route, &path).await;
            let told = format!("{} {} {path}", role.as_str(), route.method);
            // A session that does not exist is not told apart from one that may not be seen.
            let hidden = path.contains("ses_0") || action.is_none();
            if status != 403 && !(status == 404 && hidden) {
                wrong.push(format!("{told}: {status}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(entries(&site), before, "{}: a refusal changes nothing", role.as_str());
        for route in crate::routes().iter().filter(|route| route.method == "GET") {
            let Some(Some(action)) = right(route) else { continue };
            if !allowed(role, action) {
                continue;
            }
            let path = filled(&site, route.path);
            let status = ask(&mut browser, &token, route, &path).await;
            assert_ne!(status, 403, "{} may {path}", role.as_str());
            assert!(status < 500, "{path}: {status}");
            reached += 1;
        }
    }
    assert!(reached > 60, "{reached}");
}

#[actix_web::test]
async fn without_a_role_a_tenant_is_unknown() {
    let site = Site::new();
    site.fixture.tenant("other", None);
    let who = site.with_role("somebody@example.com", "owner");
    let mut browser = site.browser(&who);
    let page = browser.open("/console/t/acme").await;
    let token = super::lint::fields(&page.body, "/console/appearance").remove(0);
    for route in crate::routes().iter().filter(|route| route.path.contains("{tenant}")) {
        let Some(Some(_)) = right(route) else { continue };
        let path = filled(&site, route.path).replace("/t/acme", "/t/other");
        let status = ask(&mut browser, &token, route, &path).await;
        assert_eq!(status, 404, "{} {path}", route.method);
    }
}
