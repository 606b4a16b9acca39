//! The session chooser: the accounts that are signed in in this browser.

use askama::Template;
use web::views::{Frame, monogram};

/// "Choose an account". Each row is a submit button named `session`; the last one is empty and
/// means another account.
#[derive(Template)]
#[template(path = "choose.html")]
pub struct Choose {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Display name of the application that asks.
    pub application: String,
    /// The accounts, the one used last first.
    pub accounts: Vec<Account>,
}

/// One account of the browser.
pub struct Account {
    /// Session id, sent back when the row is pressed.
    pub session: String,
    /// Name of the user, or the email.
    pub name: String,
    /// Email, or nothing when the name already is the email.
    pub email: String,
}

impl Account {
    fn monogram(&self) -> String {
        monogram(&self.name, 2)
    }
}
