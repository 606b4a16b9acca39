//! Takes secrets out of a document before anybody reads it: tokens, passwords, codes and keys by
//! the name of their member, and tokens by their looks wherever they stand.

use serde_json::Value;

use crate::profile::Profile;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";
/// Deeper values are left out: nothing that was read here is this deep.
const MAX_DEPTH: usize = 64;

/// Names of members, without case, `_` and `-`, whose value is a secret.
const EXACT: &[&str] = &[
    "apikey",
    "assertion",
    "authcode",
    "authorization",
    "authorizationcode",
    "bearer",
    "code",
    "codeverifier",
    "cookie",
    "credential",
    "credentials",
    "devicecode",
    "key",
    "nonce",
    "otp",
    "pin",
    "privatekey",
    "recoverycodes",
    "sessionid",
    "setcookie",
    "signature",
    "ticket",
    "totp",
    "usercode",
];
/// Parts of such names.
const PARTS: &[&str] = &["token", "secret", "password", "passwd", "passphrase", "accesskey"];
/// Names that hold such a part and are no secret.
const HARMLESS: &[&str] = &["tokentype", "tokenendpoint", "tokenuse"];

/// The profile with every secret masked, at any depth.
pub fn redact(profile: &Profile) -> Value {
    redact_value(profile.value())
}

/// As [`redact`], for any document.
pub fn redact_value(value: &Value) -> Value {
    masked(value, 0)
}

fn masked(value: &Value, depth: usize) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) if depth >= MAX_DEPTH => REDACTED.into(),
        Value::Object(members) => {
            let kept = members.iter().map(|(name, value)| {
                let secret = is_secret(name) && !is_harmless(name, value);
                let value = if secret { REDACTED.into() } else { masked(value, depth + 1) };
                (name.clone(), value)
            });
            Value::Object(kept.collect())
        }
        Value::Array(entries) => entries.iter().map(|entry| masked(entry, depth + 1)).collect(),
        Value::String(text) if looks_like_token(text) => REDACTED.into(),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.'));
    let name: String = kept.flat_map(char::to_lowercase).take(200).collect();
    let part = PARTS.iter().any(|part| name.contains(part));
    EXACT.contains(&name.as_str()) || (part && !HARMLESS.contains(&name.as_str()))
}

// Yes, no and nothing tell nothing; the code of a country or language is short.
fn is_harmless(name: &str, value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::String(text) => text.len() < 8 && matches!(name, "code" | "key"),
        _ => false,
    }
}

// A JWT or JWE in compact form (RFC 7515 §3.1), or the value of an Authorization header.
fn looks_like_token(text: &str) -> bool {
    let parts = text.split('.').count();
    let compact = text.starts_with("eyJ") && (3..=5).contains(&parts) && text.len() > 20;
    let scheme = text.split_once(' ').map(|(scheme, _)| scheme.to_ascii_lowercase());
    compact || matches!(scheme.as_deref(), Some("bearer" | "basic" | "dpop"))
}
