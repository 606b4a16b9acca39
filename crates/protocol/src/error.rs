//! The error codes that OAuth 2.0 and OpenID Connect put on the wire, and the one error type that
//! carries them with a short hint for the developer of the application.
//!
//! HTTP status, headers and redirects belong to the faces; texts for people to [`crate::catalogue`].
//! A hint never holds a secret or a value of the request.

use std::borrow::Cow;
use std::fmt;

/// Longest hint in bytes; longer ones are cut.
const HINT_MAX: usize = 300;

/// An `error` value of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8707 §2 or
/// OpenID Connect Core §3.1.2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749: a parameter is missing, repeated, malformed or does not fit another.
    InvalidRequest,
    /// RFC 6749 §5.2: client authentication failed.
    InvalidClient,
    /// RFC 6749 §5.2: the code or refresh token does not hold for this request.
    InvalidGrant,
    /// RFC 6749: the client may not use this grant or response type.
    UnauthorizedClient,
    /// RFC 6749 §5.2: the server does not know this grant type.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1: the server does not offer this response type.
    UnsupportedResponseType,
    /// RFC 6749: a scope is malformed, unknown or beyond what was granted.
    InvalidScope,
    /// RFC 8707 §2: the wanted resource is malformed or not available.
    InvalidTarget,
    /// RFC 6749 §4.1.2.1: the user or the server said no.
    AccessDenied,
    /// OIDC Core §3.1.2.6: `prompt=none`, and the user would have to sign in.
    LoginRequired,
    /// OIDC Core §3.1.2.6: `prompt=none`, and the user would have to consent.
    ConsentRequired,
    /// OIDC Core §3.1.2.6: `prompt=none`, and some page would have to be shown.
    InteractionRequired,
    /// OIDC Core §3.1.2.6: `prompt=none`, and the user would have to choose a session.
    AccountSelectionRequired,
    /// RFC 6750 §3.1: the access token is expired, revoked, malformed or foreign.
    InvalidToken,
    /// RFC 6750 §3.1: the access token lacks a scope.
    InsufficientScope,
    /// RFC 7009 §2.2.1: this kind of token cannot be revoked here.
    UnsupportedTokenType,
    /// OIDC Core §3.1.2.6: the `request` parameter is not offered.
    RequestNotSupported,
    /// OIDC Core §3.1.2.6: the `request_uri` parameter is not offered.
    RequestUriNotSupported,
    /// OIDC Core §3.1.2.6: the `registration` parameter is not offered.
    RegistrationNotSupported,
    /// RFC 6749 §4.1.2.1: something unexpected happened in the server.
    ServerError,
    /// RFC 6749 §4.1.2.1: overloaded or in maintenance; the same request may work later.
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// Every code once, in declaration order.
    pub const ALL: [ErrorCode; 21] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::InvalidTarget,
        Self::AccessDenied,
        Self::LoginRequired,
        Self::ConsentRequired,
        Self::InteractionRequired,
        Self::AccountSelectionRequired,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::UnsupportedTokenType,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::ServerError,
        Self::TemporarilyUnavailable,
    ];

    /// The value of the `error` member.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal as the application's developer sees it: `error` and `error_description`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthError {
    /// The `error` member.
    pub code: ErrorCode,
    /// The `error_description` member: printable ASCII without `"` and `\` (RFC 6749 §5.2), at
    /// most 300 bytes. Build it through [`OauthError::new`], which enforces this.
    pub hint: Cow<'static, str>,
}

impl OauthError {
    /// Makes an error whose hint is safe to send, whatever text comes in.
    pub fn new(code: ErrorCode, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { code, hint: sanitise(hint.into()) }
    }

    /// `invalid_request` with a hint; the commonest case of this crate.
    pub fn invalid_request(hint: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest, hint)
    }
}

impl fmt::Display for OauthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.hint)
    }
}

impl std::error::Error for OauthError {}

/// A text that names no value of an enumeration, for example in a stored row or a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {0}")]
pub struct UnknownValue(pub &'static str);

// RFC 6749 §5.2: error_description is %x20-21 / %x23-5B / %x5D-7E.
fn allowed(c: char) -> bool {
    matches!(c, ' '..='~') && c != '"' && c != '\\'
}

fn sanitise(hint: Cow<'static, str>) -> Cow<'static, str> {
    if hint.len() <= HINT_MAX && hint.chars().all(allowed) {
        return hint;
    }
    let clean = |c| match c {
        '"' => '\'',
        '\\' => '/',
        '\r' | '\n' | '\t' => ' ',
        c if allowed(c) => c,
        _ => '?',
    };
    Cow::Owned(hint.chars().map(clean).take(HINT_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_distinct_lower_case_words() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        assert!(names.iter().all(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }

    #[test]
    fn rfc6749_5_2_hint_holds_only_allowed_characters() {
        let every: String = (0u32..0x3000).filter_map(char::from_u32).collect();
        for piece in every.chars().collect::<Vec<_>>().chunks(97) {
            let error = OauthError::invalid_request(piece.iter().collect::<String>());
            assert!(error.hint.chars().all(allowed), "{}", error.hint);
        }
        let error = OauthError::invalid_request("a\r\nb\t\"c\"\\d\u{0}\u{20ac}");
        assert_eq!(error.hint, "a  b 'c'/d??");
    }

    #[test]
    fn hint_is_bounded_and_plain_hints_are_not_copied() {
        assert_eq!(OauthError::invalid_request("x".repeat(9000)).hint.len(), HINT_MAX);
        assert!(matches!(OauthError::invalid_request("plain").hint, Cow::Borrowed("plain")));
    }
}
