//! The consent page: which application wants what of whose account, in plain sentences.

use askama::Template;
use web::views::{Frame, Link, monogram};

/// "… wants to use your … account".
#[derive(Template)]
#[template(path = "consent.html")]
pub struct Consent {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The session that is asked; the answer counts for it alone.
    pub session: String,
    /// Display name of the application.
    pub application: String,
    /// Host of the verified redirect URI; empty for an application without one (custom scheme).
    pub returns_to: String,
    /// The account: its name (or email) and its email (or nothing).
    pub name: String,
    /// See `name`.
    pub email: String,
    /// Where "Switch" leads.
    pub switch: String,
    /// What the application will be able to do.
    pub scopes: Vec<ConsentScope>,
    /// The application's privacy notice.
    pub privacy: Option<Link>,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentScope {
    /// The sentence, completing "It will": `See your name`.
    pub text: String,
    /// A remark below it; may be empty.
    pub note: String,
}

impl ConsentScope {
    /// A line without a remark.
    #[must_use]
    pub fn new(text: &str) -> ConsentScope {
        ConsentScope { text: text.to_owned(), note: String::new() }
    }

    /// The line for tokens that work without the person (`offline_access`).
    #[must_use]
    pub fn offline() -> ConsentScope {
        ConsentScope {
            text: "Keep working while you are away".to_owned(),
            note: "It stays connected after you close this browser".to_owned(),
        }
    }
}

impl Consent {
    fn application_initial(&self) -> String {
        monogram(&self.application, 1)
    }

    fn user_monogram(&self) -> String {
        monogram(&self.name, 2)
    }
}
