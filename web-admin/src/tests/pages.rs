//! Every page once, empty and full. `Browser::open` holds each against the rules.

use protocol::redirect_uri::ApplicationType;

use super::site::Site;

fn pages(site: &Site) -> Vec<String> {
    let (app, user, secret) = (&site.app, &site.user, &site.secret);
    let tenant = "/console/t/acme";
    let mut paths: Vec<String> =
        ["/console/system", "/console/tenants", "/console/tenants/new"].map(str::to_owned).to_vec();
    for rest in [
        "",
        "/audit",
        "/audit?action=user.create&object=x&actor=cli&command=1",
        "/logs",
        "/admins",
        "/admins?command=1",
        "/logs?outcome=failed&code=bad_credentials&command=1",
        "/logs?support=nothing",
        "?days=7",
        "/settings",
        "/branding",
        "/sign-in",
        "/suspend",
        "/delete",
        "/applications",
        "/applications?command=1",
        "/applications?q=nothing",
        "/applications/new",
        "/users",
        "/users?q=nobody",
        "/users/new",
        "/users/import",
        "/users?filter=blocked&sort=name&dir=desc",
        "/users?command=1&sort=created",
        "/jobs",
        "/organizations",
        "/organizations?q=nothing",
        "/organizations/new",
        "/organizations/roles",
    ] {
        paths.push(format!("{tenant}{rest}"));
    }
    for kind in ApplicationType::ALL {
        paths.push(format!("{tenant}/applications/new?type={kind}"));
    }
    for rest in
        ["", "/settings", "/sign-in", "/credentials", "/audit", "/danger", "/disable", "/delete"]
    {
        paths.push(format!("{tenant}/applications/{app}{rest}"));
    }
    for stack in ["curl", "node", "nextjs", "python", "spring", "go", "rust", "<script>"] {
        let stack = protocol::form::encode(stack);
        paths.push(format!("{tenant}/applications/{app}?stack={stack}"));
    }
    paths.push(format!("{tenant}/applications/{app}/settings?command=1"));
    paths.push(format!("{tenant}/applications/{app}/credentials/{secret}/revoke"));
    for rest in ["", "?command=1"] {
        paths.push(format!("{tenant}/connections{rest}"));
    }
    for preset in directory::presets::all() {
        paths.push(format!("{tenant}/connections/new?preset={}", preset.code));
    }
    for rest in [
        "",
        "/settings",
        "/credentials",
        "/mapping",
        "/mapping/versions",
        "/mapping/versions/1",
        "/test",
        "/audit",
        "/danger",
        "/enable",
        "/disable",
        "/delete",
    ] {
        paths.push(format!("{tenant}/connections/{}{rest}", site.connection));
    }
    for rest in ["", "/new", "/dept", "/dept/delete"] {
        paths.push(format!("{tenant}/user-fields{rest}"));
    }
    for rest in [
        "",
        "/edit",
        "/identities",
        "/sessions",
        "/consents",
        "/organizations",
        "/activity",
        "/block",
        "/delete",
        "/sessions/end",
    ] {
        paths.push(format!("{tenant}/users/{user}{rest}"));
    }
    paths
}

#[actix_web::test]
async fn every_page_keeps_the_rules() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    for path in pages(&site) {
        let answer = browser.open(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
}

#[actix_web::test]
async fn a_tenant_with_nothing_in_it_says_what_to_do() {
    let site = Site::new();
    site.fixture.tenant("empty", None);
    let mut browser = site.browser(&site.operator);
    let home = browser.open("/console/t/empty").await;
    assert!(home.body.contains("0 of 4"), "{}", home.body);
    for (rest, text) in [("applications", "No applications yet"), ("users", "No users yet")] {
        let page = browser.open(&format!("/console/t/empty/{rest}")).await;
        assert!(page.body.contains(text), "{}", page.body);
    }
}

#[actix_web::test]
async fn a_name_cannot_break_a_page() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let path = "/console/t/acme/applications/new";
    let page = browser.open(&format!("{path}?type=machine")).await;
    let nasty = "\"><script>alert(1)</script>{{7*7}}&amp;'";
    let made = browser.submit(&page, path, &[("name", nasty)]).await;
    let shown = browser.follow(made).await;
    let url = browser.open("/console/t/acme/applications").await;
    for page in [shown, url] {
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
}

#[actix_web::test]
async fn the_appearance_is_kept_and_rendered() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let page = browser.open("/console/t/acme/users").await;
    assert!(!page.body.contains("data-theme"));
    let dark = [("theme", "dark"), ("to", "/console/t/acme/users")];
    let chosen = browser.submit(&page, "/console/appearance", &dark).await;
    let page = browser.follow(chosen).await;
    assert!(page.body.contains("data-theme=\"dark\""), "{}", page.body);
    let evil = [("theme", "system"), ("to", "https://evil.test/")];
    let chosen = browser.submit(&page, "/console/appearance", &evil).await;
    assert_eq!(chosen.header("location"), "https://id.example.com/console");
}
