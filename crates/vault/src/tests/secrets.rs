//! The spelling of secrets and what is stored of them.
//!
//! Hashes are checked against published values, so that no upgrade makes stored ones useless.

use std::collections::HashSet;

use super::vault;
use crate::{
    Random, SecretString, SeededRandom, SystemRandom, csrf_token, ct_eq, fingerprint,
    hash_client_secret, link_token_hash, new_client_secret, new_link_token, new_session_token,
    session_token_hash,
};

#[test]
fn client_secrets_have_prefix_length_and_hint() {
    let (secret, hint) = new_client_secret(&vault());
    assert!(secret.expose().starts_with("ts_") && secret.expose().len() == 46);
    assert_eq!(hint, secret.expose()[..7]);
}

#[test]
fn a_client_secret_hash_is_bound_to_tenant_and_installation() {
    let vault = vault();
    let hash = hash_client_secret(&vault, "ten_a", "ts_x");
    assert_eq!(hash, hash_client_secret(&vault, "ten_a", "ts_x"));
    assert_ne!(hash, hash_client_secret(&vault, "ten_b", "ts_x"));
    assert_ne!(hash, hash_client_secret(&vault, "ten_a", "ts_y"));
    assert_ne!(hash, hash_client_secret(&vault, "ten_at", "s_x"));
    vault.set_installation_key([1; 32]);
    assert_ne!(hash, hash_client_secret(&vault, "ten_a", "ts_x"));
}

#[test]
fn session_and_link_tokens_are_256_bits_and_unique() {
    let vault = vault();
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let session = new_session_token(&vault);
        let link = new_link_token(&vault);
        assert_eq!(session.expose().len(), 43);
        assert!(link.expose().starts_with("ln_") && link.expose().len() == 46);
        assert!(seen.insert(session_token_hash(session.expose())));
        assert!(seen.insert(link_token_hash(link.expose())));
    }
}

#[test]
fn token_hashes_are_sha256() {
    // FIPS 180-4, the example "abc".
    let hash = session_token_hash("abc");
    assert_eq!(hash[..8], [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea]);
    assert_eq!(hash, link_token_hash("abc"));
    assert_eq!(fingerprint(b"abc"), "ungWv48Bz-pBQUDeXa4iIw");
}

#[test]
fn form_tokens_depend_on_every_part() {
    let vault = vault();
    let token = csrf_token(&vault, &[b"session", b"form"]);
    assert_eq!(token.len(), 43);
    assert_eq!(token, csrf_token(&vault, &[b"session", b"form"]));
    assert_ne!(token, csrf_token(&vault, &[b"session", b"other"]));
    assert_ne!(token, csrf_token(&vault, &[b"sessionf", b"orm"]));
}

#[test]
fn secrets_are_silent_in_debug_output_even_inside_other_types() {
    let secret = SecretString::from("hunter2");
    assert_eq!(format!("{:?}", Some(secret.clone())), "Some([secret])");
    assert_eq!(secret.expose(), "hunter2");
    let read: SecretString = serde_json::from_str(r#""hunter2""#).expect("a string");
    assert_eq!(read.expose(), "hunter2");
}

#[test]
fn constant_time_comparison_compares() {
    assert!(ct_eq(b"", b"") && ct_eq(b"ab", b"ab"));
    assert!(!ct_eq(b"ab", b"ac") && !ct_eq(b"ab", b"abc") && !ct_eq(b"", b"a"));
}

#[test]
fn seeded_randomness_repeats_and_system_randomness_does_not() {
    let draw = |random: &dyn Random| {
        let mut bytes = [0u8; 100];
        random.fill(&mut bytes);
        bytes
    };
    let (one, two) = (SeededRandom::new(1), SeededRandom::new(1));
    assert_eq!(draw(&one), draw(&two));
    assert_ne!(draw(&one), draw(&SeededRandom::new(2)));
    let again = draw(&one);
    assert_ne!(again, draw(&SeededRandom::new(1)), "the sequence goes on");
    assert_ne!(draw(&SystemRandom), draw(&SystemRandom));
}

#[test]
fn names_of_requests_differ_within_and_across_threads() {
    use crate::{NameRandom, Random};
    let some = || {
        let one = || {
            let mut bytes = [0u8; 8];
            NameRandom.fill(&mut bytes);
            bytes
        };
        (0..1_000).map(|_| one()).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(some))
        .collect::<Vec<_>>()
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 4_000);
}
