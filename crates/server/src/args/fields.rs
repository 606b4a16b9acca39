//! `tessera field …`.

use clap::{Args as ClapArgs, Subcommand};

/// What a new field needs.
#[derive(Debug, Clone, ClapArgs)]
pub struct CreateField {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// Name in JSON and target of rules: small letters, digits and underscores.
    #[arg(long)]
    pub key: String,
    /// What people read.
    #[arg(long)]
    pub label: String,
    /// text, email, phone, url, bool, integer, date, locale, timezone, choice or list.
    #[arg(long)]
    pub kind: String,
    /// A value of a choice; repeatable.
    #[arg(long = "choice", value_name = "TEXT")]
    pub choices: Vec<String>,
    /// Every user needs a value.
    #[arg(long)]
    pub required: bool,
    /// Least length, number or count of entries.
    #[arg(long, allow_negative_numbers = true)]
    pub min: Option<i64>,
    /// Greatest length, number or count of entries.
    #[arg(long, allow_negative_numbers = true)]
    pub max: Option<i64>,
    /// A regular expression that the whole text has to match.
    #[arg(long, value_name = "REGEX")]
    pub pattern: Option<String>,
    /// A sentence below the form field.
    #[arg(long, default_value = "")]
    pub help_text: String,
    /// Users may change it themselves.
    #[arg(long)]
    pub user_editable: bool,
    /// Users may see it.
    #[arg(long)]
    pub user_visible: bool,
    /// The claim that carries it to applications.
    #[arg(long, value_name = "NAME")]
    pub claim: Option<String>,
    /// The scope that asks for the claim; profile without it.
    #[arg(long, value_name = "SCOPE", requires = "claim")]
    pub claim_scope: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum FieldCommand {
    /// Define a field.
    Create(Box<CreateField>),
    /// List the fields that a tenant defined.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Remove a field.
    Delete {
        /// The field's key.
        key: String,
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
}
