//! Checking our credentials at a provider without anybody signing in: a code that was never issued
//! is redeemed. Who refuses the client refuses the credentials; who refuses only the code has
//! accepted them (RFC 6749 §5.2). Nothing that comes back is kept but what it came to.

use std::sync::Arc;
use std::time::Duration;

use context::{Connection, ConnectionKind, Ctx, Tenant};
use openidconnect::{AuthorizationCode, PkceCodeVerifier};
use outbound::Budget;
use protocol::catalogue;
use serde_json::json;

use crate::Upstreams;
use crate::arrive::secret;
use crate::client::client;
use crate::endpoints::{Endpoints, endpoints};
use crate::exchange::{millis, refused};
use crate::failure::Failure;
use crate::keys;
use crate::run::Run;
use crate::wire::Wire;

/// What all requests of one check may take together.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection whose credentials are to be checked.
pub struct Question {
    connection: Arc<Connection>,
    secret: Option<String>,
    callback: String,
    made_up: String,
}

/// A debug line never shows the secret.
impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question").field("connection", &self.connection.id).finish()
    }
}

/// Prepares a check: opens the secret, makes a code up.
pub fn question(ctx: &Ctx, tenant: &Tenant, connection: &Arc<Connection>) -> Question {
    Question {
        secret: secret(ctx, tenant, connection),
        callback: crate::callback_url(&tenant.issuer, &connection.code),
        // As long as a PKCE verifier has to be, and of its characters (RFC 7636 §4.1).
        made_up: vault::new_session_token(&ctx.vault).expose().to_owned(),
        connection: Arc::clone(connection),
    }
}

/// Looks at the provider and its keys, and checks the credentials there. The steps are in `run`.
///
/// # Errors
/// [`Failure`]: [`catalogue::UPSTREAM_CLIENT`] when the credentials are refused; any other code
/// when that could not be found out.
pub async fn check_credentials(
    upstreams: &Upstreams,
    question: &Question,
    run: &mut Run,
) -> Result<(), Failure> {
    let connection = &*question.connection;
    let endpoints = endpoints(upstreams, connection, run).await?;
    if connection.kind == ConnectionKind::Oidc
        && let Some(url) = endpoints.keys.as_deref()
    {
        let found = keys::keys(upstreams, url).await;
        run.step("keys", found, |keys| json!({ "url": url, "keys": keys::shown(keys) }))?;
    }
    let told = ask(upstreams, question, &endpoints).await;
    let name = "credentials";
    match told {
        // The code alone was refused: the client was not.
        Err(failure) if failure.code == catalogue::UPSTREAM_CODE => {
            run.ok(name, || failure.evidence);
            Ok(())
        }
        Err(failure) => Err(run.fail(name, failure)),
        Ok(ms) => {
            let why = "the provider took a code that it never issued";
            let evidence = json!({ "why": why, "ms": ms });
            Err(run.fail(name, Failure::new(catalogue::UPSTREAM_TOKEN, evidence)))
        }
    }
}

/// Redeems a code that nobody issued.
async fn ask(
    upstreams: &Upstreams,
    question: &Question,
    endpoints: &Endpoints,
) -> Result<u64, Failure> {
    let connection = &*question.connection;
    let client = client(connection, endpoints, question.secret.clone(), &question.callback)?;
    let mut request = client.exchange_code(AuthorizationCode::new(question.made_up.clone()));
    if connection.config.pkce {
        request = request.set_pkce_verifier(PkceCodeVerifier::new(question.made_up.clone()));
    }
    let wire = Wire::new(&upstreams.outbound, Budget::of(PATIENCE));
    let call = |request| wire.call(request);
    let result = request.request_async(&call).await;
    let seen = match wire.take() {
        Some(seen) => seen?,
        None => return Err(Failure::because(catalogue::UPSTREAM_TOKEN, "nothing was sent")),
    };
    match result {
        Ok(_) => Ok(millis(&seen)),
        Err(error) => Err(refused(&seen, &error.to_string())),
    }
}
