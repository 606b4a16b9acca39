//! Asking for a link to choose a new password.

use askama::Template;
use web::views::{Frame, Problems};

/// "Reset your password".
#[derive(Template)]
#[template(path = "recover.html")]
pub struct Recover {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// What was typed.
    pub username: String,
    /// The sign-in page it was opened from.
    pub back: Option<String>,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}
