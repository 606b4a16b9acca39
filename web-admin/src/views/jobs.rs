//! The pages of jobs and of the import.

use askama::Template;
use directory::batches::Problem;

use super::{Pager, Problems, Shell, State, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct JobLine {
    pub(crate) url: String,
    pub(crate) title: &'static str,
    pub(crate) state: State,
    pub(crate) who: String,
    pub(crate) done: i64,
    pub(crate) failed: i64,
    pub(crate) created: When,
}

/// The list.
#[derive(Template)]
#[template(path = "jobs/list.html")]
pub(crate) struct Jobs {
    pub(crate) shell: Shell,
    pub(crate) rows: Vec<JobLine>,
    pub(crate) pager: Pager,
    pub(crate) users: String,
}

/// One job.
#[derive(Template)]
#[template(path = "jobs/show.html")]
pub(crate) struct Job {
    pub(crate) shell: Shell,
    pub(crate) url: String,
    pub(crate) list: String,
    pub(crate) users: String,
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) state: State,
    pub(crate) who: String,
    pub(crate) created: When,
    pub(crate) expires: When,
    pub(crate) facts: Vec<(String, String)>,
    /// -1 when it is not known.
    pub(crate) total: i64,
    pub(crate) done: i64,
    pub(crate) failed: i64,
    pub(crate) last_error: String,
    /// Whether an import waits to be started.
    pub(crate) waits: bool,
    /// Rows it would take.
    pub(crate) ready: i64,
    pub(crate) moving: bool,
    pub(crate) may_stop: bool,
    /// Numbers of the files that came out.
    pub(crate) files: Vec<i64>,
    pub(crate) problems: Vec<Problem>,
    /// Whether there are more than are shown.
    pub(crate) more: bool,
}

/// The form of an import.
#[derive(Template)]
#[template(path = "users/import.html")]
pub(crate) struct Import {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) list: String,
    pub(crate) text: String,
    pub(crate) update: bool,
    pub(crate) columns: Vec<String>,
    pub(crate) command: String,
    pub(crate) problems: Problems,
}
