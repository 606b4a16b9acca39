//! The pages of applications.

use askama::Template;

use super::audit::Entry;
use super::{Pager, Problems, Shell, State, Twin, UriList, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct ApplicationLine {
    pub(crate) url: String,
    pub(crate) id: String,
    pub(crate) monogram: String,
    pub(crate) name: String,
    pub(crate) state: State,
    pub(crate) kind: &'static str,
    pub(crate) changed: When,
}

/// The list.
#[derive(Template)]
#[template(path = "applications/list.html")]
pub(crate) struct ApplicationList {
    pub(crate) shell: Shell,
    pub(crate) count: String,
    /// Whether there are none at all, whatever was searched for.
    pub(crate) none: bool,
    pub(crate) query: String,
    pub(crate) rows: Vec<ApplicationLine>,
    pub(crate) pager: Pager,
    pub(crate) may_create: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
    /// A command that registers one.
    pub(crate) example: String,
}

/// Registering: the first question.
#[derive(Template)]
#[template(path = "applications/type.html")]
pub(crate) struct RegisterType {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) list: String,
}

/// Registering: the other two.
#[derive(Template)]
#[template(path = "applications/new.html")]
pub(crate) struct Register {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) list: String,
    pub(crate) kind: &'static str,
    pub(crate) kind_label: &'static str,
    /// Under which the form counts once.
    pub(crate) form: String,
    pub(crate) name: String,
    pub(crate) first_party: bool,
    pub(crate) lists: Vec<UriList>,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// The head and tabs of one application.
#[derive(Debug, Clone)]
pub(crate) struct ApplicationHead {
    pub(crate) url: String,
    pub(crate) list: String,
    pub(crate) id: String,
    pub(crate) monogram: String,
    pub(crate) name: String,
    pub(crate) state: State,
    pub(crate) kind: &'static str,
    pub(crate) tab: &'static str,
    /// Whether it is the console itself, which nobody configures.
    pub(crate) built_in: bool,
}

impl ApplicationHead {
    pub(crate) fn is_tab(&self, name: &str) -> bool {
        self.tab == name
    }

    /// The tabs: name, word, rest of the address.
    pub(crate) fn tabs(&self) -> [(&'static str, &'static str, &'static str); 6] {
        [
            ("quickstart", "Quickstart", ""),
            ("settings", "Settings", "/settings"),
            ("sign_in", "Sign-in page", "/sign-in"),
            ("credentials", "Credentials", "/credentials"),
            ("audit", "Audit", "/audit"),
            ("danger", "Danger", "/danger"),
        ]
    }
}

/// The tab with code.
#[derive(Template)]
#[template(path = "applications/quickstart.html")]
pub(crate) struct Quickstart {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) stacks: Vec<(&'static str, &'static str)>,
    pub(crate) stack: &'static str,
    pub(crate) note: &'static str,
    pub(crate) code: String,
    pub(crate) issuer: String,
    pub(crate) discovery: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) machine: bool,
    pub(crate) confidential: bool,
    pub(crate) may_rotate: bool,
    pub(crate) last_sign_in: Option<When>,
}

/// The single values of the settings, as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingsFields {
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) home_url: String,
    pub(crate) privacy_url: String,
    pub(crate) terms_url: String,
    pub(crate) first_party: bool,
    pub(crate) method: String,
    pub(crate) require_pkce: bool,
    pub(crate) profile_claims: bool,
    pub(crate) access_alg: String,
    pub(crate) id_alg: String,
    pub(crate) scopes: String,
}

/// A number of seconds, as typed.
#[derive(Debug, Clone)]
pub(crate) struct Lifetime {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) value: String,
}

/// A grant type that can be switched on.
#[derive(Debug, Clone)]
pub(crate) struct GrantBox {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) on: bool,
}

/// The tab with the settings.
#[derive(Template)]
#[template(path = "applications/settings.html")]
pub(crate) struct Settings {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) may: bool,
    pub(crate) public: bool,
    pub(crate) machine: bool,
    pub(crate) fields: SettingsFields,
    pub(crate) lists: Vec<UriList>,
    pub(crate) lifetimes: Vec<Lifetime>,
    pub(crate) grants: Vec<GrantBox>,
    pub(crate) methods: Vec<(&'static str, &'static str)>,
    pub(crate) algorithms: [(&'static str, &'static str); 3],
    /// Whether the form holds what is not saved yet.
    pub(crate) pending: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

impl Settings {
    /// Whether something in the folded part is wrong, so that it is shown unfolded.
    pub(crate) fn advanced_open(&self) -> bool {
        let folded = |field: &str| {
            field.ends_with("_alg") || field.ends_with("_s") || field == "grant_types"
        };
        self.problems.0.iter().any(|problem| folded(&problem.field))
    }
}

/// Where two versions differ.
#[derive(Debug, Clone)]
pub(crate) struct ConflictRow {
    pub(crate) label: String,
    pub(crate) yours: String,
    pub(crate) theirs: String,
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "applications/conflict.html")]
pub(crate) struct Conflict {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}

/// A client secret, of which only the beginning is known.
#[derive(Debug, Clone)]
pub(crate) struct SecretLine {
    pub(crate) hint: String,
    pub(crate) state: State,
    pub(crate) created: When,
    pub(crate) revoke: String,
}

/// The tab with the secrets.
#[derive(Template)]
#[template(path = "applications/credentials.html")]
pub(crate) struct Credentials {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) public: bool,
    pub(crate) secrets: Vec<SecretLine>,
    pub(crate) may: bool,
    pub(crate) full: bool,
    pub(crate) most: usize,
    pub(crate) method: &'static str,
    pub(crate) problems: Problems,
}

/// The tab with what cannot be undone.
#[derive(Template)]
#[template(path = "applications/danger.html")]
pub(crate) struct Danger {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) disabled: bool,
    pub(crate) may_disable: bool,
    pub(crate) may_delete: bool,
    pub(crate) consequence: String,
}

/// The tab with what was changed.
#[derive(Template)]
#[template(path = "applications/audit.html")]
pub(crate) struct ApplicationAudit {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) entries: Vec<Entry>,
    pub(crate) pager: Pager,
}
