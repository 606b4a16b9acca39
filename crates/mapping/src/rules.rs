//! Mappings as data: the rows an admin edits, in the one JSON form that the console, the command
//! line and files share (docs/reference/mappings.md).
//!
//! Here are the types and how they are written. `rules::read` reads them and names each mistake,
//! `rules::check` judges them against a tenant's fields, `engine` applies them.

mod catalogue;
mod chain;
mod change;
pub(crate) mod check;
mod check_parts;
mod problem;
mod read;
mod read_parts;
mod standard;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use serde_json::Value;

pub use catalogue::{TRANSFORMS, TransformEntry};
pub use change::{ChangeKind, MemberChange, RuleChange, difference};
pub use check::{advice, check};
pub use problem::RuleProblem;
pub use standard::standard_oidc;

pub(crate) use check_parts::keeps_proof;

/// Most rules of a mapping.
pub const MAX_RULES: usize = 100;
/// Most transforms of a rule.
pub const MAX_TRANSFORMS: usize = 10;
/// Most `regex` transforms of a mapping: they are the only costly ones.
pub const MAX_REGEXES: usize = 20;
/// Longest regular expression in bytes.
pub const MAX_PATTERN: usize = 300;
/// Most entries of a `table`.
pub const MAX_TABLE: usize = 200;
/// Longest text inside a rule (template, message, constant, entry of a table) in code points.
pub const MAX_RULE_TEXT: usize = 1_000;

/// Rules in the order in which they run. The first rule of a target that finds a value gives it;
/// later rules of the same target are what to do without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The rows; at most [`MAX_RULES`].
    pub rules: Vec<MappingRule>,
}

/// One row: carries one value to one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingRule {
    /// Key of the user field to write.
    pub target: String,
    /// Where the value comes from.
    pub source: Source,
    /// What happens to it, in order; at most [`MAX_TRANSFORMS`].
    pub transforms: Vec<Transform>,
    /// What happens if there is no value, or none that the field can hold.
    pub if_missing: IfMissing,
    /// When the field is written.
    pub update: Update,
    /// Whether an e-mail address counts as proven. Has a meaning for the target `email` alone.
    pub trust: Trust,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A path into the profile, as it was written; see [`crate::path::Path`].
    Path(String),
    /// Always this value: a text, number, boolean or list of texts.
    Const(Value),
    /// A text with paths in braces: `{given_name} {family_name}`.
    Template(String),
}

/// One thing done to a value. Those that work on a text work on each text of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transform {
    /// No white space at either end.
    Trim,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// The first entry of a list.
    First,
    /// A number or boolean as text.
    ToString,
    /// A text as number.
    ToNumber,
    /// `true`, `yes`, `on`, `1` and `false`, `no`, `off`, `0` as boolean.
    ToBool,
    /// A language tag in its usual spelling: `de_at` becomes `de-AT`.
    ToLocale,
    /// A date as `YYYY-MM-DD`, read by one of these formats; none are ISO dates and times.
    ToDate(Vec<String>),
    /// SHA-256 in hexadecimal.
    Hash,
    /// This value, where there was none.
    Default(Value),
    /// A text with `{value}`, the value so far, and paths in braces.
    Template(String),
    /// A list as one text, with this between its entries.
    Join(String),
    /// The part with this index, counted from 0, after cutting the text at each separator; a list
    /// of all parts without an index.
    Split {
        /// What separates the parts.
        by: String,
        /// Which part; negative counts from the end.
        index: Option<i64>,
    },
    /// What a group of a regular expression captured.
    Regex {
        /// The expression, in the syntax of the crate `regex`.
        pattern: String,
        /// Which group; 0 is the whole match. None is the first group, or the whole match of an
        /// expression without groups.
        group: Option<u32>,
    },
    /// The value that stands beside the text in this table.
    Table {
        /// Text to value; at most [`MAX_TABLE`].
        map: BTreeMap<String, Value>,
        /// The value for other texts; none leaves the rule without one.
        otherwise: Option<Value>,
    },
}

/// What happens without a usable value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IfMissing {
    /// The field is left alone.
    #[default]
    Skip,
    /// This value instead.
    Default(Value),
    /// Nobody gets in; the person reads this message.
    Block(String),
}

/// When a field is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// At each sign-in.
    #[default]
    Always,
    /// When the user is created.
    First,
    /// When the field is empty.
    IfEmpty,
    /// Not at all: the rule is switched off.
    Never,
}

/// Whether a mapped e-mail address counts as proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// It does not.
    #[default]
    Never,
    /// It does, whatever the provider says of it.
    Always,
    /// If the marker at this path is the boolean `true` and comes from the same document as the
    /// address; no path is `email_verified` beside the address.
    Verified(Option<String>),
}

impl MappingRule {
    /// A rule that carries `path` to `target` at each sign-in.
    pub fn new(target: impl Into<String>, path: impl Into<String>) -> MappingRule {
        MappingRule {
            target: target.into(),
            source: Source::Path(path.into()),
            transforms: Vec::new(),
            if_missing: IfMissing::Skip,
            update: Update::Always,
            trust: Trust::Never,
        }
    }
}

impl Update {
    /// Every policy with its name in JSON.
    pub const NAMES: [(&'static str, Update); 4] = [
        ("always", Update::Always),
        ("first", Update::First),
        ("if_empty", Update::IfEmpty),
        ("never", Update::Never),
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, update)| *update == self).map_or("always", |(name, _)| name)
    }
}
