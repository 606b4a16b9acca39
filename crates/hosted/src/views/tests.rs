//! Every sample page keeps the rules of `lint`; the parts that other programs rely on (ids, field
//! names, order of fields, escaping) are pinned here.
//!
//! `TESSERA_SAMPLES=some/dir cargo test -p hosted samples` also writes the pages there.

use super::lint::{Tag, lint, read};
use super::samples::all;

fn page(name: &str) -> String {
    all().into_iter().find(|(sample, _)| *sample == name).expect("a sample").1
}

fn field<'t>(tags: &'t [Tag], id: &str) -> &'t Tag {
    tags.iter().find(|tag| tag.get("id") == Some(id)).expect(id)
}

#[test]
fn samples_keep_the_rules_of_every_page() {
    let target = std::env::var_os("TESSERA_SAMPLES").map(std::path::PathBuf::from);
    for (name, html) in all() {
        assert_eq!(lint(&html), Vec::<String>::new(), "{name}\n{html}");
        if let Some(dir) = &target {
            std::fs::create_dir_all(dir).unwrap();
            std::fs::write(dir.join(format!("{name}.html")), html).unwrap();
        }
    }
}

#[test]
fn the_lint_sees_what_it_is_for() {
    let bad = r#"<html><body><main><form action="/x"><p id="a" style="x" onclick="y"></p><input id="a"
        type="password" value="v" maxlength="3"><a href="https://x"></a><button></button><style></style></form></main></body></html>"#;
    let wrong = lint(bad).join("\n");
    for part in [
        "0 <h1>",
        "0 <title>",
        "no lang",
        "token",
        "style= on <p>",
        "onclick=",
        "inline <style>",
        "no label",
        "autocomplete",
        "maxlength",
        "a password",
        "not unique",
        "button without type",
    ] {
        assert!(wrong.contains(part), "{part} in\n{wrong}");
    }
}

#[test]
fn programs_find_the_fields_and_buttons_they_know() {
    let html = page("sign-in");
    let tags = read(&html);
    let (user, password) = (field(&tags, "username"), field(&tags, "password"));
    assert_eq!((user.get("name"), user.get("type")), (Some("username"), Some("email")));
    assert_eq!(user.get("autocomplete"), Some("username webauthn"));
    assert_eq!((password.get("name"), password.get("type")), (Some("password"), Some("password")));
    assert_eq!(password.get("autocomplete"), Some("current-password"));
    assert!(html.find("id=\"username\"") < html.find("id=\"password\""));
    assert_eq!(field(&tags, "login-submit").get("type"), Some("submit"));
    let consent = page("consent");
    let tags = read(&consent);
    assert_eq!(field(&tags, "consent-allow").get("value"), Some("allow"));
    assert_eq!(field(&tags, "consent-deny").get("value"), Some("cancel"));
    field(&read(&page("logout")), "logout-confirm");
    let set = page("set-password");
    let tags = read(&set);
    assert!(field(&tags, "username").get("readonly").is_some());
    assert_eq!(field(&tags, "username").get("autocomplete"), Some("username"));
    assert_eq!(field(&tags, "password").get("autocomplete"), Some("new-password"));
}

#[test]
fn a_refused_form_keeps_the_email_drops_the_password_and_says_so_twice() {
    let html = page("sign-in-refused");
    let tags = read(&html);
    assert!(html.contains("<title>Error: Sign in – Acme</title>"));
    assert_eq!(field(&tags, "username").get("value"), Some("ann@example.com"));
    assert_eq!(field(&tags, "username").get("aria-invalid"), Some("true"));
    assert_eq!(field(&tags, "username").get("aria-describedby"), Some("username-err"));
    assert_eq!(field(&tags, "password").get("value"), None);
    assert_eq!(html.matches(super::sign_in::NOT_CORRECT).count(), 2);
    assert!(html.contains("checked"), "the tick stays");
}

#[test]
fn outside_text_stays_text() {
    for name in ["form-post", "logout", "sign-in-long"] {
        let html = page(name);
        assert!(!html.contains("<script>alert") && !html.contains("<Zubehör>"), "{name}");
    }
    assert!(page("form-post").contains("<script nonce=\"r4nd0m\">"));
}
