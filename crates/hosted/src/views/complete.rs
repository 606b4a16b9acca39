//! Completing a sign-up that came from a provider without a proven address.

use askama::Template;
use web::views::{Frame, Link, Problems, monogram};

use super::Field;

/// "Complete your sign-up".
#[derive(Template)]
#[template(path = "complete.html")]
pub struct Complete {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Display name of the application that asks.
    pub application: String,
    /// The provider's name.
    pub provider: String,
    /// The name of the identity there; may be empty.
    pub label: String,
    /// The address: what the provider said without proof, or what was typed.
    pub email: String,
    /// The fields that are asked for.
    pub fields: Vec<Field>,
    /// The terms that are to be agreed to.
    pub terms: Option<Link>,
    /// Whether they are ticked.
    pub agreed: bool,
    /// The sign-in page.
    pub back: String,
    /// A quiet remark above the form; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
}

impl Complete {
    fn provider_initial(&self) -> String {
        monogram(&self.provider, 1)
    }
}
