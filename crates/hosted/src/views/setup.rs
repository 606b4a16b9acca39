//! The first operator of an installation, from the setup link.

use super::set_password::{policy, rules};
use askama::Template;
use web::views::{Frame, Problems};

/// "Set up Tessera".
#[derive(Template)]
#[template(path = "setup.html")]
pub struct Setup {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Name as typed.
    pub name: String,
    /// Email as typed.
    pub email: String,
    /// Least number of characters of the password.
    pub least: usize,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl Setup {
    fn policy(&self) -> String {
        policy(self.least)
    }

    fn rules(&self) -> String {
        rules(self.least)
    }
}
