//! Tests of this crate, one file per module under test.
//!
//! Shared here: a vault that repeats itself, and keys. What several crates do together is tested
//! from outside, against the running server.

mod fair_queue;
mod hash_pool;
mod jwk;
mod jwt;
mod jwt_attacks;
mod keys;
mod masters;
mod passwords;
mod refresh;
mod sealing;
mod secrets;
mod slots;

use std::sync::{Arc, OnceLock};

use crate::{Algorithm, Masters, SeededRandom, SigningKey, SystemRandom, Vault, generate};

/// 2025-01-01T00:00:00Z
const NOW: i64 = 1_735_689_600;
const K1: &str = "k1 1700000000 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const K2: &str = "k2 1735689600 Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA";

fn masters(text: &str) -> Masters {
    Masters::parse(text).expect("masters")
}

/// A vault over the master `k1` with seeded randomness and a known installation key.
fn vault() -> Vault {
    let vault = Vault::new(masters(K1), Arc::new(SeededRandom::new(7)));
    vault.set_installation_key([42; 32]);
    vault
}

/// A signing key with that kid; the RSA key is made once for all tests.
fn signing_key(kid: &str, algorithm: Algorithm) -> SigningKey {
    static RSA: OnceLock<Vec<u8>> = OnceLock::new();
    let fresh = || generate(algorithm, &SystemRandom).expect("a key").to_vec();
    let pkcs8 =
        if algorithm == Algorithm::Rs256 { RSA.get_or_init(fresh).clone() } else { fresh() };
    SigningKey::parse(kid, algorithm, &pkcs8).expect("own key")
}

const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa];
