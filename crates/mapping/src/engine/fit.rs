//! Brings a value into the form of its field: what nobody can be asked about is put right here,
//! what is left is checked like everything that goes into a field.

use std::borrow::Cow;

use serde_json::Value;

use super::run::shown;
use super::{MAX_WORK_ENTRIES, MAX_WORK_TEXT, Provenance, Reason, StepResult};
use crate::schema::{Checker, FieldKind, FieldProblem, MAX_ENTRY, clean, clean_lines};
use crate::template::text_of;
use crate::work::{PER_TEXT, Work};

/// Unwanted characters out, a long line cut, then the field's own check. Errors: why the field
/// cannot hold the value.
pub(super) fn fit(
    checker: &Checker,
    value: &Value,
    work: &Work,
    notes: Option<&mut Provenance>,
) -> Result<Value, Reason> {
    let cleaned = match (&checker.field().kind, value) {
        (FieldKind::Bool | FieldKind::Integer, _) => None,
        (FieldKind::List, Value::Array(entries)) => cleaned_list(entries, work)?,
        (_, value) => match text_of(value) {
            Some(text) if text.len() > MAX_WORK_TEXT || !work.spend(text.len() + PER_TEXT) => {
                return Err(Reason::TooLarge);
            }
            Some(text) => match cleaned_text(checker, &text) {
                Cow::Borrowed(same) if same.len() == text.len() && value.is_string() => None,
                cleaned => Some(Value::String(cleaned.into_owned())),
            },
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

fn cleaned_text<'a>(checker: &Checker, text: &'a str) -> Cow<'a, str> {
    let field = checker.field();
    let text = match field.has_lines() {
        true => Cow::Owned(clean_lines(text)),
        false => clean(text),
    };
    match field.kind {
        FieldKind::Text => cut(text, usize::try_from(field.max_text()).unwrap_or_default()),
        _ => text,
    }
}

// The list with clean entries; none if they are clean as they stand.
fn cleaned_list(entries: &[Value], work: &Work) -> Result<Option<Value>, Reason> {
    let bytes = entries.iter().filter_map(Value::as_str).map(str::len).sum::<usize>();
    if entries.len() > MAX_WORK_ENTRIES || !work.spend(bytes + entries.len() * PER_TEXT) {
        return Err(Reason::TooLarge);
    }
    if entries.iter().all(|entry| text_of(entry).is_none()) {
        return Err(not_single("a list of objects", "Go on in the path, like groups[*].name."));
    }
    let most = usize::try_from(MAX_ENTRY).unwrap_or_default();
    let is_clean = |text: &str| {
        text.len() <= most && matches!(clean(text), Cow::Borrowed(same) if same.len() == text.len())
    };
    if entries.iter().all(|entry| entry.as_str().is_some_and(is_clean)) {
        return Ok(None);
    }
    let texts = entries.iter().filter_map(text_of).filter(|text| text.len() <= MAX_WORK_TEXT);
    let cleaned = texts.map(|text| Value::String(cut(clean(&text), most).into_owned()));
    Ok(Some(Value::Array(cleaned.collect())))
}

// At most so many code points.
fn cut(text: Cow<'_, str>, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text;
    }
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(text[..end].trim_end().to_owned()),
        None => text,
    }
}
