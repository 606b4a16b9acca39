//! The authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), in two stages:
//! first client and redirect URI, whose errors never redirect, then everything else.
//!
//! Whether the application exists, the URI is registered and the scopes are allowed is decided in
//! `issuer`; the `claims` parameter is interpreted in `mapping`.

mod request;

use crate::error::{ErrorCode, OauthError};
use crate::form::Params;
use crate::pkce::Challenge;
use crate::scope::Scopes;
use crate::target;

pub use request::{AuthorizeRequest, Prompt, ResponseMode};

/// Longest `state` in bytes.
pub const MAX_STATE: usize = 2048;
/// Longest `nonce` in bytes.
pub const MAX_NONCE: usize = 512;
/// Longest `claims` in bytes.
pub const MAX_CLAIMS: usize = 4096;
/// Longest `client_id` in bytes.
pub const MAX_CLIENT_ID: usize = 128;
/// Longest `redirect_uri` in bytes.
pub const MAX_REDIRECT_URI: usize = 2000;
const MAX_TEXT: usize = 512;
const MAX_HINT_TOKEN: usize = 16 * 1024;

/// A refusal that may be sent to the (already verified) redirect URI, with what is needed to do so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizeRefusal {
    /// What was refused.
    pub error: OauthError,
    /// `state` to return byte for byte; `None` if none was sent or it was over-long.
    pub state: Option<String>,
    /// How to send the answer; `query` if the request named no mode that we offer.
    pub response_mode: ResponseMode,
}

/// First stage: who asks, and where the answer shall go. Errors are shown on our own page and
/// never redirected (RFC 6749 §4.1.2.1).
pub fn client_and_redirect(params: &Params) -> Result<(&str, Option<&str>), OauthError> {
    let client_id = params.get("client_id");
    let client_id = client_id.ok_or_else(|| OauthError::invalid_request("client_id is missing"))?;
    let redirect_uri = params.get("redirect_uri");
    if client_id.len() > MAX_CLIENT_ID {
        return Err(OauthError::invalid_request("client_id is longer than 128 bytes"));
    }
    if redirect_uri.is_some_and(|uri| uri.len() > MAX_REDIRECT_URI) {
        return Err(OauthError::invalid_request("redirect_uri is longer than 2000 bytes"));
    }
    Ok((client_id, redirect_uri))
}

/// Second stage: everything else, for a client and redirect URI that have been verified. Unknown
/// parameters and unknown values of `prompt` and `display` are ignored. Errors: one
/// [`AuthorizeRefusal`], the first in the order of the checks.
pub fn parse(params: &Params, redirect_uri: &str) -> Result<AuthorizeRequest, AuthorizeRefusal> {
    read(params, redirect_uri).map_err(|error| AuthorizeRefusal {
        error,
        state: bounded(params, "state", MAX_STATE).ok().flatten(),
        response_mode: response_mode(params).unwrap_or_default(),
    })
}

// The checks in their order.
fn read(params: &Params, redirect_uri: &str) -> Result<AuthorizeRequest, OauthError> {
    let (client_id, _) = client_and_redirect(params)?;
    let response_mode = response_mode(params)?;
    let state = bounded(params, "state", MAX_STATE)?;
    check_unsupported(params)?;
    check_response_type(params)?;
    Ok(AuthorizeRequest {
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        response_mode,
        scopes: Scopes::parse(params.get("scope").unwrap_or_default())?,
        state,
        nonce: bounded(params, "nonce", MAX_NONCE)?,
        challenge: challenge(params)?,
        prompt: prompt(params)?,
        max_age: max_age(params)?,
        login_hint: bounded(params, "login_hint", MAX_TEXT)?,
        ui_locales: bounded(params, "ui_locales", MAX_TEXT)?,
        acr_values: bounded(params, "acr_values", MAX_TEXT)?,
        id_token_hint: bounded(params, "id_token_hint", MAX_HINT_TOKEN)?,
        display: display(params),
        claims: claims(params)?,
        audience: target::audience(params)?,
    })
}

fn bounded(params: &Params, name: &str, max: usize) -> Result<Option<String>, OauthError> {
    match params.get(name) {
        Some(value) if value.len() > max => {
            Err(OauthError::invalid_request(format!("{name} is longer than {max} bytes")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

fn response_mode(params: &Params) -> Result<ResponseMode, OauthError> {
    match params.get("response_mode") {
        None | Some("query") => Ok(ResponseMode::Query),
        Some("form_post") => Ok(ResponseMode::FormPost),
        Some(_) => Err(OauthError::invalid_request("response_mode must be query or form_post")),
    }
}

fn check_unsupported(params: &Params) -> Result<(), OauthError> {
    // OIDC Core §3.1.2.6: ignoring a request object would drop what the client signed.
    let unsupported = [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ];
    match unsupported.into_iter().find(|(name, _)| params.has(name)) {
        Some((name, code)) => {
            Err(OauthError::new(code, format!("the {name} parameter is not offered here")))
        }
        None => Ok(()),
    }
}

fn check_response_type(params: &Params) -> Result<(), OauthError> {
    // RFC 6749 §3.1.1.
    match params.get("response_type") {
        Some("code") => Ok(()),
        Some(_) => {
            let hint = "response_type must be code";
            Err(OauthError::new(ErrorCode::UnsupportedResponseType, hint))
        }
        None => Err(OauthError::invalid_request("response_type is missing; it must be code")),
    }
}

fn challenge(params: &Params) -> Result<Option<Challenge>, OauthError> {
    let method = params.get("code_challenge_method");
    match params.get("code_challenge") {
        Some(challenge) => Challenge::parse(challenge, method).map(Some),
        // A method alone is a client that believes it is protected.
        None if method.is_some() => Err(OauthError::invalid_request("code_challenge is missing")),
        None => Ok(None),
    }
}

fn prompt(params: &Params) -> Result<Prompt, OauthError> {
    let mut prompt = Prompt::default();
    let mut values = 0;
    for value in params.get("prompt").unwrap_or_default().split(' ').filter(|v| !v.is_empty()) {
        values += 1;
        match value {
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            "consent" => prompt.consent = true,
            "select_account" => prompt.select_account = true,
            _ => {}
        }
    }
    // OIDC Core §3.1.2.1: none with any other value is an error.
    if prompt.none && values > 1 {
        return Err(OauthError::invalid_request("prompt=none cannot be combined"));
    }
    Ok(prompt)
}

fn max_age(params: &Params) -> Result<Option<i64>, OauthError> {
    let Some(text) = params.get("max_age") else { return Ok(None) };
    let digits = text.len() <= 10 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse().ok().filter(|_| digits) {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(OauthError::invalid_request("max_age must be a whole number of seconds")),
    }
}

fn display(params: &Params) -> Option<String> {
    let known = ["page", "popup", "touch", "wap"];
    params.get("display").filter(|value| known.contains(value)).map(str::to_owned)
}

fn claims(params: &Params) -> Result<Option<String>, OauthError> {
    let Some(text) = bounded(params, "claims", MAX_CLAIMS)? else { return Ok(None) };
    // OIDC Core §5.5. Written again without white space, because the request travels in URLs.
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
    match object {
        Ok(object) => Ok(Some(serde_json::Value::Object(object).to_string())),
        Err(_) => Err(OauthError::invalid_request("claims must be a JSON object")),
    }
}

#[cfg(test)]
mod tests;
