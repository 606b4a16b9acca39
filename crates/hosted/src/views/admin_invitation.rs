//! An invitation to administer a tenant, for somebody who has no account yet.

use super::set_password::{policy, rules};
use askama::Template;
use web::views::{Frame, Problems};

/// "Help manage Acme".
#[derive(Template)]
#[template(path = "admin_invitation.html")]
pub struct AdminInvitation {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The tenant's name.
    pub tenant: String,
    /// The role, as a word.
    pub role: &'static str,
    /// The address the invitation is for.
    pub email: String,
    /// Name as typed.
    pub name: String,
    /// Least number of characters of the password.
    pub least: usize,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl AdminInvitation {
    fn policy(&self) -> String {
        policy(self.least)
    }

    fn rules(&self) -> String {
        rules(self.least)
    }
}
