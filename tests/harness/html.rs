//! As much HTML as a browser needs to submit a form: tags, attributes and the fields of forms.
//! The pages under test are ours and well formed, so there is no error recovery.

mod syntax;

pub use syntax::unescape;
use syntax::{parse_tag, tag_end};

/// A start tag with its attributes, and the text up to the next tag.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Lower-case name; end tags begin with `/`.
    pub name: String,
    /// Attributes with entities resolved.
    pub attributes: Vec<(String, String)>,
    /// Text up to the next tag, entities resolved.
    pub text: String,
}

impl Tag {
    /// Value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether the attribute stands there, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }
}

/// A form with what a browser would send of it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The `id` of the form.
    pub id: String,
    /// The `action` as written.
    pub action: String,
    /// Lower-case method.
    pub method: String,
    /// Names and values of the successful controls, buttons excepted.
    pub fields: Vec<(String, String)>,
    /// Submit buttons: id, name, value.
    pub buttons: Vec<(String, String, String)>,
}

impl Form {
    /// Current value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Sets a field, adding it when the form has none of that name.
    pub fn set(mut self, name: &str, value: &str) -> Form {
        match self.fields.iter_mut().find(|(n, _)| n == name) {
            Some(field) => field.1 = value.to_owned(),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Leaves a field out.
    pub fn without(mut self, name: &str) -> Form {
        self.fields.retain(|(n, _)| n != name);
        self
    }

    /// Presses the button with this id: its name and value are sent along.
    ///
    /// # Panics
    /// When the form has no such button.
    pub fn press(mut self, id: &str) -> Form {
        let button = self.buttons.iter().find(|(button, _, _)| button == id);
        let (_, name, value) =
            button.unwrap_or_else(|| panic!("no button {id} in {:?}", self.buttons)).clone();
        if !name.is_empty() {
            self.fields.push((name, value));
        }
        self
    }

    /// Whether the form has a button with this id.
    pub fn has_button(&self, id: &str) -> bool {
        self.buttons.iter().any(|(button, _, _)| button == id)
    }
}

/// All tags of a page in order. Script and style bodies are skipped.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let Some(end) = tag_end(rest) else { break };
        let mut tag = parse_tag(&rest[1..end]);
        rest = &rest[end + 1..];
        let close = format!("</{}", tag.name);
        let stop = if tag.name == "script" || tag.name == "style" {
            rest.find(&close).unwrap_or(rest.len())
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        tag.text = unescape(&rest[..stop]);
        rest = &rest[stop..];
        tags.push(tag);
    }
    tags
}

/// All forms of a page in order.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let (mut open, mut select) = (false, None::<String>);
    for tag in tags(html) {
        match tag.name.as_str() {
            "form" => {
                open = true;
                forms.push(Form {
                    id: tag.attribute("id").unwrap_or_default().to_owned(),
                    action: tag.attribute("action").unwrap_or_default().to_owned(),
                    method: tag.attribute("method").unwrap_or("get").to_lowercase(),
                    ..Form::default()
                });
            }
            "/form" => open = false,
            "select" => select = tag.attribute("name").map(str::to_owned),
            "/select" => select = None,
            _ => {}
        }
        if let Some(form) = forms.last_mut().filter(|_| open) {
            add_control(form, &tag, select.as_deref());
        }
    }
    forms
}

fn add_control(form: &mut Form, tag: &Tag, select: Option<&str>) {
    let attribute = |name: &str| tag.attribute(name).unwrap_or_default().to_owned();
    let (name, kind) = (attribute("name"), attribute("type"));
    if tag.has("disabled") {
        return;
    }
    match tag.name.as_str() {
        "button" if kind.is_empty() || kind == "submit" => {
            form.buttons.push((attribute("id"), name, attribute("value")));
        }
        "input" if kind == "submit" => {
            form.buttons.push((attribute("id"), name, attribute("value")));
        }
        "input" if (kind == "checkbox" || kind == "radio") && !tag.has("checked") => {}
        "input" if (kind == "checkbox" || kind == "radio") && !name.is_empty() => {
            form.fields.push((name, tag.attribute("value").unwrap_or("on").to_owned()));
        }
        "input" if !name.is_empty() => form.fields.push((name, attribute("value"))),
        "textarea" if !name.is_empty() => {
            let text = tag.text.strip_prefix('\n').unwrap_or(&tag.text).to_owned();
            form.fields.push((name, text));
        }
        "option" => add_option(form, tag, select),
        _ => {}
    }
}

/// The first option of a list counts until a selected one comes.
fn add_option(form: &mut Form, tag: &Tag, select: Option<&str>) {
    let Some(name) = select else { return };
    let value = tag.attribute("value").map_or_else(|| tag.text.trim().to_owned(), str::to_owned);
    match form.fields.iter_mut().find(|(n, _)| n == name) {
        Some(field) if tag.has("selected") => field.1 = value,
        Some(_) => {}
        None => form.fields.push((name.to_owned(), value)),
    }
}

/// The text of a page without its tags, blanks folded.
pub fn text_of(html: &str) -> String {
    let visible = tags(html).into_iter().filter(|tag| tag.name != "script" && tag.name != "style");
    let text: Vec<_> = visible.map(|tag| tag.text).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_what_a_browser_would_send() {
        let html = r#"<form method=post action="/a?b=1&amp;c=2" novalidate>
            <input type="hidden" name="csrf" value="x&#39;&lt;y"><input name=q value=z>
            <input type=checkbox name=r value=1><input type=checkbox name=s checked>
            <select name="t"><option value="1">one<option value="2" selected>two</select>
            <textarea name="u">
two
lines</textarea>
            <button id="go" name="answer" value="allow">Allow</button></form>"#;
        let form = &forms(html)[0];
        assert_eq!(form.action, "/a?b=1&c=2");
        assert_eq!(form.value("csrf"), Some("x'<y"));
        assert_eq!(form.value("q"), Some("z"));
        assert_eq!(form.value("r"), None);
        assert_eq!(form.value("s"), Some("on"));
        assert_eq!(form.value("t"), Some("2"));
        assert_eq!(form.value("u"), Some("two\nlines"));
        let pressed = form.clone().press("go");
        assert_eq!(pressed.value("answer"), Some("allow"));
    }

    #[test]
    fn scripts_are_no_text() {
        assert_eq!(text_of("<h1>A</h1><script>if (a<b) c</script><p>B &amp; C"), "A B & C");
    }
}
