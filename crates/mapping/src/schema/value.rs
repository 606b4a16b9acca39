//! Whether a value fits a field, and its canonical form. What comes from a form or a CSV file is
//! text, so numbers, booleans and dates are read from text as well.

use std::collections::HashSet;

use protocol::email::canonical_email;
use regex::Regex;
use serde_json::Value;

use super::definition::{MAX_INTEGER, whole};
use super::text::has_unwanted;
use super::{FieldDefinition, FieldKind, FieldProblem, MAX_ENTRIES, MAX_ENTRY, formats};
use crate::path::kind;

/// A field made ready to check many values: its pattern is compiled once.
#[derive(Clone, Debug)]
pub struct Checker {
    field: FieldDefinition,
    pattern: Option<Result<Regex, &'static str>>,
}

/// Checks one value and gives its canonical form; `null` where there is none. Errors: why it does
/// not fit, also `null` for a required field.
pub fn check_value(field: &FieldDefinition, value: &Value) -> Result<Value, FieldProblem> {
    Checker::new(field).check(value)
}

fn problem(code: &'static str, message: impl Into<String>, fix: impl Into<String>) -> FieldProblem {
    FieldProblem { code, message: message.into(), fix: fix.into() }
}

impl Checker {
    /// A checker of this field.
    pub fn new(field: &FieldDefinition) -> Checker {
        let pattern = field.pattern.as_deref().map(whole);
        Checker { field: field.clone(), pattern }
    }

    /// The field.
    pub fn field(&self) -> &FieldDefinition {
        &self.field
    }

    /// As [`check_value`].
    pub fn check(&self, value: &Value) -> Result<Value, FieldProblem> {
        match self.fit(value)? {
            Value::Null if self.field.required => {
                let message = format!("{} is needed.", self.field.label);
                Err(problem("required", message, "Enter a value."))
            }
            fitting => Ok(fitting),
        }
    }

    /// As [`Checker::check`], without asking whether a value is needed.
    pub(crate) fn fit(&self, value: &Value) -> Result<Value, FieldProblem> {
        match (&self.field.kind, value) {
            (_, Value::Null) => Ok(Value::Null),
            (FieldKind::List, Value::Array(entries)) => self.list(entries),
            (FieldKind::List, Value::String(_)) => self.list(std::slice::from_ref(value)),
            (FieldKind::Bool, Value::Bool(_)) => Ok(value.clone()),
            (FieldKind::Integer, Value::Number(_)) => self.integer(value.as_i64()),
            (_, Value::String(text)) => self.text(text.trim()),
            (_, other) => Err(self.wrong_kind(other)),
        }
    }

    fn wrong_kind(&self, found: &Value) -> FieldProblem {
        let (wanted, fix) = match &self.field.kind {
            FieldKind::Bool => ("yes or no", "Write true or false."),
            FieldKind::Integer => ("a whole number", "Write a number like 42."),
            FieldKind::List => ("a list of texts", "Write a list like [\"a\", \"b\"]."),
            _ => ("a text", "Write a text."),
        };
        let message = format!("{} holds {wanted}, not a {}.", self.field.label, kind(found));
        problem("wrong_kind", message.replace("a object", "an object"), fix)
    }

    fn text(&self, text: &str) -> Result<Value, FieldProblem> {
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let unwanted = match self.field.has_lines() {
            true => text.lines().any(has_unwanted),
            false => has_unwanted(text),
        };
        if unwanted {
            let message = format!("{} holds invisible characters.", self.field.label);
            let fix = "Type it by hand: they may have come along while copying.";
            return Err(problem("characters", message, fix));
        }
        match &self.field.kind {
            FieldKind::Text => self.line(text),
            FieldKind::Choice(values) => self.choice(values, text),
            FieldKind::Integer => self.integer(text.parse().ok()),
            FieldKind::Bool => match text {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(self.wrong_kind(&Value::from(text))),
            },
            FieldKind::Email => match canonical_email(text) {
                Ok(email) => Ok(email.display.into()),
                Err(why) => Err(problem("email", why.message(), "Enter another address.")),
            },
            other => {
                let canonical = match other {
                    FieldKind::Phone => formats::phone(text),
                    FieldKind::Url => formats::https_url(text),
                    FieldKind::Date => formats::date(text, self.field.key == "birthdate"),
                    FieldKind::Locale => formats::locale(text),
                    _ => formats::timezone(text),
                };
                canonical.map(Value::String).ok_or_else(|| self.malformed())
            }
        }
    }

    fn malformed(&self) -> FieldProblem {
        let (code, what, fix) = match &self.field.kind {
            FieldKind::Phone => {
                ("phone", "an international phone number", "Write it like +43 1 234567.")
            }
            FieldKind::Url => (
                "url",
                "an https address",
                "Write the whole address, like https://example.com/ann.",
            ),
            FieldKind::Date => ("date", "a date", "Write it like 1990-12-31."),
            FieldKind::Locale => ("locale", "a language", "Write a tag like en or de-AT."),
            _ => ("timezone", "a time zone", "Write a name like Europe/Vienna."),
        };
        problem(code, format!("{} is not {what}.", self.field.label), fix)
    }

    fn line(&self, text: &str) -> Result<Value, FieldProblem> {
        let label = &self.field.label;
        let text = match self.field.has_lines() {
            true => super::clean_lines(text).into(),
            false => super::clean(text),
        };
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let (least, most) = (self.field.min.unwrap_or(0), self.field.max_text());
        if length > most {
            let message = format!("{label} has {length} characters; {most} fit.");
            return Err(problem("too_long", message, "Shorten it."));
        }
        if length < least {
            let message = format!("{label} has {length} characters; {least} are needed.");
            return Err(problem("too_short", message, "Add what is missing."));
        }
        match &self.pattern {
            Some(Ok(pattern)) if pattern.is_match(&text) => {}
            None => {}
            _ => {
                let message = format!("{label} has another form than it needs.");
                let fix = match self.field.help.is_empty() {
                    true => "Check the spelling.",
                    false => &self.field.help,
                };
                return Err(problem("pattern", message, fix));
            }
        }
        Ok(Value::String(text.into_owned()))
    }

    fn choice(&self, values: &[String], text: &str) -> Result<Value, FieldProblem> {
        let exact = values.iter().find(|value| *value == text);
        let loose = || values.iter().find(|value| value.eq_ignore_ascii_case(text));
        match exact.or_else(loose) {
            Some(value) => Ok(value.as_str().into()),
            None => {
                let shown = values.iter().take(10).map(String::as_str).collect::<Vec<_>>();
                let message = format!("{} has no such choice.", self.field.label);
                Err(problem("choice", message, format!("Choose one of: {}.", shown.join(", "))))
            }
        }
    }

    fn integer(&self, number: Option<i64>) -> Result<Value, FieldProblem> {
        let least = self.field.min.unwrap_or(-MAX_INTEGER).max(-MAX_INTEGER);
        let most = self.field.max.unwrap_or(MAX_INTEGER).min(MAX_INTEGER);
        match number {
            Some(number) if (least..=most).contains(&number) => Ok(number.into()),
            Some(_) => {
                let message = format!("{} lies outside its bounds.", self.field.label);
                let fix = format!("Enter a number from {least} to {most}.");
                Err(problem("out_of_bounds", message, fix))
            }
            None => {
                let message = format!("{} is not a whole number.", self.field.label);
                Err(problem("wrong_kind", message, "Write a number like 42."))
            }
        }
    }

    fn list(&self, entries: &[Value]) -> Result<Value, FieldProblem> {
        let label = &self.field.label;
        let most = self.field.max.unwrap_or(MAX_ENTRIES).clamp(0, MAX_ENTRIES);
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        if count > most {
            let message = format!("{label} has {count} entries; {most} fit.");
            return Err(problem("too_many", message, "Remove some."));
        }
        let mut kept: Vec<Value> = Vec::with_capacity(entries.len());
        let mut seen = HashSet::with_capacity(entries.len());
        for entry in entries {
            let Value::String(text) = entry else { return Err(self.wrong_kind(entry)) };
            if has_unwanted(text) {
                let message = format!("An entry of {label} holds invisible characters.");
                return Err(problem("characters", message, "Type it by hand."));
            }
            let text = super::clean(text);
            if text.chars().count() > usize::try_from(MAX_ENTRY).unwrap_or_default() {
                let message = format!("An entry of {label} has over {MAX_ENTRY} characters.");
                return Err(problem("too_long", message, "Shorten it."));
            }
            if !text.is_empty() && seen.insert(text.clone()) {
                kept.push(text.into());
            }
        }
        if count < self.field.min.unwrap_or(0) && !kept.is_empty() {
            let message = format!("{label} has too few entries.");
            return Err(problem("too_few", message, "Add what is missing."));
        }
        if kept.is_empty() { Ok(Value::Null) } else { Ok(Value::Array(kept)) }
    }
}
