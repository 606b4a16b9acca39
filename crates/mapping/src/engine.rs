//! Applies a mapping to a profile. Total: whatever the profile holds, there is an outcome; no
//! rule breaks a sign-in, except one that says it blocks. No I/O, no clock, bounded work.
//!
//! What the outcome means for accounts (create, link, refuse) is decided in `issuer` and
//! `federation`; an address from outside is handed over, never acted on here.

mod address;
mod compile;
mod date;
mod decide;
mod fit;
mod lists;
mod outcome;
mod run;
#[cfg(test)]
mod tests;
mod trace;
mod transform;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::path::Path;
use crate::profile::Profile;
use crate::rules::{RuleProblem, Update};
use crate::schema::Checker;
use crate::template::Template;
use crate::user::UserProfile;

pub(crate) use date::DateFormat;
pub use outcome::{
    Action, Blocked, FieldOutcome, MappedEmail, Missing, Outcome, Provenance, Reason, StepResult,
};

/// Longest text that a rule works on, in bytes.
pub const MAX_WORK_TEXT: usize = 8 * 1024;
/// Most entries of a list that a rule works on.
pub const MAX_WORK_ENTRIES: usize = 1_000;
/// Most bytes in all the texts of a list that a rule works on.
pub const MAX_WORK_LIST: usize = 64 * 1024;

/// Most work on one profile, in bytes of text; what counts how much stands in the reference.
pub const MAX_WORK: usize = crate::work::MAX_WORK;

/// Why the rules run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A user is about to be created.
    Create,
    /// A user signs in again.
    SignIn,
}

/// A field of a user with who wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentField {
    /// The value; `null` is none.
    pub value: Value,
    /// Who wrote it, as a caller calls it: `user`, `admin`, the code of a connection. Shown, not
    /// interpreted.
    pub source: Option<String>,
}

/// The user as it is before the rules run, by key of the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentUser {
    /// Fields with a value.
    pub fields: BTreeMap<String, CurrentField>,
}

impl CurrentUser {
    /// The fields of a stored profile, their writers unknown.
    pub fn of(user: &UserProfile) -> CurrentUser {
        let fields = user.fields().into_iter();
        let known = |(key, value)| (key, CurrentField { value, source: None });
        CurrentUser { fields: fields.map(known).collect() }
    }

    /// The value of a field; `None` where there is none.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let value = &self.fields.get(key)?.value;
        (!value.is_null() && *value != "").then_some(value)
    }

    /// The fields as a stored profile.
    pub fn to_profile(&self) -> UserProfile {
        let mut user = UserProfile::default();
        for (key, field) in &self.fields {
            user.set(key, Some(field.value.clone()));
        }
        user
    }
}

/// A mapping made ready to be applied many times.
#[derive(Clone, Debug)]
pub struct Compiled {
    rows: Vec<Row>,
    problems: Vec<RuleProblem>,
}

/// A rule made ready. A rule with a mistake has no field and does nothing.
#[derive(Clone, Debug)]
struct Row {
    row: usize,
    target: String,
    field: Option<Checker>,
    from: Start,
    chain: Vec<transform::Act>,
    fallback: Fallback,
    update: Update,
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Start {
    Path(Path),
    Const(Value),
    Template(Template),
}

#[derive(Clone, Debug)]
enum Fallback {
    Skip,
    Value(Value),
    Block(String),
}

#[derive(Clone, Debug)]
enum Proof {
    Never,
    Always,
    // The path of the address, and that of its marker.
    Marker(Path, Path),
}

impl Compiled {
    /// Makes a mapping ready. Total: a rule that does not fit the fields (any more) does nothing,
    /// and stands in [`Compiled::problems`]; to refuse it, ask [`crate::rules::check()`] when it is
    /// saved.
    pub fn new(mapping: &crate::rules::Mapping, schema: &crate::schema::Schema) -> Compiled {
        compile::mapping(mapping, schema)
    }

    /// What is wrong with rules that do nothing.
    pub fn problems(&self) -> &[RuleProblem] {
        &self.problems
    }

    /// Applies the rules; for sign-ins. Provenance, `unused` and `missing` stay empty.
    pub fn apply(
        &self,
        profile: &Profile,
        current: Option<&CurrentUser>,
        occasion: Occasion,
    ) -> Outcome {
        run::all(&self.rows, profile, current, occasion, false)
    }

    /// Applies the rules and writes down how each value came about; for previews and tests of a
    /// connection.
    pub fn explain(
        &self,
        profile: &Profile,
        current: Option<&CurrentUser>,
        occasion: Occasion,
    ) -> Outcome {
        let mut outcome = run::all(&self.rows, profile, current, occasion, true);
        trace::complete(&self.rows, profile, &mut outcome);
        outcome
    }
}

impl Outcome {
    /// Writes the fields that the rules set into a user. The address is not among them: whether
    /// it becomes the user's is decided where accounts are linked.
    pub fn write_to(&self, user: &mut UserProfile) {
        let set = self.fields.iter().filter(|field| field.action == Action::Set);
        for field in set.filter(|field| field.target != crate::rules::check::EMAIL) {
            user.set(&field.target, field.value.clone());
        }
    }

    /// The fields that the rules set, by key; the address is not among them.
    pub fn changes(&self) -> Map<String, Value> {
        let set = self.fields.iter().filter(|field| field.action == Action::Set);
        let fields = set.filter(|field| field.target != crate::rules::check::EMAIL);
        fields.filter_map(|field| Some((field.target.clone(), field.value.clone()?))).collect()
    }
}
