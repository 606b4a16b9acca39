//! What a discovery document must say for people to sign in (OpenID Connect Discovery 1.0 §3 and
//! §4.3, RFC 8414 §2). A document that says something else than the standard allows is a lie or a
//! mistake; either way it is named here and not met at a sign-in.

use outbound::Outbound;
use serde_json::{Map, Value};

use super::{Finding, LookUp};
use crate::answer::sentence;
use crate::id_token::ALGORITHMS;

/// How we can prove who we are, the standard's choice first.
pub(super) const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

pub(super) fn check(
    look: &mut LookUp,
    document: &Map<String, Value>,
    issuer: &str,
    outbound: &Outbound,
) {
    who(look, document, issuer);
    for (member, needed) in [
        ("authorization_endpoint", true),
        ("token_endpoint", true),
        ("jwks_uri", true),
        ("userinfo_endpoint", false),
    ] {
        address(look, document, member, needed, outbound);
    }
    how(look, document);
    signatures(look);
}

/// The document has to be about the issuer that was asked, letter by letter (§4.3): anything else
/// would let one provider speak for another.
fn who(look: &mut LookUp, document: &Map<String, Value>, issuer: &str) {
    match document.get("issuer").and_then(Value::as_str) {
        Some(said) if said == issuer => {}
        Some(said) => {
            let reason = format!("The document says it is {}, not {issuer}.", sentence(said));
            let twin = said.trim_end_matches('/') == issuer.trim_end_matches('/');
            let cure = match twin {
                true => "Enter the issuer as the document writes it: the slash at its end counts.",
                false => "Enter the issuer that the provider's documentation names.",
            };
            look.wrong("issuer", reason, cure);
        }
        None => {
            let cure = "Check the issuer: what is there is no discovery document.";
            look.wrong("issuer", "The document does not say who it is about.", cure);
        }
    }
}

fn address(
    look: &mut LookUp,
    document: &Map<String, Value>,
    member: &'static str,
    needed: bool,
    outbound: &Outbound,
) {
    let Some(text) = document.get(member).and_then(Value::as_str) else {
        if needed || document.contains_key(member) {
            let cure = "Ask the provider to mend its document, or add the connection with \
                        tessera connection create and its addresses.";
            look.wrong(member, format!("The document names no {member}."), cure);
        }
        return;
    };
    if let Err(error) = outbound.check_url(text) {
        let before = look.findings.len();
        look.unreached(member, &error);
        // The words are about the address alone; which one it is has to be said.
        if let Some(Finding { reason, .. }) = look.findings.get_mut(before) {
            *reason = format!("{}: {reason}", sentence(text));
        }
    }
}

/// The code flow, our ways to prove who we are, and PKCE with S256 where methods are named.
fn how(look: &mut LookUp, document: &Map<String, Value>) {
    let list = |name: &str| document.get(name).and_then(Value::as_array);
    let has = |list: &[Value], word: &str| list.iter().any(|v| v.as_str() == Some(word));
    let mend = "Choose a provider or a client type that allows it.";
    match list("response_types_supported") {
        Some(types) if has(types, "code") => {}
        Some(_) => look.wrong(
            "response_types_supported",
            "The provider does not offer the authorization code flow (response type code).",
            mend,
        ),
        None => look.wrong(
            "response_types_supported",
            "The document names no response types.",
            "Ask the provider to mend its discovery document.",
        ),
    }
    if list("grant_types_supported").is_some_and(|types| !has(types, "authorization_code")) {
        let reason = "The provider does not offer the grant type authorization_code.";
        look.wrong("grant_types_supported", reason, mend);
    }
    if look.methods().is_empty() {
        let said = look.auth_methods.join(", ");
        let reason = format!("Clients prove who they are by {said} alone, which we cannot.");
        let cure = "Allow client_secret_basic or client_secret_post at the provider.";
        look.wrong("token_endpoint_auth_methods_supported", reason, cure);
    }
    let methods = list("code_challenge_methods_supported");
    if methods.is_some_and(|methods| !has(methods, "S256")) {
        let reason = "The provider offers PKCE, but not with S256.";
        let cure = "Allow S256 at the provider, or add the connection with \
                    tessera connection create --no-pkce.";
        look.wrong("code_challenge_methods_supported", reason, cure);
    }
}

fn signatures(look: &mut LookUp) {
    const MEMBER: &str = "id_token_signing_alg_values_supported";
    if look.algorithms.iter().any(|alg| ALGORITHMS.contains(&alg.as_str())) {
        return;
    }
    let ours = ALGORITHMS.join(", ");
    let reason = match look.algorithms.is_empty() {
        true => "The document names no signature of ID tokens.".to_owned(),
        false => format!("ID tokens are signed with {} alone.", look.algorithms.join(", ")),
    };
    let cure = format!("Choose one of {ours} for the ID tokens of this client at the provider.");
    look.wrong(MEMBER, reason, cure);
}

#[cfg(test)]
mod tests {
    use outbound::Policy;
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://id.example.com";

    fn good() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example.com/authorize",
            "token_endpoint": "https://id.example.com/token",
            "jwks_uri": "https://id.example.com/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })
    }

    fn findings(change: Value) -> Vec<Finding> {
        let mut document = good();
        let members = document.as_object_mut().expect("an object");
        for (name, value) in change.as_object().expect("an object") {
            match value {
                Value::Null => _ = members.remove(name),
                value => _ = members.insert(name.clone(), value.clone()),
            }
        }
        let outbound = Outbound::new(Policy::default()).expect("a client");
        let mut look = LookUp::default();
        look.read(members);
        check(&mut look, members, ISSUER, &outbound);
        look.findings
    }

    #[test]
    fn a_sound_document_has_no_findings() {
        assert_eq!(findings(json!({})), []);
        let more = json!({
            "userinfo_endpoint": "https://api.example.com/me",
            "grant_types_supported": ["authorization_code", "implicit"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"],
            "code_challenge_methods_supported": ["plain", "S256"],
        });
        assert_eq!(findings(more), []);
    }

    #[test]
    fn each_lie_is_named_by_its_member() {
        let lies = [
            ("issuer", json!({ "issuer": "https://id.example.com/" })),
            ("issuer", json!({ "issuer": "https://evil.example" })),
            ("issuer", json!({ "issuer": null })),
            ("issuer", json!({ "issuer": 7 })),
            ("token_endpoint", json!({ "token_endpoint": null })),
            ("token_endpoint", json!({ "token_endpoint": "http://id.example.com/token" })),
            ("token_endpoint", json!({ "token_endpoint": "https://169.254.169.254/token" })),
            ("authorization_endpoint", json!({ "authorization_endpoint": "javascript:alert(1)" })),
            ("jwks_uri", json!({ "jwks_uri": "https://[::1]/keys" })),
            ("userinfo_endpoint", json!({ "userinfo_endpoint": "https://localhost/me" })),
            ("userinfo_endpoint", json!({ "userinfo_endpoint": ["https://a.example"] })),
            ("response_types_supported", json!({ "response_types_supported": ["id_token"] })),
            ("response_types_supported", json!({ "response_types_supported": null })),
            ("grant_types_supported", json!({ "grant_types_supported": ["implicit"] })),
            (
                "token_endpoint_auth_methods_supported",
                json!({ "token_endpoint_auth_methods_supported": ["tls_client_auth"] }),
            ),
            (
                "code_challenge_methods_supported",
                json!({ "code_challenge_methods_supported": ["plain"] }),
            ),
            (
                "id_token_signing_alg_values_supported",
                json!({ "id_token_signing_alg_values_supported": ["HS256", "none"] }),
            ),
        ];
        for (member, lie) in lies {
            let found = findings(lie.clone());
            let named: Vec<&str> = found.iter().map(|finding| finding.member).collect();
            assert_eq!(named, [member], "{lie}: {found:?}");
            assert!(found.iter().all(|f| !f.reason.is_empty() && !f.cure.is_empty()), "{found:?}");
        }
    }

    #[test]
    fn what_is_quoted_is_one_short_line() {
        let long = format!("https://id.example.com/{}\n", "x".repeat(9_000));
        let found = findings(json!({ "issuer": long }));
        assert!(found[0].reason.len() < 500 && !found[0].reason.contains('\n'), "{found:?}");
    }
}
