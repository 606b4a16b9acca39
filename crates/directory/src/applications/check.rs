//! What an application may be configured to. Every problem is found in one pass and names its
//! field, so that a form shows all of them beside what was typed.

use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::redirect_uri::{ApplicationType, Environment, check_registration, check_web_uri};
use store::{ApplicationConfig, GrantType};

use crate::error::FieldError;

/// More URIs than this in one list are refused.
pub const MAX_URIS: usize = 50;

/// Drops empty lines and blanks around URIs.
pub fn tidy(uris: &[String]) -> Vec<String> {
    uris.iter().map(|u| u.trim().to_owned()).filter(|u| !u.is_empty()).collect()
}

/// Everything that is wrong with a configuration.
pub fn check(
    kind: ApplicationType,
    environment: Environment,
    config: &ApplicationConfig,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    check_uris(kind, environment, config, &mut errors);
    check_links(kind, environment, config, &mut errors);
    check_lifetimes(config, &mut errors);
    check_protocol(kind, config, &mut errors);
    errors
}

fn check_uris(
    kind: ApplicationType,
    environment: Environment,
    config: &ApplicationConfig,
    errors: &mut Vec<FieldError>,
) {
    for (list, uris) in [
        ("redirect_uris", &config.redirect_uris),
        ("post_logout_redirect_uris", &config.post_logout_redirect_uris),
    ] {
        if kind == ApplicationType::Machine && !uris.is_empty() {
            errors.push(FieldError::new(
                list,
                "not_for_machines",
                "A machine has no browser to send back. Remove the URIs or choose another type.",
            ));
            continue;
        }
        if uris.len() > MAX_URIS {
            errors.push(FieldError::new(
                list,
                "too_many",
                format!("Keep at most {MAX_URIS} URIs."),
            ));
        }
        check_each(list, uris, kind, environment, errors);
    }
}

fn check_each(
    list: &str,
    uris: &[String],
    kind: ApplicationType,
    environment: Environment,
    errors: &mut Vec<FieldError>,
) {
    for (at, uri) in uris.iter().enumerate() {
        let field = format!("{list}.{at}");
        if let Err(problem) = check_registration(uri, kind, environment) {
            let error = FieldError::new(field, "redirect_uri", problem.message());
            errors.push(error.with_fix(problem.fix()));
        } else if uris[..at].contains(uri) {
            let message = "This URI is on the list twice. Remove one.";
            errors.push(FieldError::new(field, "twice", message));
        }
    }
}

fn check_links(
    kind: ApplicationType,
    environment: Environment,
    config: &ApplicationConfig,
    errors: &mut Vec<FieldError>,
) {
    for (field, link) in [
        ("home_url", &config.home_url),
        ("privacy_url", &config.privacy_url),
        ("terms_url", &config.terms_url),
    ] {
        if let Some(link) = link
            && let Err(problem) = check_web_uri(link, kind, environment)
        {
            errors.push(FieldError::new(field, "link", problem.message()).with_fix(problem.fix()));
        }
    }
}

const DAY: i64 = 86_400;

/// Field, what it is about, least and most seconds, and both in words.
const LIFETIMES: [(&str, &str, i64, i64, &str); 5] = [
    ("code_lifetime_s", "Codes", 30, 600, "30 and 600 seconds"),
    ("access_token_lifetime_s", "Access tokens", 60, DAY, "60 seconds and 1 day"),
    ("id_token_lifetime_s", "ID tokens", 60, DAY, "60 seconds and 1 day"),
    ("refresh_idle_s", "Unused refresh tokens", 300, 365 * DAY, "5 minutes and 365 days"),
    ("refresh_absolute_s", "Refresh tokens", 300, 730 * DAY, "5 minutes and 730 days"),
];

fn check_lifetimes(config: &ApplicationConfig, errors: &mut Vec<FieldError>) {
    let values = [
        config.code_lifetime_s,
        config.access_token_lifetime_s,
        config.id_token_lifetime_s,
        config.refresh_idle_s,
        config.refresh_absolute_s,
    ];
    for ((field, what, least, most, range), value) in LIFETIMES.into_iter().zip(values) {
        if !(least..=most).contains(&value) {
            errors.push(FieldError::new(
                field,
                "range",
                format!("{what} may live between {range}."),
            ));
        }
    }
}

fn check_protocol(kind: ApplicationType, config: &ApplicationConfig, errors: &mut Vec<FieldError>) {
    let public = matches!(kind, ApplicationType::Spa | ApplicationType::Native);
    let no_auth = config.token_endpoint_auth_method == TokenEndpointAuthMethod::None;
    if public && !no_auth {
        errors.push(FieldError::new(
            "token_endpoint_auth_method",
            "public",
            "A program in the hands of its users cannot keep a secret. Choose none.",
        ));
    }
    if !public && no_auth {
        errors.push(FieldError::new("token_endpoint_auth_method", "confidential", "A program on a server proves itself with a secret. Choose client_secret, client_secret_basic or client_secret_post."));
    }
    if public && !config.require_pkce {
        errors.push(FieldError::new(
            "require_pkce",
            "public",
            "PKCE cannot be switched off for this type of application.",
        ));
    }
    if public && config.grant_types.contains(&GrantType::ClientCredentials) {
        errors.push(FieldError::new(
            "grant_types",
            "public",
            "client_credentials needs a secret, which this type of application cannot keep.",
        ));
    }
    for (field, algorithm) in
        [("access_token_alg", &config.access_token_alg), ("id_token_alg", &config.id_token_alg)]
    {
        if algorithm.parse::<vault::Algorithm>().is_err() {
            errors.push(FieldError::new(field, "algorithm", "Choose ES256, RS256 or EdDSA."));
        }
    }
    if protocol::scope::Scopes::parse(&config.scopes.join(" ")).is_err() {
        errors.push(FieldError::new("scopes", "scope", "A scope is made of letters, digits and punctuation, without blanks, quotes or backslashes."));
    }
}
