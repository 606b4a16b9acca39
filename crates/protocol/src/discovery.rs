//! The metadata document of a tenant (OpenID Connect Discovery §3, RFC 8414 §2) and the paths of the
//! protocol endpoints under its issuer.
//!
//! Only registered members, and only what is really offered, is ever published. Serving it, and
//! mounting the paths, is `token-service`'s.

pub mod paths;

use serde::{Deserialize, Serialize};

use crate::claims::StandardClaims;
use crate::scope;
use crate::token_request::GrantType;

/// A metadata document. Optional members are published only when set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The issuer, compared as text by clients.
    pub issuer: String,
    /// RFC 6749 §3.1.
    pub authorization_endpoint: String,
    /// RFC 6749 §3.2.
    pub token_endpoint: String,
    /// OIDC Core §5.3.
    pub userinfo_endpoint: String,
    /// Public keys.
    pub jwks_uri: String,
    /// OIDC RP-Initiated Logout §2.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
    /// RFC 7009.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// Client authentication at the revocation endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// RFC 7662.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// Client authentication at the introspection endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Scopes a client may ask for.
    pub scopes_supported: Vec<String>,
    /// `code` alone.
    pub response_types_supported: Vec<String>,
    /// `query` and `form_post`.
    pub response_modes_supported: Vec<String>,
    /// Grant types of the token endpoint.
    pub grant_types_supported: Vec<String>,
    /// `public`.
    pub subject_types_supported: Vec<String>,
    /// Algorithms of ID tokens; always holds RS256 (OIDC Discovery §3).
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// Client authentication at the token endpoint.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// `S256` alone.
    pub code_challenge_methods_supported: Vec<String>,
    /// Claims that may be returned.
    pub claims_supported: Vec<String>,
    /// `normal`.
    pub claim_types_supported: Vec<String>,
    /// Values of `prompt` (OpenID Connect Prompt Create §4).
    pub prompt_values_supported: Vec<String>,
    /// Values of `acr` that may be returned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr_values_supported: Vec<String>,
    /// Languages of the pages, BCP 47.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<String>,
    /// The `claims` parameter works (OIDC Core §5.5).
    pub claims_parameter_supported: bool,
    /// The `request` parameter is refused.
    pub request_parameter_supported: bool,
    /// The `request_uri` parameter is refused; the default would be true (OIDC Discovery §3).
    pub request_uri_parameter_supported: bool,
    /// RFC 9207 §3. // R8
    pub authorization_response_iss_parameter_supported: bool,
    /// Page with documentation for developers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
}

impl Metadata {
    /// The document of a tenant: code flow, refresh and client credentials, userinfo, sign-out,
    /// revocation and introspection, with the standard scopes and claims. `issuer` is published
    /// unchanged; endpoint addresses hang under it. What a tenant offers beyond this, or less, is
    /// set in the members afterwards.
    pub fn new(issuer: &str) -> Metadata {
        let at = |path: &str| endpoint(issuer, path);
        let grants: Vec<_> = GrantType::ALL.iter().map(|grant| grant.as_str()).collect();
        let claims: Vec<_> = TOKEN_CLAIMS.into_iter().chain(StandardClaims::all()).collect();
        Metadata {
            issuer: issuer.to_owned(),
            authorization_endpoint: at(paths::AUTHORIZE),
            token_endpoint: at(paths::TOKEN),
            userinfo_endpoint: at(paths::USERINFO),
            jwks_uri: at(paths::JWKS),
            end_session_endpoint: Some(at(paths::LOGOUT)),
            revocation_endpoint: Some(at(paths::REVOKE)),
            revocation_endpoint_auth_methods_supported: Some(list(&CLIENT_METHODS)),
            introspection_endpoint: Some(at(paths::INTROSPECT)),
            // Public clients cannot ask what a token is worth.
            introspection_endpoint_auth_methods_supported: Some(list(&CLIENT_METHODS[..2])),
            scopes_supported: list(&scope::STANDARD),
            response_types_supported: list(&["code"]),
            response_modes_supported: list(&["query", "form_post"]),
            grant_types_supported: list(&grants),
            subject_types_supported: list(&["public"]),
            id_token_signing_alg_values_supported: list(&["RS256", "ES256", "EdDSA"]),
            token_endpoint_auth_methods_supported: list(&CLIENT_METHODS),
            code_challenge_methods_supported: list(&["S256"]),
            claims_supported: list(&claims),
            claim_types_supported: list(&["normal"]),
            prompt_values_supported: list(&["none", "login", "consent", "select_account"]),
            acr_values_supported: Vec::new(),
            ui_locales_supported: Vec::new(),
            claims_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
            service_documentation: None,
        }
    }
}

// Claims of every ID token beside those about the user (OIDC Core §2).
const TOKEN_CLAIMS: [&str; 11] =
    ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];
// RFC 8414 §2: names of the methods registered for the token endpoint.
const CLIENT_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

/// The absolute address of a protocol path under an issuer, with or without a final slash there.
pub fn endpoint(issuer: &str, path: &str) -> String {
    format!("{}{path}", issuer.trim_end_matches('/'))
}

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[cfg(test)]
mod tests;
