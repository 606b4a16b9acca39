//! Tokens as an attacker would make them (RFC 8725 section 2 and what was seen in the wild).
//!
//! Each must be refused with the reason that is meant to stop it, not by accident of a later check.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::jwt::{claims, expect, public, with};
use super::{ALGORITHMS, NOW, signing_key};
use crate::{Algorithm, Expect, JwtError, SigningKey, VerifyingKey, sign, verify};

fn b64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Signs any header and payload at all with the key, whatever they claim.
fn forge(header: &str, payload: &str, key: &SigningKey) -> String {
    crate::install_crypto();
    let message = format!("{}.{}", b64(header), b64(payload));
    let jose = key.algorithm().jose();
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key.encoding_key(), jose);
    format!("{message}.{}", signature.expect("signs"))
}

fn refused(keys: &[VerifyingKey], token: &str) -> JwtError {
    verify::<Value>(keys, token, expect()).expect_err(token)
}

#[test]
fn rfc8725_2_1_unsigned_tokens_are_refused() {
    let key = signing_key("key_1", Algorithm::Es256);
    let keys = [public(&key)];
    for alg in ["none", "None", "NONE", "nOnE", "", "null"] {
        let header = json!({"alg": alg, "typ": "at+jwt", "kid": "key_1"}).to_string();
        for signature in ["", "AA", &b64([0u8; 64])] {
            let token = format!("{}.{}.{signature}", b64(&header), b64(claims().to_string()));
            assert_eq!(refused(&keys, &token), JwtError::Algorithm);
        }
        let signed = forge(&header, &claims().to_string(), &key);
        assert_eq!(refused(&keys, &signed), JwtError::Algorithm);
    }
}

#[test]
fn rfc8725_2_1_public_keys_are_no_hmac_secrets() {
    for algorithm in ALGORITHMS {
        let key = signing_key("key_1", algorithm);
        let jwk = key.public_jwk();
        let material = jwk.get("n").or(jwk.get("x")).and_then(Value::as_str).expect("material");
        let raw = URL_SAFE_NO_PAD.decode(material).expect("base64url");
        let text = jwk.to_string();
        let secrets: [&[u8]; 4] = [&raw, material.as_bytes(), text.as_bytes(), &[]];
        for (alg, hmac_alg) in [("HS256", hmac::HMAC_SHA256), ("HS512", hmac::HMAC_SHA512)] {
            for secret in secrets {
                let header = json!({"alg": alg, "typ": "at+jwt", "kid": "key_1"}).to_string();
                let message = format!("{}.{}", b64(header), b64(claims().to_string()));
                let tag = hmac::sign(&hmac::Key::new(hmac_alg, secret), message.as_bytes());
                let token = format!("{message}.{}", b64(tag));
                assert_eq!(refused(&[public(&key)], &token), JwtError::Algorithm);
            }
        }
    }
}

#[test]
fn rfc8725_3_1_the_algorithm_is_that_of_the_key() {
    for algorithm in ALGORITHMS {
        let key = signing_key("key_1", algorithm);
        for other in ALGORITHMS.into_iter().filter(|other| *other != algorithm) {
            let header = json!({"alg": other.as_str(), "typ": "at+jwt", "kid": "key_1"});
            let token = forge(&header.to_string(), &claims().to_string(), &key);
            assert_eq!(refused(&[public(&key)], &token), JwtError::Algorithm);
            // Even with a key of that name for each of the two algorithms.
            let both = [public(&key), public(&signing_key("key_1", other))];
            assert_eq!(refused(&both, &token), JwtError::Signature);
        }
    }
}

#[test]
fn tokens_of_unknown_or_exchanged_keys_are_refused() {
    let (a, b) = (signing_key("a", Algorithm::EdDsa), signing_key("b", Algorithm::EdDsa));
    let keys = [public(&a), public(&b)];
    let token = |kid: Value, key: &SigningKey| {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}).to_string();
        forge(&header, &claims().to_string(), key)
    };
    assert!(verify::<Value>(&keys, &token(json!("a"), &a), expect()).is_ok());
    assert_eq!(refused(&keys, &token(json!("b"), &a)), JwtError::Signature);
    assert_eq!(refused(&keys, &token(json!("c"), &a)), JwtError::UnknownKey);
    assert_eq!(refused(&keys, &token(json!("A"), &a)), JwtError::UnknownKey);
    assert_eq!(refused(&keys, &token(json!(null), &a)), JwtError::UnknownKey);
    assert_eq!(refused(&keys, &token(json!(["a"]), &a)), JwtError::Malformed);
    let without = forge(r#"{"alg":"EdDSA","typ":"at+jwt"}"#, &claims().to_string(), &a);
    assert_eq!(refused(&keys, &without), JwtError::UnknownKey);
}

#[test]
fn keys_and_addresses_in_a_header_are_not_read() {
    let ours = signing_key("key_1", Algorithm::Es256);
    let theirs = signing_key("key_1", Algorithm::Es256);
    let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": "key_1",
        "jwk": theirs.public_jwk(), "jku": "https://evil.example/jwks", "x5u": "file:///etc",
        "x5c": ["AAAA"]});
    let keys = [public(&ours)];
    let forged = forge(&header.to_string(), &claims().to_string(), &theirs);
    assert_eq!(refused(&keys, &forged), JwtError::Signature);
    let own = forge(&header.to_string(), &claims().to_string(), &ours);
    assert!(verify::<Value>(&keys, &own, expect()).is_ok(), "they are ignored");
}

#[test]
fn rfc7515_4_1_11_critical_headers_are_refused() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    for crit in [json!(["b64"]), json!(["exp"]), json!([]), json!("x"), json!(false)] {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "key_1", "crit": crit});
        let token = forge(&header.to_string(), &claims().to_string(), &key);
        assert_eq!(refused(&[public(&key)], &token), JwtError::Critical);
    }
}

#[test]
fn members_that_come_twice_and_arrays_are_refused() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let keys = [public(&key)];
    let good = r#"{"alg":"EdDSA","typ":"at+jwt","kid":"key_1"}"#;
    let payload = claims().to_string();
    let headers = [
        r#"{"alg":"EdDSA","alg":"none","typ":"at+jwt","kid":"key_1"}"#,
        r#"{"alg":"EdDSA","typ":"at+jwt","kid":"key_2","kid":"key_1"}"#,
        r#"["EdDSA","key_1","at+jwt",null]"#,
        r#"{"typ":"at+jwt","kid":"key_1"}"#,
        r#"{"alg":["EdDSA"],"typ":"at+jwt","kid":"key_1"}"#,
        r#"{"alg":"EdDSA","typ":"at+jwt","kid":"key_1"} x"#,
        "\"EdDSA\"",
        "",
    ];
    for header in headers {
        assert_eq!(refused(&keys, &forge(header, &payload, &key)), JwtError::Malformed);
    }
    let twice = payload.replacen('{', &format!("{{\"exp\":{},", NOW + 99_999), 1);
    let list = format!("[\"{}\",\"api\",{},null,null]", super::jwt::ISSUER, NOW + 60);
    for payload in [&twice, &list, "", "null", "{}{}", "{\"exp\":1e999}"] {
        assert_eq!(refused(&keys, &forge(good, payload, &key)), JwtError::Malformed);
    }
    assert!(verify::<Value>(&keys, &forge(good, &payload, &key), expect()).is_ok());
}

#[test]
fn any_changed_character_is_refused() {
    for algorithm in ALGORITHMS {
        let key = signing_key("key_1", algorithm);
        let keys = [public(&key)];
        let token = sign(&key, "at+jwt", &claims()).expect("signs");
        for index in 0..token.len() {
            for other in ["A", "_", ".", "=", "9"] {
                let mut changed = token.clone();
                changed.replace_range(index..=index, other);
                let accepted = verify::<Value>(&keys, &changed, expect()).is_ok();
                assert!(changed == token || !accepted, "{algorithm} at {index}: {changed}");
            }
        }
        for len in [0, 1, token.len() / 2, token.len() - 1] {
            assert!(verify::<Value>(&keys, &token[..len], expect()).is_err());
        }
        for changed in [format!("{token}."), format!(".{token}"), format!("{token}=")] {
            assert!(verify::<Value>(&keys, &changed, expect()).is_err());
        }
    }
}

#[test]
fn es256_signatures_in_der_form_or_of_zeros_are_refused() {
    let key = signing_key("key_1", Algorithm::Es256);
    let token = sign(&key, "at+jwt", &claims()).expect("signs");
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let raw = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let integer = |bytes: &[u8]| [&[2, 33, 0][..], bytes].concat();
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    let der = [&[0x30, body.len() as u8][..], &body].concat();
    for signature in [der, vec![0; 64], vec![0xff; 64], [&raw[..], &[0]].concat(), Vec::new()] {
        let token = format!("{message}.{}", b64(signature));
        assert_eq!(refused(&[public(&key)], &token), JwtError::Signature);
    }
}

#[test]
fn a_token_of_one_kind_is_none_of_another() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let keys = [public(&key)];
    let id_token = sign(&key, "JWT", &claims()).expect("signs");
    assert_eq!(refused(&keys, &id_token), JwtError::Type);
    let untyped = forge(r#"{"alg":"EdDSA","kid":"key_1"}"#, &claims().to_string(), &key);
    assert_eq!(refused(&keys, &untyped), JwtError::Type);
    let tolerant = Expect { typ: &["JWT", ""], ..expect() };
    assert!(verify::<Value>(&keys, &untyped, tolerant).is_ok());
    assert!(verify::<Value>(&keys, &id_token, tolerant).is_ok());
}

#[test]
fn oversized_and_deeply_nested_tokens_are_refused() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let keys = [public(&key)];
    let large = sign(&key, "at+jwt", &with("x", json!("a".repeat(16_000)))).expect("signs");
    assert_eq!(refused(&keys, &large), JwtError::TooLarge);
    let fits = sign(&key, "at+jwt", &with("x", json!("a".repeat(11_000)))).expect("signs");
    assert!(verify::<Value>(&keys, &fits, expect()).is_ok());
    let nested = format!("{{\"x\":{}{},", "[".repeat(5000), "]".repeat(5000));
    let nested = claims().to_string().replacen('{', &nested, 1);
    let header = r#"{"alg":"EdDSA","typ":"at+jwt","kid":"key_1"}"#;
    assert_eq!(refused(&keys, &forge(header, &nested, &key)), JwtError::Claims);
}
