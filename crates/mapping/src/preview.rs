//! The preview: everything that a mapping would do to one profile, on one page. The console and
//! the command line show the same value.

use protocol::Scopes;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::engine::{
    Action, Blocked, Compiled, CurrentUser, FieldOutcome, MappedEmail, Missing, Occasion, Outcome,
};
use crate::profile::Profile;
use crate::rules::check::EMAIL;
use crate::rules::{Mapping, RuleProblem, advice};
use crate::schema::Schema;
use crate::user::UserProfile;

/// What a mapping would do to a profile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// What each rule does and how its value came about.
    pub rows: Vec<FieldOutcome>,
    /// The user that would result, by key of the field.
    pub user: Map<String, Value>,
    /// How it differs from the user there is; empty for a new user.
    pub diff: Vec<FieldDiff>,
    /// The address that was found, and whether it counts as proven.
    pub email: Option<MappedEmail>,
    /// The rule that would keep the person out.
    pub blocked: Option<Blocked>,
    /// Required fields that would stay empty.
    pub required: Vec<String>,
    /// Paths of the profile that no rule reads.
    pub unused: Vec<String>,
    /// Paths that led nowhere, with like names.
    pub missing: Vec<Missing>,
    /// Claims about the user that an application with these scopes would get.
    pub claims: Map<String, Value>,
    /// Mistakes in the mapping; their rules did nothing.
    pub problems: Vec<RuleProblem>,
    /// What is allowed and worth a second look.
    pub advice: Vec<RuleProblem>,
}

/// One field that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDiff {
    /// Key of the field.
    pub field: String,
    /// The value there is.
    pub before: Option<Value>,
    /// Who wrote it, as the caller calls it.
    pub source: Option<String>,
    /// The value there would be.
    pub after: Option<Value>,
    /// The rule that writes it.
    pub row: usize,
}

/// Applies a mapping for show. Without a current user a new one would be created.
pub fn preview(
    mapping: &Mapping,
    schema: &Schema,
    profile: &Profile,
    current: Option<&CurrentUser>,
    scopes: &Scopes,
) -> Preview {
    let compiled = Compiled::new(mapping, schema);
    let occasion = if current.is_some() { Occasion::SignIn } else { Occasion::Create };
    let outcome = compiled.explain(profile, current, occasion);
    let user = resulting(&outcome, current);
    let claims = crate::user_claims_with(schema, &user, scopes);
    Preview {
        user: user.fields(),
        diff: diff(&outcome, current),
        required: required(schema, &user),
        claims,
        problems: compiled.problems().to_vec(),
        advice: advice(mapping),
        rows: outcome.fields,
        email: outcome.email,
        blocked: outcome.blocked,
        unused: outcome.unused,
        missing: outcome.missing,
    }
}

fn resulting(outcome: &Outcome, current: Option<&CurrentUser>) -> UserProfile {
    let mut user = current.map(CurrentUser::to_profile).unwrap_or_default();
    outcome.write_to(&mut user);
    let set = |field: &&FieldOutcome| field.target == EMAIL && field.action == Action::Set;
    if let (Some(email), true) = (&outcome.email, outcome.fields.iter().any(|f| set(&f))) {
        user.email = Some(email.address.clone());
        user.email_verified = Some(email.verified);
    }
    user
}

fn diff(outcome: &Outcome, current: Option<&CurrentUser>) -> Vec<FieldDiff> {
    let Some(current) = current else { return Vec::new() };
    let set = outcome.fields.iter().filter(|field| field.action == Action::Set);
    set.map(|field| FieldDiff {
        field: field.target.clone(),
        before: current.get(&field.target).cloned(),
        source: current.fields.get(&field.target).and_then(|field| field.source.clone()),
        after: field.value.clone(),
        row: field.row,
    })
    .collect()
}

fn required(schema: &Schema, user: &UserProfile) -> Vec<String> {
    let needed = schema.fields().filter(|field| field.required);
    let empty = needed.filter(|field| user.get(&field.key).is_none());
    empty.map(|field| field.key.clone()).collect()
}
