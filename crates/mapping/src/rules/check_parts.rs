//! Judges the members of one rule: source, transforms, if missing, trust.

use serde_json::Value;

use super::chain::{gives, of_field, of_source, takes};
use super::check::EMAIL;
use super::problem::Problems;
use super::{
    IfMissing, MAX_PATTERN, MAX_RULE_TEXT, MAX_TABLE, MAX_TRANSFORMS, MappingRule, Source,
    Transform, Trust,
};
use crate::engine::DateFormat;
use crate::path::{Path, PathProblem};
use crate::schema::{Checker, pattern};
use crate::template::Template;

fn add_path(problems: &mut Problems, member: &str, code: &'static str, why: PathProblem) {
    let message = format!("{} (at character {})", why.message, why.at + 1);
    problems.add(member, code, message, why.fix);
}

fn check_length(text: &str, member: &str, problems: &mut Problems) {
    if text.chars().count() > MAX_RULE_TEXT {
        let message = format!("The text has over {MAX_RULE_TEXT} characters.");
        problems.add(member, "too_long", message, "Shorten it.");
    }
}

// Values written into rules are texts, numbers, booleans and lists of texts.
fn check_literal(value: &Value, member: &str, problems: &mut Problems) {
    let sound = match value {
        Value::Null | Value::Object(_) => false,
        Value::Array(entries) => entries.len() <= 100 && entries.iter().all(Value::is_string),
        _ => true,
    };
    if !sound {
        let fix = "Write a text, a number, true, false or a list of at most 100 texts.";
        problems.add(member, "value_invalid", "This value cannot stand in a rule.", fix);
    }
    let texts = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    texts.iter().filter_map(Value::as_str).for_each(|text| check_length(text, member, problems));
}

fn check_template(text: &str, takes_value: bool, member: &str, problems: &mut Problems) {
    check_length(text, member, problems);
    if let Err(why) = Template::parse(text, takes_value) {
        add_path(problems, member, "template_invalid", why);
    }
}

/// Whether a source can be read.
pub(super) fn check_source(source: &Source, problems: &mut Problems) {
    match source {
        Source::Path(path) if path.trim().is_empty() => {
            let fix = "Name what to read, like given_name, or give a constant.";
            problems.add("source", "source_blank", "The source is blank.", fix);
        }
        Source::Path(path) => {
            if let Err(why) = Path::parse(path) {
                add_path(problems, "source", "path_invalid", why);
            }
        }
        Source::Const(value) => check_literal(value, "source.const", problems),
        Source::Template(text) => check_template(text, false, "source.template", problems),
    }
}

/// Whether each transform is sound and fits to the one before it, and the last to the field.
pub(super) fn check_transforms(
    rule: &MappingRule,
    checker: Option<&Checker>,
    problems: &mut Problems,
) {
    if rule.transforms.len() > MAX_TRANSFORMS {
        let message = format!("There are more than {MAX_TRANSFORMS} transforms.");
        problems.add("transforms", "too_many", message, "Split the work over fewer steps.");
    }
    let before = problems.list.len();
    let mut kinds = of_source(&rule.source);
    for (at, transform) in rule.transforms.iter().enumerate().take(MAX_TRANSFORMS) {
        let member = format!("transforms[{at}].{}", transform.name());
        check_transform(transform, &member, problems);
        if !kinds.meets(takes(transform)) {
            let (name, got, needs) = (transform.name(), kinds.words(), takes(transform).words());
            let message = format!("{name} needs {needs}, and gets {got}.");
            problems.add(member, "type_clash", message, "Remove it, or put it elsewhere.");
        }
        kinds = gives(transform, kinds);
    }
    let Some(field) = checker.map(Checker::field) else { return };
    if problems.list.len() == before && !kinds.meets(of_field(&field.kind)) {
        let wanted = of_field(&field.kind).words();
        let message = format!("{} holds {wanted}, and gets {}.", field.key, kinds.words());
        problems.add("transforms", "type_clash", message, clash_fix(wanted));
    }
    if let (Source::Const(value), true, Some(checker)) =
        (&rule.source, rule.transforms.is_empty() && problems.list.len() == before, checker)
    {
        check_fits(value, "source.const", checker, problems);
    }
}

fn clash_fix(wanted: &str) -> &'static str {
    match wanted {
        "yes or no" => "Add to_bool at the end.",
        "a number" => "Add to_number at the end.",
        "a list" => "Add split at the end.",
        _ => "Add first, join or to_string at the end.",
    }
}

fn check_fits(value: &Value, member: &str, checker: &Checker, problems: &mut Problems) {
    match checker.fit(value) {
        Ok(Value::Null) => {
            problems.add(member, "value_invalid", "This value is empty.", "Write a value.");
        }
        Ok(_) => {}
        Err(why) => problems.add(member, "value_invalid", why.message, why.fix),
    }
}

fn check_transform(transform: &Transform, member: &str, problems: &mut Problems) {
    match transform {
        Transform::Default(value) => check_literal(value, member, problems),
        Transform::Template(text) => check_template(text, true, member, problems),
        Transform::Join(text) => check_length(text, member, problems),
        Transform::Split { by, index } => {
            check_length(by, member, problems);
            if by.is_empty() || index.is_some_and(|index| !(-1_000..1_000).contains(&index)) {
                let fix = "Write {\"split\": {\"by\": \"@\", \"index\": 0}}.";
                problems.add(member, "split_invalid", "Split by what, and which part?", fix);
            }
        }
        Transform::Regex { pattern, group } => check_regex(pattern, *group, member, problems),
        Transform::Table { map, otherwise } => {
            if map.is_empty() || map.len() > MAX_TABLE {
                let message = format!("The table has {} entries.", map.len());
                let fix = format!("Write 1 to {MAX_TABLE} entries.");
                problems.add(member, "table_invalid", message, fix);
            }
            map.keys().for_each(|key| check_length(key, member, problems));
            for value in map.values().chain(otherwise).take(MAX_TABLE + 1) {
                check_literal(value, member, problems);
            }
        }
        Transform::ToDate(formats) => {
            let wrong = formats.iter().find(|format| DateFormat::parse(format).is_none());
            if wrong.is_some() || formats.len() > 10 {
                let message = "The date formats cannot be read.";
                let fix = "Use YYYY, MM, DD, M and D, like DD.MM.YYYY, or epoch or epoch_ms; at \
                           most 10 formats.";
                problems.add(member, "date_format_invalid", message, fix);
            }
        }
        _ => {}
    }
}

fn check_regex(source: &str, group: Option<u32>, member: &str, problems: &mut Problems) {
    match pattern(source, MAX_PATTERN) {
        Err(why) => {
            let fix = "Use a short expression without look-around and back-references; \\d and \
                       \\w stand for many letters, [0-9] and [a-z] for few.";
            problems.add(member, "regex_invalid", why, fix);
        }
        Ok(regex) => {
            let groups = regex.captures_len();
            if group.is_some_and(|group| usize::try_from(group).is_ok_and(|g| g >= groups)) {
                let message =
                    format!("The expression has no such group; the last is {}.", groups - 1);
                problems.add(member, "regex_invalid", message, "Put ( ) around what you want.");
            }
        }
    }
}

/// Whether what happens without a value is said in full.
pub(super) fn check_if_missing(
    if_missing: &IfMissing,
    checker: Option<&Checker>,
    problems: &mut Problems,
) {
    match if_missing {
        IfMissing::Skip => {}
        IfMissing::Default(value) => {
            let before = problems.list.len();
            check_literal(value, "if_missing.default", problems);
            if let (Some(checker), true) = (checker, problems.list.len() == before) {
                check_fits(value, "if_missing.default", checker, problems);
            }
        }
        IfMissing::Block(message) => {
            let length = message.trim().chars().count();
            if length == 0 || length > 300 || message.chars().any(char::is_control) {
                let words = "The message for the person who is kept out is missing or too long.";
                let fix = "Write one sentence that says what they can do, at most 300 characters.";
                problems.add("if_missing.block", "message_missing", words, fix);
            }
        }
    }
}

/// Whether an address keeps the proof that the provider gives for it: it loses it when a rule
/// makes another address of it.
pub(super) fn check_trust(rule: &MappingRule, problems: &mut Problems) {
    if rule.trust != Trust::Never && rule.target != EMAIL {
        let message = "Only the target email can be trusted.";
        problems.add("trust", "trust_unused", message, "Remove trust from this row.");
        return;
    }
    let Trust::Verified(marker) = &rule.trust else { return };
    match (marker.as_deref().map(Path::parse), &rule.source) {
        (Some(Err(why)), _) => add_path(problems, "trust.verified", "path_invalid", why),
        (Some(Ok(marker)), Source::Path(path)) => check_marker(&marker, path, problems),
        _ => {}
    }
    if !keeps_proof(rule) {
        let message = "The provider vouches for its own address, not for one that a rule makes.";
        let fix = "Take the address from a path, with no other transforms than trim and lower, \
                   or set trust to never.";
        problems.add("trust", "trust_changed", message, fix);
    }
}

// Of several addresses each has a marker of its own; that of another proves nothing.
fn check_marker(marker: &Path, address: &str, problems: &mut Problems) {
    if Path::parse(address).is_ok_and(|address| !marker.shares_entry(&address)) {
        let message = "The marker belongs to another entry of the list than the address.";
        let fix = "Begin the marker's path like the address's, up to the same entry.";
        problems.add("trust.verified", "marker_elsewhere", message, fix);
    }
}

/// Whether the address of a rule is the one that the profile holds.
pub(crate) fn keeps_proof(rule: &MappingRule) -> bool {
    let same = |step: &Transform| matches!(step, Transform::Trim | Transform::Lower);
    let single = match &rule.source {
        Source::Path(path) => Path::parse(path).is_ok_and(|path| !path.gives_list()),
        _ => false,
    };
    single && rule.transforms.iter().all(same)
}
