//! What the endpoints that authenticate an application share: reading its credentials and turning
//! a refusal into the status that its way of presenting them asks for.
//!
//! Whether the credentials are right is `issuer::client_auth`'s.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use context::Tenant;
use issuer::TokenError;
use protocol::client_auth::{self, Presented};
use protocol::error::{ErrorCode, OauthError};
use protocol::{Params, catalogue};
use web::fault::Challenge;
use web::{Fault, State};

/// Who asks: the credentials of a request and how they came, which decides the status of a failure.
pub(crate) struct Caller {
    pub(crate) presented: Presented,
    by_header: bool,
}

impl Caller {
    /// Reads the credentials of a request.
    ///
    /// # Errors
    /// `invalid_request` for two methods at once, `invalid_client` for none or a malformed one.
    pub(crate) fn read(req: &HttpRequest, params: &Params) -> Result<Caller, Fault> {
        let by_header = req.headers().contains_key(header::AUTHORIZATION);
        let read = authorization(req).and_then(|header| client_auth::parse(header, params));
        match read {
            Ok(presented) => Ok(Caller { presented, by_header }),
            Err(error) => {
                let code = match error.code {
                    ErrorCode::InvalidClient => catalogue::CLIENT_AUTH_MISSING,
                    _ => catalogue::REQUEST_INVALID,
                };
                Err(refuse(error, code, by_header))
            }
        }
    }

    /// The answer to a refusal.
    pub(crate) fn refuse(&self, error: TokenError) -> Fault {
        refuse_as(error, self.by_header)
    }

    /// The answer to a request that is malformed beside its credentials: who cannot prove itself
    /// learns that first, and nothing about the rest.
    pub(crate) async fn complain(
        self,
        state: &State,
        tenant: Arc<Tenant>,
        complaint: OauthError,
    ) -> Fault {
        let Caller { presented, by_header } = self;
        let id = tenant.id.clone();
        let job = move |ctx: &context::Ctx| {
            issuer::client_auth::authenticate(ctx, &tenant, &presented).map(drop)
        };
        match web::run(state, id.as_str(), job).await {
            Ok(Ok(())) => refuse_as(complaint.into(), by_header),
            Ok(Err(error)) => refuse_as(error, by_header),
            Err(busy) => busy.into(),
        }
    }
}

fn refuse_as(error: TokenError, by_header: bool) -> Fault {
    match error {
        TokenError::Oauth { oauth, code } => refuse(oauth, code, by_header),
        TokenError::Store(error) => error.into(),
    }
}

/// RFC 6749 §5.2: 401 with a challenge where the Authorization header was used, else 400.
fn refuse(error: OauthError, code: &'static str, by_header: bool) -> Fault {
    if by_header && error.code == ErrorCode::InvalidClient {
        return Fault::oauth(StatusCode::UNAUTHORIZED, code, error).challenge(Challenge::Basic);
    }
    Fault::oauth(status(error.code), code, error)
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
pub(crate) fn required(params: &Params, name: &str) -> Result<String, OauthError> {
    let value = params.get(name).map(str::to_owned);
    value.ok_or_else(|| OauthError::invalid_request(format!("{name} is missing")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn refused(req: TestRequest, body: &str) -> (u16, &'static str) {
        let params = Params::parse(body.as_bytes()).expect("a form");
        match Caller::read(&req.to_http_request(), &params) {
            Ok(caller) => panic!("accepted {:?}", caller.presented),
            Err(fault) => (fault.status().as_u16(), fault.code()),
        }
    }

    #[test]
    fn rfc6749_5_2_the_transport_decides_the_status() {
        let header = |value: &'static str| {
            TestRequest::default().insert_header((header::AUTHORIZATION, value))
        };
        assert_eq!(refused(header("Basic !!!"), ""), (401, "client_auth_missing"));
        assert_eq!(refused(header("Bearer x"), ""), (401, "client_auth_missing"));
        assert_eq!(refused(TestRequest::default(), ""), (400, "client_auth_missing"));
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
        assert_eq!(refuse_as(error(), true).status().as_u16(), 401);
        assert_eq!(refuse_as(error(), false).status().as_u16(), 400);
        let outage = TokenError::Store(store::Error::Unavailable("disk"));
        assert_eq!(refuse_as(outage, false).status().as_u16(), 503);
    }
}
