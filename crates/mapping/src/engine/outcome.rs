//! What comes out of a mapping: what happens to each field and why, in words that the console,
//! the command line and the log show as they are.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::schema::FieldProblem;

/// What the rules make of a profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// One entry per rule, in order.
    pub fields: Vec<FieldOutcome>,
    /// The address, if a rule found one, whatever its update policy does to the field.
    pub email: Option<MappedEmail>,
    /// The first rule that keeps the person out.
    pub blocked: Option<Blocked>,
    /// Paths of the profile that no rule read; at most 200, only when explained.
    pub unused: Vec<String>,
    /// Paths that led nowhere, only when explained.
    pub missing: Vec<Missing>,
}

/// What one rule does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldOutcome {
    /// The rule, counted from 1.
    pub row: usize,
    /// Key of the field.
    pub target: String,
    /// The canonical value that was found, also when it is not written.
    pub value: Option<Value>,
    /// What happens.
    pub action: Action,
    /// How the value came about, only when explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// What happens to a field. In JSON `{"do": "keep", "code": …, "message": …}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is written.
    Set,
    /// There is a value, and the field stays as it is.
    Keep(Reason),
    /// There is no value to write.
    Skip(Reason),
    /// The person does not get in and reads this.
    Blocked(String),
}

/// Why a field is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The profile has nothing at the path.
    Missing,
    /// A transform found nothing to work with.
    Transform {
        /// Its name.
        name: &'static str,
        /// What went wrong.
        why: &'static str,
    },
    /// The field cannot hold the value.
    Unfit(FieldProblem),
    /// The text or list is larger than rules work on.
    TooLarge,
    /// The rule writes at creation alone.
    OnlyFirst,
    /// The rule writes empty fields alone.
    NotEmpty,
    /// The rule is switched off.
    Off,
    /// The field has this value already.
    Same,
    /// The rule of this row gave the field its value.
    Settled(usize),
    /// An address from outside never replaces one.
    EmailStays,
    /// The rule has a mistake.
    Broken,
}

impl Reason {
    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::Transform { .. } => "transform_failed",
            Reason::Unfit(problem) => problem.code,
            Reason::TooLarge => "too_large",
            Reason::OnlyFirst => "only_first",
            Reason::NotEmpty => "not_empty",
            Reason::Off => "off",
            Reason::Same => "same",
            Reason::Settled(_) => "settled",
            Reason::EmailStays => "email_stays",
            Reason::Broken => "broken",
        }
    }

    /// The reason as a sentence.
    pub fn message(&self) -> String {
        match self {
            Reason::Missing => "The profile has no value there.".to_owned(),
            Reason::Transform { name, why } => format!("{name}: {why}."),
            Reason::Unfit(problem) => problem.to_string(),
            Reason::TooLarge => "The value is larger than rules work on.".to_owned(),
            Reason::OnlyFirst => "The rule writes when the user is created.".to_owned(),
            Reason::NotEmpty => {
                "The field has a value, and the rule writes empty fields.".to_owned()
            }
            Reason::Off => "The rule is switched off.".to_owned(),
            Reason::Same => "The field has this value already.".to_owned(),
            Reason::Settled(row) => format!("Row {row} gave the field its value."),
            Reason::EmailStays => {
                "An address from a provider never replaces the one that a user has.".to_owned()
            }
            Reason::Broken => "The rule has a mistake and does nothing.".to_owned(),
        }
    }
}

impl Action {
    /// Stable name: `set`, `keep`, `skip` or `blocked`.
    pub fn name(&self) -> &'static str {
        match self {
            Action::Set => "set",
            Action::Keep(_) => "keep",
            Action::Skip(_) => "skip",
            Action::Blocked(_) => "blocked",
        }
    }

    /// Why the field is not written; `None` if it is.
    pub fn message(&self) -> Option<String> {
        match self {
            Action::Set => None,
            Action::Keep(reason) | Action::Skip(reason) => Some(reason.message()),
            Action::Blocked(message) => Some(message.clone()),
        }
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("do", self.name())?;
        if let Action::Keep(reason) | Action::Skip(reason) = self {
            map.serialize_entry("code", reason.code())?;
        }
        if let Some(message) = self.message() {
            map.serialize_entry("message", &message)?;
        }
        map.end()
    }
}

/// An address that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappedEmail {
    /// Canonical form to show and to write to.
    pub address: String,
    /// Canonical form to compare.
    pub key: String,
    /// Whether it counts as proven.
    pub verified: bool,
    /// Why it does or does not, as a sentence.
    pub because: &'static str,
    /// The rule that gave it.
    pub row: usize,
}

/// A rule that keeps the person out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocked {
    /// The rule, counted from 1.
    pub row: usize,
    /// Key of its field.
    pub target: String,
    /// What the person reads.
    pub message: String,
}

/// A path that led nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The rule, counted from 1.
    pub row: usize,
    /// The path as it is written canonically.
    pub path: String,
    /// How far it led, and what stood there: `emails.0 is a text`.
    pub reached: String,
    /// Paths of the profile with like names, the most likely first.
    pub near: Vec<String>,
}

/// How a value came about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Provenance {
    /// The ways that were taken, as JSON Pointers; none for constants.
    pub taken: Vec<String>,
    /// Kind of the value that was found there.
    pub kind: Option<&'static str>,
    /// The value that was found there, a long one cut.
    pub raw: Option<Value>,
    /// What each transform made of it.
    pub steps: Vec<StepResult>,
}

/// What one transform made of a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepResult {
    /// Name of the transform; `default`, `clean` and `fit` also stand for what the engine did.
    pub name: &'static str,
    /// The value after it, a long one cut.
    pub value: Option<Value>,
    /// What went wrong, or what the engine changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}
