//! The audit of a tenant.

use askama::Template;

use super::logs::Chip;
use super::{Pager, Shell, Twin, When};

/// One thing that changed.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) name: String,
    /// Nothing when the value was new or only named.
    pub(crate) before: Option<String>,
    pub(crate) after: String,
}

/// What an entry is about.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) name: String,
    /// Its page, or nothing.
    pub(crate) url: String,
}

/// One entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) object: Object,
    pub(crate) when: When,
    pub(crate) changes: Vec<Change>,
    pub(crate) request: String,
    pub(crate) ip: String,
}

/// All entries, newest first.
#[derive(Template)]
#[template(path = "audit.html")]
pub(crate) struct TenantAudit {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) chips: Vec<Chip>,
    /// What can be asked for: name, words, whether it is chosen.
    pub(crate) actions: Vec<(&'static str, &'static str, bool)>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) pager: Pager,
    /// The same as a file: CSV and JSON.
    pub(crate) exports: [String; 2],
    pub(crate) twin: Option<Twin>,
    /// This page with its command.
    pub(crate) here: String,
}
