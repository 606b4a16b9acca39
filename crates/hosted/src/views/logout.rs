//! The question before signing out; what follows is a message.

use askama::Template;
use web::views::{Frame, monogram};

/// "Sign out of …?"; with nobody signed in, only the way back to the application is left.
#[derive(Template)]
#[template(path = "logout.html")]
pub struct Logout {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The sealed request that the form carries on.
    pub request: String,
    /// Addresses of the people signed in here, the newest sign-in first.
    pub emails: Vec<String>,
    /// Display name of the application that asks; empty when none is known.
    pub application: String,
}

impl Logout {
    fn monogram_of(&self, email: &str) -> String {
        monogram(email, 1)
    }
}
