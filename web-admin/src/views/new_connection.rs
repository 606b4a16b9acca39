//! The page of a new connection, and what was found at an issuer before anything is saved.

use askama::Template;

use super::connections::{Fields, Step};
use super::{Problems, Shell, Twin};

/// Something that a preset asks.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) id: String,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) value: String,
}

/// What was found at an issuer before anything is saved.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Where the document is.
    pub(crate) url: String,
    pub(crate) sound: bool,
    /// Label, value, and what an empty value means.
    pub(crate) facts: Vec<(&'static str, String, &'static str)>,
    /// Member of the document, what is wrong with it, what helps.
    pub(crate) findings: Vec<(&'static str, String, String)>,
}

/// A new connection.
#[derive(Template)]
#[template(path = "connections/new.html")]
pub(crate) struct NewConnection {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) list: String,
    pub(crate) preset: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) note: &'static str,
    pub(crate) docs: &'static str,
    pub(crate) glyph: &'static str,
    /// Whether it is one of the two open forms.
    pub(crate) open: bool,
    pub(crate) oidc: bool,
    /// What was found at the issuer, once it was looked at.
    pub(crate) found: Option<Found>,
    /// Whether another issuer was looked at than the one that is to be saved.
    pub(crate) changed: bool,
    /// The secret that was typed before, sealed; nothing without one.
    pub(crate) kept: String,
    /// When it expires, as it was typed.
    pub(crate) expires: String,
    /// Under which the form counts once.
    pub(crate) form: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) fields: Fields,
    pub(crate) steps: Vec<Step>,
    pub(crate) methods: [(&'static str, &'static str); 3],
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

impl NewConnection {
    /// Whether an issuer has to be looked at first.
    pub(crate) fn asks_issuer(&self) -> bool {
        self.open && self.oidc && !self.found.as_ref().is_some_and(|found| found.sound)
    }

    /// What was typed beside the issuer, kept until the form shows it again.
    pub(crate) fn carried(&self) -> [(&'static str, &str); 5] {
        let f = &self.fields;
        [
            ("name", &f.name),
            ("code", &f.code),
            ("client_id", &f.client_id),
            ("scopes", &f.scopes),
            ("token_auth", &f.token_auth),
        ]
    }
}
