//! Slugs: the short names that tenants have in URLs and host names.
//!
//! Whether a slug is taken is decided in `store`.

/// Shortest slug in bytes.
pub const MIN: usize = 2;
/// Longest slug in bytes.
pub const MAX: usize = 40;

// Names that are, or may become, paths and hosts of the installation itself.
const RESERVED: [&str; 51] = [
    "about",
    "account",
    "admin",
    "administrator",
    "api",
    "app",
    "apps",
    "assets",
    "auth",
    "authorize",
    "blog",
    "cdn",
    "connect",
    "console",
    "developers",
    "docs",
    "federation",
    "ftp",
    "health",
    "help",
    "host",
    "internal",
    "jwks",
    "localhost",
    "login",
    "logout",
    "mail",
    "metrics",
    "mx",
    "ns",
    "oauth",
    "oauth2",
    "oidc",
    "operator",
    "ready",
    "root",
    "s",
    "security",
    "server",
    "setup",
    "signin",
    "signup",
    "smtp",
    "static",
    "status",
    "support",
    "system",
    "t",
    "tenant",
    "userinfo",
    "www",
];

/// Why a slug cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlugProblem {
    /// Shorter than [`MIN`].
    #[error("Use at least 2 characters.")]
    TooShort,
    /// Longer than [`MAX`].
    #[error("Use at most 40 characters.")]
    TooLong,
    /// Other characters than lower-case ASCII letters, digits and hyphens.
    #[error("Use only lower-case letters a to z, digits and hyphens.")]
    Character,
    /// A hyphen at the beginning, at the end, or next to another.
    #[error("Put hyphens only between letters or digits, and never two together.")]
    Hyphen,
    /// Kept for the installation itself.
    #[error("This name is reserved. Choose another one.")]
    Reserved,
}

impl SlugProblem {
    /// One sentence for the person at the form.
    pub fn message(&self) -> String {
        self.to_string()
    }
}

/// Checks a slug. Errors: [`SlugProblem`], the first one found.
pub fn check_slug(slug: &str) -> Result<(), SlugProblem> {
    if !slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(SlugProblem::Character);
    }
    // Two hyphens together would also admit `xn--`, the mark of encoded international names.
    if slug.starts_with('-') || slug.ends_with('-') || slug.contains("--") {
        return Err(SlugProblem::Hyphen);
    }
    if RESERVED.contains(&slug) {
        return Err(SlugProblem::Reserved);
    }
    match slug.len() {
        0..MIN => Err(SlugProblem::TooShort),
        MIN..=MAX => Ok(()),
        _ => Err(SlugProblem::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for fine in ["ab", "acme", "a1", "42", "my-company", "a-b-c", &"a".repeat(MAX)] {
            assert_eq!(check_slug(fine), Ok(()), "{fine}");
        }
        let table = [
            ("", SlugProblem::TooShort),
            ("a", SlugProblem::TooShort),
            (&"a".repeat(MAX + 1), SlugProblem::TooLong),
            ("Acme", SlugProblem::Character),
            ("a_b", SlugProblem::Character),
            ("a.b", SlugProblem::Character),
            ("a/b", SlugProblem::Character),
            ("\u{fc}ber", SlugProblem::Character),
            ("\u{430}cme", SlugProblem::Character),
            ("a b", SlugProblem::Character),
            ("acme\n", SlugProblem::Character),
            ("-a", SlugProblem::Hyphen),
            ("a-", SlugProblem::Hyphen),
            ("xn--a", SlugProblem::Hyphen),
            ("system", SlugProblem::Reserved),
            ("t", SlugProblem::Reserved),
        ];
        for (slug, problem) in table {
            assert_eq!(check_slug(slug), Err(problem), "{slug}");
        }
    }

    #[test]
    fn reserved_names_are_sorted_and_otherwise_well_formed() {
        assert!(RESERVED.is_sorted());
        let formed = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        assert!(RESERVED.iter().all(|name| formed(name)));
    }
}
