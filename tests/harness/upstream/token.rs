//! The token endpoint: checks the client, the code, the callback and PKCE, and signs.

use super::script::{Alg, merge};
use super::serve::Seen;
use super::{CLIENT_ID, CLIENT_SECRET, Grant, Shared, lock};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use protocol::pkce::Challenge;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::UNIX_EPOCH;

/// Status and body of the answer.
pub(super) fn answer(shared: &Shared, seen: &Seen) -> (u16, String) {
    let error = |status, error: &str| (status, json!({ "error": error }).to_string());
    let form: HashMap<String, String> =
        url::form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
    let get = |name: &str| form.get(name).map_or("", String::as_str);
    if !client_is_right(seen, &form) {
        return error(401, "invalid_client");
    }
    let Some(grant) = lock(&shared.codes).remove(get("code")) else {
        return error(400, "invalid_grant");
    };
    let pkce = grant
        .challenge
        .as_deref()
        .is_none_or(|challenge| Challenge::of_verifier(get("code_verifier")).as_str() == challenge);
    if !pkce || get("redirect_uri") != grant.redirect_uri {
        return error(400, "invalid_grant");
    }
    let mut tokens = json!({
        "access_token": "access-of-the-provider", "token_type": "Bearer", "expires_in": 300,
    });
    tokens["id_token"] = Value::String(id_token(shared, &grant));
    (200, tokens.to_string())
}

fn client_is_right(seen: &Seen, form: &HashMap<String, String>) -> bool {
    let basic = seen.header("authorization").strip_prefix("Basic ").is_some_and(|text| {
        // RFC 6749 §2.3.1: both halves are form-encoded.
        let pair = STANDARD.decode(text).unwrap_or_default();
        let pair = String::from_utf8(pair).unwrap_or_default().replacen(':', "=", 1);
        let pair: Vec<_> = url::form_urlencoded::parse(pair.as_bytes()).into_owned().collect();
        pair == [(CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())]
    });
    let post = form.get("client_id").is_some_and(|id| id == CLIENT_ID)
        && form.get("client_secret").is_some_and(|secret| secret == CLIENT_SECRET);
    basic != post
}

fn id_token(shared: &Shared, grant: &Grant) -> String {
    let script = lock(&shared.script).clone();
    let now = now_s();
    let mut claims = json!({});
    if script.in_id_token {
        merge(&mut claims, &script.profile);
    }
    merge(
        &mut claims,
        &json!({
            "iss": shared.issuer(), "sub": script.profile["sub"], "aud": CLIENT_ID, "iat": now,
            "exp": now + 300, "nonce": grant.nonce,
        }),
    );
    merge(&mut claims, &script.id_token);
    let key = shared.signing();
    let signed = vault::sign(&key, "JWT", &claims).expect("a token");
    let (message, _) = signed.rsplit_once('.').expect("three parts");
    let forged = |alg: &str, signature: &[u8]| {
        crate::jwt::forge(&json!({ "alg": alg, "kid": key.kid() }), &claims, signature)
    };
    match script.alg {
        Alg::Key => signed,
        Alg::None => forged("none", b""),
        Alg::Hs256 => forged("HS256", &[7; 32]),
        Alg::Broken => format!("{message}.{}", URL_SAFE_NO_PAD.encode([7; 64])),
    }
}

/// Seconds since 1970; a provider has a clock of its own.
fn now_s() -> u64 {
    #[allow(clippy::disallowed_methods)]
    let now = std::time::SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
