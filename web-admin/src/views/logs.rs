//! The log of sign-ins and one flow step by step.

use askama::Template;

use super::{Pager, Shell, State, Twin, When};

/// A thing with a page of its own, or only its name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link {
    pub(crate) name: String,
    /// Its page, or nothing.
    pub(crate) url: String,
}

/// A filter that can be taken off.
#[derive(Debug, Clone)]
pub(crate) struct Chip {
    pub(crate) text: String,
    /// The list without it.
    pub(crate) without: String,
}

/// One entry of the log.
#[derive(Debug, Clone)]
pub(crate) struct LogLine {
    /// The flow's page.
    pub(crate) url: String,
    pub(crate) state: State,
    pub(crate) title: String,
    pub(crate) user: Link,
    pub(crate) application: Link,
    pub(crate) connection: Link,
    pub(crate) support: String,
    pub(crate) times: i64,
    pub(crate) when: When,
}

/// The log, newest first.
#[derive(Template)]
#[template(path = "logs/list.html")]
pub(crate) struct LogList {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    /// Ways to look at it: name, address, whether it is this one.
    pub(crate) ranges: Vec<(&'static str, String, bool)>,
    pub(crate) chips: Vec<Chip>,
    /// What was looked for and not found.
    pub(crate) missing: String,
    pub(crate) rows: Vec<LogLine>,
    pub(crate) pager: Pager,
    pub(crate) twin: Option<Twin>,
    pub(crate) here: String,
}

/// One step of a flow.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// `bad` where it stopped, nothing else.
    pub(crate) class: &'static str,
    pub(crate) title: String,
    /// The time of the first step, else how much later it was.
    pub(crate) at: String,
    pub(crate) machine: String,
    /// What the catalogue says to admins; nothing for what went well.
    pub(crate) said: &'static str,
    /// What is known of it, as `name = value` lines.
    pub(crate) evidence: String,
    pub(crate) times: i64,
}

/// One flow from its first step to its last.
#[derive(Template)]
#[template(path = "logs/show.html")]
pub(crate) struct LogFlow {
    pub(crate) shell: Shell,
    pub(crate) list: String,
    pub(crate) title: String,
    pub(crate) why: &'static str,
    pub(crate) fix: &'static str,
    /// Two values that should be the same.
    pub(crate) versus: Option<(String, String)>,
    /// The setting to change.
    pub(crate) setting: Link,
    pub(crate) code: String,
    /// How often within a day, and all of them.
    pub(crate) same: Link,
    pub(crate) steps: Vec<Step>,
    pub(crate) user: Link,
    pub(crate) application: Link,
    pub(crate) connection: Link,
    pub(crate) when: When,
    pub(crate) flow: String,
    pub(crate) support: String,
}
