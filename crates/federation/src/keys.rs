//! The keys of a provider: its key set, kept, and fetched anew once when a token names a key that
//! is not in it. Keys that are not for signatures, or not sound, are left out.

use std::time::Instant;

use outbound::{Ages, Document};
use protocol::catalogue;
use serde_json::{Value, json};
use vault::VerifyingKey;

use crate::Upstreams;
use crate::failure::Failure;

/// Most keys of a set that are looked at.
const MOST: usize = 100;
const ACCEPT: &str = "application/json";

/// The key set of a provider.
pub(crate) async fn keys(upstreams: &Upstreams, url: &str) -> Result<Vec<VerifyingKey>, Failure> {
    let document = upstreams.documents.fetch_cached(url, ACCEPT, Ages::default()).await?;
    read(&document)
}

/// The key set as it is now, after a key was looked for in vain. `since` is when that began.
pub(crate) async fn newer(
    upstreams: &Upstreams,
    url: &str,
    since: Instant,
) -> Result<Vec<VerifyingKey>, Failure> {
    let document = upstreams.documents.refresh(url, ACCEPT, Ages::default(), since).await?;
    read(&document)
}

fn read(document: &Document) -> Result<Vec<VerifyingKey>, Failure> {
    let set: Value = document.json()?;
    let Some(list) = set.get("keys").and_then(Value::as_array) else {
        let why = format!("{} has no member keys", document.url);
        return Err(Failure::because(catalogue::ID_TOKEN_SIGNATURE, why));
    };
    Ok(list.iter().take(MOST).filter_map(key).collect())
}

/// The keys of a set that signatures can be verified with.
pub(crate) fn usable(set: &Value) -> Vec<VerifyingKey> {
    let list = set.get("keys").and_then(Value::as_array).into_iter().flatten();
    list.take(MOST).filter_map(key).collect()
}

/// RFC 7517 §5: a key that is not understood is ignored. One without a name gets an empty one.
fn key(jwk: &Value) -> Option<VerifyingKey> {
    let mut jwk = jwk.clone();
    if jwk.get("kid").is_none() {
        jwk.as_object_mut()?.insert("kid".to_owned(), Value::from(""));
    }
    VerifyingKey::from_jwk(&jwk).ok()
}

/// Names and algorithms, for the record.
pub(crate) fn shown(keys: &[VerifyingKey]) -> Value {
    keys.iter().map(|key| json!({ "kid": key.kid(), "alg": key.algorithm().as_str() })).collect()
}
