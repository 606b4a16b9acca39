//! Signed tokens: round trips and every registered claim at its limits.
//!
//! What an attacker would send is in `jwt_attacks`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ALGORITHMS, NOW, signing_key};
use crate::{Algorithm, Expect, JwtError, KeyError, SigningKey, VerifyingKey, sign, verify};

pub(super) const ISSUER: &str = "https://id.example/t/acme";

pub(super) fn expect() -> Expect<'static> {
    Expect {
        typ: &["at+jwt"],
        issuer: ISSUER,
        audience: Some("api"),
        now_s: NOW,
        allow_expired: false,
        leeway_s: 5,
    }
}

pub(super) fn claims() -> Value {
    json!({"iss": ISSUER, "sub": "usr_1", "aud": "api", "exp": NOW + 60, "iat": NOW, "x": "ü"})
}

pub(super) fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

pub(super) fn public(key: &SigningKey) -> VerifyingKey {
    key.verifying_key().expect("its public half")
}

fn check(claims: &Value, expect: Expect<'_>) -> Result<Value, JwtError> {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let token = sign(&key, "at+jwt", claims).expect("signs");
    verify(&[public(&key)], &token, expect)
}

#[test]
fn round_trip_with_each_algorithm_among_several_keys() {
    let keys: Vec<SigningKey> =
        ALGORITHMS.iter().map(|alg| signing_key(&format!("key_{alg}"), *alg)).collect();
    let public: Vec<VerifyingKey> = keys.iter().map(public).collect();
    for key in &keys {
        for _ in 0..2 {
            let token = sign(key, "at+jwt", &claims()).expect("signs");
            assert_eq!(verify(&public, &token, expect()), Ok(claims()));
            assert_eq!(
                verify::<Value>(&[], &token, expect()).expect_err("no key"),
                JwtError::UnknownKey
            );
        }
    }
}

#[test]
fn header_and_signature_have_their_exact_form() {
    let lengths = [(Algorithm::Es256, 64), (Algorithm::Rs256, 256), (Algorithm::EdDsa, 64)];
    for (algorithm, len) in lengths {
        let key = signing_key("key_1", algorithm);
        let token = sign(&key, "at+jwt", &claims()).expect("signs");
        let parts: Vec<Vec<u8>> =
            token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url")).collect();
        let header: Value = serde_json::from_slice(&parts[0]).expect("JSON");
        assert_eq!(header, json!({"typ": "at+jwt", "alg": algorithm.as_str(), "kid": "key_1"}));
        assert_eq!(parts[1], claims().to_string().into_bytes());
        assert_eq!(parts[2].len(), len, "{algorithm}");
    }
}

#[test]
fn claims_come_back_as_the_type_asked_for() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Mine {
        iss: String,
        aud: Vec<String>,
        exp: i64,
        sub: String,
    }
    let key = signing_key("key_1", Algorithm::Es256);
    let (iss, aud, sub) = (ISSUER.to_owned(), vec!["other".into(), "api".into()], "u".to_owned());
    let mine = Mine { iss, aud, exp: NOW + 1, sub };
    let token = sign(&key, "at+jwt", &mine).expect("signs");
    assert_eq!(verify(&[public(&key)], &token, expect()), Ok(mine));
    let token = sign(&key, "at+jwt", &claims()).expect("signs");
    let wrong = verify::<Mine>(&[public(&key)], &token, expect());
    assert_eq!(wrong.expect_err("aud is no list"), JwtError::Claims);
}

#[test]
fn unwritable_claims_are_an_error() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let claims = std::collections::HashMap::from([((1, 2), 3)]);
    assert_eq!(sign(&key, "JWT", &claims), Err(KeyError::Claims));
}

#[test]
fn rfc7519_4_1_4_exp_is_a_number_and_mandatory() {
    let bad = [json!("1735689660"), json!(null), json!([NOW + 60]), json!({}), json!(true)];
    for exp in bad {
        assert_eq!(check(&with("exp", exp), expect()), Err(JwtError::Claim("exp")));
    }
    assert_eq!(check(&without("exp"), expect()), Err(JwtError::Claim("exp")));
    let hint = Expect { allow_expired: true, ..expect() };
    assert_eq!(check(&without("exp"), hint), Err(JwtError::Claim("exp")));
    assert!(check(&with("exp", json!(NOW as f64 + 10.5)), expect()).is_ok());
    assert!(check(&with("exp", json!(u64::MAX)), expect()).is_ok());
    assert_eq!(check(&with("exp", json!(-1)), expect()), Err(JwtError::Expired));
    assert_eq!(check(&with("exp", json!(-1e300)), expect()), Err(JwtError::Expired));
}

#[test]
fn expiry_counts_from_its_own_second_with_leeway() {
    assert!(check(&with("exp", json!(NOW - 4)), expect()).is_ok());
    assert_eq!(check(&with("exp", json!(NOW - 5)), expect()), Err(JwtError::Expired));
    let strict = Expect { leeway_s: 0, ..expect() };
    assert_eq!(check(&with("exp", json!(NOW)), strict), Err(JwtError::Expired));
    let hint = Expect { allow_expired: true, ..expect() };
    assert!(check(&with("exp", json!(1)), hint).is_ok());
}

#[test]
fn tokens_from_the_future_are_refused_beyond_leeway() {
    for name in ["iat", "nbf"] {
        assert!(check(&with(name, json!(NOW + 5)), expect()).is_ok());
        assert_eq!(check(&with(name, json!(NOW + 6)), expect()), Err(JwtError::NotYetValid));
        assert_eq!(check(&with(name, json!("now")), expect()), Err(JwtError::Claim(name)));
    }
    assert!(check(&without("iat"), expect()).is_ok());
    let hint = Expect { allow_expired: true, ..expect() };
    assert_eq!(check(&with("iat", json!(NOW + 6)), hint), Err(JwtError::NotYetValid));
}

#[test]
fn issuer_and_audience_are_compared_exactly() {
    for other in ["https://id.example/t/acme/", "https://id.example/t/Acme", ""] {
        assert_eq!(check(&with("iss", json!(other)), expect()), Err(JwtError::Issuer));
    }
    assert_eq!(check(&with("iss", json!([ISSUER])), expect()), Err(JwtError::Claim("iss")));
    assert_eq!(check(&without("iss"), expect()), Err(JwtError::Claim("iss")));
    assert!(check(&with("aud", json!(["x", "api"])), expect()).is_ok());
    for other in [json!("API"), json!(["x"]), json!([]), json!("api x")] {
        assert_eq!(check(&with("aud", other), expect()), Err(JwtError::Audience));
    }
    for bad in [json!(1), json!({"api": 1}), json!(["api", 1])] {
        assert_eq!(check(&with("aud", bad), expect()), Err(JwtError::Claim("aud")));
    }
    assert_eq!(check(&without("aud"), expect()), Err(JwtError::Claim("aud")));
    assert!(check(&without("aud"), Expect { audience: None, ..expect() }).is_ok());
}

#[test]
fn types_are_compared_without_case_and_prefix() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let keys = [public(&key)];
    let check = |typ: &str, accepted: &[&str]| {
        let token = sign(&key, typ, &claims()).expect("signs");
        verify::<Value>(&keys, &token, Expect { typ: accepted, ..expect() }).map(drop)
    };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert_eq!(check(typ, &["at+jwt"]), Ok(()));
        assert_eq!(check(typ, &["JWT", "application/at+jwt"]), Ok(()));
    }
    for typ in ["JWT", "", "logout+jwt", "at+jwt ", "application/application/at+jwt", "x/at+jwt"] {
        assert_eq!(check(typ, &["at+jwt"]), Err(JwtError::Type), "{typ}");
    }
    assert_eq!(check("at+jwt", &[]), Err(JwtError::Type));
}
