//! Signing keys: making, reading, publishing, and that parsed keys do not outlive their owners.
//!
//! Signatures over tokens are tested in `jwt`.

use std::collections::BTreeSet;

use super::{ALGORITHMS, signing_key};
use crate::provider::is_registered;
use crate::{Algorithm, KeyError, RsaPool, SeededRandom, SigningKey, SystemRandom, generate, sign};

#[test]
fn names_of_algorithms_are_exact() {
    for algorithm in ALGORITHMS {
        assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        assert_eq!(algorithm.to_string(), algorithm.as_str());
    }
    for name in ["", "none", "None", "HS256", "es256", "ES384", "EDDSA", "Ed25519", "RS256 "] {
        assert_eq!(name.parse::<Algorithm>(), Err(KeyError::UnknownAlgorithm), "{name}");
    }
}

#[test]
fn a_public_jwk_has_public_members_only() {
    let cases = [
        (Algorithm::Es256, "EC", &["alg", "crv", "kid", "kty", "use", "x", "y"][..]),
        (Algorithm::Rs256, "RSA", &["alg", "e", "kid", "kty", "n", "use"]),
        (Algorithm::EdDsa, "OKP", &["alg", "crv", "kid", "kty", "use", "x"]),
    ];
    for (algorithm, kty, members) in cases {
        let jwk = signing_key("key_1", algorithm).public_jwk();
        let found: BTreeSet<&str> =
            jwk.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(found, members.iter().copied().collect());
        assert_eq!(jwk["kty"], kty);
        assert_eq!(jwk["alg"], algorithm.as_str());
        assert_eq!((&jwk["use"], &jwk["kid"]), (&"sig".into(), &"key_1".into()));
    }
}

#[test]
fn rsa_keys_have_2048_bits_and_the_usual_exponent() {
    let jwk = signing_key("key_1", Algorithm::Rs256).public_jwk();
    assert_eq!(jwk["n"].as_str().map(str::len), Some(342));
    assert_eq!(jwk["e"], "AQAB");
}

#[test]
fn keys_drawn_from_the_same_seed_are_the_same() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        let key = |seed| generate(algorithm, &SeededRandom::new(seed)).expect("a key");
        assert_eq!(*key(1), *key(1));
        assert_ne!(*key(1), *key(2));
    }
    let system = || generate(Algorithm::Es256, &SystemRandom).expect("a key");
    assert_ne!(*system(), *system());
}

#[test]
fn a_generator_without_luck_gives_an_error_and_not_a_loop() {
    struct Ones;
    impl crate::Random for Ones {
        fn fill(&self, out: &mut [u8]) {
            out.fill(0xff);
        }
    }
    assert_eq!(generate(Algorithm::Es256, &Ones).expect_err("out of range"), KeyError::Generate);
}

#[test]
fn a_key_is_read_as_its_own_algorithm_only() {
    for algorithm in ALGORITHMS {
        let pkcs8 = generate(algorithm, &SystemRandom).expect("a key");
        for other in ALGORITHMS {
            let parsed = SigningKey::parse("key_1", other, &pkcs8);
            assert_eq!(parsed.is_ok(), other == algorithm, "{algorithm} as {other}");
        }
        for len in [0, 1, pkcs8.len() / 2, pkcs8.len() - 1] {
            let parsed = SigningKey::parse("key_1", algorithm, &pkcs8[..len]);
            assert_eq!(parsed.expect_err("cut"), KeyError::Private);
        }
    }
}

#[test]
fn a_parsed_key_is_dropped_with_its_last_clone() {
    for algorithm in ALGORITHMS {
        let key = signing_key("key_1", algorithm);
        let handle = key.handle();
        let clone = key.clone();
        drop(key);
        assert!(is_registered(handle));
        sign(&clone, "JWT", &serde_json::json!({})).expect("still signs");
        drop(clone);
        assert!(!is_registered(handle));
    }
}

#[test]
fn headers_are_encoded_once_per_type_and_their_number_is_bounded() {
    let key = signing_key("key_1", Algorithm::EdDsa);
    let first = key.header("at+jwt");
    assert!(std::sync::Arc::ptr_eq(&first, &key.header("at+jwt")));
    assert_ne!(first, key.header("JWT"));
    for number in 0..100 {
        let _ = key.header(&format!("type-{number}"));
    }
    assert!(key.kept_headers() <= 8);
    assert!(std::sync::Arc::ptr_eq(&first, &key.header("at+jwt")));
}

#[test]
fn debug_output_holds_no_key_material() {
    let key = signing_key("key_1", Algorithm::Es256);
    assert_eq!(format!("{key:?}"), "SigningKey(key_1 ES256)");
    let public = key.verifying_key().expect("its public half");
    assert_eq!(format!("{public:?}"), "VerifyingKey(key_1 ES256)");
}

#[test]
fn the_stock_of_rsa_keys_gives_a_new_key_each_time() {
    let pool = RsaPool::start();
    let keys: BTreeSet<Vec<u8>> =
        (0..4).map(|_| pool.clone().take().expect("a key").to_vec()).collect();
    assert_eq!(keys.len(), 4);
    for key in keys {
        SigningKey::parse("key_1", Algorithm::Rs256, &key).expect("an RSA key");
    }
}
