//! Password rules: length in code points, blocklist, context words, and nothing about
//! composition.
//! Hashing is tested in `vault`.

use super::*;

fn check(password: &str) -> Result<(), PasswordProblem> {
    check_password(
        password,
        MIN_ALONE,
        &["Ada Lovelace", "ada.lovelace@example.com", "Acme", "Tessera"],
    )
}

#[test]
fn long_enough_passwords_of_any_kind_pass() {
    for fine in [
        "correct ponies staple grass",
        "               x",
        "aufwiederlugen sagt",
        "zwölf Boxkämpfer!",
        "\u{1f600}\u{1f916}\u{1f47b}\u{1f480}\u{1f47d}\u{1f9d9}\u{1f9db}\u{1f9dc}\u{1f9dd}\u{1f9de}\u{1f9df}\u{1f436}\u{1f431}\u{1f42d}\u{1f439}",
        "dragon monkey sunshine football",
        "acme is a nice place to be",
        "0918273645x5647382",
        "lkjhgfdsa but backwards",
        "passwordless is the future",
    ] {
        assert_eq!(check(fine), Ok(()), "{fine}");
    }
}

#[test]
fn nist_3_1_1_2_length_counts_code_points() {
    let short = PasswordProblem::TooShort { min: 15 };
    assert_eq!(check("kq7 zmw 2xj v9"), Err(short));
    assert_eq!(check("\u{fc}\u{e4}\u{f6} kq7 zmw 2x"), Err(short), "14 code points, 17 bytes");
    // Decomposed letters count as the composed ones they are.
    assert_eq!(check("u\u{308}a\u{308}o\u{308} kq7 zmw 2x"), Err(short));
    assert_eq!(check_password("kq7 zmw2", MIN_WITH_SECOND_FACTOR, &[]), Ok(()));
    assert!(short.message().contains("15"));
    let long = |n: usize| (0..n).map(|i| char::from(b'a' + (i * i % 23) as u8)).collect::<String>();
    assert_eq!(check(&long(64)), Ok(()));
    assert_eq!(check(&long(MAX_BYTES)), Ok(()));
    assert_eq!(check(&long(MAX_BYTES + 1)), Err(PasswordProblem::TooLong));
    assert_eq!(check(&"x".repeat(10_000_000)), Err(PasswordProblem::TooLong));
}

#[test]
fn nist_3_1_1_2_common_passwords_are_refused() {
    for common in [
        "passwordpassword",
        "PasswordPassword",
        "password1234567",
        "Password123456!",
        "p a s s w o r d 1 2 3 4",
        "123456789012345",
        "1234567890123456",
        "987654321098765",
        "111111111111111",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "12121212121212121",
        "abcdefghijklmno",
        "zyxwvutsrqponmlk",
        "qwertyuiopasdfgh",
        "qwertyuiopasdfghjklzxcvbnm",
        "1qaz2wsx3edc4rfv",
        "1q2w3e4r5t6y7u8i",
        "qwerty123456789",
        "qwertyqwertyqwerty",
        "iloveyouiloveyou",
        "correcthorsebatterystaple",
        "Correct Horse Battery Staple",
        "letmeinletmein1",
        "thisisapassword",
        "administrator123",
        "!!!password2024!!!",
        "welcome12345678",
    ] {
        assert_eq!(check(common), Err(PasswordProblem::Common), "{common}");
    }
    for common in
        ["password", "12345678", "qwertyui", "iloveyou", "sunshine", "trustno1", "Passw0rd"]
    {
        let found = check_password(common, MIN_WITH_SECOND_FACTOR, &[]);
        assert_eq!(found, Err(PasswordProblem::Common), "{common}");
    }
}

#[test]
fn nist_3_1_1_2_context_words_are_refused() {
    for context in [
        "ada.lovelace@example.com",
        "AdaLovelace2024",
        "lovelacelovelace",
        "acmeacmeacmeacme",
        "Tessera-Acme-2024!",
        "ada lovelace 1815",
        "tessera12345678",
        "acme!acme!acme!",
    ] {
        assert_eq!(check(context), Err(PasswordProblem::Context), "{context}");
    }
    // Short or empty context words are no reason to refuse anything.
    assert_eq!(check_password("io io zebra crossing", 15, &["", "io", " ", "@"]), Ok(()));
    let many: Vec<String> = (0..1000).map(|i| format!("word{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(check_password(&"word".repeat(256), 15, &many[..100]), Err(PasswordProblem::Common));
}

#[test]
fn normalisation_is_nfc_and_stable() {
    assert_eq!(normalise("u\u{308}ber"), "\u{fc}ber");
    assert_eq!(
        normalise(" Pass\u{ff41}  "),
        " Pass\u{ff41}  ",
        "nothing trimmed, folded or mapped"
    );
    for c in (0u32..0x1_0000).step_by(3).filter_map(char::from_u32) {
        let once = normalise(&format!("a{c}\u{308}\u{323}b"));
        assert_eq!(normalise(&once), once);
    }
}

#[test]
fn problems_name_their_entry() {
    for problem in [
        PasswordProblem::TooShort { min: 8 },
        PasswordProblem::TooLong,
        PasswordProblem::Common,
        PasswordProblem::Context,
    ] {
        assert_eq!(crate::catalogue::entry(problem.code()).code, problem.code());
        assert!(problem.message().ends_with('.'));
    }
}
