//! What is wrong with a mapping, said so that an admin can put it right.

use std::fmt;

use serde::Serialize;

/// One mistake in a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleProblem {
    /// The row, counted from 1; 0 if it is no row's.
    pub row: usize,
    /// The member: `source`, `transforms[2]`, `table.map` …; empty for the row as a whole.
    pub member: String,
    /// Stable name of the kind of mistake.
    pub code: &'static str,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub fix: String,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.member.is_empty()) {
            (0, true) => {}
            (0, false) => write!(f, "{}: ", self.member)?,
            (row, true) => write!(f, "Row {row}: ")?,
            (row, false) => write!(f, "Row {row}, {}: ", self.member)?,
        }
        write!(f, "{} {}", self.message, self.fix)
    }
}

/// Mistakes of one row, in the order in which they are found.
pub(super) struct Problems<'a> {
    pub row: usize,
    pub list: &'a mut Vec<RuleProblem>,
}

impl Problems<'_> {
    pub(super) fn add(
        &mut self,
        member: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.list.push(RuleProblem {
            row: self.row,
            member: member.into(),
            code,
            message: message.into(),
            fix: fix.into(),
        });
    }
}
