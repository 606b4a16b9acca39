//! The settings of a connection: one JSON column that older and newer versions both read. Which
//! values are allowed is decided in `directory`; what they do, in `federation`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::ApplicationId;

/// How we prove to a provider who we are (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamAuth {
    /// The secret in an `Authorization: Basic` header.
    #[default]
    ClientSecretBasic,
    /// The secret in the body.
    ClientSecretPost,
    /// No secret; PKCE alone.
    None,
}

/// Where a provider says who somebody is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileFrom {
    /// In the ID token alone.
    IdToken,
    /// In the ID token and at the userinfo endpoint, whose `sub` must agree; members of the ID token win.
    #[default]
    Both,
    /// At the userinfo endpoint alone: a provider without ID tokens.
    Userinfo,
}

/// One more request with the access token, whose answer joins the profile under a name of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraRequest {
    /// The member of the profile that receives the answer.
    pub into: String,
    /// Where to ask.
    pub url: String,
}

/// Settings of a connection. Unknown members are ignored, missing ones take their default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectionConfig {
    /// The issuer of an OpenID Connect provider, compared letter by letter; for one without, the
    /// name its subjects are kept under.
    pub issuer: String,
    /// Whether the endpoints below come from the issuer's discovery document each time.
    pub discovery: bool,
    /// Where people are sent to sign in.
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged.
    pub token_endpoint: Option<String>,
    /// Where the profile is asked for.
    pub userinfo_endpoint: Option<String>,
    /// Where the provider's keys are.
    pub jwks_uri: Option<String>,
    /// Our id at the provider.
    pub client_id: String,
    /// How we prove who we are.
    pub token_auth: UpstreamAuth,
    /// What we ask for.
    pub scopes: Vec<String>,
    /// What stands between scopes: a space, or what the provider wants.
    pub scope_separator: String,
    /// Whether PKCE is sent (RFC 7636, S256).
    pub pkce: bool,
    /// Where the profile comes from.
    pub profile_from: ProfileFrom,
    /// The path of the subject in the profile of a provider without ID tokens, such as `id`.
    pub subject_path: String,
    /// The path of the name an identity is listed under, such as `login`.
    pub label_path: String,
    /// More parameters of the authorization request, such as `prompt`.
    pub extra_params: BTreeMap<String, String>,
    /// More headers of profile requests, such as `Accept`.
    pub headers: BTreeMap<String, String>,
    /// More requests for the profile.
    pub extra_requests: Vec<ExtraRequest>,
    /// Signature algorithms accepted in ID tokens; empty for RS256, ES256 and EdDSA.
    pub id_token_algs: Vec<String>,
    /// Whether strangers who come through it get an account.
    pub sign_up: bool,
    /// Mail domains whose addresses this provider may vouch for; empty for any.
    pub email_domains: Vec<String>,
    /// The applications it is offered to; none for all.
    pub applications: Option<Vec<ApplicationId>>,
}

impl Default for ConnectionConfig {
    fn default() -> Self {
        ConnectionConfig {
            issuer: String::new(),
            discovery: true,
            authorization_endpoint: None,
            token_endpoint: None,
            userinfo_endpoint: None,
            jwks_uri: None,
            client_id: String::new(),
            token_auth: UpstreamAuth::default(),
            scopes: Vec::new(),
            scope_separator: " ".into(),
            pkce: true,
            profile_from: ProfileFrom::default(),
            subject_path: "sub".into(),
            label_path: String::new(),
            extra_params: BTreeMap::new(),
            headers: BTreeMap::new(),
            extra_requests: Vec::new(),
            id_token_algs: Vec::new(),
            sign_up: true,
            email_domains: Vec::new(),
            applications: None,
        }
    }
}
