//! The way out: rules that carry a user's fields to claims, for each token and userinfo answer.
//!
//! They are fixed, so they need neither transforms nor policies; what applications may be told
//! about a tenant's own fields stands in the definitions of those fields.

use protocol::scope::{ADDRESS, EMAIL, PHONE, PROFILE};
use serde_json::{Map, Value};

use crate::schema::{FieldClaim, Schema, is_reserved_claim};
use crate::user::UserProfile;

/// Carries one field to one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Path in the source, members separated by dots.
    pub source: &'static str,
    /// Claim to set.
    pub target: &'static str,
    /// Scope that asks for the claim.
    pub scope: &'static str,
    /// A field that must have a value too; `email_verified` says nothing without `email`.
    pub only_with: Option<&'static str>,
}

const fn same(name: &'static str, scope: &'static str) -> Rule {
    Rule { source: name, target: name, scope, only_with: None }
}

const fn about(name: &'static str, subject: &'static str, scope: &'static str) -> Rule {
    Rule { source: name, target: name, scope, only_with: Some(subject) }
}

/// User field to standard claim (OpenID Connect Core §5.1, §5.4).
pub const STANDARD_RULES: &[Rule] = &[
    same("name", PROFILE),
    same("family_name", PROFILE),
    same("given_name", PROFILE),
    same("middle_name", PROFILE),
    same("nickname", PROFILE),
    same("preferred_username", PROFILE),
    same("profile", PROFILE),
    same("picture", PROFILE),
    same("website", PROFILE),
    same("gender", PROFILE),
    same("birthdate", PROFILE),
    same("zoneinfo", PROFILE),
    same("locale", PROFILE),
    same("updated_at", PROFILE),
    same("email", EMAIL),
    about("email_verified", "email", EMAIL),
    same("address", ADDRESS),
    same("phone_number", PHONE),
    about("phone_number_verified", "phone_number", PHONE),
];

/// Applies the rules that `wanted` selects to a source object. Total: what is not there gives no
/// claim, and an empty text or object counts as not there (OpenID Connect Core §5.3.2).
pub fn apply(rules: &[Rule], source: &Value, wanted: impl Fn(&Rule) -> bool) -> Map<String, Value> {
    let mut claims = Map::new();
    for rule in rules.iter().filter(|rule| wanted(rule)) {
        if rule.only_with.is_some_and(|subject| find(source, subject).is_none()) {
            continue;
        }
        if let Some(value) = find(source, rule.source) {
            claims.insert(rule.target.to_owned(), value);
        }
    }
    claims
}

fn find(source: &Value, path: &str) -> Option<Value> {
    let found = path.split('.').try_fold(source, |value, name| value.get(name))?;
    filled(found)
}

// The value without empty members; `None` if nothing is left.
pub(crate) fn filled(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Object(members) => {
            let kept: Map<String, Value> = members
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), filled(value)?)))
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        other => Some(other.clone()),
    }
}

/// The standard claims that `wanted` selects: what [`apply`] gives for these rules, read from the
/// user directly, because each token asks.
pub(crate) fn standard_claims(
    user: &UserProfile,
    wanted: impl Fn(&Rule) -> bool,
) -> Map<String, Value> {
    let mut claims = Map::new();
    for rule in STANDARD_RULES.iter().filter(|rule| wanted(rule)) {
        if rule.only_with.is_some_and(|subject| user.claim(subject).is_none()) {
            continue;
        }
        if let Some(value) = user.claim(rule.source) {
            claims.insert(rule.target.to_owned(), value);
        }
    }
    claims
}

/// The claims of a tenant's own fields that `wanted` selects. A claim that the issuer alone sets is
/// never among them, whatever the definitions say.
pub(crate) fn custom_claims(
    schema: &Schema,
    user: &UserProfile,
    wanted: impl Fn(&FieldClaim) -> bool,
) -> Map<String, Value> {
    let mut claims = Map::new();
    if user.custom.is_empty() {
        return claims;
    }
    for field in &schema.custom {
        let Some(claim) = field.claim.as_ref().filter(|claim| wanted(claim)) else { continue };
        let standard = STANDARD_RULES.iter().any(|rule| rule.target == claim.name);
        if standard || is_reserved_claim(&claim.name) {
            continue;
        }
        if let Some(value) = user.custom.get(&field.key).and_then(filled) {
            claims.insert(claim.name.clone(), value);
        }
    }
    claims
}
