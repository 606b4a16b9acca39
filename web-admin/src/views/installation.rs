//! The installation at a glance.

use askama::Template;

use super::mails::Banner;
use super::{Shell, State, Twin, When};

/// A node.
#[derive(Debug, Clone)]
pub(crate) struct NodeLine {
    pub(crate) name: String,
    /// Whether it made this page.
    pub(crate) here: bool,
    pub(crate) version: String,
    pub(crate) state: State,
    pub(crate) started: When,
    pub(crate) seen: When,
}

/// A job.
#[derive(Debug, Clone)]
pub(crate) struct JobLine {
    pub(crate) name: String,
    pub(crate) what: &'static str,
    pub(crate) node: String,
    pub(crate) state: State,
    pub(crate) error: String,
    pub(crate) ran: Option<When>,
}

/// A key.
#[derive(Debug, Clone)]
pub(crate) struct KeyLine {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) state: State,
    /// None for the first master key, which counts from the beginning.
    pub(crate) from: Option<When>,
    pub(crate) until: Option<When>,
}

/// The installation at a glance.
#[derive(Template)]
#[template(path = "overview.html")]
pub(crate) struct Overview {
    pub(crate) shell: Shell,
    pub(crate) banner: Option<Banner>,
    pub(crate) version: &'static str,
    pub(crate) database: &'static str,
    /// How large it is; empty when it cannot be told.
    pub(crate) size: String,
    pub(crate) migration: String,
    pub(crate) base_url: String,
    /// Whether tenants share an origin.
    pub(crate) by_path: bool,
    pub(crate) plain_http: bool,
    pub(crate) dev: bool,
    pub(crate) node: String,
    pub(crate) tenants: String,
    /// Whether the first tenant is still to come.
    pub(crate) first: bool,
    /// Mails that wait.
    pub(crate) waiting: String,
    pub(crate) nodes: Vec<NodeLine>,
    pub(crate) jobs: Vec<JobLine>,
    pub(crate) keys: Vec<KeyLine>,
    /// Password hashes waiting, done, refused.
    pub(crate) hashes: (usize, u64, u64),
    /// Tenants and applications in memory.
    pub(crate) cached: (u64, u64),
    pub(crate) fresh: bool,
    pub(crate) twin: Option<Twin>,
}
