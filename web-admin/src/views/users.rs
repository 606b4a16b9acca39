//! The pages of users.

use askama::Template;

use super::{Pager, Problems, Shell, State, Twin, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct UserLine {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) monogram: String,
    pub(crate) state: State,
    pub(crate) last: Option<When>,
    pub(crate) created: When,
}

/// A column by which a list can be ordered.
#[derive(Debug, Clone)]
pub(crate) struct SortLink {
    pub(crate) text: &'static str,
    /// Where it is ordered so; nothing where the order is given.
    pub(crate) url: String,
    /// `ascending`, `descending`, or nothing.
    pub(crate) now: &'static str,
}

/// A link to a list with another filter.
#[derive(Debug, Clone)]
pub(crate) struct FilterLink {
    pub(crate) text: String,
    pub(crate) url: String,
    pub(crate) on: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "users/list.html")]
pub(crate) struct UserList {
    pub(crate) shell: Shell,
    /// Whether there are none at all.
    pub(crate) none: bool,
    /// How many, in words; may be empty.
    pub(crate) count: String,
    pub(crate) query: String,
    pub(crate) filter: String,
    /// What narrows the list, each with the link that takes it away.
    pub(crate) chips: Vec<(String, String)>,
    pub(crate) filters: Vec<FilterLink>,
    pub(crate) name: SortLink,
    pub(crate) email: SortLink,
    pub(crate) created: SortLink,
    pub(crate) rows: Vec<UserLine>,
    pub(crate) pager: Pager,
    pub(crate) may_create: bool,
    pub(crate) may_bulk: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
    pub(crate) example: String,
}

/// Before something is done to many.
#[derive(Template)]
#[template(path = "users/bulk.html")]
pub(crate) struct Bulk {
    pub(crate) shell: Shell,
    pub(crate) list: String,
    pub(crate) action: String,
    pub(crate) title: String,
    pub(crate) effects: Vec<String>,
    pub(crate) button: String,
    pub(crate) danger: bool,
    pub(crate) export: bool,
    /// What was picked, to be sent again.
    pub(crate) fields: Vec<(String, String)>,
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
    pub(crate) invite: bool,
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
    pub(crate) monogram: String,
    pub(crate) state: State,
    pub(crate) tab: &'static str,
}

impl UserHead {
    pub(crate) fn tabs(&self) -> [(&'static str, &'static str, &'static str); 6] {
        [
            ("profile", "Profile", ""),
            ("identities", "Identities", "/identities"),
            ("sessions", "Sessions", "/sessions"),
            ("consents", "Applications", "/consents"),
            ("organizations", "Organizations", "/organizations"),
            ("activity", "Activity", "/activity"),
        ]
    }

    pub(crate) fn is_tab(&self, name: &str) -> bool {
        self.tab == name
    }
}

/// A field with its value and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct FieldLine {
    pub(crate) label: String,
    pub(crate) value: String,
    /// `Admin`, `Import`, a connection's name; nothing when it came with the user.
    pub(crate) source: String,
}

/// One user.
#[derive(Template)]
#[template(path = "users/show.html")]
pub(crate) struct UserPage {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) verified: bool,
    pub(crate) fields: Vec<FieldLine>,
    pub(crate) created: When,
    pub(crate) last: Option<When>,
    pub(crate) has_password: bool,
    pub(crate) blocked: bool,
    pub(crate) may_edit: bool,
    pub(crate) may_help: bool,
    pub(crate) may_delete: bool,
    pub(crate) twin: Option<Twin>,
}

/// A field in a form.
#[derive(Debug, Clone)]
pub(crate) struct FormField {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    /// An input type, `select` or `lines`.
    pub(crate) kind: &'static str,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) optional: bool,
}

/// The form of a user's fields.
#[derive(Template)]
#[template(path = "users/edit.html")]
pub(crate) struct EditUser {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) version: String,
    pub(crate) verified: bool,
    pub(crate) basics: Vec<FormField>,
    pub(crate) own: Vec<FormField>,
    pub(crate) more: Vec<FormField>,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

impl EditUser {
    fn more_open(&self) -> bool {
        self.more.iter().any(|field| self.problems.of(&field.id).is_some())
    }
}

/// Two versions of a user.
#[derive(Template)]
#[template(path = "users/conflict.html")]
pub(crate) struct UserConflict {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) changed: When,
    pub(crate) rows: Vec<super::applications::ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
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

/// The sessions of a user.
#[derive(Template)]
#[template(path = "users/sessions.html")]
pub(crate) struct Sessions {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) sessions: Vec<SessionLine>,
    pub(crate) pager: Pager,
    pub(crate) may_end: bool,
}

/// An identity.
#[derive(Debug, Clone)]
pub(crate) struct IdentityLine {
    pub(crate) connection: String,
    pub(crate) label: String,
    pub(crate) subject: String,
    pub(crate) linked: When,
    pub(crate) used: When,
    pub(crate) unlink: String,
}

/// The identities of a user.
#[derive(Template)]
#[template(path = "users/identities.html")]
pub(crate) struct Identities {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) rows: Vec<IdentityLine>,
    pub(crate) may: bool,
}

/// What a user allowed an application.
#[derive(Debug, Clone)]
pub(crate) struct ConsentLine {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) scopes: String,
    pub(crate) since: When,
    pub(crate) last: When,
    pub(crate) revoke: String,
}

/// The applications a user allowed something.
#[derive(Template)]
#[template(path = "users/consents.html")]
pub(crate) struct Consents {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) rows: Vec<ConsentLine>,
    pub(crate) may: bool,
}

/// An organization of a user.
#[derive(Debug, Clone)]
pub(crate) struct MembershipLine {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) roles: String,
    pub(crate) since: When,
}

/// The organizations of a user.
#[derive(Template)]
#[template(path = "users/organizations.html")]
pub(crate) struct Memberships {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) rows: Vec<MembershipLine>,
    pub(crate) organizations: String,
}

/// Something that happened to a user.
#[derive(Debug, Clone)]
pub(crate) struct ActivityLine {
    /// `ok`, `bad` or `off`.
    pub(crate) class: &'static str,
    pub(crate) what: String,
    pub(crate) detail: String,
    pub(crate) when: When,
}

/// What happened to a user lately.
#[derive(Template)]
#[template(path = "users/activity.html")]
pub(crate) struct Activity {
    pub(crate) shell: Shell,
    pub(crate) head: UserHead,
    pub(crate) rows: Vec<ActivityLine>,
}
