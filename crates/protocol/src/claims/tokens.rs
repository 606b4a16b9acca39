//! The bodies of the tokens we sign. Times are seconds since 1970 UTC.
//!
//! Filling them is `issuer`'s; headers and signatures are `vault`'s.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One audience or several (RFC 7519 §4.1.3); one is written as a string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// A single audience.
    One(String),
    /// Several audiences.
    Many(Vec<String>),
}

impl Audience {
    /// Whether `name` is one of the audiences.
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(only) => only == name,
            Self::Many(all) => all.iter().any(|known| known == name),
        }
    }

    /// Whether `name` is the only audience.
    pub fn is_only(&self, name: &str) -> bool {
        match self {
            Self::One(only) => only == name,
            Self::Many(all) => matches!(all.as_slice(), [only] if only == name),
        }
    }
}

impl From<String> for Audience {
    fn from(name: String) -> Self {
        Self::One(name)
    }
}

impl From<&str> for Audience {
    fn from(name: &str) -> Self {
        Self::One(name.to_owned())
    }
}

/// Body of an ID token (OIDC Core §2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdToken {
    /// The tenant's issuer.
    pub iss: String,
    /// The user, stable and never reassigned.
    pub sub: String,
    /// The application.
    pub aud: Audience,
    /// End of life, in seconds.
    pub exp: i64,
    /// Made at, in seconds.
    pub iat: i64,
    /// When the user really signed in, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// `nonce` of the authorization request, unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Strength of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Proven factors (RFC 8176).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Authorized party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// Hash of the access token made with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Hash of the code sent with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
    /// The session (OIDC Back-Channel Logout §2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Further claims about the user. Whoever fills this keeps the names above out of it.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Body of an access token (RFC 9068 §2.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The tenant's issuer.
    pub iss: String,
    /// The user, or the application for its own tokens.
    pub sub: String,
    /// The API or APIs it is for.
    pub aud: Audience,
    /// End of life, in seconds.
    pub exp: i64,
    /// Made at, in seconds.
    pub iat: i64,
    /// Unique identifier.
    pub jti: String,
    /// The application that asked for it.
    pub client_id: String,
    /// Granted scopes, space-separated; absent if there are none (RFC 9068 §2.2.3).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// When the user really signed in, in seconds (RFC 9068 §2.2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// Strength of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Proven factors (RFC 8176).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// The session; absent in an application's own tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The grant it was made from; absent in an application's own tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<String>,
    /// Further claims. Whoever fills this keeps the names above out of it.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Body of an access token of an application for itself, as [`AccessToken`] reads it: borrowed,
/// because it is made for every client-credentials request.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ApplicationToken<'a> {
    /// The tenant's issuer.
    pub iss: &'a str,
    /// The application.
    pub sub: &'a str,
    /// The API it is for.
    pub aud: &'a str,
    /// End of life, in seconds.
    pub exp: i64,
    /// Made at, in seconds.
    pub iat: i64,
    /// Unique identifier.
    pub jti: &'a str,
    /// The application.
    pub client_id: &'a str,
    /// Granted scopes, space-separated; absent if there are none (RFC 9068 §2.2.3).
    #[serde(skip_serializing_if = "str::is_empty")]
    pub scope: &'a str,
}
