//! Forms: mistakes keep what was typed, secrets are shown once, a form counts once, and edits that
//! meet lose nothing.

use super::site::Site;

const NEW: &str = "/console/t/acme/applications/new";

#[actix_web::test]
async fn a_secret_is_shown_once_and_a_form_counts_once() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let page = browser.open(&format!("{NEW}?type=web")).await;
    let typed = [("name", "Shop"), ("redirect_uris.0", "https://shop.test/cb")];
    let made = browser.submit(&page, NEW, &typed).await;
    assert!(!made.header("location").contains("ts_"), "not in the address");
    let url = made.header("location").to_owned();
    let shown = browser.follow(made).await;
    assert!(shown.body.contains("id=\"shown-once\">ts_"), "{}", shown.body);
    let path = url.strip_prefix("https://id.example.com").unwrap().to_owned();
    assert!(!browser.open(&path).await.body.contains("ts_"), "not again");
    let again = browser.submit(&page, NEW, &typed).await;
    assert_eq!(again.header("location"), url, "the same form registers nothing twice");
    assert!(!browser.follow(again).await.body.contains("ts_"));
}

#[actix_web::test]
async fn mistakes_keep_what_was_typed_and_offer_a_cure() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let page = browser.open(&format!("{NEW}?type=web")).await;
    let typed = [("name", ""), ("redirect_uris.0", "http://shop.test/cb"), ("first_party", "1")];
    let refused = browser.submit(&page, NEW, &typed).await;
    assert_eq!(refused.status, 422);
    for part in ["Enter a name.", "value=\"http://shop.test/cb\"", "<title>Error: ", "checked"] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let cured = browser.submit(&refused, NEW, &[("fix", "redirect_uris.0")]).await;
    assert_eq!(cured.status, 200);
    assert!(cured.body.contains("value=\"https://shop.test/cb\""), "{}", cured.body);
    let more = browser.submit(&cured, NEW, &[("add", "redirect_uris")]).await;
    assert!(more.body.contains("name=\"redirect_uris.1\""), "{}", more.body);
    let less = browser.submit(&more, NEW, &[("remove", "redirect_uris.0")]).await;
    assert!(!less.body.contains("shop.test"), "{}", less.body);
    let command = browser.submit(&more, NEW, &[("command", "1"), ("name", "My shop")]).await;
    assert!(command.body.contains("--name &#39;My shop&#39;"), "{}", command.body);
}

#[actix_web::test]
async fn many_uris_are_typed_as_lines() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let path = format!("/console/t/acme/applications/{}/settings", site.app);
    let page = browser.open(&path).await;
    let lines: Vec<String> = (0..40).map(|n| format!("https://shop.test/{n}")).collect();
    let lines = lines.join("\r\n");
    let saved = browser.submit(&page, &path, &[("redirect_uris", &lines)]).await;
    let page = browser.follow(saved).await;
    assert!(page.body.contains("<textarea name=\"redirect_uris\""), "{}", page.body);
    let wrong = lines.replace("https://shop.test/7\r", "http://shop.test/7\r");
    let refused = browser.submit(&page, &path, &[("redirect_uris", &wrong)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Line 8: "), "{}", refused.body);
}

#[actix_web::test]
async fn a_number_that_is_none_is_said_with_everything_else() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let path = format!("/console/t/acme/applications/{}/settings", site.app);
    let page = browser.open(&path).await;
    let typed = [("code_lifetime_s", "five minutes"), ("name", ""), ("home_url", "javascript:x")];
    let refused = browser.submit(&page, &path, &typed).await;
    assert_eq!(refused.status, 422);
    for part in ["value=\"five minutes\"", "30 and 600", "Enter a name.", "href=\"#home_url\""] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    assert!(refused.body.contains("<details open>"), "the folded part is unfolded");
}

#[actix_web::test]
async fn edits_that_meet_show_both_versions() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    for path in [
        format!("/console/t/acme/applications/{}/settings", site.app),
        "/console/t/acme/settings".to_owned(),
    ] {
        let page = browser.open(&path).await;
        assert_eq!(browser.submit(&page, &path, &[("name", "Theirs")]).await.status, 303);
        let met = browser.submit(&page, &path, &[("name", "Mine")]).await;
        assert_eq!(met.status, 409);
        assert!(met.body.contains("Theirs") && met.body.contains("Mine"), "{}", met.body);
        let saved = browser.submit(&met, &path, &[]).await;
        let page = browser.follow(saved).await;
        assert!(page.body.contains("value=\"Mine\""), "{}", page.body);
    }
}

#[actix_web::test]
async fn what_ends_for_good_asks_for_the_name() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let app = format!("/console/t/acme/applications/{}/delete", site.app);
    let user = format!("/console/t/acme/users/{}/delete", site.user);
    for (path, name) in
        [(app, "App"), (user, "ann@example.com"), ("/console/t/acme/delete".to_owned(), "acme")]
    {
        let page = browser.open(&path).await;
        let refused = browser.submit(&page, &path, &[("confirm", "something")]).await;
        assert_eq!(refused.status, 422, "{path}");
        assert!(refused.body.contains("value=\"something\""), "{path}");
        let gone = browser.submit(&page, &path, &[("confirm", name)]).await;
        assert!(browser.follow(gone).await.body.contains("is deleted."), "{path}");
        assert_eq!(browser.open(&path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn the_sixth_secret_is_refused_on_the_page() {
    let site = Site::new();
    let mut browser = site.browser(&site.operator);
    let path = format!("/console/t/acme/applications/{}/credentials", site.app);
    let first = browser.open(&path).await;
    for _ in 0..4 {
        let made = browser.submit(&first, &path, &[]).await;
        assert!(browser.follow(made).await.body.contains("id=\"shown-once\">ts_"));
    }
    let refused = browser.submit(&first, &path, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("There are 5 secrets already"), "{}", refused.body);
}
