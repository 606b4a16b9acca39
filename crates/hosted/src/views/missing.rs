//! A few details: what somebody must have before they get in.

use askama::Template;
use web::views::{Frame, Problems, monogram};

use super::Field;

/// "A few details".
#[derive(Template)]
#[template(path = "missing.html")]
pub struct Missing {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Display name of the application that asks.
    pub application: String,
    /// The account: its name; may be empty.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Where "Switch" leads.
    pub switch: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl Missing {
    fn person(&self) -> (&str, &str) {
        match self.name.trim().is_empty() {
            true => (&self.email, ""),
            false => (&self.name, &self.email),
        }
    }

    fn user_monogram(&self) -> String {
        monogram(self.person().0, 2)
    }
}
