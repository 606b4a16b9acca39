//! The pages of a tenant's hosts.

use askama::Template;

use super::{Problems, Shell, State, Twin, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct DomainLine {
    pub(crate) host: String,
    pub(crate) url: String,
    pub(crate) state: State,
    /// Whether it is the tenant's address.
    pub(crate) canonical: bool,
    pub(crate) checked: Option<When>,
    pub(crate) error: String,
}

/// The list, with the form for another one.
#[derive(Template)]
#[template(path = "domains/list.html")]
pub(crate) struct Domains {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) issuer: String,
    /// Whether the tenant's host is in no list: an operator set it.
    pub(crate) by_operator: bool,
    pub(crate) on_own_host: bool,
    /// The address every tenant has.
    pub(crate) usual: String,
    pub(crate) rows: Vec<DomainLine>,
    pub(crate) may: bool,
    pub(crate) may_vouch: bool,
    pub(crate) built_in: bool,
    pub(crate) typed: String,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// One host.
#[derive(Template)]
#[template(path = "domains/show.html")]
pub(crate) struct DomainPage {
    pub(crate) shell: Shell,
    pub(crate) list: String,
    pub(crate) path: String,
    pub(crate) host: String,
    pub(crate) state: State,
    /// Whether an operator vouches for it.
    pub(crate) vouched: bool,
    /// Whether it may become the tenant's address.
    pub(crate) usable: bool,
    pub(crate) canonical: bool,
    pub(crate) proven: Option<When>,
    pub(crate) checked: Option<When>,
    /// When the proof lapses; empty when it does not.
    pub(crate) lapses: String,
    pub(crate) error: String,
    pub(crate) record: String,
    pub(crate) value: String,
    pub(crate) may: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}
