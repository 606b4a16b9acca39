//! What a provider sends back through the browser. Nothing in it is believed: a form that a
//! provider posts across sites is only sealed and read again by our own GET, where the browser's
//! cookies are.

use context::{Ctx, Tenant};
use issuer::upstream::{open_posted_state, seal_posted_state};
use protocol::Params;
use serde::{Deserialize, Serialize};
use store::Error;

/// Longest parameter that is looked at, in bytes.
const LONGEST: usize = 4_096;

/// The parameters of an answer that are read (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    #[serde(rename = "c", default)]
    pub(crate) code: Option<String>,
    #[serde(rename = "s", default)]
    pub(crate) state: Option<String>,
    #[serde(rename = "i", default)]
    pub(crate) iss: Option<String>,
    #[serde(rename = "e", default)]
    pub(crate) error: Option<String>,
    #[serde(rename = "d", default)]
    pub(crate) description: Option<String>,
}

impl Answer {
    /// Reads the parameters; one that is too long counts as absent.
    pub fn read(params: &Params) -> Answer {
        let get =
            |name: &str| params.get(name).filter(|value| value.len() <= LONGEST).map(str::to_owned);
        Answer {
            code: get("code"),
            state: get("state"),
            iss: get("iss"),
            error: get("error"),
            description: get("error_description"),
        }
    }
}

/// Seals a posted answer for our own GET.
///
/// # Errors
/// Whatever the database reports, when it is so long that it becomes a row.
pub fn seal_posted(ctx: &Ctx, tenant: &Tenant, answer: &Answer) -> Result<String, Error> {
    seal_posted_state(ctx, tenant, answer, ctx.now().plus_seconds(300))
}

/// Opens a posted answer.
///
/// # Errors
/// Whatever the database reports.
pub fn open_posted(ctx: &Ctx, tenant: &Tenant, text: &str) -> Result<Option<Answer>, Error> {
    open_posted_state(ctx, tenant, text)
}

/// A word of a provider as it may be shown and traced: letters, digits and `_-.`, at most 64.
pub(crate) fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || "_-.".contains(*c)).take(64).collect()
}

/// A sentence of a provider as an admin sees it: one line, at most 300 characters.
pub(crate) fn sentence(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}
