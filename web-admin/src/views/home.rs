//! The first page of a tenant.

use askama::Template;

use super::{Env, Shell, When};

/// One of the first steps.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) done: bool,
    pub(crate) text: &'static str,
    pub(crate) url: String,
    pub(crate) said: String,
}

/// A sign-in that failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) why: String,
    pub(crate) fix: String,
    pub(crate) code: String,
    /// The application's page, or nothing.
    pub(crate) application: String,
    /// The user's page, or nothing.
    pub(crate) user: String,
    pub(crate) times: i64,
    pub(crate) when: When,
}

/// The home of a tenant.
#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    pub(crate) shell: Shell,
    pub(crate) env: Env,
    pub(crate) suspended: bool,
    pub(crate) steps: Vec<Step>,
    pub(crate) done: usize,
    pub(crate) issuer: String,
    pub(crate) failures: Vec<Failure>,
}
