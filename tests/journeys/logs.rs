//! What an admin sees of a sign-in that failed: the support code that the person saw leads to the
//! cause, in words, with the setting to change.

use harness::{Browser, RelyingParty, Server, on_both, wait};
use serde_json::Value;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);

/// The log's entries with this code, once they are written.
fn entries(server: &Server, code: &str) -> Vec<Value> {
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    wait::until("the failure in the log", LIMIT, || {
        let list = cli.json(&["log", "list", "--tenant", &slug, "--code", code]);
        list["items"].as_array().filter(|items| !items.is_empty()).cloned()
    })
}

on_both!(a_redirect_uri_that_differs_is_told_letter_by_letter, |database| {
    let server = Server::start(database);
    let application = server.application("web");
    let party = RelyingParty::new(&server, &application);
    let sent = format!("{}/", application.redirect_uris[0]);
    let mut browser = Browser::new(&server);
    let asked = party.authorize_url().replace(
        &harness::http::encode(&application.redirect_uris[0]),
        &harness::http::encode(&sent),
    );
    let refused = browser.open(&asked).expect(400);
    let entry = entries(&server, "redirect_uri_mismatch").remove(0);
    assert_eq!(entry["detail"]["redirect_uri"], Value::String(sent));
    assert_eq!(entry["detail"]["nearest"], Value::String(application.redirect_uris[0].clone()));
    assert_eq!(entry["outcome"], "failed");
    assert_eq!(entry["application"], Value::String(application.id.clone()));
    let support = entry["support_code"].as_str().expect("a support code");
    assert!(refused.response.text().contains(support), "the person saw it: {}", refused.text());
    let slug = &server.ready().tenant.slug;
    let spelled = support.to_uppercase().replace('-', " ");
    let shown = server.cli().json(&["log", "show", "--tenant", slug, &spelled]);
    assert_eq!(shown["flow"], entry["flow"]);
    assert_eq!(shown["steps"][0]["code"], "redirect_uri_mismatch");
});

/// The support code at the end of an error's description.
fn support_of(description: &str) -> String {
    let code = description.rsplit('(').next().expect("a code").trim_end_matches(')');
    assert_eq!((code.len(), code.contains("req_")), (11, false), "{description}");
    code.to_owned()
}

on_both!(an_error_that_an_application_is_told_is_found_by_its_support_code, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let slug = server.ready().tenant.slug.clone();
    let page = party.clone().with("prompt", "none").start(&mut Browser::new(&server));
    let query = |name: &str| {
        let mut pairs = page.url.query_pairs();
        pairs.find(|(n, _)| n == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    assert_eq!(query("error"), "login_required");
    let told = support_of(&query("error_description"));
    assert_eq!(server.logged(&told, "login_required")["step"], "authorize");
    let refused = party.redeem("oc_nothing_that_was_issued").expect(400).json();
    let told = support_of(refused["error_description"].as_str().expect("a description"));
    let step = server.logged(&told, "code_unknown");
    assert_eq!(step["application"], party.application.id.as_str());
    let shown = server.cli().json(&["log", "show", "--tenant", &slug, &told]);
    assert_eq!(shown["support_code"], told.as_str());
});

on_both!(every_page_of_a_sign_in_has_its_support_code, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser).expect(200);
    let told = page.support_code();
    assert_eq!(told.len(), 11, "{told}");
    let form = page.form_with_button("login-submit").set("username", &server.user(0).email);
    let wrong = form.set("password", "not the password").press("login-submit");
    let page = browser.submit(&page, &wrong).expect(422);
    assert_eq!(page.support_code(), told);
    assert_eq!(server.logged(&told, "bad_credentials")["user"], server.user(0).id.as_str());
    let right = page.form_with_button("login-submit").set("password", &server.user(0).password);
    let page = browser.submit(&page, &right.press("login-submit")).expect(200);
    page.form_with_button("consent-allow");
    assert_eq!(page.support_code(), told);
});

on_both!(the_audit_is_exported_without_formulas, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    let name = "=HYPERLINK(\"https://evil.test\")";
    cli.json(&["app", "create", "--tenant", &slug, "--type", "machine", "--name", name]);
    let csv = cli.try_run(&["audit", "export", "--tenant", &slug]).stdout;
    assert!(csv.starts_with("at,actor,actor_kind,action,object,detail,request,ip\r\n"), "{csv}");
    assert!(csv.contains("application.create"), "{csv}");
    for line in csv.lines().skip(1) {
        for cell in line.split("\",\"").map(|cell| cell.trim_matches('"')) {
            assert!(!cell.starts_with(['=', '+', '@']), "{line}");
        }
    }
});
