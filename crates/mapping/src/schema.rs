//! User fields as data: the standard ones and those that a tenant defines for itself, with their
//! kinds and bounds. Forms, imports, mappings and claims all ask here what a field may hold.
//!
//! Who may write at all is `directory`'s; here is only what may be written.

mod definition;
mod formats;
mod reserved;
mod standard;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use definition::{DefinitionProblem, check_definition};
pub use reserved::{is_forbidden_target, is_reserved_claim};
pub use standard::standard_fields;
pub use value::{Checker, check_value};

pub(crate) use definition::pattern;
pub(crate) use formats::{civil_date, epoch_date, locale};
pub(crate) use text::{clean, clean_lines};

/// Most fields that a tenant defines.
pub const MAX_CUSTOM: usize = 50;
/// Longest text of a field in code points, whatever its definition says.
pub const MAX_TEXT: i64 = 4_000;
/// Longest text of a field in code points, if its definition says nothing.
pub const DEFAULT_TEXT: i64 = 500;
/// Most entries of a list, whatever its definition says.
pub const MAX_ENTRIES: i64 = 200;
/// Longest entry of a list in code points.
pub const MAX_ENTRY: i64 = 200;
/// Longest URL in bytes.
pub const MAX_URL: usize = 2_000;

/// What kind of value a field holds. In JSON the name, or `{"choice": ["a", "b"]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text; `min` and `max` count code points.
    Text,
    /// An e-mail address in canonical form.
    Email,
    /// A phone number in E.164 form.
    Phone,
    /// An `https` address without user name and password.
    Url,
    /// Yes or no.
    Bool,
    /// A whole number that JSON carries exactly; `min` and `max` bound it.
    Integer,
    /// `YYYY-MM-DD`.
    Date,
    /// A language tag (RFC 5646), like `de-AT`.
    Locale,
    /// The name of a time zone, like `Europe/Vienna`.
    Timezone,
    /// One of these texts.
    Choice(Vec<String>),
    /// Texts; `min` and `max` count them.
    List,
}

/// A role towards a field: who may see or change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Admins alone.
    #[default]
    Admin,
    /// The user as well.
    User,
}

/// The claim by which applications get a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldClaim {
    /// Name of the claim.
    pub name: String,
    /// Scope that asks for it.
    #[serde(default = "profile_scope")]
    pub scope: String,
}

fn profile_scope() -> String {
    protocol::scope::PROFILE.to_owned()
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDefinition {
    /// Name in JSON and target of rules: `[a-z][a-z0-9_]{0,39}`.
    pub key: String,
    /// What people read; at most 60 code points.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether every user needs a value.
    #[serde(default)]
    pub required: bool,
    /// Least length, number or count of entries, by kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Greatest length, number or count of entries, by kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// A regular expression that the whole text has to match; for text alone, at most 200 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A sentence below the form field; at most 200 code points.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Who may change it.
    #[serde(default)]
    pub editable_by: Who,
    /// Who may see it.
    #[serde(default)]
    pub visible_to: Who,
    /// The claim that carries it; none keeps it from applications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<FieldClaim>,
}

/// The fields of a tenant's users: the standard ones, and those of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schema {
    /// The tenant's own fields, in the order of forms; at most [`MAX_CUSTOM`].
    pub custom: Vec<FieldDefinition>,
}

/// Why a value does not fit a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Stable name of the kind of mistake.
    pub code: &'static str,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub fix: String,
}

impl std::fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.fix)
    }
}

impl FieldDefinition {
    /// A text field that admins alone see and change.
    pub fn new(key: &str, label: &str, kind: FieldKind) -> FieldDefinition {
        FieldDefinition {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            required: false,
            min: None,
            max: None,
            pattern: None,
            help: String::new(),
            editable_by: Who::Admin,
            visible_to: Who::Admin,
            claim: None,
        }
    }

    /// Whether a text of this field may have several lines (OpenID Connect Core §5.1.1).
    pub fn has_lines(&self) -> bool {
        matches!(self.key.as_str(), "address.formatted" | "address.street_address")
    }

    /// Most code points of a text of this field.
    pub fn max_text(&self) -> i64 {
        self.max.unwrap_or(DEFAULT_TEXT).clamp(0, MAX_TEXT)
    }
}

impl Schema {
    /// Every field: the standard ones, then the tenant's own.
    pub fn fields(&self) -> impl Iterator<Item = &FieldDefinition> {
        standard_fields().iter().chain(&self.custom)
    }

    /// The field with this key. A tenant's own field never hides a standard one.
    pub fn field(&self, key: &str) -> Option<&FieldDefinition> {
        self.fields().find(|field| field.key == key)
    }

    /// Whether a key names one of the tenant's own fields.
    pub fn is_custom(&self, key: &str) -> bool {
        self.custom.iter().any(|field| field.key == key)
    }

    /// Checks the values of a user's own fields, as the map `custom` of a
    /// [`UserProfile`](crate::UserProfile) holds them. The result is canonical: empty values are
    /// left out. Errors: by key, also for keys that no field has and for required fields without
    /// a value.
    pub fn check_custom(
        &self,
        values: &Map<String, Value>,
    ) -> Result<Map<String, Value>, BTreeMap<String, FieldProblem>> {
        let mut problems = BTreeMap::new();
        let mut canonical = Map::new();
        for key in values.keys().filter(|key| !self.is_custom(key)) {
            problems.insert(key.clone(), self.unknown_key(key));
        }
        for field in &self.custom {
            match check_value(field, values.get(&field.key).unwrap_or(&Value::Null)) {
                Ok(Value::Null) => {}
                Ok(value) => {
                    canonical.insert(field.key.clone(), value);
                }
                Err(problem) => {
                    problems.insert(field.key.clone(), problem);
                }
            }
        }
        if problems.is_empty() { Ok(canonical) } else { Err(problems) }
    }

    fn unknown_key(&self, key: &str) -> FieldProblem {
        let known: Vec<&str> = self.custom.iter().map(|field| field.key.as_str()).collect();
        let fix = match known.is_empty() {
            true => "Define the field first.".to_owned(),
            false => crate::near::suggest(key, &known),
        };
        let message = format!("There is no field {}.", crate::near::quoted(key));
        FieldProblem { code: "field_unknown", message, fix }
    }
}
