//! Transforms, made ready and applied. Each takes what the one before gave and gives a value, no
//! value, or the reason why it could not work; none panics, none works on more than its bounds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use regex::Regex;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use super::date::DateFormat;
use super::{MAX_WORK_ENTRIES, MAX_WORK_LIST, MAX_WORK_TEXT};
use crate::path::Path;
use crate::rules::{MAX_PATTERN, Transform};
use crate::schema::{locale, pattern};
use crate::template::{Template, text_of};

/// A transform made ready.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Trim,
    Lower,
    Upper,
    First,
    ToString,
    ToNumber,
    ToBool,
    ToLocale,
    ToDate(Vec<DateFormat>),
    Hash,
    Default(Value),
    Template(Template),
    Join(String),
    Split(String, Option<i64>),
    Regex(Regex, usize),
    Table(BTreeMap<String, Value>, Option<Value>),
}

pub(super) type Work<'a> = Option<Cow<'a, Value>>;
type Made = Result<Value, &'static str>;

impl Act {
    /// Makes a transform ready; `None` if it has a mistake.
    pub(super) fn new(transform: &Transform) -> Option<Act> {
        Some(match transform {
            Transform::Trim => Act::Trim,
            Transform::Lower => Act::Lower,
            Transform::Upper => Act::Upper,
            Transform::First => Act::First,
            Transform::ToString => Act::ToString,
            Transform::ToNumber => Act::ToNumber,
            Transform::ToBool => Act::ToBool,
            Transform::ToLocale => Act::ToLocale,
            Transform::ToDate(formats) if formats.is_empty() => Act::ToDate(vec![DateFormat::Iso]),
            Transform::ToDate(formats) => {
                Act::ToDate(formats.iter().map(|f| DateFormat::parse(f)).collect::<Option<_>>()?)
            }
            Transform::Hash => Act::Hash,
            Transform::Default(value) => Act::Default(value.clone()),
            Transform::Template(text) => Act::Template(Template::parse(text, true).ok()?),
            Transform::Join(by) => Act::Join(by.clone()),
            Transform::Split { by, index } => Act::Split(by.clone(), *index),
            Transform::Regex { pattern: source, group } => {
                let regex = pattern(source, MAX_PATTERN).ok()?;
                let first = usize::from(regex.captures_len() > 1);
                let group = group.map_or(Some(first), |group| usize::try_from(group).ok())?;
                Act::Regex(regex, group)
            }
            Transform::Table { map, otherwise } => Act::Table(map.clone(), otherwise.clone()),
        })
    }

    /// The name in JSON.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Act::Trim => "trim",
            Act::Lower => "lower",
            Act::Upper => "upper",
            Act::First => "first",
            Act::ToString => "to_string",
            Act::ToNumber => "to_number",
            Act::ToBool => "to_bool",
            Act::ToLocale => "to_locale",
            Act::ToDate(_) => "to_date",
            Act::Hash => "hash",
            Act::Default(_) => "default",
            Act::Template(_) => "template",
            Act::Join(_) => "join",
            Act::Split(..) => "split",
            Act::Regex(..) => "regex",
            Act::Table(..) => "table",
        }
    }

    /// The paths that are read beside the value.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        let template = match self {
            Act::Template(template) => Some(template),
            _ => None,
        };
        template.into_iter().flat_map(|template| template.paths())
    }

    /// Applies the transform. Only `default` works on nothing. Errors: why it could not work.
    pub(super) fn run<'a>(
        &self,
        value: Work<'a>,
        root: &'a Value,
    ) -> Result<Work<'a>, &'static str> {
        let Some(value) = value else {
            return Ok(match self {
                Act::Default(value) => Some(Cow::Owned(value.clone())),
                _ => None,
            });
        };
        match (self, value) {
            (Act::Default(_), value) => Ok(Some(value)),
            (Act::First, value) => Ok(first(value)),
            (Act::Join(by), value) => join(&value, by).map(owned),
            (Act::Split(by, None), value) => split_all(&value, by).map(owned),
            (Act::ToBool, value) => to_bool(&value).map(owned),
            (Act::Regex(regex, group), value) => captured(&value, regex, *group).map(owned),
            (act, value) => each(&value, |text| act.text(text, root)).map(owned),
        }
    }

    // What becomes of one text.
    fn text(&self, text: &str, root: &Value) -> Made {
        match self {
            Act::Trim => Ok(text.trim().into()),
            Act::Lower => Ok(text.to_lowercase().into()),
            Act::Upper => Ok(text.to_uppercase().into()),
            Act::ToNumber => number(text.trim()),
            Act::ToLocale => {
                locale(text.trim()).map(Value::String).ok_or("this is no language tag")
            }
            Act::ToDate(formats) => {
                let date = formats.iter().find_map(|format| format.read(text.trim()));
                date.map(Value::String).ok_or("no format fits, or there is no such day")
            }
            Act::Hash => Ok(hash(text).into()),
            Act::Template(template) => {
                template.render(root, Some(text)).map(Value::String).ok_or("every part is missing")
            }
            Act::Split(by, index) => part(text, by, index.unwrap_or_default()),
            Act::Table(map, otherwise) => {
                map.get(text).or(otherwise.as_ref()).cloned().ok_or("the table has no such entry")
            }
            _ => Ok(text.into()),
        }
    }
}

fn owned<'a>(value: Value) -> Work<'a> {
    Some(Cow::Owned(value))
}

// A text as it is worked on.
fn bounded(value: &Value) -> Result<Option<Cow<'_, str>>, &'static str> {
    match text_of(value) {
        Some(text) if text.len() > MAX_WORK_TEXT => Err("the text is longer than rules work on"),
        text => Ok(text),
    }
}

// Applies to a text, or to each text of a list; entries that fail are left out of the list.
fn each(value: &Value, mut act: impl FnMut(&str) -> Made) -> Made {
    let Value::Array(entries) = value else {
        return match bounded(value)? {
            Some(text) => act(&text),
            None => Err("the value is an object"),
        };
    };
    if entries.len() > MAX_WORK_ENTRIES {
        return Err("the list is longer than rules work on");
    }
    let (mut made, mut bytes) = (Vec::new(), 0);
    for text in entries.iter().filter_map(|entry| bounded(entry).ok().flatten()) {
        let Ok(result) = act(&text) else { continue };
        bytes += text_of(&result).map_or(0, |text| text.len());
        if bytes > MAX_WORK_LIST {
            return Err("the list is larger than rules work on");
        }
        made.push(result);
    }
    Ok(Value::Array(made))
}

fn first(value: Cow<'_, Value>) -> Work<'_> {
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

fn join(value: &Value, by: &str) -> Made {
    let Value::Array(entries) = value else { return each(value, |text| Ok(text.into())) };
    let mut joined = String::new();
    for text in entries.iter().filter_map(text_of).filter(|text| !text.is_empty()) {
        if joined.len() + by.len() + text.len() > MAX_WORK_TEXT {
            return Err("the list is larger than rules work on");
        }
        if !joined.is_empty() {
            joined.push_str(by);
        }
        joined.push_str(&text);
    }
    Ok(joined.into())
}

fn split_all(value: &Value, by: &str) -> Made {
    let Some(text) = bounded(value)? else { return each(value, |text| Ok(text.into())) };
    let parts: Vec<&str> = text.split(by).map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.len() > MAX_WORK_ENTRIES {
        true => Err("the list is longer than rules work on"),
        false => Ok(parts.into()),
    }
}

fn captured(value: &Value, regex: &Regex, group: usize) -> Made {
    // One place for all entries of a list; matching would otherwise make one for each.
    let mut places = regex.capture_locations();
    each(value, |text| {
        let matched = regex.captures_read(&mut places, text);
        let found =
            matched.and_then(|_| places.get(group)).and_then(|(from, to)| text.get(from..to));
        found.map(Value::from).ok_or("the expression does not match")
    })
}

fn part(text: &str, by: &str, index: i64) -> Made {
    let steps = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let found = match index < 0 {
        true => text.rsplit(by).nth(steps - 1),
        false => text.split(by).nth(steps),
    };
    found.map(Value::from).ok_or("there are fewer parts")
}

fn to_bool(value: &Value) -> Made {
    if value.is_array() {
        return Err("a list is neither yes nor no");
    }
    let Some(text) = bounded(value)? else { return Err("the value is an object") };
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Ok(Value::Bool(true)),
        "false" | "no" | "off" | "n" | "f" | "0" => Ok(Value::Bool(false)),
        _ => Err("this is neither yes nor no"),
    }
}

fn number(text: &str) -> Made {
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(whole.into());
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let number = text.parse::<f64>().ok().filter(|_| plain).and_then(Number::from_f64);
    number.map(Value::Number).ok_or("this is no number")
}

fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
