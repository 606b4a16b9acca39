//! Names that nobody outside may set: what the platform itself decides about a user, and what the
//! issuer alone says in a token (OpenID Connect Core §2, RFC 7519 §4.1, RFC 9068 §2.2).

use protocol::claims::StandardClaims;

/// What no rule writes and no custom field is called.
const KEYS: &[&str] = &[
    "active",
    "address",
    "admin",
    "amr",
    "applications",
    "blocked",
    "connection",
    "connections",
    "consents",
    "created_at",
    "credentials",
    "custom",
    "deleted",
    "disabled",
    "email_key",
    "email_verified",
    "epoch",
    "external_id",
    "grants",
    "id",
    "identities",
    "identity",
    "issuer",
    "last_sign_in_at",
    "members",
    "mfa",
    "operator",
    "org",
    "org_id",
    "organization",
    "organizations",
    "owner",
    "passkeys",
    "password",
    "password_hash",
    "permissions",
    "phone_number_verified",
    "phone_verified",
    "privileges",
    "provider",
    "rights",
    "role",
    "roles",
    "scope",
    "scopes",
    "secret",
    "session",
    "sessions",
    "status",
    "sub",
    "subject",
    "tenant",
    "tenant_id",
    "tenants",
    "token",
    "totp",
    "updated_at",
    "user",
    "user_id",
    "verified",
    "version",
];

/// Claims that the issuer alone sets, beside the standard claims about users.
const CLAIMS: &[&str] = &[
    "_claim_names",
    "_claim_sources",
    "acr",
    "act",
    "active",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "authorization_details",
    "azp",
    "c_hash",
    "client_id",
    "cnf",
    "entitlements",
    "events",
    "exp",
    "iat",
    "iss",
    "jti",
    "jwks",
    "may_act",
    "nbf",
    "nonce",
    "org_id",
    "organization",
    "permissions",
    "rights",
    "role",
    "roles",
    "s_hash",
    "scope",
    "scopes",
    "sid",
    "sub",
    "sub_ids",
    "sub_jwk",
    "tenant",
    "tenant_id",
    "toe",
    "token_type",
    "txn",
    "typ",
    "username",
];

/// Whether a key is one that no rule may write and no custom field may have, standard fields
/// aside.
pub fn is_forbidden_target(key: &str) -> bool {
    let key = key.split('.').next().unwrap_or_default();
    // These two are no fields, and their parts are: unknown, with a hint, rather than forbidden.
    let parts = matches!(key, "address" | "custom");
    is_reserved_claim(key) || (KEYS.contains(&key) && !parts)
}

/// Whether a claim is set by the issuer alone.
pub fn is_reserved_claim(name: &str) -> bool {
    // Whoever reads tokens without regard to case must not be led astray either.
    let lower = name.to_ascii_lowercase();
    CLAIMS.contains(&lower.as_str())
}

/// Whether a custom field may not have this key.
pub(super) fn is_reserved_key(key: &str) -> bool {
    KEYS.contains(&key) || is_reserved_claim(key) || StandardClaims::all().any(|name| name == key)
}
