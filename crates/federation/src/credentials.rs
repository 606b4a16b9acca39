//! Checking our credentials at a provider without anybody signing in: a code that was never issued
//! is redeemed. Who refuses the client refuses the credentials; who refuses only the code has
//! accepted them (RFC 6749 §5.2). Nothing that comes back is kept but what it came to.

use std::sync::Arc;
use std::time::Duration;

use context::{Connection, ConnectionKind, Ctx, Tenant};
use outbound::Budget;
use protocol::catalogue;
use serde_json::json;

use crate::Upstreams;
use crate::arrive::secret;
use crate::endpoints::{Endpoints, endpoints};
use crate::exchange::{Redemption, millis, redeem};
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
    let redemption = Redemption {
        connection: &question.connection,
        secret: question.secret.clone(),
        callback: &question.callback,
        code: question.made_up.clone(),
        verifier: question.made_up.clone(),
    };
    let wire = Wire::new(&upstreams.outbound, Budget::of(PATIENCE));
    let (seen, _) = redeem(redemption, endpoints, &wire).await?;
    Ok(millis(&seen))
}
