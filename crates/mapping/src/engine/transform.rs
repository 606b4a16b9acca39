//! Transforms, made ready and applied. Each takes what the one before gave and gives a value, no
//! value, or the reason why it could not work; none panics, none works on more than its bounds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use regex::Regex;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use super::date::DateFormat;
use super::lists::{bounded, each, first, join, split_all};
use crate::path::Path;
use crate::rules::{MAX_PATTERN, Transform};
use crate::schema::{locale, pattern};
use crate::template::Template;
use crate::work::{PER_REGEX_BYTE, Work};

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

/// The value so far.
pub(super) type Current<'a> = Option<Cow<'a, Value>>;
/// What a transform gives, or why it could not work.
pub(super) type Made = Result<Value, &'static str>;

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
        value: Current<'a>,
        root: &'a Value,
        work: &Work,
    ) -> Result<Current<'a>, &'static str> {
        let Some(value) = value else {
            return Ok(match self {
                Act::Default(value) => Some(Cow::Owned(value.clone())),
                _ => None,
            });
        };
        match (self, value) {
            (Act::Default(_), value) => Ok(Some(value)),
            (Act::First, value) => Ok(first(value)),
            (Act::Join(by), value) => join(&value, by, work).map(owned),
            (Act::Split(by, None), value) => split_all(&value, by, work).map(owned),
            (Act::ToBool, value) => to_bool(&value).map(owned),
            (Act::Regex(regex, group), value) => captured(&value, regex, *group, work).map(owned),
            (Act::Template(template), value) => {
                let filled = template.fill(root, work);
                let render = |text: &str| filled.render(Some(text)).map(Value::String);
                each(&value, 1, work, |text| render(text).ok_or("every part is missing")).map(owned)
            }
            (act, value) => each(&value, 1, work, |text| act.text(text)).map(owned),
        }
    }

    // What becomes of one text.
    fn text(&self, text: &str) -> Made {
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
            Act::Split(by, index) => part(text, by, index.unwrap_or_default()),
            Act::Table(map, otherwise) => {
                map.get(text).or(otherwise.as_ref()).cloned().ok_or("the table has no such entry")
            }
            _ => Ok(text.into()),
        }
    }
}

fn owned<'a>(value: Value) -> Current<'a> {
    Some(Cow::Owned(value))
}

fn captured(value: &Value, regex: &Regex, group: usize, work: &Work) -> Made {
    // One place for all entries of a list; matching would otherwise make one for each.
    let mut places = regex.capture_locations();
    each(value, PER_REGEX_BYTE, work, |text| {
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
