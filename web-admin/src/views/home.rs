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
    pub(crate) title: String,
    /// The flow's page.
    pub(crate) url: String,
    /// Who, if that is known.
    pub(crate) user: String,
    /// To which application, if that is known.
    pub(crate) application: String,
    pub(crate) times: i64,
    pub(crate) when: When,
}

/// A number with what is said below it.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) said: String,
}

/// One day of the chart. Lengths are units of its drawing, which is 160 high, from the top.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) machine: String,
    pub(crate) human: String,
    pub(crate) good: i64,
    pub(crate) bad: i64,
    pub(crate) x: String,
    pub(crate) width: String,
    pub(crate) good_y: String,
    pub(crate) good_height: String,
    pub(crate) bad_y: String,
    pub(crate) bad_height: String,
}

/// Sign-ins per day, drawn on the server.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What it shows, in a sentence.
    pub(crate) summary: String,
    pub(crate) days: Vec<Day>,
    /// Top, middle and bottom of the scale.
    pub(crate) scale: [String; 3],
    /// The first day, the one in the middle and the last.
    pub(crate) ends: [String; 3],
}

/// A cause of failures, and how often.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    pub(crate) title: String,
    /// The log of it.
    pub(crate) url: String,
    pub(crate) total: i64,
    /// Percent of the most frequent one.
    pub(crate) width: i64,
}

/// What happened in the last days; none while nothing did.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    pub(crate) tiles: Vec<Tile>,
    pub(crate) chart: Chart,
    pub(crate) causes: Vec<Cause>,
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
    /// Lengths of time to look at: words, address, whether it is this one.
    pub(crate) ranges: Vec<(String, String, bool)>,
    pub(crate) numbers: Option<Numbers>,
    /// The log.
    pub(crate) logs: String,
    pub(crate) failures: Vec<Failure>,
}
