//! Work on lists: a transform for texts applied to each of them, and those that make one value of
//! a list or a list of one value. Here every text is paid for.

use std::borrow::Cow;

use serde_json::Value;

use super::transform::{Current, Made};
use super::{MAX_WORK_ENTRIES, MAX_WORK_LIST, MAX_WORK_TEXT};
use crate::template::text_of;
use crate::work::{PER_TEXT, Work};

const TOO_LONG: &str = "the text is longer than rules work on";
const TOO_MANY: &str = "the list is larger than rules work on";
const SPENT: &str = "the mapping does more than it may to one profile";

/// A text as it is worked on, if the value is one. Errors: longer than [`MAX_WORK_TEXT`].
pub(super) fn bounded(value: &Value) -> Result<Option<Cow<'_, str>>, &'static str> {
    match text_of(value) {
        Some(text) if text.len() > MAX_WORK_TEXT => Err(TOO_LONG),
        text => Ok(text),
    }
}

/// Applies to a text, or to each text of a list; entries that fail are left out of the list. A byte
/// costs as much work as `cost` says.
pub(super) fn each(
    value: &Value,
    cost: usize,
    work: &Work,
    mut act: impl FnMut(&str) -> Made,
) -> Made {
    let mut paid = |text: &str| match work.spend(text.len() * cost + PER_TEXT) {
        true => act(text),
        false => Err(SPENT),
    };
    let Value::Array(entries) = value else {
        return match bounded(value)? {
            Some(text) => paid(&text),
            None => Err("the value is an object"),
        };
    };
    if entries.len() > MAX_WORK_ENTRIES {
        return Err(TOO_MANY);
    }
    let (mut made, mut bytes) = (Vec::new(), 0);
    for text in entries.iter().filter_map(|entry| bounded(entry).ok().flatten()) {
        match paid(&text) {
            Err(SPENT) => return Err(SPENT),
            Err(_) => continue,
            Ok(result) => {
                bytes += text_of(&result).map_or(0, |text| text.len());
                made.push(result);
            }
        }
        if bytes > MAX_WORK_LIST {
            return Err(TOO_MANY);
        }
    }
    Ok(Value::Array(made))
}

/// The first entry of a list that is something.
pub(super) fn first(value: Cow<'_, Value>) -> Current<'_> {
    match value {
        Cow::Borrowed(Value::Array(entries)) => {
            entries.iter().find(|entry| !entry.is_null()).map(Cow::Borrowed)
        }
        Cow::Owned(Value::Array(entries)) => {
            entries.into_iter().find(|entry| !entry.is_null()).map(Cow::Owned)
        }
        single => Some(single),
    }
}

/// A list as one text.
pub(super) fn join(value: &Value, by: &str, work: &Work) -> Made {
    let Value::Array(entries) = value else { return each(value, 1, work, |text| Ok(text.into())) };
    if entries.len() > MAX_WORK_ENTRIES || !work.spend(entries.len() * PER_TEXT) {
        return Err(TOO_MANY);
    }
    let mut joined = String::new();
    for text in entries.iter().filter_map(text_of).filter(|text| !text.is_empty()) {
        if joined.len() + by.len() + text.len() > MAX_WORK_TEXT {
            return Err(TOO_MANY);
        }
        if !joined.is_empty() {
            joined.push_str(by);
        }
        joined.push_str(&text);
    }
    Ok(joined.into())
}

/// A text as the list of its parts.
pub(super) fn split_all(value: &Value, by: &str, work: &Work) -> Made {
    let Some(text) = bounded(value)? else {
        return each(value, 1, work, |text| Ok(text.into()));
    };
    let parts: Vec<&str> = text.split(by).map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.len() > MAX_WORK_ENTRIES || !work.spend(text.len() + parts.len() * PER_TEXT) {
        true => Err(TOO_MANY),
        false => Ok(parts.into()),
    }
}
