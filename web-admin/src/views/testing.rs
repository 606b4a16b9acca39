//! The pages of "test this connection".

use askama::Template;

use super::connections::ConnectionHead;
use super::{Shell, State, When};

/// A run in the list.
#[derive(Debug, Clone)]
pub(crate) struct RunLine {
    pub(crate) url: String,
    pub(crate) state: State,
    pub(crate) when: When,
    pub(crate) said: String,
}

/// The runs of a day.
#[derive(Template)]
#[template(path = "connections/test.html")]
pub(crate) struct Runs {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) runs: Vec<RunLine>,
    pub(crate) may: bool,
    /// Where a run that was just begun goes on; may be empty.
    pub(crate) ready: String,
}

/// A step of a run.
#[derive(Debug, Clone)]
pub(crate) struct ReportStep {
    pub(crate) state: State,
    pub(crate) name: String,
    pub(crate) ms: u64,
    pub(crate) cause: &'static str,
    pub(crate) fix: &'static str,
    pub(crate) evidence: String,
    pub(crate) open: bool,
}

/// What a run saw.
#[derive(Template)]
#[template(path = "connections/report.html")]
pub(crate) struct Report {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) state: State,
    pub(crate) running: bool,
    pub(crate) when: When,
    pub(crate) cause: String,
    pub(crate) fix: &'static str,
    pub(crate) steps: Vec<ReportStep>,
    pub(crate) profile: String,
    /// Field, value and what became of it.
    pub(crate) user: Vec<(String, String, String)>,
}
