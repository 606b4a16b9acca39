//! The pages of mappings.

use askama::Template;

use super::connections::ConnectionHead;
use super::{Pager, Problems, Shell, State, Twin, When};

/// A rule in the table.
#[derive(Debug, Clone)]
pub(crate) struct RuleRow {
    pub(crate) at: usize,
    pub(crate) target: String,
    pub(crate) source: String,
    pub(crate) verbs: Vec<String>,
    pub(crate) update: &'static str,
    pub(crate) state: State,
    pub(crate) value: String,
    pub(crate) why: String,
    /// Paths with like names, where its own led nowhere.
    pub(crate) near: Vec<String>,
    pub(crate) open: Option<OpenRule>,
}

/// The open rule as fields.
#[derive(Debug, Clone)]
pub(crate) struct OpenRule {
    pub(crate) at: usize,
    pub(crate) first: bool,
    pub(crate) target: String,
    pub(crate) source: String,
    pub(crate) transforms: String,
    pub(crate) missing: String,
    pub(crate) missing_value: String,
    pub(crate) update: String,
    pub(crate) trust: String,
    pub(crate) marker: String,
}

impl OpenRule {
    pub(crate) fn missings(&self) -> [(&'static str, &'static str); 3] {
        [
            ("skip", "Leave the field alone"),
            ("default", "Use a value instead"),
            ("block", "Block with a message"),
        ]
    }

    pub(crate) fn updates(&self) -> [(&'static str, &'static str); 4] {
        [
            ("always", "At every sign-in"),
            ("first", "When the user is created"),
            ("if_empty", "While the field is empty"),
            ("never", "Never: switched off"),
        ]
    }

    pub(crate) fn trusts(&self) -> [(&'static str, &'static str); 3] {
        [
            ("never", "It does not"),
            ("verified", "If the provider says it is verified"),
            ("always", "Always: whoever can set it there can take over accounts"),
        ]
    }
}

/// A member of the profile.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) used: bool,
    pub(crate) into: String,
}

/// A field of the user that would come out.
#[derive(Debug, Clone)]
pub(crate) struct UserLine {
    pub(crate) key: String,
    pub(crate) value: String,
    /// Of an address: whether it counts as proven.
    pub(crate) proven: Option<bool>,
}

/// A field of somebody that would change.
#[derive(Debug, Clone)]
pub(crate) struct DiffLine {
    pub(crate) key: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// A field of somebody that stays as it is.
#[derive(Debug, Clone)]
pub(crate) struct StayLine {
    pub(crate) key: String,
    pub(crate) value: String,
    /// What the profile says.
    pub(crate) offered: String,
    pub(crate) why: String,
}

/// What the rules do to a profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Board {
    pub(crate) rows: Vec<RuleRow>,
    /// Keys and labels of the fields that rules may write.
    pub(crate) targets: Vec<(String, String)>,
    /// Why there is no profile.
    pub(crate) problem: String,
    pub(crate) paths: Vec<String>,
    pub(crate) keys: Vec<Key>,
    pub(crate) user: Vec<UserLine>,
    /// Whether it is about somebody who exists.
    pub(crate) against: bool,
    pub(crate) changes: Vec<DiffLine>,
    pub(crate) stays: Vec<StayLine>,
    pub(crate) blocked: Option<String>,
    pub(crate) required: Vec<String>,
    pub(crate) claims: String,
    pub(crate) advice: Vec<String>,
}

impl Board {
    pub(crate) fn used(&self) -> usize {
        self.keys.iter().filter(|key| key.used).count()
    }

    pub(crate) fn unused(&self) -> usize {
        self.keys.len() - self.used()
    }
}

/// The editor.
#[derive(Template)]
#[template(path = "connections/mapping.html")]
pub(crate) struct MappingEditor {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) may: bool,
    pub(crate) version: i64,
    pub(crate) stored: i64,
    /// Whether the form holds what is not saved yet.
    pub(crate) pending: bool,
    pub(crate) rules: String,
    pub(crate) sources: Vec<(&'static str, String)>,
    pub(crate) from: String,
    /// Where the profile that was filled in comes from, or why there is none.
    pub(crate) told: String,
    /// The user to compare with, as typed; why there is none.
    pub(crate) who: String,
    pub(crate) stranger: String,
    pub(crate) may_compare: bool,
    pub(crate) pasted: String,
    pub(crate) twin: Twin,
    pub(crate) board: Board,
    pub(crate) problems: Problems,
}

/// A row that differs between two mappings.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) class: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) word: &'static str,
    pub(crate) target: String,
    pub(crate) row: usize,
    /// Name, before and after of each member that differs.
    pub(crate) members: Vec<(String, String, String)>,
}

/// What would change, before it is saved.
#[derive(Template)]
#[template(path = "connections/review.html")]
pub(crate) struct MappingReview {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) version: i64,
    pub(crate) changes: Vec<Change>,
    pub(crate) advice: Vec<String>,
    pub(crate) fields: Vec<(String, String)>,
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "connections/mapping_conflict.html")]
pub(crate) struct MappingConflict {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) changed: When,
    pub(crate) changes: Vec<Change>,
    pub(crate) fields: Vec<(String, String)>,
}

/// A version in the history.
#[derive(Debug, Clone)]
pub(crate) struct VersionLine {
    pub(crate) version: i64,
    pub(crate) url: String,
    pub(crate) author: String,
    pub(crate) when: When,
    pub(crate) changed: String,
    pub(crate) current: bool,
}

/// The history.
#[derive(Template)]
#[template(path = "connections/versions.html")]
pub(crate) struct MappingVersions {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) rows: Vec<VersionLine>,
    pub(crate) pager: Pager,
    pub(crate) twin: Twin,
}

/// One version against the one that counts.
#[derive(Template)]
#[template(path = "connections/version.html")]
pub(crate) struct MappingVersion {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) version: i64,
    pub(crate) current: i64,
    pub(crate) changes: Vec<Change>,
    pub(crate) json: String,
    pub(crate) may: bool,
    pub(crate) twin: Twin,
    pub(crate) problems: Problems,
}
