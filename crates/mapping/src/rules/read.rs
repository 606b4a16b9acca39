//! Reads mappings from JSON. Nothing is guessed and nothing is ignored: each mistake is named with
//! its row and member, unknown names with the nearest known one.
//!
//! Whether a rule makes sense for a tenant's fields is `rules::check`'s.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::problem::Problems;
use super::read_parts::{if_missing, source, transform, trust, wrong_type};
use super::{MAX_RULES, MAX_TRANSFORMS, Mapping, MappingRule, RuleProblem, Transform, Update};
use crate::json::{self, Limits};
use crate::near::suggest;

const MEMBERS: [&str; 6] = ["target", "source", "transforms", "if_missing", "update", "trust"];
/// A mapping at its limits has a fifth of this.
const LIMITS: Limits = Limits { bytes: 512 * 1024, depth: 12, nodes: 50_000 };

impl Mapping {
    /// Reads the JSON form from text. Errors: no JSON, too large, or whatever
    /// [`Mapping::from_value`] finds.
    pub fn parse(bytes: &[u8]) -> Result<Mapping, Vec<RuleProblem>> {
        let value = json::parse(bytes, &LIMITS).map_err(|problem| {
            vec![RuleProblem {
                row: 0,
                member: problem.path.unwrap_or_default(),
                code: problem.code,
                message: problem.message,
                fix: problem.fix,
            }]
        })?;
        Mapping::from_value(&value)
    }

    /// Reads the JSON form. Errors: each mistake of each row, in order.
    pub fn from_value(value: &Value) -> Result<Mapping, Vec<RuleProblem>> {
        let mut list = Vec::new();
        let mut whole = Problems { row: 0, list: &mut list };
        let rows = rows(value, &mut whole);
        let mut rules = Vec::new();
        for (at, row) in rows.iter().enumerate().take(MAX_RULES) {
            rules.extend(rule(row, &mut Problems { row: at + 1, list: &mut list }));
        }
        if list.is_empty() { Ok(Mapping { rules }) } else { Err(list) }
    }
}

impl MappingRule {
    /// Reads the JSON form of one row; problems carry the number `row`. Errors: each mistake.
    pub fn from_value(value: &Value, row: usize) -> Result<MappingRule, Vec<RuleProblem>> {
        let mut list = Vec::new();
        match rule(value, &mut Problems { row, list: &mut list }) {
            Some(rule) => Ok(rule),
            None => Err(list),
        }
    }
}

fn rows<'a>(value: &'a Value, problems: &mut Problems) -> &'a [Value] {
    let fix = "Write {\"rules\": [ … ]}.";
    let Some(members) = value.as_object() else {
        wrong_type(problems, "", "A mapping", "object", value, fix);
        return &[];
    };
    refuse_unknown(members, &["rules"], "", problems);
    match members.get("rules") {
        Some(Value::Array(rows)) if rows.len() <= MAX_RULES => rows,
        Some(Value::Array(rows)) => {
            let message = format!("There are {} rules; {MAX_RULES} are allowed.", rows.len());
            problems.add("rules", "too_many", message, "Remove rules that nothing needs.");
            rows
        }
        Some(other) => {
            wrong_type(problems, "rules", "The member rules", "list", other, fix);
            &[]
        }
        None => {
            problems.add("rules", "missing_member", "The member rules is missing.", fix);
            &[]
        }
    }
}

/// Names each member that is not among the known ones.
pub(super) fn refuse_unknown(
    members: &Map<String, Value>,
    known: &[&str],
    within: &str,
    problems: &mut Problems,
) {
    for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
        let shown = crate::near::quoted(name);
        let member = match within {
            "" => shown.clone(),
            within => format!("{within}.{shown}"),
        };
        let message = format!("There is no member {shown}.");
        problems.add(member, "unknown_member", message, suggest(name, known));
    }
}

// A row; `None` if it has a mistake.
fn rule(value: &Value, problems: &mut Problems) -> Option<MappingRule> {
    let before = problems.list.len();
    let Some(members) = value.as_object() else {
        let fix = "Write {\"target\": \"name\", \"source\": \"display_name\"}.";
        wrong_type(problems, "", "A row", "object", value, fix);
        return None;
    };
    refuse_unknown(members, &MEMBERS, "", problems);
    let target = required(members, "target", problems).and_then(|value| match value {
        Value::String(key) => Some(key.clone()),
        other => {
            wrong_type(problems, "target", "The target", "text", other, "Write a field's key.");
            None
        }
    });
    let rule = MappingRule {
        source: source(required(members, "source", problems), problems),
        transforms: transforms(members.get("transforms"), problems),
        target: target.unwrap_or_default(),
        if_missing: if_missing(members.get("if_missing"), problems),
        update: update(members.get("update"), problems),
        trust: trust(members.get("trust"), problems),
    };
    (problems.list.len() == before).then_some(rule)
}

fn required<'a>(
    members: &'a Map<String, Value>,
    name: &str,
    problems: &mut Problems,
) -> Option<&'a Value> {
    let found = members.get(name);
    if found.is_none() {
        let message = format!("The member {name} is missing.");
        problems.add(name, "missing_member", message, "Each row needs target and source.");
    }
    found
}

fn transforms(value: Option<&Value>, problems: &mut Problems) -> Vec<Transform> {
    let fix = "Write a list, like [\"trim\", \"lower\"].";
    let chain = match value {
        None => return Vec::new(),
        Some(Value::Array(chain)) => chain,
        Some(other) => {
            wrong_type(problems, "transforms", "The member transforms", "list", other, fix);
            return Vec::new();
        }
    };
    if chain.len() > MAX_TRANSFORMS {
        let message = format!("{} transforms; {MAX_TRANSFORMS} are allowed.", chain.len());
        problems.add("transforms", "too_many", message, "Split the work over fewer steps.");
    }
    let named = chain.iter().enumerate().take(MAX_TRANSFORMS);
    named
        .filter_map(|(at, value)| transform(value, &format!("transforms[{at}]"), problems))
        .collect()
}

fn update(value: Option<&Value>, problems: &mut Problems) -> Update {
    let names = Update::NAMES.map(|(name, _)| name);
    match value {
        None => Update::default(),
        Some(Value::String(text)) => {
            let found = Update::NAMES.iter().find(|(name, _)| name == text);
            if found.is_none() {
                let message = format!("There is no update policy {}.", crate::near::quoted(text));
                problems.add("update", "unknown_name", message, suggest(text, &names));
            }
            found.map(|(_, update)| *update).unwrap_or_default()
        }
        Some(other) => {
            let fix = "Write always, first, if_empty or never.";
            wrong_type(problems, "update", "The update policy", "text", other, fix);
            Update::default()
        }
    }
}

fn sentence(problems: &[RuleProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Mapping::from_value(&value).map_err(|list| serde::de::Error::custom(sentence(&list)))
    }
}

impl<'de> Deserialize<'de> for MappingRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        MappingRule::from_value(&value, 0).map_err(|list| serde::de::Error::custom(sentence(&list)))
    }
}
