//! The `claims` parameter of an authorization request (OpenID Connect Core §5.5): which claims are
//! asked for by name, for the userinfo endpoint and for the ID token.
//!
//! Wanted values are kept for `sub` and `acr` alone, because only there does an answer that cannot
//! meet them have to be refused. Refusing it is `issuer`'s.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most claims kept for each of the two places.
pub const MAX_REQUESTED: usize = 64;
/// Longest claim name in bytes; longer ones are left out.
const MAX_NAME: usize = 64;
/// Most values of `acr` kept.
pub const MAX_ACR: usize = 16;
/// Longest wanted value in bytes (OpenID Connect Core §2 bounds `sub` so).
const MAX_VALUE: usize = 255;
/// Longest text that is read, in bytes.
const MAX_TEXT: usize = 4096;

/// Names of claims asked for one by one, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedClaims {
    /// For the answer of the userinfo endpoint.
    #[serde(rename = "u", default, skip_serializing_if = "Vec::is_empty")]
    pub userinfo: Vec<String>,
    /// For the ID token.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub id_token: Vec<String>,
    /// The only user for whom the answer may be positive (OpenID Connect Core §5.5.1); at most
    /// 255 bytes.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Strengths of which the sign-in must have one (§5.5.1.1); at most `MAX_ACR`.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub essential_acr: Vec<String>,
}

impl RequestedClaims {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads the `claims` parameter. Text that is no such JSON object, or is longer than 4,096 bytes,
/// asks for nothing; that the parameter is well-formed is checked by
/// [`protocol::authorize::parse`].
pub fn requested_claims(json: &str) -> RequestedClaims {
    if json.len() > MAX_TEXT {
        return RequestedClaims::default();
    }
    let parsed = serde_json::from_str(json).unwrap_or(Value::Null);
    let places = [&parsed["id_token"], &parsed["userinfo"]];
    let essential = |acr: &&Value| acr["essential"] == Value::Bool(true);
    RequestedClaims {
        userinfo: names(places[1]),
        id_token: names(places[0]),
        sub: places.iter().find_map(|place| values(&place["sub"]).into_iter().next()),
        essential_acr: places
            .map(|place| &place["acr"])
            .iter()
            .copied()
            .find(essential)
            .map(values)
            .unwrap_or_default(),
    }
}

// The texts of `value` or `values` (OpenID Connect Core §5.5.1).
fn values(claim: &Value) -> Vec<String> {
    let many = claim["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let texts = many.iter().chain([&claim["value"]]).filter_map(Value::as_str);
    texts.filter(|text| text.len() <= MAX_VALUE).take(MAX_ACR).map(str::to_owned).collect()
}

fn names(place: &Value) -> Vec<String> {
    let Some(members) = place.as_object() else { return Vec::new() };
    // OpenID Connect Core §5.5.1: null asks for a voluntary claim, an object says more about it;
    // other values have no meaning.
    let meant = |value: &Value| value.is_null() || value.is_object();
    let wanted = members.iter().filter(|(name, value)| name.len() <= MAX_NAME && meant(value));
    wanted.map(|(name, _)| name.clone()).take(MAX_REQUESTED).collect()
}
