//! What was found at an issuer, as the page of a new connection shows it before anything is saved:
//! the document as facts, and each finding with its cure.

use federation::LookUp;

use super::form::METHODS;
use crate::views::Problems;
use crate::views::connections::Fields;
use crate::views::new_connection::Found;

/// The document for the page.
pub(super) fn shown(look: &LookUp) -> Found {
    let list = |entries: &[String]| entries.join(" ");
    let keys: Vec<String> = look.keys.iter().map(|(name, alg)| format!("{name} ({alg})")).collect();
    let fact = |label, value: String, unsaid: &'static str| (label, value, unsaid);
    Found {
        url: look.url.clone(),
        sound: look.is_sound(),
        facts: vec![
            fact("Issuer", look.issuer.clone(), "Not said"),
            fact("Authorization endpoint", look.authorization.clone(), "Not said"),
            fact("Token endpoint", look.token.clone(), "Not said"),
            fact("Profile endpoint", look.userinfo.clone(), "None: the ID token has the profile"),
            fact("Keys (JWKS)", look.keys_url.clone(), "Not said"),
            fact("Signing keys", keys.join(", "), "None that we can use"),
            fact("Scopes", list(&look.scopes), "Not said"),
            fact("Client authentication", list(&look.auth_methods), "Not said"),
            fact("ID token signatures", list(&look.algorithms), "Not said"),
            fact("PKCE", list(&look.pkce), "Not said; S256 is sent all the same"),
        ],
        findings: look
            .findings
            .iter()
            .map(|found| (found.member, found.reason.clone(), found.cure.clone()))
            .collect(),
    }
}

/// What is wrong, beside the field that was typed: the issuer.
pub(super) fn problems(look: &LookUp) -> Problems {
    let mut problems = Problems::default();
    if let Some(first) = look.findings.first() {
        let message = match first.member {
            "issuer" => format!("{} {}", first.reason, first.cure),
            member => format!("{member}: {} {}", first.reason, first.cure),
        };
        problems.add("issuer", &message);
    }
    problems
}

/// Sets what the document says better than the form: scopes that are not offered there are left
/// out, and a way to prove who we are that is not accepted there is changed for one that is.
pub(super) fn suit(fields: &mut Fields, look: &LookUp) {
    let offered = |scope: &&str| look.scopes.iter().any(|known| known == scope);
    if look.scopes.iter().any(|scope| scope == "openid") {
        let kept: Vec<&str> = fields.scopes.split_whitespace().filter(offered).collect();
        fields.scopes = kept.join(" ");
    }
    let methods = look.methods();
    if !methods.contains(&fields.token_auth.as_str()) {
        let known = METHODS.iter().find(|(method, _)| methods.contains(method));
        fields.token_auth = known.map_or("", |(method, _)| method).to_owned();
    }
}
