//! The question before signing out; what follows is a message.

use askama::Template;
use web::views::{Frame, Link, monogram};

/// "Sign out of …?"
#[derive(Template)]
#[template(path = "logout.html")]
pub struct Logout {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Values that the form carries on, such as the request as it came.
    pub carried: Vec<(String, String)>,
    /// The account: its name (or email) and its email (or nothing).
    pub name: String,
    /// See `name`.
    pub email: String,
    /// Applications that this session is signed in to.
    pub applications: Vec<String>,
    /// The way back without signing out.
    pub stay: Option<Link>,
}

impl Logout {
    fn user_monogram(&self) -> String {
        monogram(&self.name, 2)
    }
}
