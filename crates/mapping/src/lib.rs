//! Field mapping, in both directions: from a provider's profile to a user's fields, and from a
//! user's fields to claims.
//!
//! Pure functions over JSON. A rule is data: where a value comes from, what is done to it, where
//! it goes. Which scopes were granted is decided in `issuer`; whom an address belongs to, in
//! `federation`; reserved claims (`sub`, `iss`, `aud` …) and what the platform decides about a
//! user (`id`, `status`, `email_verified` …) are never a target.

pub mod engine;
pub mod path;
pub mod preview;
pub mod profile;
pub mod redact;
pub mod rules;
pub mod schema;

mod claims;
mod json;
mod near;
mod requested;
mod template;
mod user;
mod work;

use protocol::Scopes;
use serde_json::{Map, Value};

pub use claims::{Rule, STANDARD_RULES, apply};
pub use engine::{Compiled, CurrentUser, Occasion, Outcome};
pub use preview::{Preview, preview};
pub use profile::{Profile, ProfileProblem};
pub use redact::{redact, redact_value};
pub use requested::{MAX_REQUESTED, RequestedClaims, requested_claims};
pub use rules::{Mapping, MappingRule, RuleProblem, check, difference, standard_oidc};
pub use schema::{FieldDefinition, FieldKind, FieldProblem, Schema, check_definition, check_value};
pub use user::{Address, UserProfile};

/// The standard claims about a user that the scopes ask for (OpenID Connect Core §5.4). Fields
/// without a value give no claim (§5.3.2).
pub fn user_claims(user: &UserProfile, scopes: &Scopes) -> Map<String, Value> {
    claims::standard_claims(user, |rule| scopes.contains(rule.scope))
}

/// As [`user_claims`], with those of the tenant's own fields.
pub fn user_claims_with(
    schema: &Schema,
    user: &UserProfile,
    scopes: &Scopes,
) -> Map<String, Value> {
    let mut claims = claims::custom_claims(schema, user, |claim| scopes.contains(&claim.scope));
    claims.extend(user_claims(user, scopes));
    claims
}

/// The standard claims about a user that were asked for by name through the `claims` parameter
/// (OpenID Connect Core §5.5). Names that no rule knows are left out.
pub fn claims_by_name(user: &UserProfile, names: &[String]) -> Map<String, Value> {
    claims::standard_claims(user, |rule| names.iter().any(|name| name == rule.target))
}

/// As [`claims_by_name`], with those of the tenant's own fields.
pub fn claims_by_name_with(
    schema: &Schema,
    user: &UserProfile,
    names: &[String],
) -> Map<String, Value> {
    let mut claims = claims::custom_claims(schema, user, |claim| names.contains(&claim.name));
    claims.extend(claims_by_name(user, names));
    claims
}

#[cfg(test)]
mod tests;
