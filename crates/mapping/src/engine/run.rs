//! Runs rules over a profile: source, transforms, the field's form, what happens without a value.

use std::borrow::Cow;

use serde_json::Value;

use super::address;
use super::decide::{decide, without_value};
use super::fit::fit;
use super::transform::Current;
use super::{
    Action, Blocked, CurrentUser, FieldOutcome, Occasion, Outcome, Provenance, Reason, Row, Start,
    StepResult,
};
use crate::path::kind;
use crate::profile::Profile;
use crate::rules::Update;
use crate::work::Work;

/// Longest value in a provenance, in characters; most entries of a list there.
const SHOWN: usize = 300;
const SHOWN_ENTRIES: usize = 20;

/// Applies all rows.
pub(super) fn all(
    rows: &[Row],
    profile: &Profile,
    current: Option<&CurrentUser>,
    occasion: Occasion,
    explain: bool,
) -> Outcome {
    let work = Work::for_one_profile();
    let mut outcome = Outcome { fields: Vec::with_capacity(rows.len()), ..Outcome::default() };
    for row in rows {
        let mut provenance = explain.then(Provenance::default);
        let settled = settled(&outcome, &row.target);
        let field = current.and_then(|user| user.get(&row.target));
        let (value, action) = match (&row.field, row.update, settled) {
            (None, ..) => (None, Action::Skip(Reason::Broken)),
            (_, Update::Never, _) => (None, Action::Skip(Reason::Off)),
            (_, _, Some(by)) => (None, Action::Skip(Reason::Settled(by))),
            (Some(_), ..) => match evaluate(row, profile, &work, provenance.as_mut()) {
                Ok(value) => {
                    if outcome.email.is_none() {
                        outcome.email = address::found(row, &value, profile, &work);
                    }
                    let action = decide(row, &value, field, occasion);
                    (Some(value), action)
                }
                Err(why) => {
                    let (value, action) = without_value(row, why, field, occasion);
                    if let (Some(value), None) = (&value, &outcome.email) {
                        outcome.email = address::instead(row, value);
                    }
                    (value, action)
                }
            },
        };
        note_block(row, &action, &mut outcome);
        let target = row.target.clone();
        outcome.fields.push(FieldOutcome { row: row.row, target, value, action, provenance });
    }
    outcome
}

// The earlier row of the same target that found a value.
fn settled(outcome: &Outcome, target: &str) -> Option<usize> {
    let earlier = outcome.fields.iter().filter(|field| field.target == target);
    earlier.filter(|field| field.value.is_some()).map(|field| field.row).next()
}

fn note_block(row: &Row, action: &Action, outcome: &mut Outcome) {
    if let (Action::Blocked(message), None) = (action, &outcome.blocked) {
        let (target, message) = (row.target.clone(), message.clone());
        outcome.blocked = Some(Blocked { row: row.row, target, message });
    }
}

fn evaluate(
    row: &Row,
    profile: &Profile,
    work: &Work,
    mut notes: Option<&mut Provenance>,
) -> Result<Value, Reason> {
    let checker = row.field.as_ref().ok_or(Reason::Broken)?;
    let root = profile.value();
    let mut current = start(row, root, work);
    if let Some(notes) = notes.as_deref_mut() {
        notes.kind = current.as_deref().map(kind);
        notes.raw = current.as_deref().map(shown);
    }
    current = current.filter(|value| present(value));
    let mut failed = None;
    for act in &row.chain {
        let name = act.name();
        let (next, note) = match act.run(current, root, work) {
            Ok(next) => (next.filter(|value| present(value)), None),
            Err(why) => {
                failed = Some(Reason::Transform { name, why });
                (None, Some(why))
            }
        };
        current = next;
        if let Some(notes) = notes.as_deref_mut() {
            notes.steps.push(StepResult { name, value: current.as_deref().map(shown), note });
        }
    }
    match current {
        Some(value) => fit(checker, &value, work, notes),
        None if work.is_spent() => Err(Reason::TooLarge),
        None => Err(failed.unwrap_or(Reason::Missing)),
    }
}

fn start<'a>(row: &'a Row, root: &'a Value, work: &Work) -> Current<'a> {
    match &row.from {
        Start::Path(path) => path.find(root, work),
        Start::Const(value) => Some(Cow::Borrowed(value)),
        Start::Template(template) => {
            template.fill(root, work).render(None).map(|text| Cow::Owned(Value::String(text)))
        }
    }
}

// Whether a value counts as one.
fn present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

/// A value small enough for a page.
pub(super) fn shown(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() > SHOWN => {
            Value::String(text.chars().take(SHOWN).chain(['…']).collect())
        }
        Value::Array(entries) => entries.iter().take(SHOWN_ENTRIES).map(shown).collect(),
        Value::Object(members) => {
            let few = members.iter().take(SHOWN_ENTRIES);
            Value::Object(few.map(|(name, value)| (name.clone(), shown(value))).collect())
        }
        other => other.clone(),
    }
}
