//! The settings of an application: one JSON column that older and newer versions both read.
//! Which values are allowed is decided in `directory`.

use serde::{Deserialize, Serialize};

use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::token_request::GrantType;

use crate::settings::Picture;

/// Settings of an application. Unknown members are ignored, missing ones take their default, so
/// two versions of the server can read the same row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplicationConfig {
    /// Where people may be sent back, compared letter by letter.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// The application's home page, offered on error pages.
    pub home_url: Option<String>,
    /// Its privacy notice, linked on the consent page.
    pub privacy_url: Option<String>,
    /// Its terms, linked on the consent page.
    pub terms_url: Option<String>,
    /// What it may ask the token endpoint for.
    pub grant_types: Vec<GrantType>,
    /// How it proves who it is.
    pub token_endpoint_auth_method: TokenEndpointAuthMethod,
    /// Whether a request without PKCE is refused.
    pub require_pkce: bool,
    /// `ES256`, `RS256` or `EdDSA`.
    pub access_token_alg: String,
    /// `ES256`, `RS256` or `EdDSA`.
    pub id_token_alg: String,
    /// Whether claims of the scopes stand in the ID token too.
    pub id_token_profile_claims: bool,
    /// Seconds a code lives, 30 to 600.
    pub code_lifetime_s: i64,
    /// Seconds an access token lives.
    pub access_token_lifetime_s: i64,
    /// Seconds an ID token lives.
    pub id_token_lifetime_s: i64,
    /// Seconds after which an unused refresh token ends.
    pub refresh_idle_s: i64,
    /// Seconds after which a refresh token ends in any case.
    pub refresh_absolute_s: i64,
    /// Scopes a machine may be given.
    pub scopes: Vec<String>,
    /// What its sign-in page shows, where it differs from the tenant's.
    pub sign_in: ApplicationSignIn,
}

/// What the sign-in page of an application shows. What is not set is as the tenant has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplicationSignIn {
    /// Which ways to sign in are offered, in this order: codes of connections, and `password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<Vec<String>>,
    /// Whether strangers may create an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<bool>,
    /// Keys of fields that somebody must have before they get in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_fields: Option<Vec<String>>,
    /// The image in place of the tenant's logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Picture>,
    /// Brand colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
}

impl Default for ApplicationConfig {
    fn default() -> Self {
        ApplicationConfig {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            home_url: None,
            privacy_url: None,
            terms_url: None,
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            token_endpoint_auth_method: TokenEndpointAuthMethod::ClientSecret,
            require_pkce: false,
            access_token_alg: "ES256".into(),
            id_token_alg: "RS256".into(),
            id_token_profile_claims: true,
            code_lifetime_s: 300,
            access_token_lifetime_s: 3600,
            id_token_lifetime_s: 3600,
            refresh_idle_s: 30 * 86_400,
            refresh_absolute_s: 90 * 86_400,
            scopes: Vec::new(),
            sign_in: ApplicationSignIn::default(),
        }
    }
}
