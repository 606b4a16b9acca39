//! What went wrong at a provider: a code of the catalogue, and evidence for the admin. People read
//! the catalogue's words alone.

use outbound::OutboundError;
use protocol::catalogue;
use serde_json::{Value, json};

/// Why a sign-in at a provider came to nothing.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The catalogue's code.
    pub code: &'static str,
    /// What an admin sees in the trace: never a secret.
    pub evidence: Value,
}

impl Failure {
    /// A failure with what was seen.
    pub(crate) fn new(code: &'static str, evidence: Value) -> Failure {
        Failure { code, evidence }
    }

    /// A failure with one sentence.
    pub(crate) fn because(code: &'static str, why: impl Into<String>) -> Failure {
        Failure::new(code, json!({ "why": why.into() }))
    }
}

impl From<OutboundError> for Failure {
    fn from(error: OutboundError) -> Failure {
        Failure::because(code_of(&error), error.to_string())
    }
}

/// The catalogue's code of a network failure.
fn code_of(error: &OutboundError) -> &'static str {
    catalogue::entry(error.code()).code
}

/// What a person is shown instead of a signed-in page.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    /// The catalogue's code.
    pub code: &'static str,
    /// The flow's id: the support code. The request's when there is no flow.
    pub support: String,
    /// The flow to go back to, as its pages' URLs name it.
    pub tx: Option<String>,
    /// The code and the name of the connection, to try again.
    pub connection: Option<(String, String)>,
    /// The application's name.
    pub application: Option<String>,
    /// The message of a mapping rule that keeps people out.
    pub message: Option<String>,
    /// Whether the trace has it already.
    pub noted: bool,
    /// What the provider called its error: a short word of letters, digits and `_-.`.
    pub upstream: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_failure_has_its_entry() {
        for code in OutboundError::CODES {
            assert_eq!(catalogue::entry(code).code, code);
        }
    }
}
