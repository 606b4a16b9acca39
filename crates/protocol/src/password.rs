//! Rules for a new password (NIST SP 800-63B-4 §3.1.1.2): its length, and that it is not among the
//! passwords attackers try first. No composition rules.
//!
//! Hashing is `vault`'s; which minimum holds is a setting of the tenant.

mod blocklist;

use unicode_normalization::UnicodeNormalization;

/// Smallest sensible minimum when the password is the only factor, in code points.
pub const MIN_ALONE: usize = 15;
/// Smallest sensible minimum beside a second factor, in code points.
pub const MIN_WITH_SECOND_FACTOR: usize = 8;
/// Longest password in bytes after normalisation.
pub const MAX_BYTES: usize = 1024;

/// Why a password cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer code points than the minimum.
    TooShort {
        /// The minimum in code points.
        min: usize,
    },
    /// More than [`MAX_BYTES`].
    TooLong,
    /// One of the passwords attackers try first, or a plain pattern.
    Common,
    /// Little more than the name of the person, the tenant or the product.
    Context,
}

impl PasswordProblem {
    /// One sentence or two for the person at the form.
    pub fn message(&self) -> String {
        let text = match self {
            Self::TooShort { min } => {
                return format!("Use at least {min} characters. A few unrelated words work well.");
            }
            Self::TooLong => "This password is too long. Use at most 1,024 bytes.",
            Self::Common => {
                "This password is easy to guess, because many people use it or it follows a \
                 pattern. Choose a few unrelated words instead."
            }
            Self::Context => {
                "This password is easy to guess, because it is made of your name, your email \
                 address or the name of this service. Choose a few unrelated words instead."
            }
        };
        text.to_owned()
    }

    /// The entry of [`crate::catalogue`] for this problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => crate::catalogue::PASSWORD_TOO_SHORT,
            Self::TooLong => crate::catalogue::FORM_INVALID,
            Self::Common | Self::Context => crate::catalogue::PASSWORD_COMMON,
        }
    }
}

impl std::fmt::Display for PasswordProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for PasswordProblem {}

/// The form of a password that is hashed and compared: NFC, nothing trimmed, folded or cut.
/// Idempotent.
pub fn normalise(password: &str) -> String {
    password.nfc().collect()
}

/// Checks a new password. `min_len` counts code points after normalisation; `context` holds words
/// such as the user's name and address, the tenant and the product. Errors: [`PasswordProblem`].
pub fn check_password(
    password: &str,
    min_len: usize,
    context: &[&str],
) -> Result<(), PasswordProblem> {
    // Normalising never makes a text longer than three times its bytes; cut off before the work.
    if password.len() > 3 * MAX_BYTES {
        return Err(PasswordProblem::TooLong);
    }
    let password = normalise(password);
    if password.len() > MAX_BYTES {
        return Err(PasswordProblem::TooLong);
    }
    if password.chars().count() < min_len {
        return Err(PasswordProblem::TooShort { min: min_len });
    }
    if blocklist::is_context(&password, context) {
        return Err(PasswordProblem::Context);
    }
    match blocklist::is_common(&password) {
        true => Err(PasswordProblem::Common),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
