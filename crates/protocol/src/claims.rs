//! Claims: which standard claims each scope stands for (OpenID Connect Core §5.4), and the bodies
//! of ID tokens and access tokens (RFC 9068).
//!
//! Values come from `mapping` and `issuer`; signing and verification from `vault`.

mod tokens;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::scope;

pub use tokens::{AccessToken, ApplicationToken, Audience, IdToken};

/// `typ` of an access token (RFC 9068 §2.1).
pub const ACCESS_TOKEN_TYPE: &str = "at+jwt";
/// `typ` of an ID token.
pub const ID_TOKEN_TYPE: &str = "JWT";

/// The standard claims of OpenID Connect Core §5.1 by the scope that asks for them (§5.4).
pub struct StandardClaims;

impl StandardClaims {
    /// Scope, then its claims. `sub` goes with `openid` and is not a profile claim.
    pub const TABLE: [(&'static str, &'static [&'static str]); 4] = [
        (
            scope::PROFILE,
            &[
                "name",
                "family_name",
                "given_name",
                "middle_name",
                "nickname",
                "preferred_username",
                "profile",
                "picture",
                "website",
                "gender",
                "birthdate",
                "zoneinfo",
                "locale",
                "updated_at",
            ],
        ),
        (scope::EMAIL, &["email", "email_verified"]),
        (scope::ADDRESS, &["address"]),
        (scope::PHONE, &["phone_number", "phone_number_verified"]),
    ];

    /// The claims that a scope asks for; none for scopes that are not in the table.
    pub fn of_scope(scope: &str) -> &'static [&'static str] {
        Self::TABLE.iter().find(|(name, _)| *name == scope).map_or(&[], |(_, claims)| claims)
    }

    /// The scope that asks for a claim; `None` for claims that are not in the table.
    pub fn scope_of(claim: &str) -> Option<&'static str> {
        Self::TABLE.iter().find(|(_, claims)| claims.contains(&claim)).map(|(scope, _)| *scope)
    }

    /// Every claim of the table, in its order.
    pub fn all() -> impl Iterator<Item = &'static str> {
        Self::TABLE.iter().flat_map(|(_, claims)| claims.iter().copied())
    }
}

/// The left half of the hash of a token or code, in base64url, for `at_hash` and `c_hash` (OIDC
/// Core §3.1.3.6). The hash is that of the ID token's algorithm: SHA-256 for `…256`, SHA-384 for
/// `…384`, SHA-512 for `…512` and `EdDSA` (Ed25519).
pub fn at_hash(alg_name: &str, token: &str) -> String {
    let hash: Vec<u8> = match alg_name {
        "EdDSA" | "Ed25519" => Sha512::digest(token).to_vec(),
        name if name.ends_with("512") => Sha512::digest(token).to_vec(),
        name if name.ends_with("384") => Sha384::digest(token).to_vec(),
        _ => Sha256::digest(token).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}

#[cfg(test)]
mod tests;
