//! The `claims` parameter of an authorization request (OpenID Connect Core §5.5): which claims are
//! asked for by name, for the userinfo endpoint and for the ID token.
//!
//! Wanted values, and whether a claim is essential, are not kept: a claim without a value is left
//! out either way, and no page can make a user fill a field.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most claims kept for each of the two places.
pub const MAX_REQUESTED: usize = 64;
/// Longest claim name in bytes; longer ones are left out.
const MAX_NAME: usize = 64;
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
}

impl RequestedClaims {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
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
    RequestedClaims { userinfo: names(&parsed, "userinfo"), id_token: names(&parsed, "id_token") }
}

fn names(parsed: &Value, place: &str) -> Vec<String> {
    let Some(members) = parsed.get(place).and_then(Value::as_object) else { return Vec::new() };
    // OpenID Connect Core §5.5.1: null asks for a voluntary claim, an object says more about it;
    // other values have no meaning.
    let meant = |value: &Value| value.is_null() || value.is_object();
    let wanted = members.iter().filter(|(name, value)| name.len() <= MAX_NAME && meant(value));
    wanted.map(|(name, _)| name.clone()).take(MAX_REQUESTED).collect()
}
