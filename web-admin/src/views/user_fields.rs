//! The pages of the fields that a tenant defined itself.

use askama::Template;

use super::applications::ConflictRow;
use super::{Problems, Shell, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct FieldLine {
    /// Where it is changed; empty for a standard field.
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) kind: &'static str,
    pub(crate) required: bool,
    pub(crate) claim: String,
}

/// The list.
#[derive(Template)]
#[template(path = "fields/list.html")]
pub(crate) struct FieldList {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) own: Vec<FieldLine>,
    pub(crate) standard: Vec<FieldLine>,
    pub(crate) may: bool,
    pub(crate) example: String,
}

/// The values of the form, as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldFields {
    pub(crate) version: String,
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) choices: String,
    pub(crate) required: bool,
    pub(crate) min: String,
    pub(crate) max: String,
    pub(crate) pattern: String,
    pub(crate) help: String,
    pub(crate) user_visible: bool,
    pub(crate) user_editable: bool,
    pub(crate) claim: String,
    pub(crate) claim_scope: String,
}

/// A new field, or one of them.
#[derive(Template)]
#[template(path = "fields/form.html")]
pub(crate) struct FieldForm {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) list: String,
    pub(crate) may: bool,
    pub(crate) new: bool,
    pub(crate) kinds: [(&'static str, &'static str); 11],
    pub(crate) fields: FieldFields,
    /// Codes of the connections whose rules write it.
    pub(crate) writers: Vec<String>,
    pub(crate) problems: Problems,
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "fields/conflict.html")]
pub(crate) struct FieldConflict {
    pub(crate) shell: Shell,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
    pub(crate) list: String,
    pub(crate) label: String,
}
