//! What the endpoints that authenticate an application share: reading its credentials and turning
//! a refusal into the status that its way of presenting them asks for.
//!
//! Whether the credentials are right is `issuer::client_auth`'s.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header;
use issuer::TokenError;
use protocol::client_auth::{self, Presented};
use protocol::error::{ErrorCode, OauthError};
use protocol::{Params, catalogue};
use web::Fault;
use web::fault::Challenge;

/// How credentials came; it decides the status of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// In the Authorization header: 401 with a challenge (RFC 6749 §5.2).
    Header,
    /// In the body: 400.
    Body,
    /// Not at all: 401, so that a client learns how to authenticate.
    Missing,
}

impl Transport {
    /// How this request carries credentials.
    pub(crate) fn of(req: &HttpRequest, params: &Params) -> Transport {
        if req.headers().contains_key(header::AUTHORIZATION) {
            Transport::Header
        } else if params.has("client_secret") || params.has("client_assertion") {
            Transport::Body
        } else {
            Transport::Missing
        }
    }

    /// The answer to a refusal.
    pub(crate) fn refuse(self, error: TokenError) -> Fault {
        match error {
            TokenError::Oauth { oauth, code } => self.oauth(oauth, code),
            TokenError::Store(error) => error.into(),
        }
    }

    fn oauth(self, error: OauthError, code: &'static str) -> Fault {
        match (error.code, self) {
            (ErrorCode::InvalidClient, Transport::Header | Transport::Missing) => {
                Fault::oauth(StatusCode::UNAUTHORIZED, code, error).challenge(Challenge::Basic)
            }
            (kind, _) => Fault::oauth(status(kind), code, error),
        }
    }
}

/// The status of an error at the token endpoint and its neighbours (RFC 6749 §5.2).
fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InvalidRequest
        | ErrorCode::InvalidClient
        | ErrorCode::InvalidGrant
        | ErrorCode::UnauthorizedClient
        | ErrorCode::UnsupportedGrantType
        | ErrorCode::UnsupportedResponseType
        | ErrorCode::InvalidScope
        | ErrorCode::InvalidTarget
        | ErrorCode::AccessDenied
        | ErrorCode::LoginRequired
        | ErrorCode::ConsentRequired
        | ErrorCode::InteractionRequired
        | ErrorCode::AccountSelectionRequired
        | ErrorCode::InvalidToken
        | ErrorCode::InsufficientScope
        | ErrorCode::UnsupportedTokenType
        | ErrorCode::RequestNotSupported
        | ErrorCode::RequestUriNotSupported
        | ErrorCode::RegistrationNotSupported => StatusCode::BAD_REQUEST,
    }
}

/// Reads the credentials of a request.
///
/// # Errors
/// `invalid_request` for two methods at once, `invalid_client` for none or a malformed one.
pub(crate) fn presented(req: &HttpRequest, params: &Params) -> Result<Presented, Fault> {
    let read = authorization(req).and_then(|header| client_auth::parse(header, params));
    read.map_err(|error| {
        let code = match error.code {
            ErrorCode::InvalidClient => catalogue::CLIENT_AUTH_MISSING,
            _ => catalogue::REQUEST_INVALID,
        };
        Transport::of(req, params).oauth(error, code)
    })
}

/// The Authorization header, which may come once (RFC 9110 §11.6.2).
///
/// # Errors
/// `invalid_request` when it comes twice or holds more than ASCII.
pub(crate) fn authorization(req: &HttpRequest) -> Result<Option<&str>, OauthError> {
    let mut values = req.headers().get_all(header::AUTHORIZATION);
    let (Some(value), second) = (values.next(), values.next()) else { return Ok(None) };
    match (value.to_str(), second) {
        (Ok(text), None) => Ok(Some(text)),
        _ => Err(OauthError::invalid_request("the Authorization header is malformed")),
    }
}

/// A parameter that must be there.
///
/// # Errors
/// `invalid_request` naming it.
pub(crate) fn required(params: &Params, name: &str) -> Result<String, Fault> {
    params.get(name).map(str::to_owned).ok_or_else(|| {
        let error = OauthError::invalid_request(format!("{name} is missing"));
        Fault::oauth(StatusCode::BAD_REQUEST, catalogue::REQUEST_INVALID, error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn refused(req: TestRequest, body: &str) -> (u16, &'static str) {
        let params = Params::parse(body.as_bytes()).expect("a form");
        let fault = presented(&req.to_http_request(), &params).expect_err("a refusal");
        (fault.status().as_u16(), fault.code())
    }

    #[test]
    fn rfc6749_5_2_the_transport_decides_the_status() {
        let header = |value: &'static str| {
            TestRequest::default().insert_header((header::AUTHORIZATION, value))
        };
        assert_eq!(refused(header("Basic !!!"), ""), (401, "client_auth_missing"));
        assert_eq!(refused(header("Bearer x"), ""), (401, "client_auth_missing"));
        assert_eq!(refused(TestRequest::default(), ""), (401, "client_auth_missing"));
        assert_eq!(
            refused(TestRequest::default(), "client_secret=x"),
            (400, "client_auth_missing")
        );
        let both = header("Basic YTpi");
        assert_eq!(refused(both, "client_id=a&client_secret=b"), (400, "request_invalid"));
        let twice = header("Basic YTpi").append_header((header::AUTHORIZATION, "Basic YTpi"));
        assert_eq!(refused(twice, ""), (400, "request_invalid"));
    }

    #[test]
    fn a_wrong_secret_is_401_by_header_and_400_by_body() {
        let error =
            || TokenError::new(ErrorCode::InvalidClient, catalogue::CLIENT_SECRET_WRONG, "no");
        assert_eq!(Transport::Header.refuse(error()).status().as_u16(), 401);
        assert_eq!(Transport::Body.refuse(error()).status().as_u16(), 400);
        assert_eq!(Transport::Missing.refuse(error()).status().as_u16(), 401);
        let outage = TokenError::Store(store::Error::Unavailable("disk"));
        assert_eq!(Transport::Body.refuse(outage).status().as_u16(), 503);
    }
}
