//! Reads the credentials of one request: at most one method, each half form-decoded.
//!
//! Whether the method is the registered one is decided by the parent module; whether the secret is
//! right, in `issuer`.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::error::{ErrorCode, OauthError};
use crate::form::{self, Params};

/// Longest `Authorization` header that is read, in bytes.
const MAX_HEADER: usize = 4096;

// RFC 7617 §2 asks for padded base64; unpadded is unambiguous and common enough to accept.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What an application presented. `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Presented {
    /// Only its identifier, in the body.
    None {
        /// The application's identifier.
        client_id: String,
    },
    /// Identifier and secret in the `Authorization` header.
    Basic {
        /// The application's identifier.
        client_id: String,
        /// The secret as sent.
        secret: String,
    },
    /// Identifier and secret in the body.
    Post {
        /// The application's identifier.
        client_id: String,
        /// The secret as sent.
        secret: String,
    },
}

impl Presented {
    /// The identifier, whichever way it came.
    pub fn client_id(&self) -> &str {
        match self {
            Self::None { client_id }
            | Self::Basic { client_id, .. }
            | Self::Post { client_id, .. } => client_id,
        }
    }

    /// The secret, if one was presented.
    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::None { .. } => None,
            Self::Basic { secret, .. } | Self::Post { secret, .. } => Some(secret),
        }
    }

    /// Whether the `Authorization` header was used, so that a failure is answered 401 with
    /// `WWW-Authenticate` (RFC 6749 §5.2).
    pub fn used_header(&self) -> bool {
        matches!(self, Self::Basic { .. })
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = match self {
            Self::None { .. } => "None",
            Self::Basic { .. } => "Basic",
            Self::Post { .. } => "Post",
        };
        write!(f, "Presented::{method}({:?})", self.client_id())
    }
}

/// Reads the credentials of a request from its `Authorization` header and its body.
///
/// Errors: `invalid_request` if two methods are used at once or two identifiers differ;
/// `invalid_client` if there are no credentials, or the header is malformed or of another scheme.
pub fn parse(authorization_header: Option<&str>, params: &Params) -> Result<Presented, OauthError> {
    let in_body = params.has("client_secret");
    let assertion = params.has("client_assertion") || params.has("client_assertion_type");
    let methods = [authorization_header.is_some(), in_body, assertion];
    // RFC 6749 §2.3: MUST NOT use more than one authentication method. // R47
    if methods.into_iter().filter(|used| *used).count() > 1 {
        let hint = "more than one client authentication method in one request";
        return Err(OauthError::invalid_request(hint));
    }
    if assertion {
        return Err(refuse("client assertions are not offered here"));
    }
    match authorization_header {
        Some(header) => basic(header, params.get("client_id")),
        None => body(params),
    }
}

fn body(params: &Params) -> Result<Presented, OauthError> {
    let client_id = params.get("client_id").map(str::to_owned);
    let client_id = client_id.ok_or_else(|| refuse("client_id is missing"))?;
    Ok(match params.get("client_secret") {
        Some(secret) => Presented::Post { client_id, secret: secret.to_owned() },
        None => Presented::None { client_id },
    })
}

// RFC 7617 §2 with the form encoding of RFC 6749 §2.3.1.
fn basic(header: &str, client_id_in_body: Option<&str>) -> Result<Presented, OauthError> {
    let malformed = || refuse("the Authorization header is not well-formed Basic");
    if header.len() > MAX_HEADER {
        return Err(malformed());
    }
    let (scheme, credentials) = header.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(refuse("client authentication by header must be Basic"));
    }
    let decoded = BASE64.decode(credentials.trim_matches(' ')).map_err(|_| malformed())?;
    let colon = decoded.iter().position(|b| *b == b':').ok_or_else(malformed)?;
    let client_id = form::decode(&decoded[..colon]).map_err(|_| malformed())?;
    let secret = form::decode(&decoded[colon + 1..]).map_err(|_| malformed())?;
    if client_id.is_empty() || secret.is_empty() {
        return Err(malformed());
    }
    if client_id_in_body.is_some_and(|other| other != client_id) {
        let hint = "client_id in the body differs from the one in the Authorization header";
        return Err(OauthError::invalid_request(hint));
    }
    Ok(Presented::Basic { client_id, secret })
}

fn refuse(hint: &'static str) -> OauthError {
    OauthError::new(ErrorCode::InvalidClient, hint)
}
