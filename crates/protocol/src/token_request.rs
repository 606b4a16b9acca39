//! The body of a token request (RFC 6749 §4.1.3, §4.4.2, §6), by grant type.
//!
//! Who sends it is read by [`crate::client_auth`]; whether code or token holds is decided in
//! `issuer`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, OauthError, UnknownValue};
use crate::form::Params;
use crate::scope::Scopes;
use crate::target;

/// A grant type that the token endpoint knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4.
    ClientCredentials,
}

impl GrantType {
    /// Every grant type, in the order in which forms offer them.
    pub const ALL: [GrantType; 3] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// The value of the `grant_type` parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

impl FromStr for GrantType {
    type Err = UnknownValue;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or(UnknownValue("grant type"))
    }
}

/// A well-formed token request. `Debug` hides codes, tokens and verifiers.
#[derive(Clone, PartialEq, Eq)]
pub enum TokenRequest {
    /// Redeems an authorization code.
    AuthorizationCode {
        /// The code as sent.
        code: String,
        /// `redirect_uri` as sent, to be compared with that of the authorization request.
        redirect_uri: Option<String>,
        /// PKCE verifier as sent, well-formed or not.
        verifier: Option<String>,
        /// The API that the access token shall be for.
        audience: Option<String>,
    },
    /// Trades a refresh token for new tokens.
    RefreshToken {
        /// The refresh token as sent.
        token: String,
        /// A narrower scope, if one is wanted.
        scope: Option<Scopes>,
        /// The API that the access token shall be for.
        audience: Option<String>,
    },
    /// A token for the application itself.
    ClientCredentials {
        /// The scopes wanted, or the application's default.
        scope: Option<Scopes>,
        /// The API that the access token shall be for.
        audience: Option<String>,
    },
}

/// Reads a token request. Errors: `invalid_request` for a missing parameter,
/// `unsupported_grant_type`, `invalid_scope`, `invalid_target`.
pub fn parse(params: &Params) -> Result<TokenRequest, OauthError> {
    let grant_type = required(params, "grant_type")?;
    let unsupported = "grant_type must be authorization_code, refresh_token or client_credentials";
    let grant_type = grant_type
        .parse()
        .map_err(|_| OauthError::new(ErrorCode::UnsupportedGrantType, unsupported))?;
    let audience = target::audience(params)?;
    let owned = |name| params.get(name).map(str::to_owned);
    Ok(match grant_type {
        GrantType::AuthorizationCode => TokenRequest::AuthorizationCode {
            code: required(params, "code")?.to_owned(),
            redirect_uri: owned("redirect_uri"),
            verifier: owned("code_verifier"),
            audience,
        },
        GrantType::RefreshToken => TokenRequest::RefreshToken {
            token: required(params, "refresh_token")?.to_owned(),
            scope: params.get("scope").map(Scopes::parse).transpose()?,
            audience,
        },
        GrantType::ClientCredentials => TokenRequest::ClientCredentials {
            scope: params.get("scope").map(Scopes::parse).transpose()?,
            audience,
        },
    })
}

fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, OauthError> {
    params.get(name).ok_or_else(|| OauthError::invalid_request(format!("{name} is missing")))
}

impl TokenRequest {
    /// Which grant type this is.
    pub fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
        }
    }

    /// The API that the access token shall be for, if the request names one.
    pub fn audience(&self) -> Option<&str> {
        match self {
            Self::AuthorizationCode { audience, .. }
            | Self::RefreshToken { audience, .. }
            | Self::ClientCredentials { audience, .. } => audience.as_deref(),
        }
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenRequest({})", self.grant_type().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Result<TokenRequest, ErrorCode> {
        parse(&Params::parse(raw.as_bytes()).unwrap()).map_err(|error| error.code)
    }

    #[test]
    fn rfc6749_4_1_3_code_request() {
        let raw = "grant_type=authorization_code&code=oc_x&redirect_uri=https%3A%2F%2Frp.test%2Fcb\
                   &code_verifier=v&client_id=app&unknown=1";
        let expected = TokenRequest::AuthorizationCode {
            code: "oc_x".into(),
            redirect_uri: Some("https://rp.test/cb".into()),
            verifier: Some("v".into()),
            audience: None,
        };
        assert_eq!(read(raw), Ok(expected));
        assert_eq!(read("grant_type=authorization_code"), Err(ErrorCode::InvalidRequest));
        assert_eq!(read("grant_type=authorization_code&code="), Err(ErrorCode::InvalidRequest));
    }

    #[test]
    fn rfc7636_4_5_empty_or_misspelt_verifier_is_no_verifier() {
        for raw in ["code_verifier=", "code_verifier%5B%5D=v", "Code_Verifier=v"] {
            let request = read(&format!("grant_type=authorization_code&code=c&{raw}"));
            let Ok(TokenRequest::AuthorizationCode { verifier, .. }) = request else {
                panic!("{raw}")
            };
            assert_eq!(verifier, None, "{raw}");
        }
    }

    #[test]
    fn rfc6749_6_refresh_request() {
        let request = read("grant_type=refresh_token&refresh_token=rt_x&scope=a+b&resource=urn:x");
        let expected = TokenRequest::RefreshToken {
            token: "rt_x".into(),
            scope: Some(Scopes::parse("a b").unwrap()),
            audience: Some("urn:x".into()),
        };
        assert_eq!(request, Ok(expected));
        assert_eq!(read("grant_type=refresh_token"), Err(ErrorCode::InvalidRequest));
        let bad = "grant_type=refresh_token&refresh_token=r&scope=%22";
        assert_eq!(read(bad), Err(ErrorCode::InvalidScope));
    }

    #[test]
    fn rfc6749_4_4_2_client_credentials_request() {
        let request = read("grant_type=client_credentials&audience=orders").unwrap();
        assert_eq!(request.grant_type(), GrantType::ClientCredentials);
        assert_eq!(request.audience(), Some("orders"));
        assert_eq!(
            read("grant_type=client_credentials&resource=%2F"),
            Err(ErrorCode::InvalidTarget)
        );
    }

    #[test]
    fn rfc6749_5_2_missing_and_unknown_grant_type() {
        assert_eq!(read(""), Err(ErrorCode::InvalidRequest));
        assert_eq!(read("grant_type="), Err(ErrorCode::InvalidRequest));
        for unknown in ["password", "implicit", "AUTHORIZATION_CODE", "authorization_code%20"] {
            let raw = format!("grant_type={unknown}&code=c");
            assert_eq!(read(&raw), Err(ErrorCode::UnsupportedGrantType), "{unknown}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let request = read("grant_type=authorization_code&code=hush&code_verifier=hush").unwrap();
        assert_eq!(format!("{request:?}"), "TokenRequest(authorization_code)");
    }
}
