//! Paths: where in a provider's profile a rule looks.
//!
//! Three spellings, one meaning: `user.emails.0.value`, the JSON Pointer `/user/emails/0/value`
//! (RFC 6901), and picks such as `emails[?primary==true].value`. Looking is total: what is not
//! there is `None`, whatever kinds of values stand on the way. What is done with the value found
//! is `engine`'s.

mod find;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

pub(crate) use find::{Located, kind};

/// Most steps of a path.
pub const MAX_STEPS: usize = 16;
/// Longest path in bytes.
pub const MAX_PATH: usize = 500;

/// A path that was read and is within bounds. `Display` gives its canonical spelling, which reads
/// back as the same path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    steps: Vec<Step>,
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member of an object, or the entry of an array if the name is a number.
    Member(String),
    /// Every entry of an array: `[*]`.
    Each,
    /// The first entry of an array that fits: `[?type=="work"]`.
    Pick(Filter),
}

/// What an entry must have to be picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Members to follow inside the entry; none is the entry itself, written `@`.
    pub names: Vec<String>,
    /// Whether the value must be equal, or must not.
    pub equal: bool,
    /// A text, number, boolean or null.
    pub wanted: Value,
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathProblem {
    /// Byte at which reading stopped.
    pub at: usize,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to write instead, as a sentence.
    pub fix: String,
}

impl Path {
    /// Reads a path in any of its spellings. Errors: blank, longer than [`MAX_PATH`], more than
    /// [`MAX_STEPS`] steps, or not of the grammar.
    pub fn parse(text: &str) -> Result<Path, PathProblem> {
        read::path(text)
    }

    /// The name of the first step, if it is a member: the part of the profile that is read.
    pub(crate) fn root(&self) -> Option<&str> {
        match self.steps.first() {
            Some(Step::Member(name)) => Some(name),
            _ => None,
        }
    }

    /// The last named step; what a person would call the value.
    pub(crate) fn last_name(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Member(name) if name.parse::<usize>().is_err() => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether the path gives a list of its own making.
    pub(crate) fn gives_list(&self) -> bool {
        self.steps.contains(&Step::Each)
    }

    /// The path of a member beside the value: `emails.0.value` and `verified` give
    /// `emails.0.verified`.
    pub(crate) fn beside(&self, name: &str) -> Path {
        let mut steps = self.steps.clone();
        if matches!(steps.last(), Some(Step::Member(_))) {
            steps.pop();
        }
        steps.push(Step::Member(name.to_owned()));
        Path { steps }
    }

    /// Whether this path speaks of the same entry as the other: where the other picks an entry of
    /// a list, this one goes the same way, and picks nothing more.
    pub(crate) fn shares_entry(&self, other: &Path) -> bool {
        let picks = |step: &Step| match step {
            Step::Member(name) => name.bytes().all(|b| b.is_ascii_digit()),
            Step::Each | Step::Pick(_) => true,
        };
        let common = other.steps.iter().rposition(picks).map_or(0, |at| at + 1);
        match self.steps.split_at_checked(common) {
            Some((way, rest)) => way == &other.steps[..common] && !rest.iter().any(picks),
            None => false,
        }
    }

    /// A path of members alone.
    pub(crate) fn of_names(names: impl IntoIterator<Item = String>) -> Path {
        Path { steps: names.into_iter().map(Step::Member).collect() }
    }
}

/// Whether a name may stand in a path without quotes.
pub(crate) fn is_bare(name: &str) -> bool {
    !name.is_empty() && name != "@" && name.chars().all(is_bare_char)
}

fn is_bare_char(c: char) -> bool {
    c.is_alphanumeric() || "_-$:#@+".contains(c)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Member(name) if is_bare(name) && at == 0 => f.write_str(name)?,
                Step::Member(name) if is_bare(name) => write!(f, ".{name}")?,
                Step::Member(name) => write!(f, "[{}]", Value::from(name.as_str()))?,
                Step::Each => f.write_str("[*]")?,
                Step::Pick(filter) => write!(f, "[?{filter}]")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.equal { "==" } else { "!=" };
        match self.names.is_empty() {
            true => write!(f, "@{sign}{}", self.wanted),
            false => write!(f, "{}{sign}{}", self.names.join("."), self.wanted),
        }
    }
}
