//! Why a command was refused. Input errors name the field and the cure and come all at once, so
//! that a form can show every one of them beside what was typed.

use std::borrow::Cow;

/// One thing to correct.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Which field, such as `name` or `redirect_uris.1` (counted from 0).
    pub field: Cow<'static, str>,
    /// A code of the error catalogue or of the field.
    pub code: &'static str,
    /// What is wrong, as a sentence for a person.
    pub message: String,
    /// A value that would be accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl FieldError {
    /// One thing to correct, without a suggestion.
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) -> FieldError {
        FieldError { field: field.into(), code, message: message.into(), fix: None }
    }

    /// Adds a value that would be accepted.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<String>) -> FieldError {
        self.fix = fix;
        self
    }
}

/// Why a command was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor has no role that may do this.
    #[error("you may not do this; it needs the right {0}")]
    Forbidden(&'static str),
    /// There is no such thing in this tenant.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The input has errors.
    #[error("{}", list(.0))]
    Form(Vec<FieldError>),
    /// Somebody else changed it since it was read.
    #[error("somebody changed it since you opened it; it is now at version {current}")]
    Stale {
        /// The version that stands.
        current: i64,
    },
    /// Set-up is over: there is an operator.
    #[error(
        "set-up is closed: an operator exists. To let one back in, run `tessera admin reset-link EMAIL`"
    )]
    SetupClosed,
    /// A one-time link that does not work, with its catalogue code.
    #[error("{}", protocol::catalogue::entry(.0).user)]
    Link(&'static str),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// A single thing to correct.
    pub fn field(
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Error {
        Error::Form(vec![FieldError::new(field, code, message)])
    }
}

fn list(errors: &[FieldError]) -> String {
    let lines: Vec<String> = errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
    lines.join("; ")
}

/// `Ok` when there is nothing to correct.
pub(crate) fn none(errors: Vec<FieldError>) -> Result<(), Error> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Form(errors)) }
}
