//! Proof Key for Code Exchange (RFC 7636), method S256 only.
//!
//! Whether an application must use it is decided in `issuer`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::OauthError;

/// SHA-256 in base64url without padding.
const CHALLENGE_LENGTH: usize = 43;

/// A well-formed S256 code challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Challenge(String);

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method`. Errors: `invalid_request` if the
    /// method is not `S256` (absent means `plain`, RFC 7636 §4.3) or the challenge is not 43
    /// base64url characters.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Challenge, OauthError> {
        // RFC 7636 §4.3, RFC 9700 §2.1.1: plain reveals the verifier to whoever sees the request. // R18
        if method != Some("S256") {
            return Err(OauthError::invalid_request("code_challenge_method must be S256"));
        }
        Challenge::try_from(challenge.to_owned())
    }

    /// The challenge that belongs to a verifier (RFC 7636 §4.2), for a client of our own.
    pub fn of_verifier(verifier: &str) -> Challenge {
        Challenge(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())))
    }

    /// Whether the verifier belongs to this challenge, compared in constant time. A verifier of
    /// wrong length or characters (RFC 7636 §4.1) never does.
    pub fn verify(&self, verifier: &str) -> bool {
        // RFC 7636 §4.1: code-verifier = 43*128unreserved
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
            return false;
        }
        // RFC 7636 §4.6. // R19
        let expected = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        expected.as_bytes().ct_eq(self.0.as_bytes()).into()
    }

    /// The challenge as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Challenge {
    type Error = OauthError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        // RFC 7636 §4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))
        let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.len() != CHALLENGE_LENGTH || !text.bytes().all(base64url) {
            let hint = "code_challenge must be 43 base64url characters (S256)";
            return Err(OauthError::invalid_request(hint));
        }
        Ok(Challenge(text))
    }
}

impl From<Challenge> for String {
    fn from(challenge: Challenge) -> String {
        challenge.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    // RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn rfc7636_4_6_right_verifier_is_accepted() {
        let challenge = Challenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.verify(VERIFIER));
        assert_eq!(challenge.as_str(), CHALLENGE);
        assert_eq!(Challenge::of_verifier(VERIFIER), challenge);
    }

    #[test]
    fn rfc7636_4_6_wrong_verifier_is_refused() {
        let challenge = Challenge::parse(CHALLENGE, Some("S256")).unwrap();
        for at in 0..VERIFIER.len() {
            let mut wrong = VERIFIER.as_bytes().to_vec();
            wrong[at] = if wrong[at] == b'A' { b'B' } else { b'A' };
            assert!(!challenge.verify(std::str::from_utf8(&wrong).unwrap()));
        }
        assert!(!challenge.verify(CHALLENGE), "the challenge itself is no verifier");
    }

    #[test]
    fn rfc7636_4_1_verifier_length_and_characters() {
        let of = |verifier: &str| {
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            Challenge::parse(&hash, Some("S256")).unwrap().verify(verifier)
        };
        assert!(of(&"a".repeat(43)) && of(&"~".repeat(128)) && of(&"A-._~0".repeat(10)));
        for bad in [42, 129, 0, 5000] {
            assert!(!of(&"a".repeat(bad)), "{bad}");
        }
        for bad in ["+", "/", "=", " ", "%", "\n", "\u{e9}"] {
            assert!(!of(&format!("{}{bad}", "a".repeat(50))), "{bad:?}");
        }
    }

    #[test]
    fn rfc7636_4_3_plain_and_missing_method_are_refused() {
        for method in [None, Some("plain"), Some("s256"), Some(""), Some("S512")] {
            let error = Challenge::parse(CHALLENGE, method).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidRequest);
        }
    }

    #[test]
    fn rfc7636_4_2_challenge_form() {
        for bad in ["", "short", &format!("{CHALLENGE}="), &CHALLENGE.replace('-', "+"), VERIFIER] {
            let fine = bad == VERIFIER;
            assert_eq!(Challenge::parse(bad, Some("S256")).is_ok(), fine, "{bad}");
        }
        assert!(serde_json::from_str::<Challenge>("\"x\"").is_err());
        let text = serde_json::to_string(&Challenge(CHALLENGE.into())).unwrap();
        assert_eq!(serde_json::from_str::<Challenge>(&text).unwrap().as_str(), CHALLENGE);
    }
}
