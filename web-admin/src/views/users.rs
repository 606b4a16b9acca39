//! The pages of users.

use askama::Template;

use super::{Pager, Problems, Shell, State, Twin, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct UserLine {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) monogram: String,
    pub(crate) state: State,
    pub(crate) last: Option<When>,
}

/// The list.
#[derive(Template)]
#[template(path = "users/list.html")]
pub(crate) struct UserList {
    pub(crate) shell: Shell,
    /// Whether there are none at all.
    pub(crate) none: bool,
    pub(crate) query: String,
    pub(crate) rows: Vec<UserLine>,
    pub(crate) pager: Pager,
    pub(crate) may_create: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
}

/// A new one.
#[derive(Template)]
#[template(path = "users/new.html")]
pub(crate) struct NewUser {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) list: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// The head of one user's page.
#[derive(Debug, Clone)]
pub(crate) struct UserHead {
    pub(crate) url: String,
    pub(crate) list: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) verified: bool,
    pub(crate) monogram: String,
    pub(crate) state: State,
}

/// A session.
#[derive(Debug, Clone)]
pub(crate) struct SessionLine {
    pub(crate) device: String,
    pub(crate) ip: String,
    pub(crate) state: State,
    pub(crate) began: When,
    pub(crate) seen: When,
    /// Where it is ended, or nothing.
    pub(crate) end: String,
}

/// One user.
#[derive(Template)]
#[template(path = "users/show.html")]
pub(crate) struct UserPage {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) sessions: Vec<SessionLine>,
    pub(crate) pager: Pager,
    pub(crate) created: When,
    pub(crate) last: Option<When>,
    pub(crate) has_password: bool,
    pub(crate) blocked: bool,
    pub(crate) may_help: bool,
    pub(crate) may_end: bool,
    pub(crate) may_delete: bool,
}
