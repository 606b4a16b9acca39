//! What the lists of a connection's settings may hold: scopes, parameters, headers, requests,
//! algorithms and domains. Nothing in them may take the place of what the protocol itself sends.

use std::collections::BTreeMap;

use context::PlainHosts;
use store::ConnectionConfig;

use crate::connections::urls::check_upstream_url;
use crate::error::FieldError;

/// Parameters of the authorization request that are ours to set.
pub const PROTOCOL_PARAMS: [&str; 20] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "iss",
    "nonce",
    "redirect_uri",
    "registration",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "token",
];

/// Headers that are ours, the connection's or the network's to set.
const PROTOCOL_HEADERS: [&str; 16] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "accept-encoding",
];

/// Signature algorithms that an ID token may have, as `federation` verifies them: none symmetric,
/// and never none.
const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];

const SEPARATORS: [&str; 4] = [" ", ",", "+", ";"];
const MAX_SCOPES: usize = 50;
const MAX_PAIRS: usize = 20;
const MAX_REQUESTS: usize = 5;
const MAX_DOMAINS: usize = 50;
const MAX_VALUE: usize = 500;

/// The words of a list, without blanks.
pub(super) fn words(list: &[String]) -> Vec<String> {
    list.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect()
}

pub(super) fn check(config: &ConnectionConfig, plain: &PlainHosts, errors: &mut Vec<FieldError>) {
    scopes(config, errors);
    params(&config.extra_params, errors);
    headers(&config.headers, errors);
    requests(config, plain, errors);
    for alg in &config.id_token_algs {
        if !ALGORITHMS.contains(&alg.as_str()) {
            let message = format!("Choose from {}.", ALGORITHMS.join(", "));
            errors.push(FieldError::new("id_token_algs", "algorithm", message));
        }
    }
    domains(&config.email_domains, errors);
    for (field, path) in
        [("subject_path", &config.subject_path), ("label_path", &config.label_path)]
    {
        if path.len() > MAX_VALUE || path.chars().any(char::is_control) {
            let message = "Use at most 500 characters, none of them invisible.";
            errors.push(FieldError::new(field, "characters", message));
        }
    }
}

fn scopes(config: &ConnectionConfig, errors: &mut Vec<FieldError>) {
    if !SEPARATORS.contains(&config.scope_separator.as_str()) {
        let message = "Choose a space, a comma, a plus sign or a semicolon.";
        errors.push(FieldError::new("scope_separator", "separator", message));
    }
    if config.scopes.len() > MAX_SCOPES {
        let message = format!("Ask for at most {MAX_SCOPES} scopes.");
        errors.push(FieldError::new("scopes", "too_many", message));
    }
    // RFC 6749 §3.3: scope-token.
    let fits = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
    let separator = config.scope_separator.as_str();
    let wrong = |scope: &&String| {
        scope.len() > 200 || !scope.bytes().all(fits) || scope.contains(separator)
    };
    if let Some(scope) = config.scopes.iter().find(wrong) {
        let shown: String = scope.chars().take(60).collect();
        let message = format!("{shown} is no scope. Write scopes with spaces between them.");
        errors.push(FieldError::new("scopes", "scope", message));
    }
}

fn printable(value: &str) -> bool {
    value.len() <= MAX_VALUE && value.bytes().all(|b| (b' '..=b'~').contains(&b))
}

fn params(params: &BTreeMap<String, String>, errors: &mut Vec<FieldError>) {
    let mut wrong = |code, message: String| {
        errors.push(FieldError::new("extra_params", code, message));
    };
    if params.len() > MAX_PAIRS {
        wrong("too_many", format!("Send at most {MAX_PAIRS} parameters more."));
    }
    for (name, value) in params {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        let shown: String = name.chars().take(60).collect();
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fits) {
            wrong("name", format!("{shown} is no name of a parameter."));
        } else if PROTOCOL_PARAMS.contains(&name.to_ascii_lowercase().as_str()) {
            wrong("reserved", format!("{shown} is set for every sign-in and cannot be replaced."));
        } else if !printable(value) {
            wrong("value", format!("Shorten {shown} to 500 plain characters."));
        }
    }
}

fn headers(headers: &BTreeMap<String, String>, errors: &mut Vec<FieldError>) {
    let mut wrong = |code, message: String| {
        errors.push(FieldError::new("headers", code, message));
    };
    if headers.len() > MAX_PAIRS {
        wrong("too_many", format!("Send at most {MAX_PAIRS} headers more."));
    }
    for (name, value) in headers {
        // RFC 9110 §5.1, without the marks that no header uses.
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        let lower = name.to_ascii_lowercase();
        let reserved = PROTOCOL_HEADERS.contains(&lower.as_str())
            || ["proxy-", "sec-", "x-forwarded-"].iter().any(|start| lower.starts_with(start));
        let shown: String = name.chars().take(60).collect();
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fits) {
            wrong("name", format!("{shown} is no name of a header."));
        } else if reserved {
            wrong("reserved", format!("{shown} cannot be set here."));
        } else if value.trim().is_empty() || !printable(value) {
            wrong("value", format!("Give {shown} a value of at most 500 plain characters."));
        }
    }
}

fn requests(config: &ConnectionConfig, plain: &PlainHosts, errors: &mut Vec<FieldError>) {
    let mut wrong = |code, message: String| {
        errors.push(FieldError::new("extra_requests", code, message));
    };
    if config.extra_requests.len() > MAX_REQUESTS {
        wrong("too_many", format!("Ask at most {MAX_REQUESTS} times more."));
    }
    for (at, request) in config.extra_requests.iter().enumerate() {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let into = &request.into;
        let starts = into.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if !starts || into.len() > 40 || !into.bytes().all(fits) {
            wrong("name", "Name where the answer goes in small letters, such as emails.".into());
        } else if config.extra_requests[..at].iter().any(|other| other.into == *into) {
            wrong("twice", format!("Two answers cannot both go to {into}."));
        }
        if let Some(problem) = check_upstream_url(&request.url, plain) {
            wrong("url", problem);
        }
    }
}

fn domains(domains: &[String], errors: &mut Vec<FieldError>) {
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let fits = |domain: &String| {
        domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label)
    };
    if domains.len() > MAX_DOMAINS {
        let message = format!("Name at most {MAX_DOMAINS} domains.");
        errors.push(FieldError::new("email_domains", "too_many", message));
    } else if let Some(domain) = domains.iter().find(|domain| !fits(domain)) {
        let shown: String = domain.chars().take(60).collect();
        let message = format!("{shown} is no mail domain. Write it like example.com.");
        errors.push(FieldError::new("email_domains", "domain", message));
    }
}
