//! Signing up: the form, and the page behind the link that proves the address.

use askama::Template;
use web::views::{Frame, Link, Problems};

use super::set_password::{policy, rules};
use super::{Field, Provider};

/// "Create an account".
#[derive(Template)]
#[template(path = "sign_up.html")]
pub struct SignUp {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Display name of the application that asks.
    pub application: String,
    /// The address that was typed.
    pub email: String,
    /// The fields that are asked for.
    pub fields: Vec<Field>,
    /// Whether a password is asked for; without, there are the providers alone.
    pub password: bool,
    /// Least number of characters.
    pub least: usize,
    /// The terms that are to be agreed to.
    pub terms: Option<Link>,
    /// Whether they are ticked.
    pub agreed: bool,
    /// The connections, in the order shown.
    pub providers: Vec<Provider>,
    /// The sign-in page.
    pub back: String,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl SignUp {
    fn policy(&self) -> String {
        policy(self.least)
    }

    fn rules(&self) -> String {
        rules(self.least)
    }
}

/// "Confirm your email". Opening it changes nothing.
#[derive(Template)]
#[template(path = "verify.html")]
pub struct Verify {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The address to be proven.
    pub email: String,
    /// Display name of the application it was asked for.
    pub application: String,
    /// When it was asked, for people and for machines.
    pub when: (String, String),
    /// The browser that asked, in words; empty for this one.
    pub device: String,
    /// The provider that joins the account, and the name there, which may be empty.
    pub provider: Option<(String, String)>,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
}
