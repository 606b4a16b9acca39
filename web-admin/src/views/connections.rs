//! The pages of connections.

use askama::Template;

use super::applications::ConflictRow;
use super::audit::Entry;
use super::{Pager, Problems, Shell, State, Twin, When};

/// A monogram, and the path of a sign that takes its place; the path may be empty.
pub(crate) type Tile = (String, &'static str);

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionLine {
    pub(crate) url: String,
    pub(crate) id: String,
    pub(crate) tile: Tile,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) state: State,
    pub(crate) expires: Option<State>,
    pub(crate) tested: State,
    pub(crate) when: Option<When>,
    pub(crate) recent: String,
    pub(crate) people: String,
    pub(crate) first: bool,
    pub(crate) last: bool,
}

/// A preset in the gallery.
#[derive(Debug, Clone)]
pub(crate) struct PresetCard {
    pub(crate) url: String,
    pub(crate) glyph: &'static str,
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
}

/// The list with the gallery.
#[derive(Template)]
#[template(path = "connections/list.html")]
pub(crate) struct ConnectionList {
    pub(crate) shell: Shell,
    pub(crate) slug: String,
    pub(crate) count: usize,
    pub(crate) rows: Vec<ConnectionLine>,
    pub(crate) presets: Vec<PresetCard>,
    pub(crate) may_create: bool,
    pub(crate) may_order: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
}

/// The head and tabs of one connection.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionHead {
    pub(crate) url: String,
    pub(crate) list: String,
    pub(crate) code: String,
    pub(crate) tile: Tile,
    pub(crate) name: String,
    pub(crate) state: State,
    pub(crate) tested: State,
    pub(crate) expires: Option<State>,
    pub(crate) kind: &'static str,
    pub(crate) tab: &'static str,
}

impl ConnectionHead {
    pub(crate) fn is_tab(&self, name: &str) -> bool {
        self.tab == name
    }

    /// The tabs: name, word, rest of the address.
    pub(crate) fn tabs(&self) -> [(&'static str, &'static str, &'static str); 7] {
        [
            ("guide", "Setup guide", ""),
            ("settings", "Settings", "/settings"),
            ("credentials", "Credentials", "/credentials"),
            ("mapping", "Mapping", "/mapping"),
            ("test", "Test", "/test"),
            ("audit", "Audit", "/audit"),
            ("danger", "Danger", "/danger"),
        ]
    }
}

/// A step of a guide.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) text: &'static str,
    /// The provider's page, or nothing.
    pub(crate) link: &'static str,
    /// What to copy there, or nothing.
    pub(crate) copy: String,
}

/// The values of a connection's form, as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) issuer: String,
    pub(crate) discovery: bool,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) userinfo_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) client_id: String,
    pub(crate) token_auth: String,
    pub(crate) scopes: String,
    pub(crate) scope_separator: String,
    pub(crate) pkce: bool,
    pub(crate) profile_from: String,
    pub(crate) subject_path: String,
    pub(crate) label_path: String,
    pub(crate) extra_params: String,
    pub(crate) headers: String,
    pub(crate) extra_requests: String,
    pub(crate) id_token_algs: String,
    pub(crate) sign_up: bool,
    pub(crate) email_domains: String,
    /// `all` or `some`.
    pub(crate) offered: String,
}

/// An application that a connection may be offered to.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) on: bool,
}

/// The tab with the guide.
#[derive(Template)]
#[template(path = "connections/guide.html")]
pub(crate) struct Guide {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) callback_url: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) note: &'static str,
    pub(crate) docs: &'static str,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) scopes: String,
    pub(crate) enabled: bool,
    pub(crate) may: bool,
    pub(crate) people: String,
    pub(crate) recent: String,
}

/// The tab with the settings.
#[derive(Template)]
#[template(path = "connections/settings.html")]
pub(crate) struct ConnectionSettings {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) may: bool,
    pub(crate) oidc: bool,
    pub(crate) fields: Fields,
    pub(crate) offers: Vec<Offer>,
    pub(crate) methods: [(&'static str, &'static str); 3],
    pub(crate) sources: [(&'static str, &'static str); 3],
    pub(crate) separators: [(&'static str, &'static str); 4],
    /// Whether the form holds what is not saved yet.
    pub(crate) pending: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

impl ConnectionSettings {
    /// Whether something in the folded part is wrong, so that it is shown unfolded.
    pub(crate) fn advanced_open(&self) -> bool {
        let folded =
            ["extra_params", "headers", "extra_requests", "id_token_algs", "scope_separator"];
        self.problems.0.iter().any(|problem| folded.contains(&problem.field.as_str()))
    }
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "connections/conflict.html")]
pub(crate) struct ConnectionConflict {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) what: &'static str,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}

/// The tab with the secret.
#[derive(Template)]
#[template(path = "connections/credentials.html")]
pub(crate) struct ConnectionCredentials {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) client_id: String,
    pub(crate) has_secret: bool,
    pub(crate) public: bool,
    pub(crate) may: bool,
    /// The date, as it was typed.
    pub(crate) expires: String,
    /// A secret that was typed before, sealed; nothing without one.
    pub(crate) kept: String,
    /// What the last check came to: its state, a sentence, what helps.
    pub(crate) checked: (State, String, &'static str),
    pub(crate) when: Option<When>,
    pub(crate) console: &'static str,
    pub(crate) twin: Twin,
    pub(crate) problems: Problems,
}

/// The tab with what cannot be undone.
#[derive(Template)]
#[template(path = "connections/danger.html")]
pub(crate) struct ConnectionDanger {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) enabled: bool,
    pub(crate) may_update: bool,
    pub(crate) may_delete: bool,
    pub(crate) consequence: String,
}

/// The tab with its changes.
#[derive(Template)]
#[template(path = "connections/audit.html")]
pub(crate) struct ConnectionAudit {
    pub(crate) shell: Shell,
    pub(crate) head: ConnectionHead,
    pub(crate) entries: Vec<Entry>,
    pub(crate) pager: Pager,
}
