//! What a connection's settings may be. Every problem is found in one pass and names its field, so
//! that a form shows all of them beside what was typed.

use context::PlainHosts;
use store::{ConnectionConfig, ProfileFrom, Tx, UpstreamAuth};

use super::urls::check_upstream_url;
use crate::error::{Error, FieldError};

mod lists;

pub use lists::PROTOCOL_PARAMS;

/// A tenant has at most this many connections.
pub const MAX_CONNECTIONS: usize = 100;
/// Longest code in bytes.
const MAX_CODE: usize = 40;
/// Longest client id in bytes.
const MAX_CLIENT_ID: usize = 500;

/// Drops blanks and empty lines.
pub(super) fn tidy(config: &ConnectionConfig) -> ConnectionConfig {
    let mut config = config.clone();
    let blank = |url: &mut Option<String>| {
        *url = url.take().map(|u| u.trim().to_owned()).filter(|u| !u.is_empty());
    };
    blank(&mut config.authorization_endpoint);
    blank(&mut config.token_endpoint);
    blank(&mut config.userinfo_endpoint);
    blank(&mut config.jwks_uri);
    for text in [&mut config.issuer, &mut config.client_id] {
        *text = text.trim().to_owned();
    }
    for text in [&mut config.subject_path, &mut config.label_path] {
        *text = text.trim().to_owned();
    }
    config.scopes = lists::words(&config.scopes);
    config.id_token_algs = lists::words(&config.id_token_algs);
    let domains = lists::words(&config.email_domains);
    config.email_domains =
        domains.iter().map(|d| d.trim_start_matches('@').to_ascii_lowercase()).collect();
    config
}

/// What is wrong with a code.
pub(super) fn check_code(code: &str) -> Option<FieldError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let ends = !code.starts_with('-') && !code.ends_with('-');
    if !code.is_empty() && code.len() <= MAX_CODE && code.bytes().all(fits) && ends {
        return None;
    }
    Some(FieldError::new(
        "code",
        "code",
        "Use 1 to 40 small letters, digits and hyphens, such as google or acme-entra.",
    ))
}

/// Everything that is wrong with settings, but for what other rows have to say.
pub(crate) fn check_config(
    kind: &str,
    plain: &PlainHosts,
    config: &ConnectionConfig,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    client_id(config, &mut errors);
    match kind {
        "oidc" => oidc(config, plain, &mut errors),
        _ => oauth2(config, plain, &mut errors),
    }
    lists::check(config, plain, &mut errors);
    errors
}

fn client_id(config: &ConnectionConfig, errors: &mut Vec<FieldError>) {
    let id = &config.client_id;
    if id.is_empty() {
        let message = "Enter the client ID that the provider gave you.";
        errors.push(FieldError::new("client_id", "required", message));
    } else if id.len() > MAX_CLIENT_ID || !id.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        let message = "Copy the client ID again: at most 500 characters without special ones.";
        errors.push(FieldError::new("client_id", "characters", message));
    }
}

fn url(
    field: &'static str,
    text: Option<&str>,
    missing: Option<&str>,
    plain: &PlainHosts,
    errors: &mut Vec<FieldError>,
) {
    match (text.filter(|text| !text.is_empty()), missing) {
        (None, Some(missing)) => errors.push(FieldError::new(field, "required", missing)),
        (None, None) => {}
        (Some(text), _) => {
            if let Some(problem) = check_upstream_url(text, plain) {
                errors.push(FieldError::new(field, "url", problem));
            }
        }
    }
}

/// What is wrong with the issuer of an OpenID Connect provider.
pub fn check_issuer(issuer: &str, plain: &PlainHosts) -> Option<FieldError> {
    let mut errors = Vec::new();
    let missing = "Enter the issuer, such as https://id.example.com.";
    url("issuer", Some(issuer), Some(missing), plain, &mut errors);
    if issuer.contains('?') {
        // OpenID Connect Discovery 1.0 §2: no query.
        let message = "Remove the part that begins with ?.";
        errors.push(FieldError::new("issuer", "url", message));
    }
    errors.into_iter().next()
}

fn oidc(config: &ConnectionConfig, plain: &PlainHosts, errors: &mut Vec<FieldError>) {
    errors.extend(check_issuer(&config.issuer, plain));
    let wanted = |text| if config.discovery { None } else { Some(text) };
    let (authorization, token) = ("Enter the authorization endpoint.", "Enter the token endpoint.");
    endpoints(config, plain, wanted(authorization), wanted(token), errors);
    let keys = wanted("Enter where the provider's keys are.");
    let keys = keys.filter(|_| config.profile_from != ProfileFrom::Userinfo);
    url("jwks_uri", config.jwks_uri.as_deref(), keys, plain, errors);
    if !config.scopes.iter().any(|scope| scope == "openid") {
        let fix = ["openid".to_owned()].iter().chain(&config.scopes).cloned().collect::<Vec<_>>();
        let message = "Add the scope openid: without it there is no ID token.";
        let error = FieldError::new("scopes", "openid", message);
        errors.push(error.with_fix(Some(fix.join(" "))));
    }
}

fn oauth2(config: &ConnectionConfig, plain: &PlainHosts, errors: &mut Vec<FieldError>) {
    let (authorization, token) = ("Enter the authorization endpoint.", "Enter the token endpoint.");
    endpoints(config, plain, Some(authorization), Some(token), errors);
    if config.userinfo_endpoint.is_none() {
        let message = "Enter where the profile is asked for.";
        errors.push(FieldError::new("userinfo_endpoint", "required", message));
    }
    if config.issuer.is_empty() {
        let message =
            "Enter the name that this provider's people are kept under, such as its address.";
        errors.push(FieldError::new("issuer", "required", message));
    } else if let Some(problem) = check_upstream_url(&config.issuer, plain) {
        errors.push(FieldError::new("issuer", "url", problem));
    }
    if config.subject_path.is_empty() {
        let message = "Enter which member of the profile never changes, such as id.";
        errors.push(FieldError::new("subject_path", "required", message));
    }
}

fn endpoints(
    config: &ConnectionConfig,
    plain: &PlainHosts,
    authorization: Option<&str>,
    token: Option<&str>,
    errors: &mut Vec<FieldError>,
) {
    let given = config.authorization_endpoint.as_deref();
    url("authorization_endpoint", given, authorization, plain, errors);
    url("token_endpoint", config.token_endpoint.as_deref(), token, plain, errors);
    url("userinfo_endpoint", config.userinfo_endpoint.as_deref(), None, plain, errors);
}

/// A provider that asks for a secret needs one, and one that asks for none has none.
pub(super) fn secret_fits(config: &ConnectionConfig, has_secret: bool) -> Option<FieldError> {
    (config.token_auth != UpstreamAuth::None && !has_secret).then(|| {
        let message = "Enter the client secret that the provider gave you.";
        FieldError::new("client_secret", "required", message)
    })
}

/// Whether there is room for one more.
pub(super) fn room(standing: usize) -> Vec<FieldError> {
    if standing < MAX_CONNECTIONS {
        return Vec::new();
    }
    let message = format!("A tenant has at most {MAX_CONNECTIONS} connections. Delete one first.");
    vec![FieldError::new("code", "too_many", message)]
}

/// Every application that it is offered to has to be one of this tenant.
pub(super) fn applications(
    tx: &mut Tx,
    config: &ConnectionConfig,
) -> Result<Vec<FieldError>, Error> {
    let mut errors = Vec::new();
    let listed = config.applications.as_deref().unwrap_or_default();
    if listed.len() > 100 {
        let message = "Name at most 100 applications, or offer it to all.";
        errors.push(FieldError::new("applications", "too_many", message));
        return Ok(errors);
    }
    for id in listed {
        if tx.find_application(id)?.is_none() {
            let message = format!("There is no application {id} in this tenant.");
            errors.push(FieldError::new("applications", "unknown", message));
        }
    }
    Ok(errors)
}
