//! The error catalogue: every code a person or an admin can meet, with the words for each of them
//! and the next step.
//!
//! Which code applies is decided where the error happens; how it is shown, by the faces. No text
//! here tells whether an account exists.

mod access;
mod requests;
mod sign_in;
mod tokens;
mod upstream;

/// Who can remove the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The person at the browser.
    User,
    /// Whoever builds the application.
    Developer,
    /// An admin of the tenant.
    Admin,
    /// The operator of the installation.
    Operator,
}

/// One error and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable name, also in logs, traces and URLs of the documentation.
    pub code: &'static str,
    /// For the person at the browser: what happened, why, what to press next.
    pub user: &'static str,
    /// For the tenant's admin and the application's developer: the cause in their terms.
    pub admin: &'static str,
    /// What to change, as an instruction.
    pub fix: &'static str,
    /// Who can remove the cause.
    pub who: Who,
}

// Declares a constant per code and the entries of one topic.
macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $who:ident {
        user: $user:literal, admin: $admin:literal, fix: $fix:literal $(,)?
    })*) => {
        $($(#[$doc])* pub const $name: &str = $code;)*
        pub(super) const ENTRIES: &[super::Entry] = &[$(super::Entry {
            code: $code, user: $user, admin: $admin, fix: $fix, who: super::Who::$who,
        }),*];
    };
}
use entries;

pub use access::*;
pub use requests::*;
pub use sign_in::*;
pub use tokens::*;
pub use upstream::*;

const TOPICS: [&[Entry]; 5] =
    [requests::ENTRIES, tokens::ENTRIES, sign_in::ENTRIES, upstream::ENTRIES, access::ENTRIES];

const COUNT: usize = {
    let mut sum = 0;
    let mut topic = 0;
    while topic < TOPICS.len() {
        sum += TOPICS[topic].len();
        topic += 1;
    }
    sum
};

const JOINED: [Entry; COUNT] = {
    let mut joined = [TOPICS[0][0]; COUNT];
    let (mut at, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        let mut entry = 0;
        while entry < TOPICS[topic].len() {
            joined[at] = TOPICS[topic][entry];
            at += 1;
            entry += 1;
        }
        topic += 1;
    }
    joined
};

/// Every entry once, by topic.
pub const ALL: &[Entry] = &JOINED;

/// The entry of a code; that of [`INTERNAL`] for a code that does not exist, so that a page can
/// always say something.
pub fn entry(code: &str) -> &'static Entry {
    let of = |wanted: &str| ALL.iter().find(|entry| entry.code == wanted);
    of(code).or_else(|| of(INTERNAL)).unwrap_or(&ALL[0])
}

#[cfg(test)]
mod tests;
