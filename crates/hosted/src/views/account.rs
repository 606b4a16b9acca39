//! The account pages: the frame around them and one struct for each.

mod connected;

use askama::Template;
use web::views::{Frame, Problems};

pub use connected::{
    AccountApplication, AccountApplications, AccountIdentities, AccountIdentity, AccountSession,
    AccountSessions,
};

use super::Field;
use super::set_password::{policy, rules};

/// What stands around the content of an account page.
#[derive(Clone, Debug)]
pub struct AccountFrame {
    /// Language, tenant and style, as on every page.
    pub frame: Frame,
    /// Whoever is signed in, by address.
    pub email: String,
    /// Where signing out begins.
    pub sign_out: String,
    /// Where the pages begin, `/t/acme/account`.
    pub base: String,
    /// The sections: path, words, whether it is this one.
    pub sections: Vec<(String, &'static str, bool)>,
}

const SECTIONS: [(&str, &str); 7] = [
    ("", "Overview"),
    ("/profile", "Profile"),
    ("/email", "Email"),
    ("/password", "Password"),
    ("/identities", "Linked identities"),
    ("/sessions", "Sessions"),
    ("/applications", "Connected applications"),
];

impl AccountFrame {
    /// The frame of the page at `here` below `/account`; `path` is the tenant's prefix.
    #[must_use]
    pub fn new(frame: Frame, path: &str, here: &str, email: &str) -> AccountFrame {
        let base = format!("{path}/account");
        let section =
            |(at, words): &(&str, &'static str)| (format!("{base}{at}"), *words, *at == here);
        AccountFrame {
            frame,
            email: email.to_owned(),
            sign_out: format!("{path}/logout"),
            sections: SECTIONS.iter().map(section).collect(),
            base,
        }
    }

    /// The words of the present section, for a narrow window.
    #[must_use]
    pub fn current(&self) -> &'static str {
        self.sections.iter().find(|(_, _, here)| *here).map_or("Account", |(_, words, _)| words)
    }
}

/// "Your account".
#[derive(Template)]
#[template(path = "account_home.html")]
pub struct AccountHome {
    /// The frame.
    pub account: AccountFrame,
    /// The person's name; may be empty.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether it is proven.
    pub verified: bool,
    /// Whether a password is a way in.
    pub password: bool,
    /// Names of the providers that are.
    pub providers: Vec<String>,
    /// How many browsers are signed in.
    pub sessions: usize,
    /// How many applications are used.
    pub applications: usize,
}

impl AccountHome {
    /// The ways in, in one line.
    fn ways(&self) -> String {
        let password = self.password.then(|| "Password".to_owned());
        let ways: Vec<String> = password.into_iter().chain(self.providers.clone()).collect();
        ways.join(", ")
    }

    fn only_one_way(&self) -> bool {
        usize::from(self.password) + self.providers.len() < 2
    }
}

/// "Profile".
#[derive(Template)]
#[template(path = "account_profile.html")]
pub struct AccountProfile {
    /// The frame.
    pub account: AccountFrame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The version that was read.
    pub version: i64,
    /// The fields.
    pub fields: Vec<Field>,
    /// What was done on the way here; may be empty.
    pub done: String,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// After a change in another window: label, what was typed and what is stored now, for each
    /// field that differs.
    pub conflict: Vec<(String, String, String)>,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

/// Fields that few people fill in.
const MORE: [&str; 5] = ["middle_name", "preferred_username", "profile", "picture", "gender"];

impl AccountProfile {
    fn is_more(field: &Field) -> bool {
        MORE.contains(&field.key.as_str()) || field.key.starts_with("address.")
    }

    fn main(&self) -> Vec<&Field> {
        self.fields.iter().filter(|field| !Self::is_more(field)).collect()
    }

    fn more(&self) -> Vec<&Field> {
        self.fields.iter().filter(|field| Self::is_more(field)).collect()
    }

    fn more_is_wrong(&self) -> bool {
        self.more().iter().any(|field| self.problems.of(&field.id).is_some())
    }
}

/// "Email".
#[derive(Template)]
#[template(path = "account_email.html")]
pub struct AccountEmail {
    /// The frame.
    pub account: AccountFrame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The present address.
    pub email: String,
    /// Whether it is proven.
    pub verified: bool,
    /// What was typed.
    pub typed: String,
    /// The address a mail just went to.
    pub sent: Option<String>,
    /// What was done on the way here; may be empty.
    pub done: String,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

/// "Change your address?", behind the link that came to the new one.
#[derive(Template)]
#[template(path = "account_confirm_email.html")]
pub struct ConfirmEmail {
    /// The frame.
    pub account: AccountFrame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The present address.
    pub from: String,
    /// The new one.
    pub to: String,
    /// Why it did not work; empty otherwise.
    pub notice: String,
}

/// "Bring your address back?", behind the link that lies in the former mailbox.
#[derive(Template)]
#[template(path = "undo_email.html")]
pub struct UndoEmail {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The present address.
    pub from: String,
    /// The former one.
    pub to: String,
    /// Why it did not work; empty otherwise.
    pub notice: String,
}

/// "Password".
#[derive(Template)]
#[template(path = "account_password.html")]
pub struct AccountPassword {
    /// The frame.
    pub account: AccountFrame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The address, for password managers.
    pub username: String,
    /// Whether there is a password.
    pub has: bool,
    /// Whether the tenant takes passwords.
    pub open: bool,
    /// Least number of characters.
    pub least: usize,
    /// What was done on the way here; may be empty.
    pub done: String,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl AccountPassword {
    fn policy(&self) -> String {
        policy(self.least)
    }

    fn rules(&self) -> String {
        rules(self.least)
    }
}
