//! Values of a profile that are not the mapping's: the subject, and the name an identity is listed
//! under.

use serde_json::Value;

/// Longest label, in characters.
const LONGEST: usize = 120;

/// The value at a path of names and numbers with dots between them.
pub(crate) fn at<'v>(profile: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|step| !step.is_empty()).try_fold(profile, |value, step| match value {
        Value::Object(members) => members.get(step),
        Value::Array(entries) => entries.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A subject: a text or a whole number, as providers without ID tokens have them.
pub(crate) fn subject(profile: &Value, path: &str) -> Option<String> {
    let text = match at(profile, path)? {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_u64() || number.is_i64() => number.to_string(),
        _ => return None,
    };
    let fits = !text.is_empty() && text.len() <= 255 && !text.chars().any(char::is_control);
    fits.then_some(text)
}

/// What an identity is listed under.
pub(crate) fn label(profile: &Value, path: &str, subject: &str) -> String {
    let paths = [path, "email", "preferred_username", "login", "username", "name"];
    let found = paths.into_iter().filter(|path| !path.is_empty()).find_map(|path| {
        let text = at(profile, path)?.as_str()?;
        let clean = clean(text);
        (!clean.is_empty()).then_some(clean)
    });
    found.unwrap_or_else(|| clean(subject))
}

/// One line without marks that turn the direction of text around.
fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}')
    });
    kept.take(LONGEST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn subjects_are_texts_or_whole_numbers() {
        let profile = json!({ "id": 17, "data": { "id": "x" }, "list": [{ "id": "y" }], "f": 1.5 });
        assert_eq!(subject(&profile, "id").as_deref(), Some("17"));
        assert_eq!(subject(&profile, "data.id").as_deref(), Some("x"));
        assert_eq!(subject(&profile, "list.0.id").as_deref(), Some("y"));
        for wrong in ["f", "data", "none", "id.x", ""] {
            assert_eq!(subject(&profile, wrong), None, "{wrong}");
        }
        assert_eq!(subject(&json!({ "id": "a\u{0}b" }), "id"), None);
    }

    #[test]
    fn labels_are_one_clean_line() {
        let profile = json!({ "login": " \u{202e}ann\n ", "email": "" });
        assert_eq!(label(&profile, "", "s"), "ann");
        assert_eq!(label(&json!({}), "login", "s-1"), "s-1");
        assert_eq!(label(&json!({ "name": "x".repeat(500) }), "", "s").len(), LONGEST);
    }
}
