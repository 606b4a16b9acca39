//! The parsed authorization request as the rest of the flow carries it, and its short serialized
//! form.
//!
//! Sealing it is `vault`'s; reading it from parameters is the parent module's.

use serde::{Deserialize, Serialize};

use crate::pkce::Challenge;
use crate::scope::Scopes;

/// A well-formed authorization request. It is sealed into URLs, so the member names are short and
/// absent members are left out; unknown members are ignored, so that nodes of two versions can
/// read each other's flows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizeRequest {
    /// Who asks.
    #[serde(rename = "c")]
    pub client_id: String,
    /// Where the answer goes, already verified, as text.
    #[serde(rename = "r")]
    pub redirect_uri: String,
    /// How the answer is sent.
    #[serde(rename = "m", default, skip_serializing_if = "ResponseMode::is_default")]
    pub response_mode: ResponseMode,
    /// What is asked for; empty if the request named none.
    #[serde(rename = "s", default, skip_serializing_if = "Scopes::is_empty")]
    pub scopes: Scopes,
    /// Returned byte for byte; at most 2,048 bytes of hostile text.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Copied into the ID token; at most 512 bytes.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// PKCE challenge, if one was sent.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// Which pages are demanded or forbidden.
    #[serde(rename = "p", default, skip_serializing_if = "Prompt::is_empty")]
    pub prompt: Prompt,
    /// How many seconds ago the user may have signed in at most.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    /// What to pre-fill as identifier.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// Wanted languages, space-separated BCP 47 tags.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
    /// Wanted authentication strengths, space-separated, best first.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub acr_values: Option<String>,
    /// An ID token of ours that names the expected user; not verified yet, at most 16 KiB.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id_token_hint: Option<String>,
    /// `page`, `popup`, `touch` or `wap`.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// The `claims` parameter as a JSON object without white space, at most 4,096 bytes.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// The API that the access token shall be for (`resource`, RFC 8707, or `audience`).
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

/// How the authorization response travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    #[serde(rename = "q")]
    Query,
    /// In a form that posts itself (OAuth 2.0 Form Post Response Mode).
    #[serde(rename = "f")]
    FormPost,
}

impl ResponseMode {
    /// The value of the `response_mode` parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::Query
    }
}

/// The `prompt` parameter (OIDC Core §3.1.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prompt {
    /// Show no page at all.
    #[serde(rename = "n", skip_serializing_if = "std::ops::Not::not")]
    pub none: bool,
    /// Sign in again, even with a session.
    #[serde(rename = "l", skip_serializing_if = "std::ops::Not::not")]
    pub login: bool,
    /// Ask for consent again.
    #[serde(rename = "c", skip_serializing_if = "std::ops::Not::not")]
    pub consent: bool,
    /// Let the user choose among sessions.
    #[serde(rename = "s", skip_serializing_if = "std::ops::Not::not")]
    pub select_account: bool,
}

impl Prompt {
    /// Whether nothing was demanded or forbidden.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
