//! The account pages that list what is connected to an account, so that it can be taken away:
//! identities at providers, sessions of browsers, applications.

use askama::Template;
use web::views::{Link, Problems};

use super::AccountFrame;

/// "Linked identities".
#[derive(Template)]
#[template(path = "account_identities.html")]
pub struct AccountIdentities {
    /// The frame.
    pub account: AccountFrame,
    /// Where the form of linking goes.
    pub link: String,
    /// Where the form of unlinking goes.
    pub unlink: String,
    /// Token of both.
    pub csrf: String,
    /// Whether a password is a way in.
    pub password: bool,
    /// What is linked.
    pub identities: Vec<AccountIdentity>,
    /// Connections to link: code and name.
    pub more: Vec<(String, String)>,
    /// What was done on the way here; may be empty.
    pub done: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

/// One identity.
pub struct AccountIdentity {
    /// Its id.
    pub id: String,
    /// The provider's name; empty when it is gone.
    pub provider: String,
    /// What the provider calls them.
    pub label: String,
    /// When it was linked, for people and for machines.
    pub since: (String, String),
    /// When it was last used.
    pub last: (String, String),
}

impl AccountIdentity {
    fn monogram(&self) -> String {
        web::views::monogram(&self.provider, 1)
    }
}

/// "Sessions".
#[derive(Template)]
#[template(path = "account_sessions.html")]
pub struct AccountSessions {
    /// The frame.
    pub account: AccountFrame,
    /// Where the forms go.
    pub action: String,
    /// Token of the forms.
    pub csrf: String,
    /// The sessions, the newest first.
    pub sessions: Vec<AccountSession>,
    /// What was done on the way here; may be empty.
    pub done: String,
}

/// One session.
pub struct AccountSession {
    /// Its id.
    pub id: String,
    /// Whether it is this browser's.
    pub this: bool,
    /// The browser in words.
    pub device: String,
    /// Whether it is carried about.
    pub phone: bool,
    /// The network address.
    pub ip: String,
    /// When it began, for people and for machines.
    pub since: (String, String),
    /// When it was last used.
    pub seen: (String, String),
}

/// "Connected applications".
#[derive(Template)]
#[template(path = "account_applications.html")]
pub struct AccountApplications {
    /// The frame.
    pub account: AccountFrame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The applications by name.
    pub applications: Vec<AccountApplication>,
    /// What was done on the way here; may be empty.
    pub done: String,
}

/// One application.
pub struct AccountApplication {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its home page.
    pub home: Option<Link>,
    /// Whether it belongs to the house.
    pub first_party: bool,
    /// What it may, completing "It can".
    pub may: Vec<String>,
    /// When it was first used, for people and for machines.
    pub since: (String, String),
    /// When it was last used.
    pub last: (String, String),
}

impl AccountApplication {
    fn monogram(&self) -> String {
        web::views::monogram(&self.name, 1)
    }
}
