//! What pages may contain, so that the content security policy holds and nobody else is asked
//! for anything: no inline styles, handlers or scripts, no foreign resource, one way to write a
//! field.

use crate::sources::{files, read, shown};
use harness::html::{Tag, tags};

/// Values of `autocomplete` that browsers know and we use.
const AUTOCOMPLETE: &[&str] = &[
    "username",
    "username webauthn",
    "current-password",
    "new-password",
    "one-time-code",
    "email",
    "name",
    "given-name",
    "family-name",
    "url",
    "organization",
    "off",
];

fn each_tag(mut check: impl FnMut(&str, &Tag)) {
    let pages = files(&["crates", "web-admin"], ".html");
    assert!(!pages.is_empty(), "no templates found");
    for path in pages {
        for tag in tags(&read(&path)) {
            check(&shown(&path), &tag);
        }
    }
}

#[test]
fn no_inline_style_or_handler() {
    let mut wrong = Vec::new();
    each_tag(|page, tag| {
        for (name, value) in &tag.attributes {
            if name == "style" || (name.starts_with("on") && name.len() > 3) {
                wrong.push(format!("{page}: <{} {name}=\"{value}\">", tag.name));
            }
        }
        if tag.name == "style" {
            wrong.push(format!("{page}: <style>"));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_inline_script_without_a_nonce() {
    let mut wrong = Vec::new();
    each_tag(|page, tag| {
        if tag.name == "script" && !tag.has("src") && !tag.has("nonce") {
            wrong.push(page.to_owned());
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let mut wrong = Vec::new();
    each_tag(|page, tag| {
        let source = match tag.name.as_str() {
            "script" | "img" | "iframe" | "source" => tag.attribute("src"),
            "link" => tag.attribute("href"),
            _ => None,
        };
        if source.is_some_and(|url| url.contains("://") || url.starts_with("//")) {
            wrong.push(format!("{page}: {source:?}"));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_form_that_changes_something_posts() {
    let mut wrong = Vec::new();
    each_tag(|page, tag| {
        let method = tag.attribute("method").unwrap_or_default().to_lowercase();
        if tag.name == "form" && !["post", "get", "dialog"].contains(&method.as_str()) {
            wrong.push(format!("{page}: <form method=\"{method}\">"));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn autocomplete_says_what_password_managers_know() {
    let mut wrong = Vec::new();
    each_tag(|page, tag| {
        let Some(value) = tag.attribute("autocomplete") else { return };
        // A value that a template fills in is checked on the served page.
        if !AUTOCOMPLETE.contains(&value) && !value.contains("{{") {
            wrong.push(format!("{page}: autocomplete=\"{value}\""));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_page_names_its_language() {
    let mut wrong = Vec::new();
    each_tag(|page, tag| {
        if tag.name == "html" && !(tag.has("lang") && tag.has("dir")) {
            wrong.push(page.to_owned());
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
