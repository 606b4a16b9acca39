//! Field mapping: rules that carry a user's fields to claims, and the engine that applies them.
//!
//! Pure functions over JSON. A rule is data: source, target, and the scope that asks for it. Which
//! scopes were granted is decided in `issuer`; reserved claims (`sub`, `iss`, `aud` …) are never a
//! target.

mod profile;
mod requested;
mod rules;

use protocol::Scopes;
use serde_json::{Map, Value};

pub use profile::{Address, UserProfile};
pub use requested::{MAX_REQUESTED, RequestedClaims, requested_claims};
pub use rules::{Rule, STANDARD_RULES, apply};

/// The standard claims about a user that the scopes ask for (OpenID Connect Core §5.4). Fields
/// without a value give no claim (§5.3.2).
pub fn user_claims(user: &UserProfile, scopes: &Scopes) -> Map<String, Value> {
    apply(STANDARD_RULES, &user.to_source(), |rule| scopes.contains(rule.scope))
}

/// The standard claims about a user that were asked for by name through the `claims` parameter
/// (OpenID Connect Core §5.5). Names that no rule knows are left out.
pub fn claims_by_name(user: &UserProfile, names: &[String]) -> Map<String, Value> {
    apply(STANDARD_RULES, &user.to_source(), |rule| names.iter().any(|name| name == rule.target))
}

#[cfg(test)]
mod tests;
