//! Password hashes: today's parameters, older ones, strings that cannot be read.
//!
//! Runs on the test's own thread; queue and threads are tested in `hash_pool`.

use argon2::{Argon2, Params, PasswordHasher};

use crate::passwords::{MAX_PASSWORD, Memory, hash, verify};

pub(super) fn weak(password: &str, m: u32, t: u32, algorithm: argon2::Algorithm) -> String {
    let params = Params::new(m, t, 1, None).expect("parameters");
    let argon2 = Argon2::new(algorithm, argon2::Version::V0x13, params);
    argon2.hash_password_with_salt(password.as_bytes(), &[5; 16]).expect("a hash").to_string()
}

#[test]
fn round_trip_with_today_s_parameters() {
    let mut memory = Memory::default();
    let phc = hash("correct horse battery staple", &mut memory).expect("a hash");
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    let right = verify("correct horse battery staple", Some(&phc), &mut memory);
    assert_eq!(right, (true, None));
    assert_eq!(verify("correct horse battery stable", Some(&phc), &mut memory), (false, None));
    assert_ne!(hash("correct horse battery staple", &mut memory), Some(phc), "fresh salt");
}

#[test]
fn the_library_reads_our_strings() {
    use argon2::{PasswordHash, PasswordVerifier};
    let phc = hash("grüße", &mut Memory::default()).expect("a hash");
    let parsed = PasswordHash::new(&phc).expect("a PHC string");
    assert!(Argon2::default().verify_password("grüße".as_bytes(), &parsed).is_ok());
}

#[test]
fn characters_after_the_72nd_count() {
    let mut memory = Memory::default();
    let (a, b) = (format!("{}a", "x".repeat(72)), format!("{}b", "x".repeat(72)));
    let phc = hash(&a, &mut memory).expect("a hash");
    assert!(verify(&a, Some(&phc), &mut memory).0);
    assert!(!verify(&b, Some(&phc), &mut memory).0);
    let long = format!("{}é\0", "y".repeat(MAX_PASSWORD - 3));
    let phc = hash(&long, &mut memory).expect("a hash");
    assert!(verify(&long, Some(&phc), &mut memory).0);
    assert!(!verify(&long[..long.len() - 1], Some(&phc), &mut memory).0, "NUL counts");
}

#[test]
fn texts_are_compared_by_their_bytes_as_callers_normalise_them() {
    let mut memory = Memory::default();
    let phc = hash("gr\u{fc}\u{df}e", &mut memory).expect("a hash");
    assert!(verify("gr\u{fc}\u{df}e", Some(&phc), &mut memory).0);
    assert!(!verify("gru\u{308}\u{df}e", Some(&phc), &mut memory).0);
}

#[test]
fn weaker_hashes_are_upgraded_after_the_right_password_only() {
    use argon2::Algorithm::{Argon2i, Argon2id};
    let mut memory = Memory::default();
    let cases =
        [(1024, 2, Argon2id), (19_456, 1, Argon2id), (7168, 5, Argon2id), (19_456, 2, Argon2i)];
    for (m, t, algorithm) in cases {
        let old = weak("open sesame", m, t, algorithm);
        assert_eq!(verify("wrong", Some(&old), &mut memory), (false, None));
        let (ok, upgraded) = verify("open sesame", Some(&old), &mut memory);
        let new = upgraded.expect("a new PHC string");
        assert!(ok && new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(verify("open sesame", Some(&new), &mut memory), (true, None));
    }
}

#[test]
fn stronger_hashes_are_kept_and_their_memory_is_given_back() {
    let mut memory = Memory::default();
    let strong = weak("open sesame", 32_768, 2, argon2::Algorithm::Argon2id);
    assert_eq!(verify("open sesame", Some(&strong), &mut memory), (true, None));
    assert_eq!(memory.kib(), 0);
    let phc = hash("afterwards", &mut memory).expect("a hash");
    assert_eq!(verify("afterwards", Some(&phc), &mut memory), (true, None));
}

#[test]
fn without_a_readable_hash_the_same_memory_is_filled_and_the_answer_is_no() {
    let extreme = "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";
    let slow = "$argon2id$v=19$m=1024,t=4000000,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";
    let bcrypt = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";
    let unreadable = [
        None,
        Some(""),
        Some("x"),
        Some(bcrypt),
        Some("$argon2id$v=19$m=19456,t=2,p=1"),
        Some("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ"),
        Some(extreme),
        Some(slow),
    ];
    for phc in unreadable {
        let mut memory = Memory::default();
        assert_eq!(verify("hashhashhashhash", phc, &mut memory), (false, None));
        assert_eq!(memory.kib(), 19_456, "{phc:?}");
    }
}
