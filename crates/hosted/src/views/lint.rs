//! A small reader of our own HTML, and the rules every page keeps: balanced tags, one `h1`,
//! unique ids, a label for each field, references that lead somewhere, a token in each form,
//! no inline style or script, and only `autocomplete` values that the standard knows.

use std::collections::BTreeMap;

const VOID: [&str; 6] = ["meta", "link", "input", "img", "hr", "br"];
const AUTOCOMPLETE: [&str; 24] = [
    "username webauthn",
    "username",
    "current-password",
    "new-password",
    "email",
    "name",
    "given-name",
    "family-name",
    "additional-name",
    "nickname",
    "url",
    "photo",
    "sex",
    "bday",
    "language",
    "tel",
    "street-address",
    "address-level2",
    "address-level1",
    "postal-code",
    "country-name",
    "one-time-code",
    "organization",
    "off",
];

/// One start tag with its attributes, and the names of the tags around it.
pub struct Tag {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub around: Vec<String>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The start tags of a page in order. Panics on tags that do not balance: this is a test.
pub fn read(html: &str) -> Vec<Tag> {
    let (mut tags, mut open) = (Vec::new(), Vec::<String>::new());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let inner = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if inner.starts_with('!') {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "balanced before {rest:.80}");
            continue;
        }
        // Parts of a drawing close themselves.
        let (inner, closed) = match inner.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        tags.push(Tag {
            name: name.to_owned(),
            attributes: attributes_of(attributes),
            around: open.clone(),
        });
        if !closed && !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    tags
}

fn attributes_of(mut text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    loop {
        text = text.trim_start();
        let Some(end) = text.find(['=', ' ', '\n']).or((!text.is_empty()).then_some(text.len()))
        else {
            return found;
        };
        let name = text[..end].to_owned();
        text = &text[end..];
        let mut value = String::new();
        if let Some(after) = text.strip_prefix("=\"") {
            let close = after.find('"').expect("a quoted value ends");
            value = after[..close].to_owned();
            text = &after[close + 1..];
        }
        assert!(found.insert(name.clone(), value).is_none(), "{name} twice in one tag");
    }
}

/// What is wrong with a page, one line each; empty is good.
pub fn lint(html: &str) -> Vec<String> {
    let tags = read(html);
    let mut wrong = Vec::new();
    page(html, &tags, &mut wrong);
    for tag in &tags {
        inline(tag, &mut wrong);
        field(tag, &tags, &mut wrong);
        references(tag, &tags, &mut wrong);
    }
    wrong
}

fn page(html: &str, tags: &[Tag], wrong: &mut Vec<String>) {
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    for name in ["h1", "title", "main", "html"] {
        if count(name) != 1 {
            wrong.push(format!("{} <{name}>", count(name)));
        }
    }
    let root = tags.iter().find(|tag| tag.name == "html");
    if root.is_none_or(|tag| tag.get("lang").is_none() || tag.get("dir").is_none()) {
        wrong.push("no lang or dir".to_owned());
    }
    let ours = |tag: &&Tag| {
        tag.name == "form" && tag.get("action").is_some_and(|action| action.starts_with('/'))
    };
    let tokens = tags.iter().filter(|tag| tag.get("name") == Some("csrf")).count();
    if tags.iter().filter(ours).count() != tokens {
        wrong.push("a form of ours without its token".to_owned());
    }
    // Lists of rows compress well; every other page is within the budget as it is.
    let most = if html.contains("class=\"portal\"") { 24 } else { 8 };
    if html.len() > most * 1024 {
        wrong.push(format!("{} bytes", html.len()));
    }
}

fn inline(tag: &Tag, wrong: &mut Vec<String>) {
    for name in tag.attributes.keys() {
        if name == "style" || name.starts_with("on") {
            wrong.push(format!("{name}= on <{}>", tag.name));
        }
    }
    if tag.name == "style"
        || (tag.name == "script" && tag.get("src").is_none() && tag.get("nonce").is_none())
    {
        wrong.push(format!("inline <{}>", tag.name));
    }
    for name in ["src", "href"] {
        let foreign = tag.get(name).is_some_and(|url| !url.starts_with('/'));
        if foreign && tag.name != "a" {
            wrong.push(format!("foreign request: {:?}", tag.get(name)));
        }
    }
}

fn field(tag: &Tag, tags: &[Tag], wrong: &mut Vec<String>) {
    let kind = tag.get("type").unwrap_or("");
    if tag.name == "button" && tag.get("type").is_none() {
        wrong.push("a button without type".to_owned());
    }
    if !["input", "select"].contains(&tag.name.as_str()) || kind == "hidden" {
        return;
    }
    let id = tag.get("id").unwrap_or("");
    let named =
        tags.iter().any(|t| t.name == "label" && t.get("for") == Some(id) && !id.is_empty());
    if !named && !tag.around.iter().any(|name| name == "label") {
        wrong.push(format!("no label for {:?}", tag.get("name")));
    }
    if kind == "checkbox" || tag.name == "select" {
        return;
    }
    match tag.get("autocomplete") {
        Some(value) if AUTOCOMPLETE.contains(&value) => {}
        other => wrong.push(format!("autocomplete {other:?}")),
    }
    if tag.get("placeholder").is_some()
        || tag.get("maxlength").is_some()
        || tag.get("required").is_some()
    {
        wrong.push(format!("placeholder, maxlength or required on {id}"));
    }
    if kind == "password" && tag.get("value").is_some() {
        wrong.push("a password in the page".to_owned());
    }
}

fn references(tag: &Tag, tags: &[Tag], wrong: &mut Vec<String>) {
    let with_id = |id: &str| tags.iter().filter(|t| t.get("id") == Some(id)).count();
    if let Some(id) = tag.get("id").filter(|id| with_id(id) != 1) {
        wrong.push(format!("id {id} is not unique"));
    }
    for name in
        ["for", "aria-labelledby", "aria-describedby", "aria-controls", "data-reveal", "data-copy"]
    {
        for id in tag.get(name).unwrap_or("").split_whitespace() {
            if with_id(id) != 1 {
                wrong.push(format!("{name} leads to no {id}"));
            }
        }
    }
    if let Some(id) = tag.get("href").and_then(|href| href.strip_prefix('#'))
        && with_id(id) != 1
    {
        wrong.push(format!("link to no #{id}"));
    }
}
