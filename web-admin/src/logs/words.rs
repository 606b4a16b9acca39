//! Words for steps and causes: short ones for lists; sentences are the catalogue's.

use directory::logs::LogEntry;

/// Words that stay as the field writes them.
const ACRONYMS: [(&str, &str); 9] = [
    ("uri", "URI"),
    ("id", "ID"),
    ("csrf", "CSRF"),
    ("pkce", "PKCE"),
    ("tls", "TLS"),
    ("dns", "DNS"),
    ("url", "URL"),
    ("jwks", "JWKS"),
    ("json", "JSON"),
];

/// A code of the catalogue as a short title: `redirect_uri_mismatch` is "Redirect URI mismatch".
pub(crate) fn title_of(code: &str) -> String {
    let known = |word: &str| ACRONYMS.iter().find(|(from, _)| *from == word).map(|(_, to)| *to);
    let words: Vec<&str> = code.split('_').map(|word| known(word).unwrap_or(word)).collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What an entry of the log came to.
pub(super) fn what(entry: &LogEntry) -> String {
    match entry.outcome.as_str() {
        "failed" => title_of(&entry.code),
        "signed_in" => "Signed in".to_owned(),
        "signed_up" => "Signed up".to_owned(),
        "returned" => "Went on to the application".to_owned(),
        "signed_out" => "Signed out".to_owned(),
        _ => step(&entry.step),
    }
}

/// A step that went well.
pub(crate) fn step(name: &str) -> String {
    let text = match name {
        "authorize" => "Went on to the application",
        "password" => "Password checked",
        "upstream" => "Signed in at the provider",
        "upstream_start" => "Sent to the provider",
        "consent" => "Consent given",
        "token" => "Code exchanged for tokens",
        "revoke" => "Token revoked",
        "logout" => "Signed out",
        "sign_up" => "Account created",
        other => return title_of(other),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_titles() {
        assert_eq!(title_of("redirect_uri_mismatch"), "Redirect URI mismatch");
        assert_eq!(title_of("csrf_failed"), "CSRF failed");
        assert_eq!(title_of(""), "");
    }
}
