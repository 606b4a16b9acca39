//! What a provider does: everything right, unless a test changes a member.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// How ID tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alg {
    /// With its key.
    #[default]
    Key,
    /// Not at all.
    None,
    /// With the public key as a shared secret.
    Hs256,
    /// With other bytes in place of the signature.
    Broken,
}

/// What it does.
#[derive(Clone, Debug)]
pub struct Script {
    /// Claims of the ID token: merged over the right ones, `null` removes one.
    pub id_token: Value,
    /// Members of userinfo, and of the ID token when `in_id_token`.
    pub profile: Value,
    /// Whether the profile stands in the ID token too.
    pub in_id_token: bool,
    /// How ID tokens are signed.
    pub alg: Alg,
    /// Members of the discovery document: merged over the right ones, `null` removes one.
    pub discovery: Value,
    /// `iss` of its answers to the browser (RFC 9207).
    pub iss: Option<String>,
    /// Answers of paths in place of the right ones: status, content type, body.
    pub answers: HashMap<String, (u16, String, String)>,
    /// Paths that answer with a redirect: status and location.
    pub redirects: HashMap<String, (u16, String)>,
    /// Paths that answer late.
    pub delays: HashMap<String, Duration>,
    /// Paths that answer without end: so many bytes.
    pub floods: HashMap<String, u64>,
}

impl Default for Script {
    fn default() -> Script {
        Script {
            id_token: json!({}),
            profile: json!({
                "sub": "ann-at-the-provider", "email": "ann@people.test", "email_verified": true,
                "name": "Ann Archer", "given_name": "Ann", "family_name": "Archer",
            }),
            in_id_token: true,
            alg: Alg::Key,
            discovery: json!({}),
            iss: None,
            answers: HashMap::new(),
            redirects: HashMap::new(),
            delays: HashMap::new(),
            floods: HashMap::new(),
        }
    }
}

impl Script {
    /// Another person.
    pub fn person(&mut self, subject: &str, email: &str, verified: Value) {
        self.profile = json!({
            "sub": subject, "email": email, "email_verified": verified, "name": subject,
        });
    }

    /// A path that answers like this.
    pub fn answer(&mut self, path: &str, status: u16, kind: &str, body: &str) {
        self.answers.insert(path.to_owned(), (status, kind.to_owned(), body.to_owned()));
    }
}

/// Puts members over others; `null` removes one.
pub(crate) fn merge(into: &mut Value, from: &Value) {
    let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) else { return };
    for (name, value) in from {
        if value.is_null() {
            into.remove(name);
        } else {
            into.insert(name.clone(), value.clone());
        }
    }
}
