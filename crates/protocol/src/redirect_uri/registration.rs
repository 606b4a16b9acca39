//! Rules for registering an address. They are stricter than the syntax of RFC 3986: an address is
//! accepted only if a browser reads it exactly as it is written.
//!
//! The words for each refusal are in `problem`; nothing here is asked when a request comes in.

use url::{Host, Url};

use super::{ApplicationType, Environment, UriProblem};

/// Longest address in bytes.
pub const MAX_URI: usize = 2000;

// None of these may be registered whatever the rest says; all of them run code, read files or
// hand the address to another program.
const DANGEROUS: [&str; 18] = [
    "about",
    "blob",
    "chrome",
    "cid",
    "data",
    "feed",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Checks a redirect URI before it is registered. Errors: [`UriProblem`], the first one found.
///
/// `https` is open to all kinds of application but machines; `http` to loopback hosts, of native
/// applications or in development (RFC 8252 §7.3); a private scheme to native applications, if
/// it holds a dot (RFC 8252 §7.1).
pub fn check_registration(
    uri: &str,
    app: ApplicationType,
    env: Environment,
) -> Result<(), UriProblem> {
    if app == ApplicationType::Machine {
        return Err(UriProblem::Machine);
    }
    check_web_uri(uri, app, env)
}

/// The same rules for the other addresses an application registers, such as the one to return to
/// after sign-out.
pub fn check_web_uri(uri: &str, app: ApplicationType, env: Environment) -> Result<(), UriProblem> {
    check_characters(uri)?;
    let Some((scheme, rest)) = split_scheme(uri)? else {
        return Err(UriProblem::NoScheme(guess_scheme(uri, app, env)));
    };
    match scheme {
        "https" => check_authority(uri, rest).map(|_| ()),
        "http" => check_http(uri, rest, app, env),
        _ => check_private_scheme(scheme, rest, app),
    }
}

fn check_characters(uri: &str) -> Result<(), UriProblem> {
    if uri.is_empty() {
        return Err(UriProblem::Empty);
    }
    if uri.len() > MAX_URI {
        return Err(UriProblem::TooLong);
    }
    // WHATWG parsers drop tabs and newlines and read `\` as `/`; RFC 3986 §2 knows none of these.
    let refused = |b: u8| !b.is_ascii_graphic() || b"\\\"<>^`{|}".contains(&b);
    if uri.bytes().any(refused) {
        return Err(UriProblem::Character);
    }
    for (at, _) in uri.match_indices('%') {
        let digits = uri.as_bytes().get(at + 1..at + 3);
        if !digits.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)) {
            return Err(UriProblem::Escape);
        }
    }
    // RFC 6749 §3.1.2: the redirection endpoint MUST NOT include a fragment. // R3
    if let Some((before, _)) = uri.split_once('#') {
        return Err(UriProblem::Fragment(before.to_owned()));
    }
    match uri.contains('*') {
        true => Err(UriProblem::Wildcard),
        false => Ok(()),
    }
}

// RFC 3986 §3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ), here in lower case.
fn split_scheme(uri: &str) -> Result<Option<(&str, &str)>, UriProblem> {
    let Some((scheme, rest)) = uri.split_once(':') else { return Ok(None) };
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.bytes().all(inner) {
        return Ok(None);
    }
    let lower = scheme.to_ascii_lowercase();
    if DANGEROUS.contains(&lower.as_str()) {
        return Err(UriProblem::DangerousScheme);
    }
    // `localhost:3000/cb` is a host and a port, not a scheme.
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    match scheme == lower {
        true => Ok(Some((scheme, rest))),
        false => Err(UriProblem::SchemeCase(format!("{lower}:{rest}"))),
    }
}

// What somebody meant who typed a host: `http` for a loopback host where that is allowed, else
// `https`.
fn guess_scheme(uri: &str, app: ApplicationType, env: Environment) -> Option<String> {
    let rest = uri.strip_prefix("//").unwrap_or(uri);
    let host = rest.split(['/', '?', ':']).next().unwrap_or_default();
    let likely = host.contains('.') || host == "localhost";
    let guesses = ["http://", "https://"].map(|scheme| format!("{scheme}{rest}"));
    guesses.into_iter().find(|guess| likely && check_web_uri(guess, app, env).is_ok())
}

fn check_http(
    uri: &str,
    rest: &str,
    app: ApplicationType,
    env: Environment,
) -> Result<(), UriProblem> {
    let host = check_authority(uri, rest)?;
    // RFC 8252 §7.3 and §8.3; RFC 9700 §2.6. // R2
    let loopback = ["127.0.0.1", "[::1]", "localhost"].contains(&host);
    let allowed = app == ApplicationType::Native || env == Environment::Development;
    match loopback && allowed {
        true => Ok(()),
        false => Err(UriProblem::Insecure(format!("https:{rest}"))),
    }
}

// Checks `//host[:port][/path][?query]` and returns the host. What we read must be what a browser
// reads: no user part, no encoded or numeric tricks in the host, no dot segments in the path.
fn check_authority<'a>(uri: &str, rest: &'a str) -> Result<&'a str, UriProblem> {
    let after = rest.strip_prefix("//").ok_or(UriProblem::Host)?;
    let end = after.find(['/', '?']).unwrap_or(after.len());
    let (authority, path_and_query) = after.split_at(end);
    if authority.contains('@') {
        return Err(UriProblem::UserInfo);
    }
    let host = split_port(authority).ok_or(UriProblem::Host)?;
    let parsed = Url::parse(uri).map_err(|_| UriProblem::Host)?;
    let same_host = parsed.host_str().is_some_and(|seen| seen.eq_ignore_ascii_case(host));
    let plain = matches!(parsed.host(), Some(Host::Domain(_))).then_some(host);
    if !same_host || plain.is_some_and(|name| !is_host_name(name)) {
        return Err(UriProblem::Host);
    }
    check_path(&parsed, rest.len() - path_and_query.len(), rest, path_and_query)?;
    Ok(host)
}

fn split_port(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rfind(']') {
        Some(close) => authority.split_at(close + 1),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let fine = match port.strip_prefix(':') {
        Some(digits) => !digits.starts_with(['0', '+']) && digits.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    (fine && !host.is_empty()).then_some(host)
}

fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

fn check_path(
    parsed: &Url,
    path_at: usize,
    rest: &str,
    path_and_query: &str,
) -> Result<(), UriProblem> {
    let (path, query) =
        path_and_query.split_at(path_and_query.find('?').unwrap_or(path_and_query.len()));
    if path.is_empty() || path == parsed.path() {
        return Ok(());
    }
    let before = &rest[..path_at];
    Err(UriProblem::Rewritten(format!("{}:{before}{}{query}", parsed.scheme(), parsed.path())))
}

fn check_private_scheme(scheme: &str, rest: &str, app: ApplicationType) -> Result<(), UriProblem> {
    if app != ApplicationType::Native {
        return Err(UriProblem::SchemeNotNative);
    }
    // RFC 8252 §7.1: a reverse domain name, so at least one dot.
    if !scheme.contains('.') {
        return Err(UriProblem::SchemeWithoutDot);
    }
    let authority = rest.strip_prefix("//").map(|after| after.split(['/', '?']).next());
    if authority.flatten().is_some_and(|authority| authority.contains('@')) {
        return Err(UriProblem::UserInfo);
    }
    match rest.starts_with('/') {
        true => Ok(()),
        false => Err(UriProblem::Host),
    }
}
