//! What the rules of the editor do to a profile: the result of each row, the keys that are used and
//! those that are not, the user and the claims that would come out.

use directory::mappings::{self, Shown};
use mapping::engine::{Action, FieldOutcome, Missing};
use mapping::rules::{ChangeKind, RuleChange};
use mapping::{CurrentUser, Mapping, Preview, Profile};
use serde_json::Value;

use super::against;
use super::draft::Draft;
use super::rule;
use crate::views::State;
use crate::views::mapping::{Board, Change, Key, RuleRow, UserLine};

/// Longest value on a page, in characters.
const LONGEST: usize = 80;
/// Most lines of a table.
const MOST: usize = 120;

/// Tries the rules of the editor.
pub(super) fn of(shown: &Shown, draft: &Draft, who: Option<&CurrentUser>) -> Board {
    let rules = draft.rules();
    // Rows that make no sense yet are left out; `number` finds a row of the others.
    let number: Vec<usize> =
        rules.iter().enumerate().filter(|(_, rule)| rule.is_ok()).map(|(at, _)| at).collect();
    let mapping = Mapping { rules: rules.iter().flatten().cloned().collect() };
    let profile = draft.profile(shown);
    let preview = profile
        .as_ref()
        .ok()
        .map(|profile| mappings::preview(&mapping, &shown.schema, profile, who));
    let row = |at: usize| row_of(at, draft, &number, preview.as_ref(), rules[at].as_ref().err());
    let targets = shown.schema.fields();
    Board {
        rows: (0..draft.rows.len()).map(row).collect(),
        targets: targets.map(|field| (field.key.clone(), field.label.clone())).collect(),
        problem: profile.as_ref().err().cloned().unwrap_or_default(),
        paths: profile.as_ref().map(paths).unwrap_or_default(),
        keys: keys(profile.as_ref().ok(), preview.as_ref()),
        user: preview.as_ref().map(|p| user(p, who.is_some())).unwrap_or_default(),
        blocked: preview.as_ref().and_then(|p| p.blocked.as_ref()).map(|b| b.message.clone()),
        required: preview.as_ref().map(|p| p.required.clone()).unwrap_or_default(),
        claims: preview.as_ref().map(|p| claims(&p.claims)).unwrap_or_default(),
        against: who.is_some(),
        changes: preview.as_ref().map(against::changes).unwrap_or_default(),
        stays: preview.as_ref().zip(who).map(|(p, who)| against::stays(p, who)).unwrap_or_default(),
        advice: preview.iter().flat_map(|p| &p.advice).map(ToString::to_string).collect(),
    }
}

fn paths(profile: &Profile) -> Vec<String> {
    profile.outline().into_iter().map(|member| member.path).take(MOST).collect()
}

fn row_of(
    at: usize,
    draft: &Draft,
    number: &[usize],
    preview: Option<&Preview>,
    wrong: Option<&Vec<mapping::RuleProblem>>,
) -> RuleRow {
    let row = &draft.rows[at];
    let place = number.iter().position(|known| *known == at).map(|place| place + 1);
    let outcome = preview.zip(place).and_then(|(p, n)| p.rows.iter().find(|r| r.row == n));
    let missing = preview.zip(place).and_then(|(p, n)| p.missing.iter().find(|m| m.row == n));
    let chain = row["transforms"].as_array().into_iter().flatten();
    let source = rule::source(&row["source"]);
    RuleRow {
        at,
        target: row["target"].as_str().unwrap_or_default().to_owned(),
        source,
        verbs: chain.map(verb).collect(),
        update: update(row["update"].as_str().unwrap_or("always")),
        state: state(outcome, wrong),
        value: outcome.and_then(|o| o.value.as_ref()).map(short).unwrap_or_default(),
        why: outcome.and_then(|o| o.action.message()).unwrap_or_default(),
        near: missing.map(|m: &Missing| m.near.clone()).unwrap_or_default(),
        open: (draft.open == Some(at)).then(|| rule::shown(at, row)),
    }
}

fn verb(value: &Value) -> String {
    let line = rule::line(value);
    line.split_whitespace().next().unwrap_or_default().to_owned()
}

fn update(name: &str) -> &'static str {
    match name {
        "first" => "At creation",
        "if_empty" => "If empty",
        "never" => "Switched off",
        _ => "Every sign-in",
    }
}

fn state(outcome: Option<&FieldOutcome>, wrong: Option<&Vec<mapping::RuleProblem>>) -> State {
    match (outcome.map(|outcome| &outcome.action), wrong) {
        (_, Some(_)) => State::new("bad", "Mistake"),
        (None, None) => State::new("off", "No profile"),
        (Some(Action::Set), _) => State::new("ok", "Written"),
        (Some(Action::Keep(_)), _) => State::new("off", "Kept"),
        (Some(Action::Skip(_)), _) => State::new("warn", "Nothing"),
        (Some(Action::Blocked(_)), _) => State::new("bad", "Blocks"),
    }
}

/// The members of the profile, each with the fields that read it.
fn keys(profile: Option<&Profile>, preview: Option<&Preview>) -> Vec<Key> {
    let (Some(profile), Some(preview)) = (profile, preview) else { return Vec::new() };
    let members = profile.members().into_iter().flatten().take(MOST);
    let reads = |name: &str| -> Vec<String> {
        let inside = |path: &String| {
            let root = path.trim_start_matches('/').split(['/', '.', '[']).next();
            root == Some(name)
        };
        let taken = |row: &FieldOutcome| {
            row.provenance.as_ref().is_some_and(|p| p.taken.iter().any(inside))
        };
        preview.rows.iter().filter(|row| taken(row)).map(|row| row.target.clone()).collect()
    };
    let key = |(name, value): (&String, &Value)| {
        let mut into = reads(name);
        into.dedup();
        Key {
            used: !into.is_empty(),
            into: into.join(", "),
            value: short(value),
            name: name.clone(),
        }
    };
    let mut keys: Vec<Key> = members.map(key).collect();
    keys.sort_by_key(|key| !key.used);
    keys
}

fn user(preview: &Preview, exists: bool) -> Vec<UserLine> {
    // Somebody who exists keeps their address, proven or not.
    let verified = preview.email.as_ref().filter(|_| !exists).map(|email| email.verified);
    let line = |(key, value): (&String, &Value)| UserLine {
        value: short(value),
        proven: if key == "email" { verified } else { None },
        key: key.clone(),
    };
    preview.user.iter().map(line).collect()
}

fn claims(claims: &serde_json::Map<String, Value>) -> String {
    serde_json::to_string_pretty(claims).unwrap_or_default()
}

pub(super) fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{cut}…")
}

/// Differences as a page shows them.
pub(crate) fn changes(changes: &[RuleChange]) -> Vec<Change> {
    let value = |value: &Option<Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let change = |change: &RuleChange| {
        let (class, sign, word) = match change.kind {
            ChangeKind::Added => ("add", "+", "added"),
            ChangeKind::Removed => ("del", "−", "removed"),
            ChangeKind::Changed => ("mod", "~", "changed"),
            ChangeKind::Moved => ("mod", "↕", "moved"),
        };
        let members = change.members.iter();
        Change {
            class,
            sign,
            word,
            target: change.target.clone(),
            row: change.after.or(change.before).unwrap_or_default(),
            members: members.map(|m| (m.name.clone(), value(&m.before), value(&m.after))).collect(),
        }
    };
    changes.iter().map(change).collect()
}
