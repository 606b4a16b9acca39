//! Paths under the issuer. Aliases are the same handlers with the same checks; metadata names
//! primary paths only.
//!
//! Which method each takes, and mounting them, is `token-service`'s and `hosted`'s.

/// Authorization endpoint; GET and form POST.
pub const AUTHORIZE: &str = "/authorize";
/// Aliases of [`AUTHORIZE`].
pub const AUTHORIZE_ALIASES: &[&str] =
    &["/oauth2/authorize", "/oauth/authorize", "/connect/authorize"];
/// Token endpoint; POST.
pub const TOKEN: &str = "/oauth/token";
/// Aliases of [`TOKEN`].
pub const TOKEN_ALIASES: &[&str] = &["/oauth2/token", "/connect/token"];
/// Userinfo endpoint; GET and POST.
pub const USERINFO: &str = "/userinfo";
/// Aliases of [`USERINFO`].
pub const USERINFO_ALIASES: &[&str] = &[
    "/oauth2/userinfo",
    "/oauth2/user_info",
    "/oauth2/me",
    "/oauth/userinfo",
    "/oauth/user_info",
    "/oauth/me",
    "/connect/userinfo",
];
/// Public keys; GET.
pub const JWKS: &str = "/.well-known/jwks.json";
/// Aliases of [`JWKS`].
pub const JWKS_ALIASES: &[&str] = &["/jwks", "/.well-known/openid-configuration/jwks"];
/// OpenID Connect Discovery §4; GET.
pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
/// RFC 8414 §3; GET. For an issuer with a path also at the root of the host, before that path.
pub const OAUTH_METADATA: &str = "/.well-known/oauth-authorization-server";
/// Sign-out (OIDC RP-Initiated Logout); GET and POST.
pub const LOGOUT: &str = "/logout";
/// Aliases of [`LOGOUT`].
pub const LOGOUT_ALIASES: &[&str] = &["/connect/endsession", "/oidc/logout", "/v2/logout"];
/// Revocation (RFC 7009); POST.
pub const REVOKE: &str = "/oauth/revoke";
/// Aliases of [`REVOKE`].
pub const REVOKE_ALIASES: &[&str] = &["/oauth2/revoke", "/connect/revocation"];
/// Introspection (RFC 7662); POST.
pub const INTROSPECT: &str = "/oauth/introspect";
/// Aliases of [`INTROSPECT`].
pub const INTROSPECT_ALIASES: &[&str] = &["/oauth2/introspect", "/connect/introspect"];
