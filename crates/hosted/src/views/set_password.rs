//! Setting a password from a one-time link.

use askama::Template;
use web::views::{Frame, Problems};

/// "Create a password". The account's email stands in a read-only field before it, so that a
/// password manager stores the pair.
#[derive(Template)]
#[template(path = "set_password.html")]
pub struct SetPassword {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Email of the account.
    pub username: String,
    /// Whether it is the account's first password.
    pub first: bool,
    /// Whether "Sign out everywhere" is ticked.
    pub everywhere: bool,
    /// Least number of characters.
    pub least: usize,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

/// The policy, said before anything is typed.
#[must_use]
pub fn policy(least: usize) -> String {
    format!(
        "At least {least} characters. A few words in a row are easy to remember and hard to guess."
    )
}

/// The policy for programs that make passwords (the `passwordrules` attribute).
#[must_use]
pub fn rules(least: usize) -> String {
    format!("minlength: {least};")
}

impl SetPassword {
    fn policy(&self) -> String {
        policy(self.least)
    }

    fn rules(&self) -> String {
        rules(self.least)
    }
}
