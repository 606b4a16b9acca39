//! "… invites you to …".

use askama::Template;
use web::views::{Frame, Problems};

use super::set_password::{policy, rules};

/// What is asked of whoever opened an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationStep {
    /// They are signed in as the invited person.
    Join,
    /// They are signed in as somebody else.
    Other(String),
    /// The invited person has an account.
    SignIn,
    /// The invited person has none.
    Create,
}

/// An invitation to an organization.
#[derive(Template)]
#[template(path = "invitation.html")]
pub struct Invitation {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// What is asked.
    pub step: InvitationStep,
    /// The organization's name.
    pub organization: String,
    /// Who invited.
    pub inviter: String,
    /// Whom it is for.
    pub email: String,
    /// Name as typed.
    pub name: String,
    /// Where somebody else signs out.
    pub logout: String,
    /// Least number of characters of a password.
    pub least: usize,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl Invitation {
    fn policy(&self) -> String {
        policy(self.least)
    }

    fn rules(&self) -> String {
        rules(self.least)
    }
}
