//! The pages of tenants.

use askama::Template;

use super::applications::ConflictRow;
use super::{Env, Pager, Problems, Shell, State, Twin, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct TenantLine {
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) url: String,
    pub(crate) monogram: String,
    pub(crate) state: State,
    pub(crate) env: Env,
    pub(crate) issuer: String,
    pub(crate) built_in: bool,
    pub(crate) created: When,
}

/// The list.
#[derive(Template)]
#[template(path = "tenants/list.html")]
pub(crate) struct TenantList {
    pub(crate) shell: Shell,
    pub(crate) count: String,
    /// Whether there is none but the built-in one.
    pub(crate) only_built_in: bool,
    pub(crate) rows: Vec<TenantLine>,
    pub(crate) pager: Pager,
    pub(crate) may_create: bool,
    pub(crate) twin: Option<Twin>,
}

/// A new one.
#[derive(Template)]
#[template(path = "tenants/new.html")]
pub(crate) struct NewTenant {
    pub(crate) shell: Shell,
    pub(crate) path: &'static str,
    pub(crate) list: &'static str,
    /// The address a tenant `acme` would have.
    pub(crate) example: String,
    pub(crate) by_path: bool,
    pub(crate) environments: Vec<(&'static str, &'static str)>,
    pub(crate) environment: &'static str,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// The settings of one.
#[derive(Template)]
#[template(path = "tenants/settings.html")]
pub(crate) struct TenantSettings {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) issuer: String,
    pub(crate) state: State,
    pub(crate) suspended: bool,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) environments: Vec<(&'static str, &'static str)>,
    pub(crate) environment: &'static str,
    pub(crate) brand: String,
    pub(crate) host: String,
    pub(crate) may: bool,
    pub(crate) may_host: bool,
    pub(crate) may_operate: bool,
    pub(crate) may_delete: bool,
    pub(crate) problems: Problems,
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "tenants/conflict.html")]
pub(crate) struct TenantConflict {
    pub(crate) shell: Shell,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}
