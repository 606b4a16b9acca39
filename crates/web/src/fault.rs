//! The one error a handler returns: a status, an entry of the catalogue and what may be shown.
//!
//! Faces turn the errors of their use cases into a `Fault` in one exhaustive match each; errors of
//! the store and of the runner are turned here. `mount` draws it as a page or as OAuth JSON, so no
//! handler writes an error answer itself. The source of an error goes to the log only.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use protocol::catalogue;
use protocol::error::{ErrorCode, OauthError};
use protocol::form::FormError;

use crate::runner::Busy;

/// A link on an error page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says: `Back to Acme Web`.
    pub label: String,
    /// Where it goes: a registered address or a path of our own.
    pub url: String,
}

/// The challenge of a 401 (RFC 9110 §11.6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// Client authentication by Basic failed (RFC 6749 §5.2).
    Basic,
    /// An access token is missing: no error code (RFC 6750 §3.1).
    Bearer,
    /// An access token was refused: with error code (RFC 6750 §3).
    BearerError,
}

/// What went wrong, ready to be drawn. Boxed, so that results stay small.
#[derive(Debug, Clone)]
pub struct Fault {
    parts: Box<Parts>,
}

/// The parts of a [`Fault`].
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) oauth: Option<OauthError>,
    pub(crate) detail: Option<String>,
    pub(crate) support: Option<String>,
    pub(crate) application: Option<String>,
    pub(crate) try_again: Option<String>,
    pub(crate) back: Option<Link>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) retry_after: Option<u32>,
    pub(crate) allow: Option<String>,
}

impl Fault {
    /// A fault with the texts of a catalogue entry.
    pub fn new(status: StatusCode, code: &'static str) -> Fault {
        Fault {
            parts: Box::new(Parts {
                status,
                code,
                oauth: None,
                detail: None,
                support: None,
                application: None,
                try_again: None,
                back: None,
                challenge: None,
                retry_after: None,
                allow: None,
            }),
        }
    }

    /// 400 with a catalogue entry.
    pub fn bad_request(code: &'static str) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, code)
    }

    /// 404, the same for everything that does not exist here.
    pub fn not_found() -> Fault {
        Fault::new(StatusCode::NOT_FOUND, catalogue::NOT_FOUND)
    }

    /// 403 for a form that did not come from our own page.
    pub fn csrf() -> Fault {
        Fault::new(StatusCode::FORBIDDEN, catalogue::CSRF_FAILED)
    }

    /// 413 for a body beyond the limit.
    pub fn too_large() -> Fault {
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, catalogue::PAYLOAD_TOO_LARGE)
    }

    /// 429: too many of the same from one place within the hour.
    pub fn too_many() -> Fault {
        Fault::new(StatusCode::TOO_MANY_REQUESTS, catalogue::TOO_MANY_REQUESTS).retry_after(600)
    }

    /// 503 with Retry-After: 1.
    pub fn busy() -> Fault {
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, catalogue::SERVER_BUSY).retry_after(1)
    }

    /// 500; `source` is logged and shown to nobody.
    pub fn internal(source: impl fmt::Display) -> Fault {
        tracing::error!(error = %source, "internal error");
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, catalogue::INTERNAL)
    }

    /// A protocol error with its code and hint on the wire.
    pub fn oauth(status: StatusCode, code: &'static str, error: OauthError) -> Fault {
        let mut fault = Fault::new(status, code);
        fault.parts.oauth = Some(error);
        fault
    }

    /// Adds the cause for developers; it is shown, so it holds no secret.
    pub fn detail(mut self, detail: impl Into<String>) -> Fault {
        self.parts.detail = Some(detail.into());
        self
    }

    /// Shows this support code (the id of the flow) in place of the request's own id.
    pub fn support(mut self, code: impl Into<String>) -> Fault {
        self.parts.support = Some(code.into());
        self
    }

    /// Names the application this happened to, by its display name.
    pub fn application(mut self, name: impl Into<String>) -> Fault {
        self.parts.application = Some(name.into());
        self
    }

    /// Offers to begin again at this address of ours.
    pub fn try_again(mut self, url: impl Into<String>) -> Fault {
        self.parts.try_again = Some(url.into());
        self
    }

    /// Offers the way back to the application's registered home page.
    pub fn back(mut self, label: impl Into<String>, url: impl Into<String>) -> Fault {
        self.parts.back = Some(Link { label: label.into(), url: url.into() });
        self
    }

    /// Adds a WWW-Authenticate header.
    pub fn challenge(mut self, challenge: Challenge) -> Fault {
        self.parts.challenge = Some(challenge);
        self
    }

    /// Adds a Retry-After header, in seconds.
    pub fn retry_after(mut self, seconds: u32) -> Fault {
        self.parts.retry_after = Some(seconds);
        self
    }

    pub(crate) fn allow(mut self, methods: String) -> Fault {
        self.parts.allow = Some(methods);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.parts.status
    }

    /// The catalogue code.
    pub fn code(&self) -> &'static str {
        self.parts.code
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// `error` on the wire: what the use case said, or what the status means in OAuth's words.
    pub(crate) fn wire(&self) -> OauthError {
        if let Some(error) = &self.parts.oauth {
            return error.clone();
        }
        let code = match self.parts.status.as_u16() {
            503 => ErrorCode::TemporarilyUnavailable,
            500..=599 => ErrorCode::ServerError,
            _ => ErrorCode::InvalidRequest,
        };
        let text = self.parts.detail.clone();
        let hint = text.unwrap_or_else(|| catalogue::entry(self.parts.code).user.to_owned());
        OauthError::new(code, hint)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.parts.status.as_u16(), self.parts.code)
    }
}

impl std::error::Error for Fault {}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        self.parts.status
    }

    fn error_response(&self) -> HttpResponse {
        // Drawn by the pipeline, which knows the request; this body is never sent.
        HttpResponse::new(self.parts.status)
    }
}

impl From<Busy> for Fault {
    fn from(_: Busy) -> Fault {
        Fault::busy()
    }
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Fault {
        let unavailable = || {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Fault::new(status, catalogue::DATABASE_UNAVAILABLE).retry_after(1)
        };
        match error {
            store::Error::NotFound => Fault::not_found(),
            store::Error::Conflict(_) => Fault::new(StatusCode::CONFLICT, catalogue::CONFLICT),
            store::Error::Busy => Fault::busy(),
            store::Error::Unavailable(_) | store::Error::Unknown => {
                tracing::warn!(%error, "database unavailable");
                unavailable()
            }
            store::Error::Nested | store::Error::Schema(_) | store::Error::Internal(_) => {
                Fault::internal(error)
            }
        }
    }
}

impl From<FormError> for Fault {
    fn from(error: FormError) -> Fault {
        let status = match error {
            FormError::TooLarge => return Fault::too_large(),
            FormError::Duplicate(_) | FormError::NotUtf8 | FormError::BadEscape => {
                StatusCode::BAD_REQUEST
            }
        };
        Fault::oauth(status, catalogue::REQUEST_INVALID, error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_503_and_a_programming_error_500() {
        for (error, status) in [
            (store::Error::Busy, 503),
            (store::Error::Unavailable("locked"), 503),
            (store::Error::Unknown, 503),
            (store::Error::NotFound, 404),
            (store::Error::Conflict("slug"), 409),
            (store::Error::Nested, 500),
            (store::Error::Internal("SELECT secret".into()), 500),
        ] {
            let fault = Fault::from(error);
            assert_eq!(fault.status().as_u16(), status);
            assert!(!fault.wire().to_string().contains("SELECT"));
        }
    }

    #[test]
    fn the_wire_error_follows_the_status() {
        assert_eq!(Fault::busy().wire().code, ErrorCode::TemporarilyUnavailable);
        assert_eq!(Fault::not_found().wire().code, ErrorCode::InvalidRequest);
        assert_eq!(Fault::internal("x").wire().code, ErrorCode::ServerError);
    }
}
