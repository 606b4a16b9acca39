//! Connecting a provider to an account: first the proof that the account is theirs, then the
//! confirmation.

use askama::Template;
use web::views::{Frame, Problems, monogram};

/// "You already have an account", or "Connect …?" once the account is proven.
#[derive(Template)]
#[template(path = "connect.html")]
pub struct Connect {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// The provider's name.
    pub provider: String,
    /// The name of the identity there; may be empty.
    pub label: String,
    /// The account's name; may be empty.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Whether the provider vouches for the address; otherwise the person has proven it here.
    pub vouched: bool,
    /// Whether the account is proven: then it can be confirmed.
    pub proven: bool,
    /// Whether its password is a proof.
    pub password: bool,
    /// Other providers that are.
    pub others: Vec<Provider>,
    /// Whether a mail to its address is.
    pub mail: bool,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

/// A provider that is connected already.
pub struct Provider {
    /// The name on its button.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Where the button leads.
    pub url: String,
}

impl Connect {
    fn title(&self) -> &str {
        if self.proven { "Connect" } else { "You already have an account" }
    }

    fn who(&self) -> &str {
        if self.name.trim().is_empty() { &self.email } else { &self.name }
    }

    fn address(&self) -> &str {
        if self.name.trim().is_empty() { "" } else { &self.email }
    }

    fn user_monogram(&self) -> String {
        monogram(self.who(), 2)
    }

    fn provider_initial(&self) -> String {
        monogram(&self.provider, 1)
    }
}
