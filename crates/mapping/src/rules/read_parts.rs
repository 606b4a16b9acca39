//! Reads the members of a row that have forms of their own: source, transform, if missing, trust.
//!
//! Each function returns something usable in any case; what was wrong stands in the problems, and
//! the row is dropped for it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::catalogue::{TRANSFORMS, form};
use super::problem::Problems;
use super::read::refuse_unknown;
use super::{IfMissing, Source, Transform, Trust};
use crate::near::{quoted, suggest};
use crate::path::kind;

/// Says that a value is of another kind than it has to be.
pub(super) fn wrong_type(
    problems: &mut Problems,
    member: &str,
    what: &str,
    wanted: &str,
    found: &Value,
    fix: &str,
) {
    let message = format!("{what} has to be a {wanted}, not a {}.", kind(found));
    problems.add(member, "wrong_type", message.replace("a object", "an object"), fix);
}

// The one member of an object with one member.
fn only(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.iter().next().map(|(name, value)| (name.as_str(), value))
}

/// The source of a row.
pub(super) fn source(value: Option<&Value>, problems: &mut Problems) -> Source {
    let fix = "Write a path, {\"const\": value} or {\"template\": \"{given_name} {family_name}\"}.";
    let blank = Source::Path(String::new());
    let Some(value) = value else { return blank };
    match (value, only(value)) {
        (Value::String(path), _) => return Source::Path(path.clone()),
        (_, Some(("const", value))) => return Source::Const(value.clone()),
        (_, Some(("template", Value::String(text)))) => return Source::Template(text.clone()),
        (_, Some(("template", other))) => {
            wrong_type(problems, "source.template", "A template", "text", other, fix);
        }
        (Value::Object(_), Some((name, _))) => {
            let message = format!("There is no kind of source called {}.", quoted(name));
            problems.add("source", "unknown_name", message, suggest(name, &["const", "template"]));
        }
        _ => wrong_type(problems, "source", "The source", "text or object", value, fix),
    }
    blank
}

/// What happens without a value.
pub(super) fn if_missing(value: Option<&Value>, problems: &mut Problems) -> IfMissing {
    let fix = "Write \"skip\", {\"default\": value} or {\"block\": \"message\"}.";
    let names = ["skip", "default", "block"];
    let Some(value) = value else { return IfMissing::Skip };
    match (value, only(value)) {
        (Value::String(name), _) if name == "skip" => {}
        (_, Some(("default", value))) => return IfMissing::Default(value.clone()),
        (_, Some(("block", Value::String(text)))) => return IfMissing::Block(text.clone()),
        (_, Some(("block", other))) => {
            wrong_type(problems, "if_missing.block", "The message", "text", other, fix);
        }
        (Value::String(name), _) if names.contains(&name.as_str()) => {
            let message = format!("{name} needs a value.");
            problems.add("if_missing", "missing_member", message, fix);
        }
        (Value::String(name), _) => unknown(problems, "if_missing", name, &names),
        (_, Some((name, _))) => unknown(problems, "if_missing", name, &names),
        _ => wrong_type(problems, "if_missing", "The member", "text or object", value, fix),
    }
    IfMissing::Skip
}

/// Whether an address counts as proven.
pub(super) fn trust(value: Option<&Value>, problems: &mut Problems) -> Trust {
    let fix = "Write \"verified\", {\"verified\": \"path\"}, \"always\" or \"never\".";
    let names = ["verified", "always", "never"];
    let Some(value) = value else { return Trust::Never };
    match (value, only(value)) {
        (Value::String(name), _) if name == "never" => {}
        (Value::String(name), _) if name == "always" => return Trust::Always,
        (Value::String(name), _) if name == "verified" => return Trust::Verified(None),
        (_, Some(("verified", Value::String(path)))) => {
            return Trust::Verified(Some(path.clone()));
        }
        (_, Some(("verified", other))) => {
            wrong_type(problems, "trust.verified", "The path", "text", other, fix);
        }
        (Value::String(name), _) => unknown(problems, "trust", name, &names),
        (_, Some((name, _))) => unknown(problems, "trust", name, &names),
        _ => wrong_type(problems, "trust", "The trust", "text or object", value, fix),
    }
    Trust::Never
}

fn unknown(problems: &mut Problems, member: &str, name: &str, known: &[&str]) {
    let message = format!("There is no {member} called {}.", quoted(name));
    problems.add(member, "unknown_name", message, suggest(name, known));
}

/// One transform; `None` if it has a mistake.
pub(super) fn transform(value: &Value, at: &str, problems: &mut Problems) -> Option<Transform> {
    let (name, needs) = match (value, only(value)) {
        (Value::String(name), _) => (name.as_str(), None),
        (_, Some((name, needs))) => (name, Some(needs)),
        _ => {
            let fix = "Write a name, like \"trim\", or an object with one member, like {\"join\": \", \"}.";
            wrong_type(problems, at, "A transform", "text or object", value, fix);
            return None;
        }
    };
    if !TRANSFORMS.iter().any(|entry| entry.name == name) {
        let known: Vec<&str> = TRANSFORMS.iter().map(|entry| entry.name).collect();
        let message = format!("There is no transform {}.", quoted(name));
        problems.add(at, "unknown_transform", message, suggest(name, &known));
        return None;
    }
    match needs {
        None => simple(name, at, problems),
        Some(needs) => with_needs(name, needs, &format!("{at}.{name}"), problems),
    }
}

fn simple(name: &str, at: &str, problems: &mut Problems) -> Option<Transform> {
    Some(match name {
        "trim" => Transform::Trim,
        "lower" => Transform::Lower,
        "upper" => Transform::Upper,
        "first" => Transform::First,
        "to_string" => Transform::ToString,
        "to_number" => Transform::ToNumber,
        "to_bool" => Transform::ToBool,
        "to_locale" => Transform::ToLocale,
        "to_date" => Transform::ToDate(Vec::new()),
        "hash" => Transform::Hash,
        name => {
            let message = format!("{name} needs more than its name.");
            problems.add(at, "missing_member", message, form(name));
            return None;
        }
    })
}

fn with_needs(name: &str, needs: &Value, at: &str, problems: &mut Problems) -> Option<Transform> {
    let found = match (name, needs) {
        ("default", value) => Some(Transform::Default(value.clone())),
        ("template", Value::String(text)) => Some(Transform::Template(text.clone())),
        ("join", Value::String(text)) => Some(Transform::Join(text.clone())),
        ("to_date", Value::Array(formats)) => texts(formats).map(Transform::ToDate),
        ("split", Value::Object(members)) => {
            refuse_unknown(members, &["by", "index"], at, problems);
            split(members)
        }
        ("regex", Value::Object(members)) => {
            refuse_unknown(members, &["pattern", "group"], at, problems);
            regex(members)
        }
        ("table", Value::Object(members)) => {
            refuse_unknown(members, &["map", "otherwise"], at, problems);
            table(members)
        }
        _ => None,
    };
    if found.is_none() {
        let message = format!("What {name} needs is not written like this.");
        problems.add(at, "wrong_type", message, form(name));
    }
    found
}

fn texts(values: &[Value]) -> Option<Vec<String>> {
    values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

fn split(members: &Map<String, Value>) -> Option<Transform> {
    let by = members.get("by")?.as_str()?.to_owned();
    let index = match members.get("index") {
        None | Some(Value::Null) => None,
        Some(index) => Some(index.as_i64()?),
    };
    Some(Transform::Split { by, index })
}

fn regex(members: &Map<String, Value>) -> Option<Transform> {
    let pattern = members.get("pattern")?.as_str()?.to_owned();
    let group = match members.get("group") {
        None | Some(Value::Null) => None,
        Some(group) => Some(u32::try_from(group.as_u64()?).ok()?),
    };
    Some(Transform::Regex { pattern, group })
}

fn table(members: &Map<String, Value>) -> Option<Transform> {
    let map: BTreeMap<_, _> = members.get("map")?.as_object()?.clone().into_iter().collect();
    Some(Transform::Table { map, otherwise: members.get("otherwise").cloned() })
}
