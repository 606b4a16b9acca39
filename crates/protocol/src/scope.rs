//! Scopes (RFC 6749 §3.3): parsing, set arithmetic, and the scopes that OpenID Connect defines.
//!
//! Which scopes an application may ask for and a user has granted is decided in `issuer`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{ErrorCode, OauthError};

/// Makes a request an OpenID Connect request (OIDC Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// Asks for the profile claims (OIDC Core §5.4).
pub const PROFILE: &str = "profile";
/// Asks for `email` and `email_verified` (OIDC Core §5.4).
pub const EMAIL: &str = "email";
/// Asks for `address` (OIDC Core §5.4).
pub const ADDRESS: &str = "address";
/// Asks for `phone_number` and `phone_number_verified` (OIDC Core §5.4).
pub const PHONE: &str = "phone";
/// Asks for a refresh token (OIDC Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";
/// The six scopes above.
pub const STANDARD: [&str; 6] = [OPENID, PROFILE, EMAIL, ADDRESS, PHONE, OFFLINE_ACCESS];

/// Most scopes in one list.
pub const MAX_SCOPES: usize = 100;
/// Longest scope list in bytes.
pub const MAX_BYTES: usize = 1000;

/// A set of scopes that keeps the order in which they were first named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Reads a space-separated list; repeated scopes count once, an empty text is an empty set.
    /// Errors: `invalid_scope` for other characters than RFC 6749 §3.3 allows, or for more than
    /// [`MAX_SCOPES`] or [`MAX_BYTES`].
    pub fn parse(text: &str) -> Result<Scopes, OauthError> {
        let refuse = |hint| Err(OauthError::new(ErrorCode::InvalidScope, hint));
        if text.len() > MAX_BYTES {
            return refuse("scope is longer than 1000 bytes");
        }
        // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        let allowed = |b: u8| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\';
        if !text.bytes().all(allowed) {
            return refuse("scope holds a character that RFC 6749 section 3.3 does not allow");
        }
        let mut found: Vec<String> = Vec::new();
        for name in text.split(' ').filter(|name| !name.is_empty()) {
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
        if found.len() > MAX_SCOPES {
            return refuse("scope names more than 100 scopes");
        }
        Ok(Scopes(found))
    }

    /// Whether `name` is in the set.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// The scopes of `self` that are also in `other`, in the order of `self`.
    pub fn intersect(&self, other: &Scopes) -> Scopes {
        Scopes(self.0.iter().filter(|name| other.contains(name)).cloned().collect())
    }

    /// The scopes of `self` that are not in `other`, in the order of `self`.
    pub fn without(&self, other: &Scopes) -> Scopes {
        Scopes(self.0.iter().filter(|name| !other.contains(name)).cloned().collect())
    }

    /// The scopes of `self`, then those only in `other`. The result may be longer than a parsed
    /// list, at most by as much as both together.
    pub fn union(&self, other: &Scopes) -> Scopes {
        let mut all = self.clone();
        all.0.extend(other.without(self).0);
        all
    }

    /// Whether every scope of `self` is in `other`.
    pub fn is_subset(&self, other: &Scopes) -> bool {
        self.0.iter().all(|name| other.contains(name))
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// How many scopes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl FromStr for Scopes {
    type Err = OauthError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Scopes::parse(text)
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Scopes::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).unwrap()
    }

    #[test]
    fn rfc6749_3_3_scope_tokens() {
        assert_eq!(scopes("openid profile openid").to_string(), "openid profile");
        assert_eq!(scopes("  a   b ").to_string(), "a b");
        assert!(scopes("").is_empty());
        assert_eq!(scopes("api:read https://x.test/y!#[]~").len(), 2);
        for bad in ["a\"b", "a\\b", "a\tb", "a\nb", "a\u{0}b", "\u{e4}", "a\u{a0}b", "\u{7f}"] {
            let error = Scopes::parse(bad).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidScope, "{bad:?}");
        }
    }

    #[test]
    fn lists_are_bounded() {
        let list = |n: usize| (0..n).map(|i| format!("s{i}")).collect::<Vec<_>>().join(" ");
        assert_eq!(scopes(&list(MAX_SCOPES)).len(), MAX_SCOPES);
        assert!(Scopes::parse(&list(MAX_SCOPES + 1)).is_err());
        assert!(Scopes::parse(&"x".repeat(MAX_BYTES)).is_ok());
        assert!(Scopes::parse(&"x".repeat(MAX_BYTES + 1)).is_err());
    }

    #[test]
    fn set_arithmetic_keeps_order() {
        let (left, right) = (scopes("c a b"), scopes("b c d"));
        assert_eq!(left.intersect(&right), scopes("c b"));
        assert_eq!(left.without(&right), scopes("a"));
        assert_eq!(left.union(&right), scopes("c a b d"));
        assert!(scopes("b c").is_subset(&left) && !right.is_subset(&left));
        assert!(scopes("").is_subset(&left) && !left.is_subset(&scopes("")));
        assert!(left.contains("a") && !left.contains("A") && !left.contains(""));
    }

    #[test]
    fn serde_is_the_wire_form() {
        let json = serde_json::to_string(&scopes("openid email")).unwrap();
        assert_eq!(json, "\"openid email\"");
        assert_eq!(serde_json::from_str::<Scopes>(&json).unwrap(), scopes("openid email"));
        assert!(serde_json::from_str::<Scopes>("\"a\\\"b\"").is_err());
    }
}
