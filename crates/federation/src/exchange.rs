//! The code for tokens. What went wrong is told apart for the admin: our credentials, the code, or
//! the endpoint; some providers say it with status 200.

use context::Connection;
use openidconnect::{AuthorizationCode, PkceCodeVerifier};
use outbound::Response;
use protocol::catalogue;
use serde_json::{Value, json};

use crate::answer::{sentence, word};
use crate::arrive::Arrived;
use crate::client::{Tokens, client};
use crate::endpoints::Endpoints;
use crate::failure::Failure;
use crate::id_token;
use crate::wire::Wire;

/// Tokens, and what the endpoint said for the record.
pub(crate) struct Exchanged {
    pub tokens: Tokens,
    pub evidence: Value,
}

/// A code, and who redeems it.
pub(crate) struct Redemption<'a> {
    pub connection: &'a Connection,
    pub secret: Option<String>,
    pub callback: &'a str,
    pub code: String,
    /// Of PKCE; sent where the connection uses it.
    pub verifier: String,
}

/// Redeems the code of a sign-in.
pub(crate) async fn exchange(
    arrived: &Arrived,
    endpoints: &Endpoints,
    wire: &Wire<'_>,
) -> Result<Exchanged, Failure> {
    let redemption = Redemption {
        connection: &arrived.connection,
        secret: arrived.secret.clone(),
        callback: &arrived.callback,
        code: arrived.code.clone(),
        verifier: arrived.transaction.verifier.clone(),
    };
    let (seen, tokens) = redeem(redemption, endpoints, wire).await?;
    let evidence = evidence(&seen, &tokens);
    Ok(Exchanged { tokens, evidence })
}

/// Asks the token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5); what it answered, and the tokens.
pub(crate) async fn redeem(
    with: Redemption<'_>,
    endpoints: &Endpoints,
    wire: &Wire<'_>,
) -> Result<(Response, Tokens), Failure> {
    let client = client(with.connection, endpoints, with.secret, with.callback)?;
    let mut request = client.exchange_code(AuthorizationCode::new(with.code));
    if with.connection.config.pkce {
        request = request.set_pkce_verifier(PkceCodeVerifier::new(with.verifier));
    }
    let call = |request| wire.call(request);
    let result = request.request_async(&call).await;
    let seen = match wire.take() {
        Some(seen) => seen?,
        None => return Err(Failure::because(catalogue::UPSTREAM_TOKEN, "nothing was sent")),
    };
    match result {
        Ok(tokens) => Ok((seen, tokens)),
        Err(error) => Err(refused(&seen, &error.to_string())),
    }
}

fn evidence(seen: &Response, tokens: &Tokens) -> Value {
    let id_token = tokens.id_token.as_deref().map(id_token::shown);
    json!({ "status": seen.status, "ms": millis(seen), "id_token_parts": id_token })
}

pub(crate) fn millis(seen: &Response) -> u64 {
    u64::try_from(seen.took.as_millis()).unwrap_or(u64::MAX)
}

/// What an error answer means. The standard says `error` with status 400 or 401; GitHub says it
/// with 200, others with a status alone.
fn refused(seen: &Response, why: &str) -> Failure {
    let body: Value = seen.json().unwrap_or(Value::Null);
    let error = body.get("error").and_then(Value::as_str).map(word).unwrap_or_default();
    let description = body.get("error_description").and_then(Value::as_str).map(sentence);
    let code = match error.as_str() {
        "invalid_client" | "unauthorized_client" | "incorrect_client_credentials" => {
            catalogue::UPSTREAM_CLIENT
        }
        "invalid_grant" | "bad_verification_code" | "redirect_uri_mismatch" => {
            catalogue::UPSTREAM_CODE
        }
        "" if seen.status == 401 => catalogue::UPSTREAM_CLIENT,
        "" if !seen.is_success() => catalogue::UPSTREAM_STATUS,
        _ => catalogue::UPSTREAM_TOKEN,
    };
    let why = error.is_empty().then(|| sentence(why));
    let evidence = json!({
        "status": seen.status, "ms": millis(seen), "error": error,
        "error_description": description, "why": why,
        "content_type": seen.header("content-type").map(sentence),
    });
    Failure::new(code, evidence)
}
