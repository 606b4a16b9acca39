//! Who administers a tenant.

use askama::Template;

use super::{Problems, Shell, Twin, When};

/// Somebody who administers it.
#[derive(Debug, Clone)]
pub(crate) struct AdminLine {
    pub(crate) monogram: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    /// Whether it is who looks.
    pub(crate) me: bool,
    /// Where their role is changed.
    pub(crate) url: String,
    pub(crate) since: When,
}

/// An invitation that waits.
#[derive(Debug, Clone)]
pub(crate) struct InvitationLine {
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) made: When,
    pub(crate) withdraw: String,
}

/// Everybody, and who is invited.
#[derive(Template)]
#[template(path = "admins/list.html")]
pub(crate) struct AdminList {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    /// Whether these are the operators.
    pub(crate) operators: bool,
    /// Whether who looks may change it.
    pub(crate) may: bool,
    pub(crate) roles: Vec<(&'static str, &'static str)>,
    pub(crate) rows: Vec<AdminLine>,
    pub(crate) pending: Vec<InvitationLine>,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}
