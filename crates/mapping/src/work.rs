//! How much a mapping may do to one profile. Each bound of rules and profiles is harmless alone; an
//! admin and a provider who use all of them at once would still keep a thread busy for seconds.
//!
//! Work is counted, not timed, so the same profile always gives the same user.

use std::cell::Cell;

/// Most units of work for one profile. A text costs its bytes and [`PER_TEXT`], an expression
/// [`PER_REGEX_BYTE`] for each byte, an entry that a pick looks at [`PER_LOOK`].
pub(crate) const MAX_WORK: usize = 4 * 1024 * 1024;
/// What a text costs beside its bytes.
pub(crate) const PER_TEXT: usize = 64;
/// What a byte costs that a regular expression looks at.
pub(crate) const PER_REGEX_BYTE: usize = 32;
/// What an entry of a list costs that a path looks at.
pub(crate) const PER_LOOK: usize = 16;

/// What is left to spend.
pub(crate) struct Work {
    left: Cell<usize>,
}

impl Work {
    /// As much as one profile may cost.
    pub(crate) fn for_one_profile() -> Work {
        Work { left: Cell::new(MAX_WORK) }
    }

    /// Takes that many units. Says whether they were there; once they are not, nothing is.
    pub(crate) fn spend(&self, units: usize) -> bool {
        let left = self.left.get().checked_sub(units);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether nothing is left.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}
