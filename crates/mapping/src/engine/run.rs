//! Runs rules over a profile: source, transforms, the field's form, what happens without a value.

use std::borrow::Cow;

use protocol::email::canonical_email;
use serde_json::Value;

use super::decide::{decide, without_value};
use super::{
    Action, Blocked, CurrentUser, FieldOutcome, MAX_WORK_ENTRIES, MAX_WORK_TEXT, MappedEmail,
    Occasion, Outcome, Proof, Provenance, Reason, Row, Start, StepResult,
};
use crate::path::kind;
use crate::profile::Profile;
use crate::rules::Update;
use crate::rules::check::EMAIL;
use crate::schema::{Checker, FieldKind, FieldProblem, MAX_ENTRY, clean, clean_lines};
use crate::template::text_of;

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
    let mut outcome = Outcome { fields: Vec::with_capacity(rows.len()), ..Outcome::default() };
    for row in rows {
        let mut provenance = explain.then(Provenance::default);
        let settled = settled(&outcome, &row.target);
        let field = current.and_then(|user| user.get(&row.target));
        let (value, action) = match (&row.field, row.update, settled) {
            (None, ..) => (None, Action::Skip(Reason::Broken)),
            (_, Update::Never, _) => (None, Action::Skip(Reason::Off)),
            (_, _, Some(by)) => (None, Action::Skip(Reason::Settled(by))),
            (Some(checker), ..) => match evaluate(row, checker, profile, provenance.as_mut()) {
                Ok(value) => {
                    note_email(row, &value, true, profile, &mut outcome);
                    let action = decide(row, &value, field, occasion);
                    (Some(value), action)
                }
                Err(why) => {
                    let (value, action) = without_value(row, why, field, occasion);
                    if let Some(value) = &value {
                        note_email(row, value, false, profile, &mut outcome);
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

fn note_email(row: &Row, value: &Value, found: bool, profile: &Profile, outcome: &mut Outcome) {
    if row.target != EMAIL || outcome.email.is_some() {
        return;
    }
    let Some(address) = value.as_str() else { return };
    // The field's check made it canonical; of an ASCII address the key is one step away.
    let key = match address.is_ascii() {
        true => address.to_ascii_lowercase(),
        false => match canonical_email(address) {
            Ok(email) => email.key,
            Err(_) => return,
        },
    };
    let (verified, because) = match found {
        true => proof(row, profile),
        false => (false, "The address is the rule's own."),
    };
    let address = address.to_owned();
    outcome.email = Some(MappedEmail { address, key, verified, because, row: row.row });
}

// Only the boolean `true` beside the address, from the same document, is a proof: a text "true",
// a number or a marker from elsewhere may be somebody's own words.
fn proof(row: &Row, profile: &Profile) -> (bool, &'static str) {
    match &row.proof {
        Proof::Never => (false, "The rule does not trust addresses."),
        Proof::Always => (true, "The rule trusts every address."),
        Proof::Marker(path, marker) => match marker.find(profile.value()).as_deref() {
            None => (false, "The provider does not say whether it is verified."),
            Some(_) if !profile.same_origin(path, marker) => {
                (false, "The marker comes from another document than the address.")
            }
            Some(Value::Bool(true)) => (true, "The provider says that it is verified."),
            Some(Value::Bool(false)) => (false, "The provider says that it is not verified."),
            Some(_) => (false, "The marker is not a boolean."),
        },
    }
}

fn evaluate(
    row: &Row,
    checker: &Checker,
    profile: &Profile,
    mut notes: Option<&mut Provenance>,
) -> Result<Value, Reason> {
    let root = profile.value();
    let mut work = match &row.from {
        Start::Path(path) => path.find(root),
        Start::Const(value) => Some(Cow::Borrowed(value)),
        Start::Template(template) => {
            template.render(root, None).map(|text| Cow::Owned(Value::String(text)))
        }
    };
    if let Some(notes) = notes.as_deref_mut() {
        notes.kind = work.as_deref().map(kind);
        notes.raw = work.as_deref().map(shown);
    }
    work = work.filter(|value| present(value));
    let mut failed = None;
    for act in &row.chain {
        let name = act.name();
        let (next, note) = match act.run(work, root) {
            Ok(next) => (next.filter(|value| present(value)), None),
            Err(why) => {
                failed = Some(Reason::Transform { name, why });
                (None, Some(why))
            }
        };
        work = next;
        if let Some(notes) = notes.as_deref_mut() {
            notes.steps.push(StepResult { name, value: work.as_deref().map(shown), note });
        }
    }
    match work {
        Some(value) => fit(checker, &value, notes),
        None => Err(failed.unwrap_or(Reason::Missing)),
    }
}

fn present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

// Brings a value into the field's form: unwanted characters out, a long line cut. What is left is
// checked like everything that goes into a field.
fn fit(checker: &Checker, value: &Value, notes: Option<&mut Provenance>) -> Result<Value, Reason> {
    let cleaned = match (&checker.field().kind, value) {
        (FieldKind::Bool | FieldKind::Integer, _) => None,
        (FieldKind::List, Value::Array(entries)) => Some(cleaned_list(entries)?),
        (_, value) => match text_of(value) {
            Some(text) if text.len() > MAX_WORK_TEXT => return Err(Reason::TooLarge),
            Some(text) => Some(Value::String(cleaned_text(checker, &text))),
            None => None,
        },
    };
    let single = checker.field().kind != FieldKind::List;
    let fitting = match checker.fit(cleaned.as_ref().unwrap_or(value)) {
        Ok(fitting) => fitting,
        Err(_) if single && value.is_array() => return Err(not_single("a list", LIST_FIX)),
        Err(_) if value.is_object() => return Err(not_single("an object", OBJECT_FIX)),
        Err(why) => return Err(Reason::Unfit(why)),
    };
    if let (Some(notes), true) = (notes, fitting != *value) {
        let note = Some("brought into the form of the field");
        notes.steps.push(StepResult { name: "fit", value: Some(shown(&fitting)), note });
    }
    if fitting.is_null() { Err(Reason::Missing) } else { Ok(fitting) }
}

const LIST_FIX: &str = "Pick one entry in the path, or add first or join.";
const OBJECT_FIX: &str = "Go on in the path to the member that you mean.";

fn not_single(what: &str, fix: &str) -> Reason {
    let message = format!("The value is {what}.");
    Reason::Unfit(FieldProblem { code: "wrong_kind", message, fix: fix.to_owned() })
}

fn cleaned_text(checker: &Checker, text: &str) -> String {
    let field = checker.field();
    let text = match field.has_lines() {
        true => Cow::Owned(clean_lines(text)),
        false => clean(text),
    };
    match field.kind {
        FieldKind::Text => cut(text, usize::try_from(field.max_text()).unwrap_or_default()),
        _ => text.into_owned(),
    }
}

fn cleaned_list(entries: &[Value]) -> Result<Value, Reason> {
    if entries.len() > MAX_WORK_ENTRIES {
        return Err(Reason::TooLarge);
    }
    if entries.iter().all(|entry| text_of(entry).is_none()) {
        return Err(not_single("a list of objects", "Go on in the path, like groups[*].name."));
    }
    let most = usize::try_from(MAX_ENTRY).unwrap_or_default();
    let texts = entries.iter().filter_map(text_of).filter(|text| text.len() <= MAX_WORK_TEXT);
    Ok(Value::Array(texts.map(|text| cut(clean(&text), most).into()).collect()))
}

// At most so many code points.
fn cut(text: Cow<'_, str>, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text.into_owned(),
    }
}

// A value small enough for a page.
fn shown(value: &Value) -> Value {
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
