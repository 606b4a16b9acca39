//! One rule as fields of a form, and back. A source is a path, `="…"` for a constant, or a text
//! with braces; transforms are a line each: a name, and what it needs as JSON or plain text.

use protocol::Params;
use serde_json::{Map, Value, json};

use crate::fields;
use crate::views::Problems;
use crate::views::mapping::OpenRule;

/// The open row as fields.
pub(super) fn shown(at: usize, row: &Value) -> OpenRule {
    let (missing, missing_value) = word_or_member(&row["if_missing"], "skip");
    let (trust, marker) = word_or_member(&row["trust"], "never");
    let chain: Vec<String> = row["transforms"].as_array().into_iter().flatten().map(line).collect();
    OpenRule {
        at,
        first: at == 0,
        target: plain(&row["target"]),
        source: source(&row["source"]),
        transforms: chain.join("\n"),
        missing,
        missing_value,
        update: row["update"].as_str().unwrap_or("always").to_owned(),
        trust,
        marker,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A source as it is typed.
pub(super) fn source(value: &Value) -> String {
    if let Some(constant) = value.get("const") {
        return format!("={constant}");
    }
    plain(value.get("template").unwrap_or(value))
}

/// A name alone, or the one member of an object with what it holds.
fn word_or_member(value: &Value, else_: &str) -> (String, String) {
    match value.as_object().and_then(|members| members.iter().next()) {
        Some((name, needs)) => (name.clone(), plain(needs)),
        None => (value.as_str().unwrap_or(else_).to_owned(), String::new()),
    }
}

/// A transform as a line.
pub(super) fn line(value: &Value) -> String {
    match value.as_object().and_then(|members| members.iter().next()) {
        Some((name, needs)) => format!("{name} {needs}"),
        None => plain(value),
    }
}

/// The row that the fields of the open rule say.
pub(super) fn read(form: &Params) -> Value {
    let text = |name: &str| fields::text(form, name);
    let mut row = Map::new();
    row.insert("target".into(), text("target").into());
    row.insert("source".into(), typed_source(&text("source")));
    let chain: Vec<Value> = text("transforms")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(transform)
        .collect();
    if !chain.is_empty() {
        row.insert("transforms".into(), chain.into());
    }
    let value = text("missing_value");
    match text("missing").as_str() {
        "default" => row.insert("if_missing".into(), json!({ "default": json_or_text(&value) })),
        "block" => row.insert("if_missing".into(), json!({ "block": value })),
        _ => None,
    };
    row.insert("update".into(), text("update").into());
    match (text("trust").as_str(), text("marker")) {
        ("always", _) => row.insert("trust".into(), "always".into()),
        ("verified", marker) if marker.is_empty() => row.insert("trust".into(), "verified".into()),
        ("verified", marker) => row.insert("trust".into(), json!({ "verified": marker })),
        _ => None,
    };
    Value::Object(row)
}

fn typed_source(text: &str) -> Value {
    if let Some(constant) = text.strip_prefix('=') {
        return json!({ "const": json_or_text(constant.trim()) });
    }
    if text.contains('{') { json!({ "template": text }) } else { text.into() }
}

fn transform(line: &str) -> Value {
    match line.split_once(char::is_whitespace) {
        None => line.into(),
        Some((name, needs)) => json!({ name: json_or_text(needs.trim()) }),
    }
}

fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// Mistakes at the fields of the open row; those of other rows at their button.
pub(super) fn problems(list: &[mapping::RuleProblem], open: Option<usize>) -> Problems {
    let mut problems = Problems::default();
    for problem in list {
        let member = problem.member.split(['.', '[']).next().unwrap_or_default();
        let field = match member {
            _ if problem.row == 0 => "rules-table".to_owned(),
            _ if open != Some(problem.row - 1) => format!("row-{}", problem.row - 1),
            "if_missing" => "missing_value".to_owned(),
            "trust" => "marker".to_owned(),
            "source" | "transforms" | "update" => member.to_owned(),
            _ => "target".to_owned(),
        };
        problems.add(&field, &problem.to_string());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapping::MappingRule;

    /// A rule survives the form.
    fn round(rule: &Value) -> Value {
        let open = shown(0, rule);
        let fields = [
            ("target", &open.target),
            ("source", &open.source),
            ("transforms", &open.transforms),
            ("missing", &open.missing),
            ("missing_value", &open.missing_value),
            ("update", &open.update),
            ("trust", &open.trust),
            ("marker", &open.marker),
        ];
        let pairs = fields.map(|(name, value)| format!("{name}={}", protocol::form::encode(value)));
        read(&Params::parse(pairs.join("&").as_bytes()).unwrap())
    }

    #[test]
    fn every_kind_of_rule_survives_the_form() {
        for rule in [
            json!({"target": "email", "source": "/email", "update": "first",
                   "transforms": ["trim", "lower"], "trust": "verified"}),
            json!({"target": "email", "source": "emails[?primary==true].email", "update": "always",
                   "trust": {"verified": "emails[?primary==true].verified"}}),
            json!({"target": "name", "source": {"template": "{given_name} {family_name}"},
                   "update": "if_empty", "if_missing": {"default": "Nobody"}}),
            json!({"target": "locale", "source": {"const": "de"}, "update": "never"}),
            json!({"target": "n", "source": {"const": 3}, "update": "always",
                   "if_missing": {"block": "Ask for a number."}}),
            json!({"target": "g", "source": "groups", "update": "always", "transforms": [
                {"split": {"by": "@", "index": -1}}, {"join": ", "}, {"default": "42"},
                {"regex": {"pattern": "^([a-z]+)$"}}, {"table": {"map": {"a": true}}},
                {"to_date": ["DD.MM.YYYY"]}, "hash"]}),
        ] {
            assert_eq!(round(&rule), rule);
            MappingRule::from_value(&rule, 1).unwrap();
        }
    }
}
