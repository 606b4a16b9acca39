//! The ID token: every check of OpenID Connect Core §3.1.3.7, in order, each with a code of its
//! own. Algorithm and key never come from the token alone. // R68

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mapping::redact_value;
use protocol::catalogue;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256, Sha512};
use vault::{Expect, JwtError, VerifyingKey, verify_foreign};

use crate::Upstreams;
use crate::arrive::Arrived;
use crate::endpoints::Endpoints;
use crate::failure::Failure;
use crate::keys;
use crate::run::Run;

/// Accepted unless the connection says otherwise. `none` and shared secrets never are.
pub(crate) const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];
/// Tolerated difference between the clocks, in seconds.
const LEEWAY_S: i64 = 60;
/// Longest subject (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;

/// The claims of a verified ID token.
pub(crate) async fn verify(
    upstreams: &Upstreams,
    arrived: &Arrived,
    endpoints: &Endpoints,
    token: &str,
    access: &str,
    run: &mut Run,
) -> Result<Map<String, Value>, Failure> {
    let began = Instant::now();
    let alg = run.step("id_token", algorithm(arrived, token), |alg| json!({ "alg": alg }))?;
    let url = endpoints.keys.as_deref().unwrap_or_default();
    let found = keys::keys(upstreams, url).await;
    let found =
        run.step("keys", found, |found| json!({ "url": url, "keys": keys::shown(found) }))?;
    let mut claims = checked(arrived, endpoints, token, &found);
    if matches!(claims, Err(JwtError::UnknownKey | JwtError::Signature)) {
        // The provider may have changed its keys since the set was fetched.
        let found = keys::newer(upstreams, url, began).await;
        let found = found.map_err(|failure| run.fail("keys", failure))?;
        claims = checked(arrived, endpoints, token, &found);
    }
    let claims = claims.map_err(|error| refused(error, token, endpoints));
    let claims = run.step("signature", claims, |_| json!({ "alg": alg }))?;
    let judged = judge(arrived, &claims, &alg, access).map(|()| claims);
    run.step("claims", judged, |claims| json!(redact_value(&Value::Object(claims.clone()))))
}

/// The token's algorithm, if the connection accepts it.
fn algorithm(arrived: &Arrived, token: &str) -> Result<String, Failure> {
    let malformed = || Failure::new(catalogue::ID_TOKEN_MALFORMED, shown(token));
    let header = part(token, 0).ok_or_else(malformed)?;
    let alg = header.get("alg").and_then(Value::as_str).ok_or_else(malformed)?;
    let own = &arrived.connection.config.id_token_algs;
    let listed = own.is_empty() || own.iter().any(|accepted| accepted == alg);
    match listed && ALGORITHMS.contains(&alg) {
        true => Ok(alg.to_owned()),
        false => Err(Failure::new(catalogue::ID_TOKEN_ALGORITHM, shown(token))),
    }
}

fn checked(
    arrived: &Arrived,
    endpoints: &Endpoints,
    token: &str,
    keys: &[VerifyingKey],
) -> Result<Map<String, Value>, JwtError> {
    let expect = Expect {
        typ: &["", "JWT"],
        issuer: &endpoints.issuer,
        audience: Some(&arrived.connection.config.client_id),
        now_s: arrived.now_s,
        allow_expired: false,
        leeway_s: LEEWAY_S,
    };
    verify_foreign(keys, token, expect)
}

fn refused(error: JwtError, token: &str, endpoints: &Endpoints) -> Failure {
    let code = match error {
        JwtError::Signature | JwtError::UnknownKey => catalogue::ID_TOKEN_SIGNATURE,
        JwtError::Algorithm => catalogue::ID_TOKEN_ALGORITHM,
        JwtError::Issuer => catalogue::ID_TOKEN_ISSUER,
        JwtError::Audience => catalogue::ID_TOKEN_AUDIENCE,
        JwtError::Expired | JwtError::NotYetValid => catalogue::ID_TOKEN_TIME,
        JwtError::TooLarge
        | JwtError::Malformed
        | JwtError::Critical
        | JwtError::Type
        | JwtError::Claim(_)
        | JwtError::Claims => catalogue::ID_TOKEN_MALFORMED,
    };
    let evidence = json!({
        "why": error.to_string(), "token": shown(token), "issuer": endpoints.issuer,
    });
    Failure::new(code, evidence)
}

/// The checks beyond signature, issuer, audience and times.
fn judge(
    arrived: &Arrived,
    claims: &Map<String, Value>,
    alg: &str,
    access: &str,
) -> Result<(), Failure> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let client = arrived.connection.config.client_id.as_str();
    // §3.1.3.7 3: an audience that is not trusted, and every other one is not.
    let foreign = claims.get("aud").and_then(Value::as_array);
    let foreign = foreign.is_some_and(|all| all.iter().any(|one| one != client));
    // §3.1.3.7 4 and 5
    let azp = claims.get("azp").is_some_and(|azp| azp != client);
    if foreign || azp {
        let evidence =
            json!({ "aud": claims.get("aud"), "azp": claims.get("azp"), "ours": client });
        return Err(Failure::new(catalogue::ID_TOKEN_AUDIENCE, evidence));
    }
    let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= LONGEST_SUBJECT);
    if subject.is_none_or(|sub| sub.chars().any(char::is_control)) || !claims.contains_key("iat") {
        let why = "sub or iat is missing or malformed";
        return Err(Failure::because(catalogue::ID_TOKEN_MALFORMED, why));
    }
    // §3.1.3.7 11
    let nonce = text("nonce").unwrap_or_default();
    if !vault::ct_eq(nonce.as_bytes(), arrived.transaction.nonce.as_bytes()) {
        let why = if nonce.is_empty() { "the nonce is missing" } else { "the nonce is another" };
        return Err(Failure::because(catalogue::ID_TOKEN_NONCE, why));
    }
    // §3.1.3.8
    match text("at_hash") {
        Some(hash) if hash != half_hash(alg, access) => {
            Err(Failure::because(catalogue::ID_TOKEN_NONCE, "at_hash is not of the access token"))
        }
        _ => Ok(()),
    }
}

/// The left half of the hash that belongs to the algorithm.
fn half_hash(alg: &str, text: &str) -> String {
    let hash = match alg {
        "EdDSA" => Sha512::digest(text.as_bytes()).to_vec(),
        _ => Sha256::digest(text.as_bytes()).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}

/// Header and claims of a token for the record, without its signature and without believing it.
pub(crate) fn shown(token: &str) -> Value {
    let claims = part(token, 1).map(|claims| redact_value(&claims));
    json!({ "header": part(token, 0), "claims": claims, "bytes": token.len() })
}

fn part(token: &str, index: usize) -> Option<Value> {
    let text = token.split('.').nth(index).filter(|text| text.len() <= vault::jwt::MAX_TOKEN)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
