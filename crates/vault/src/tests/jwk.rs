//! Public keys of others: what is accepted, and every reason for refusing one.
//!
//! Signatures are checked against the examples of the RFCs, so that we agree with the world.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{ALGORITHMS, signing_key};
use crate::{Algorithm, KeyError, VerifyingKey};

fn refused(jwk: &Value) -> &'static str {
    match VerifyingKey::from_jwk(jwk).expect_err(&jwk.to_string()) {
        KeyError::Public(problem) => problem,
        other => panic!("{other}"),
    }
}

fn with(mut jwk: Value, member: &str, value: Value) -> Value {
    jwk[member] = value;
    jwk
}

fn without(mut jwk: Value, member: &str) -> Value {
    jwk.as_object_mut().expect("an object").remove(member);
    jwk
}

#[test]
fn own_public_keys_are_accepted_with_and_without_optional_members() {
    for algorithm in ALGORITHMS {
        let jwk = signing_key("key_1", algorithm).public_jwk();
        let bare = without(without(jwk.clone(), "use"), "alg");
        for jwk in [jwk.clone(), bare, with(jwk, "key_ops", json!(["verify"]))] {
            let key = VerifyingKey::from_jwk(&jwk).expect("own key");
            assert_eq!((key.kid(), key.algorithm()), ("key_1", algorithm));
        }
    }
}

#[test]
fn members_that_do_not_fit_are_refused() {
    for algorithm in ALGORITHMS {
        let jwk = signing_key("key_1", algorithm).public_jwk();
        assert!(refused(&without(jwk.clone(), "kid")).contains("kid"));
        assert!(refused(&without(jwk.clone(), "kty")).contains("kty"));
        assert!(refused(&with(jwk.clone(), "kty", json!("oct"))).contains("kty"));
        assert!(refused(&with(jwk.clone(), "use", json!("enc"))).contains("use"));
        assert!(refused(&with(jwk.clone(), "key_ops", json!(["sign"]))).contains("key_ops"));
        for name in ["none", "HS256", "ES384", "RS512", "PS256"] {
            assert!(refused(&with(jwk.clone(), "alg", json!(name))).contains("alg"));
        }
        assert!(refused(&with(jwk.clone(), "alg", json!(1))).contains("alg"));
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(refused(&with(jwk.clone(), member, json!("AQAB"))).contains("private"));
        }
    }
    for garbage in [json!(null), json!([]), json!({}), json!("key"), json!(1)] {
        let _ = refused(&garbage);
    }
}

#[test]
fn a_key_is_not_accepted_for_the_algorithm_of_another_type() {
    for algorithm in ALGORITHMS {
        let jwk = signing_key("key_1", algorithm).public_jwk();
        for other in ALGORITHMS.into_iter().filter(|other| *other != algorithm) {
            assert!(refused(&with(jwk.clone(), "alg", json!(other.as_str()))).contains("alg"));
        }
    }
}

#[test]
fn points_off_the_curve_and_wrong_lengths_are_refused() {
    let ec = signing_key("key_1", Algorithm::Es256).public_jwk();
    let ed = signing_key("key_1", Algorithm::EdDsa).public_jwk();
    let short = json!(URL_SAFE_NO_PAD.encode([1u8; 31]));
    let ones = json!(URL_SAFE_NO_PAD.encode([1u8; 32]));
    assert!(refused(&with(ec.clone(), "x", short.clone())).contains("32 bytes"));
    assert!(refused(&with(ec.clone(), "y", short.clone())).contains("32 bytes"));
    assert!(refused(&with(ec.clone(), "x", ones)).contains("curve"));
    assert!(refused(&with(ec.clone(), "x", json!("++++"))).contains("base64url"));
    assert!(refused(&with(ec.clone(), "crv", json!("P-384"))).contains("P-256"));
    assert!(refused(&without(ec, "y")).contains('y'));
    assert!(refused(&with(ed.clone(), "x", short)).contains("32 bytes"));
    assert!(refused(&with(ed.clone(), "crv", json!("X25519"))).contains("Ed25519"));
    assert!(refused(&without(ed, "crv")).contains("crv"));
}

#[test]
fn weak_rsa_keys_are_refused() {
    let rsa = signing_key("key_1", Algorithm::Rs256).public_jwk();
    let number = |len: usize, last: u8| {
        let mut bytes = vec![0xc1u8; len];
        bytes[len - 1] = last;
        json!(URL_SAFE_NO_PAD.encode(bytes))
    };
    assert!(refused(&with(rsa.clone(), "n", number(128, 1))).contains("2048"));
    assert!(refused(&with(rsa.clone(), "n", number(255, 1))).contains("2048"));
    assert!(refused(&with(rsa.clone(), "n", number(1025, 1))).contains("8192"));
    assert!(refused(&with(rsa.clone(), "n", json!("AAAA"))).contains("2048"));
    let exponents: [&[u8]; 5] = [&[], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 0, 1]];
    for e in exponents {
        let jwk = with(rsa.clone(), "e", json!(URL_SAFE_NO_PAD.encode(e)));
        assert!(refused(&jwk).contains("exponent"), "{e:?}");
    }
    let n = URL_SAFE_NO_PAD.decode(rsa["n"].as_str().expect("n")).expect("base64url");
    let signed = json!(URL_SAFE_NO_PAD.encode([&[0u8][..], &n].concat()));
    VerifyingKey::from_jwk(&with(rsa, "n", signed)).expect("a sign byte is tolerated");
}

/// RFC 7515 appendix A.3: a signature made by others, in the raw form r, s.
#[test]
fn rfc7515_a3_es256_signature_is_accepted() {
    crate::install_crypto();
    let jwk = json!({"kty": "EC", "kid": "a3", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly\
        9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    check(&jwk, message, signature);
}

/// RFC 8037 appendix A.4
#[test]
fn rfc8037_a4_ed25519_signature_is_accepted() {
    crate::install_crypto();
    let jwk = json!({"kty": "OKP", "kid": "a4", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    check(&jwk, message, signature);
}

fn check(jwk: &Value, message: &str, signature: &str) {
    let key = VerifyingKey::from_jwk(jwk).expect("the key of the example");
    let verify = |message: &str, signature: &str| {
        let algorithm = key.algorithm().jose();
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), key.decoding_key(), algorithm)
            .unwrap_or(false)
    };
    assert!(verify(message, signature));
    assert!(!verify(&message[1..], signature));
    assert!(!verify(message, &format!("A{}", &signature[1..])));
    assert!(!verify(message, &signature[..80]));
}
