//! Judges a mapping against a tenant's fields when it is saved, so that a saved mapping cannot
//! fail a sign-in, except where a rule says that it blocks.

use super::check_parts::{check_if_missing, check_source, check_transforms, check_trust};
use super::problem::Problems;
use super::{
    IfMissing, MAX_REGEXES, MAX_RULES, Mapping, MappingRule, RuleProblem, Source, Transform, Trust,
    Update,
};
use crate::near::{nearest, quoted};
use crate::schema::{Checker, FieldDefinition, Schema, is_forbidden_target};

/// The key of the field that is more than a field: the address decides about linking.
pub(crate) const EMAIL: &str = "email";

/// Every mistake of a mapping for these fields, in the order of its rows; none if it may be saved.
pub fn check(mapping: &Mapping, schema: &Schema) -> Vec<RuleProblem> {
    let mut list = Vec::new();
    let mut whole = Problems { row: 0, list: &mut list };
    if mapping.rules.len() > MAX_RULES {
        let message = format!("There are {} rules; 100 are allowed.", mapping.rules.len());
        whole.add("rules", "too_many", message, "Remove rules that nothing needs.");
    }
    let regexes = mapping.rules.iter().flat_map(|rule| &rule.transforms);
    let regexes = regexes.filter(|step| matches!(step, Transform::Regex { .. })).count();
    if regexes > MAX_REGEXES {
        let message = format!("There are {regexes} regex transforms; {MAX_REGEXES} are allowed.");
        whole.add(
            "rules",
            "too_many",
            message,
            "Use split, table or a filter in the path instead.",
        );
    }
    for (at, rule) in mapping.rules.iter().enumerate().take(MAX_RULES) {
        check_rule(rule, schema, &mut Problems { row: at + 1, list: &mut list });
        let mut problems = Problems { row: at + 1, list: &mut list };
        check_order(&mapping.rules, at, &mut problems);
    }
    list
}

/// The field that a rule may write; none if it is unknown, or nobody's to write.
pub(crate) fn target_field<'a>(key: &str, schema: &'a Schema) -> Option<&'a FieldDefinition> {
    schema.field(key).filter(|_| !is_forbidden_target(key))
}

fn check_rule(rule: &MappingRule, schema: &Schema, problems: &mut Problems) {
    check_target(rule, schema, problems);
    check_source(&rule.source, problems);
    let checker = target_field(&rule.target, schema).map(Checker::new);
    check_transforms(rule, checker.as_ref(), problems);
    check_if_missing(&rule.if_missing, checker.as_ref(), problems);
    check_trust(rule, problems);
}

fn check_target(rule: &MappingRule, schema: &Schema, problems: &mut Problems) {
    let target = rule.target.as_str();
    if target.trim().is_empty() {
        let fix = "Choose the user field that the value goes to.";
        problems.add("target", "target_blank", "The target is blank.", fix);
    } else if is_forbidden_target(target) {
        let message = format!("No rule may write {}.", quoted(target));
        let fix = "The platform alone decides about it. Choose another field.";
        problems.add("target", "target_forbidden", message, fix);
    } else if schema.field(target).is_none() {
        let keys = schema.fields().map(|field| field.key.as_str());
        let fix = match nearest(target.strip_prefix("custom.").unwrap_or(target), keys) {
            Some(key) => format!("Did you mean {key}?"),
            None => "Choose a standard field, or define a field of your own first.".to_owned(),
        };
        let message = format!("There is no user field {}.", quoted(target));
        problems.add("target", "target_unknown", message, fix);
    }
}

// Whether a rule has a value whatever the profile says.
fn surely_gives(rule: &MappingRule) -> bool {
    let certain = |step: &Transform| match step {
        Transform::Default(_) => true,
        Transform::Table { otherwise, .. } => otherwise.is_some(),
        _ => false,
    };
    let constant = matches!(rule.source, Source::Const(_)) && rule.transforms.is_empty();
    let last = rule.transforms.last();
    constant
        || matches!(rule.if_missing, IfMissing::Default(_))
        || last.is_some_and(|step| matches!(step, Transform::Default(_)) && certain(step))
}

// Rules of one target run in order; each has to be reachable.
fn check_order(rules: &[MappingRule], at: usize, problems: &mut Problems) {
    let Some(rule) = rules.get(at).filter(|rule| rule.update != Update::Never) else { return };
    let earlier = rules.iter().enumerate().take(at).filter(|(_, other)| {
        other.target == rule.target && other.update != Update::Never && !rule.target.is_empty()
    });
    for (before, other) in earlier {
        let row = before + 1;
        if other.source == rule.source && other.transforms == rule.transforms {
            let message = format!("Row {row} does the same.");
            problems.add("", "duplicate", message, "Remove one of the two rows.");
        } else if surely_gives(other) {
            let message = format!("Row {row} always gives {} a value.", rule.target);
            let fix = "Put this row above it, or remove one of the two.";
            problems.add("", "unreachable", message, fix);
        } else if matches!(other.if_missing, IfMissing::Block(_)) {
            let message = format!("Row {row} blocks before this row is tried.");
            let fix = "Let only the last row of a target block.";
            problems.add("", "unreachable", message, fix);
        }
    }
}

/// What is allowed and yet worth a second look before saving: nothing here is a mistake.
pub fn advice(mapping: &Mapping) -> Vec<RuleProblem> {
    let mut list = Vec::new();
    for (at, rule) in mapping.rules.iter().enumerate() {
        let mut problems = Problems { row: at + 1, list: &mut list };
        if rule.target != EMAIL {
            continue;
        }
        if rule.trust == Trust::Always {
            let message = "Every address that this provider sends counts as proven.";
            let fix = "Whoever can set any address there can take over accounts here. Use \
                       verified, unless you run the provider yourself.";
            problems.add("trust", "trust_always", message, fix);
        }
        if rule.update == Update::Always {
            let message = "An address from a provider never replaces the one that a user has.";
            problems.add("update", "email_stays", message, "Use first to say so.");
        }
    }
    list
}
