//! Refusals. [`PageError`] has no way to redirect: it stands for everything that is decided before
//! a redirect URI is verified, and for pages that lead nowhere else.

use protocol::catalogue;
use protocol::{ErrorCode, OauthError};

/// A refusal that ends on a page of ours.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A code of the catalogue, with what only the admin sees in the trace.
    #[error("{code}")]
    Refused {
        /// The code.
        code: &'static str,
        /// The application it is about, if it is known.
        application: Option<String>,
        /// Its home page, if it has registered one.
        home: Option<String>,
        /// The support code of the flow or request.
        support: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl PageError {
    /// A refusal with a code of the catalogue.
    pub fn new(code: &'static str, support: &str) -> PageError {
        PageError::Refused { code, application: None, home: None, support: support.to_owned() }
    }
}

/// A refusal of the token endpoint and its neighbours.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// An OAuth error with the catalogue's code for the trace.
    #[error("{oauth}")]
    Oauth {
        /// What the client is told.
        oauth: OauthError,
        /// What the trace says.
        code: &'static str,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl TokenError {
    /// An OAuth error with the catalogue's code for the trace.
    pub fn new(error: ErrorCode, code: &'static str, hint: &'static str) -> TokenError {
        TokenError::Oauth { oauth: OauthError::new(error, hint), code }
    }

    /// RFC 6749 §5.2: one answer for every code or token that is not good, whatever the reason.
    pub(crate) fn invalid_grant(code: &'static str) -> TokenError {
        TokenError::new(
            ErrorCode::InvalidGrant,
            code,
            "the code or token is unknown, used, expired or not for this client",
        )
    }
}

impl From<OauthError> for TokenError {
    fn from(oauth: OauthError) -> TokenError {
        TokenError::Oauth { oauth, code: catalogue::REQUEST_INVALID }
    }
}
