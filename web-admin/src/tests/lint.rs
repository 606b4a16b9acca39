//! A small reader of our own HTML and the rules every page of the console keeps: balanced tags, one
//! `h1`, unique ids, a name for each field, references that lead somewhere, a token in each form
//! that posts, no inline style or script, nothing foreign.

use std::collections::BTreeMap;

const VOID: [&str; 6] = ["meta", "link", "input", "img", "hr", "br"];

struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    /// Names of the tags around it.
    around: Vec<String>,
    /// Which form it is in, counted from 1.
    form: usize,
    /// The text up to the next tag.
    text: String,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The start tags of a page in order. Panics on tags that do not balance: this is a test.
fn read(html: &str) -> Vec<Tag> {
    let (mut tags, mut open, mut form) = (Vec::<Tag>::new(), Vec::<String>::new(), 0);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let inner = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if inner.starts_with('!') {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "balanced before {rest:.120}");
            continue;
        }
        let alone = inner.ends_with('/');
        let inner = inner.trim_end_matches('/');
        let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        form += usize::from(name == "form");
        tags.push(Tag {
            name: name.to_owned(),
            attributes: attributes_of(attributes),
            around: open.clone(),
            form: if name == "form" || open.iter().any(|o| o == "form") { form } else { 0 },
            text: unescape(rest.split('<').next().unwrap_or_default()),
        });
        if !alone && !VOID.contains(&name) {
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
            value = unescape(&after[..close]);
            text = &after[close + 1..];
        }
        assert!(found.insert(name.clone(), value).is_none(), "{name} twice in one tag");
    }
}

fn unescape(text: &str) -> String {
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&#38;", "&").replace("&amp;", "&")
}

/// What a browser would send of the form with this action, its buttons excepted.
pub fn fields(html: &str, action: &str) -> Vec<(String, String)> {
    let tags = read(html);
    let posts = |tag: &&Tag| tag.name == "form" && tag.get("method") == Some("post");
    let form = tags.iter().filter(posts).find(|tag| tag.get("action") == Some(action));
    let form = form.unwrap_or_else(|| panic!("no form to {action}")).form;
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut select = String::new();
    for tag in tags.iter().filter(|tag| tag.form == form) {
        let name = tag.get("name").unwrap_or_default().to_owned();
        let value = tag.get("value").unwrap_or_default().to_owned();
        let box_like = matches!(tag.get("type"), Some("checkbox" | "radio"));
        let off = box_like && tag.get("checked").is_none();
        match tag.name.as_str() {
            "input" if !name.is_empty() && !off => fields.push((name, value)),
            // The first line break in a textarea is markup.
            "textarea" => {
                let text = tag.text.strip_prefix('\n').unwrap_or(&tag.text);
                fields.push((name, text.to_owned()));
            }
            "select" => select = name,
            "option" if tag.get("selected").is_some() => fields.push((select.clone(), value)),
            _ => {}
        }
    }
    fields
}

/// What is wrong with a page, one line each; empty is good.
pub fn lint(html: &str) -> Vec<String> {
    let tags = read(html);
    let mut wrong = Vec::new();
    page(&tags, &mut wrong);
    for tag in &tags {
        inline(tag, &mut wrong);
        field(tag, &tags, &mut wrong);
        references(tag, &tags, &mut wrong);
    }
    wrong
}

fn page(tags: &[Tag], wrong: &mut Vec<String>) {
    for name in ["h1", "title", "main", "html"] {
        let count = tags.iter().filter(|tag| tag.name == name).count();
        if count != 1 {
            wrong.push(format!("{count} <{name}>"));
        }
    }
    for form in tags.iter().filter(|tag| tag.name == "form" && tag.get("method") != Some("get")) {
        let inside = |tag: &&Tag| tag.form == form.form && tag.get("name") == Some("csrf");
        if tags.iter().filter(inside).count() != 1 {
            wrong.push(format!("a form without its token: {:?}", form.get("action")));
        }
        if !form.get("action").is_some_and(|action| action.starts_with('/')) {
            wrong.push(format!("a form to {:?}", form.get("action")));
        }
    }
    let primary = |tag: &&Tag| {
        tag.get("class").is_some_and(|class| class.split(' ').any(|part| part == "primary"))
    };
    if tags.iter().filter(primary).count() > 1 {
        wrong.push("more than one primary button".to_owned());
    }
    for table in tags.iter().filter(|tag| tag.name == "th") {
        if table.get("scope").is_none() {
            wrong.push("a table head without scope".to_owned());
        }
    }
}

fn inline(tag: &Tag, wrong: &mut Vec<String>) {
    for name in tag.attributes.keys() {
        if name == "style" || name.starts_with("on") {
            wrong.push(format!("{name}= on <{}>", tag.name));
        }
    }
    if tag.name == "style" || (tag.name == "script" && tag.get("src").is_none()) {
        wrong.push(format!("inline <{}>", tag.name));
    }
    for name in ["src", "href"] {
        let ours = |url: &str| url.starts_with('/') || url.starts_with('#');
        if tag.name != "a" && tag.get(name).is_some_and(|url| !ours(url)) {
            wrong.push(format!("foreign request: {:?}", tag.get(name)));
        }
    }
}

fn field(tag: &Tag, tags: &[Tag], wrong: &mut Vec<String>) {
    if tag.name == "button" && tag.get("type").is_none() {
        wrong.push("a button without type".to_owned());
    }
    let kind = tag.get("type").unwrap_or("");
    if !matches!(tag.name.as_str(), "input" | "select" | "textarea") || kind == "hidden" {
        return;
    }
    let id = tag.get("id").unwrap_or("");
    let labelled = tags.iter().any(|t| t.name == "label" && t.get("for") == Some(id));
    let named = (labelled && !id.is_empty())
        || tag.get("aria-label").is_some()
        || tag.around.iter().any(|name| name == "label");
    if !named {
        wrong.push(format!("no label for {:?}", tag.get("name")));
    }
    if tag.get("maxlength").is_some() || tag.get("required").is_some() {
        wrong.push(format!("maxlength or required on {id}"));
    }
}

fn references(tag: &Tag, tags: &[Tag], wrong: &mut Vec<String>) {
    let with_id = |id: &str| tags.iter().filter(|t| t.get("id") == Some(id)).count();
    if let Some(id) = tag.get("id").filter(|id| with_id(id) != 1) {
        wrong.push(format!("id {id} is not unique"));
    }
    for name in ["for", "aria-labelledby", "aria-describedby", "data-copy", "data-colour-of"] {
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
