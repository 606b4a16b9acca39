//! Follows a path through a value: quickly for sign-ins, and with a record of the way for the
//! preview.

use std::borrow::Cow;

use serde_json::Value;

use super::{Filter, Path, Step};
use crate::work::{PER_LOOK, PER_TEXT, Work};

/// The way a path took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Located {
    /// Names and numbers that lead to each value found.
    pub ways: Vec<Vec<String>>,
    /// How far the path led at least.
    pub reached: Vec<String>,
    /// What stood there instead of something to go into; none if the value was found.
    pub stopped: Option<&'static str>,
}

/// The kind of a value, as people call it.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

impl Path {
    /// The value at this path. A path with `[*]` gives a list of what was found, flat, and nothing
    /// if that list is empty. Finds nothing when the work is spent.
    pub(crate) fn find<'a>(&self, root: &'a Value, work: &Work) -> Option<Cow<'a, Value>> {
        if !self.gives_list() {
            let mut steps = self.steps.iter();
            return steps.try_fold(root, |value, step| enter(value, step, work)).map(Cow::Borrowed);
        }
        let mut found = Vec::new();
        collect(&self.steps, root, work, &mut found);
        (!found.is_empty() && !work.is_spent()).then_some(Cow::Owned(Value::Array(found)))
    }

    /// The same way, written down.
    pub(crate) fn locate(&self, root: &Value, work: &Work) -> Located {
        let mut located = Located::default();
        follow(&self.steps, root, work, &mut Vec::new(), &mut located);
        if !located.ways.is_empty() {
            located.stopped = None;
        }
        located
    }
}

// Digits alone: `parse` would take a sign as well.
fn index(name: &str) -> Option<usize> {
    name.bytes().all(|b| b.is_ascii_digit()).then(|| name.parse().ok())?
}

fn enter<'a>(value: &'a Value, step: &Step, work: &Work) -> Option<&'a Value> {
    match (step, value) {
        (Step::Member(name), Value::Object(members)) => members.get(name),
        (Step::Member(name), Value::Array(entries)) => entries.get(index(name)?),
        (Step::Pick(filter), Value::Array(entries)) => entries.get(filter.pick(entries, work)?),
        _ => None,
    }
}

fn collect(steps: &[Step], value: &Value, work: &Work, found: &mut Vec<Value>) {
    match (steps.split_first(), value) {
        (None, value) => found.push(value.clone()),
        (Some((Step::Each, rest)), Value::Array(entries)) => {
            let known = entries.iter().take_while(|_| work.spend(PER_LOOK));
            known.for_each(|entry| collect(rest, entry, work, found));
        }
        (Some((step, rest)), value) => {
            if let Some(inner) = enter(value, step, work) {
                collect(rest, inner, work, found);
            }
        }
    }
}

fn follow(
    steps: &[Step],
    value: &Value,
    work: &Work,
    way: &mut Vec<String>,
    located: &mut Located,
) {
    if way.len() >= located.reached.len() {
        located.reached.clone_from(way);
        located.stopped = Some(kind(value));
    }
    let Some((step, rest)) = steps.split_first() else {
        located.ways.push(way.clone());
        return;
    };
    for (name, inner) in entered(value, step, work) {
        way.push(name);
        follow(rest, inner, work, way, located);
        way.pop();
    }
}

// What a step leads to, with the names to write down.
fn entered<'a>(value: &'a Value, step: &Step, work: &Work) -> Vec<(String, &'a Value)> {
    match (step, value) {
        (Step::Each, Value::Array(entries)) => {
            let known = entries.iter().take_while(|_| work.spend(PER_TEXT));
            known.enumerate().map(|(at, entry)| (at.to_string(), entry)).collect()
        }
        (Step::Pick(filter), Value::Array(entries)) => {
            let at = filter.pick(entries, work);
            at.map(|at| (at.to_string(), &entries[at])).into_iter().collect()
        }
        (Step::Member(name), value) => {
            enter(value, step, work).map(|inner| (name.clone(), inner)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

impl Filter {
    // The first entry that fits.
    fn pick(&self, entries: &[Value], work: &Work) -> Option<usize> {
        let mut known = entries.iter().take_while(|_| work.spend(PER_LOOK));
        known.position(|entry| self.fits(entry))
    }

    fn fits(&self, entry: &Value) -> bool {
        let found = self.names.iter().try_fold(entry, |value, name| value.get(name.as_str()));
        match found {
            Some(value) => (*value == self.wanted) == self.equal,
            // An entry that lacks the member is not said to differ in it: absence gives nothing.
            None => false,
        }
    }
}
