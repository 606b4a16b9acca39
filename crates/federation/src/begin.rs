//! Sending somebody to a provider. The connection must be offered to whoever asks; `state`, nonce
//! and PKCE verifier are made and sealed; nothing is written unless the sealed value is too long
//! for a URL.

use std::sync::Arc;

use context::{Application, Connection, Ctx, Tenant};
use issuer::{Browser, Flow};
use protocol::catalogue;
use serde_json::json;
use store::Error;

use crate::client::{Wishes, authorization_url, client, explained};
use crate::endpoints::endpoints;
use crate::failure::{Failure, Refusal};
use crate::run::Run;
use crate::transaction::{Intent, Transaction};
use crate::{Upstreams, callback_url};

/// Somebody who is about to be sent to a provider.
pub struct Ready {
    pub(crate) connection: Arc<Connection>,
    pub(crate) state: String,
    pub(crate) callback: String,
    pub(crate) wishes: Wishes,
    pub(crate) transaction: Transaction,
}

/// Prepares a sign-in in a flow. `then` is an identity that waits for it as its proof. The inner
/// error is what the person is shown.
///
/// # Errors
/// Whatever the database reports.
pub fn begin(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    flow: (&Flow, &str),
    application: &Application,
    code: &str,
    then: Option<String>,
) -> Result<Result<Ready, Box<Refusal>>, Error> {
    let (flow, tx) = flow;
    let refusal = |code| Refusal {
        code,
        support: flow.id.clone(),
        tx: Some(tx.to_owned()),
        application: Some(application.name.clone()),
        ..Refusal::default()
    };
    let Some(connection) = of_code(ctx, tenant, code)? else {
        return Ok(Err(Box::new(refusal(catalogue::CONNECTION_UNKNOWN))));
    };
    if !offered(ctx, tenant, &connection, application)? {
        return Ok(Err(Box::new(refusal(catalogue::CONNECTION_DISABLED))));
    }
    let intent = Intent::SignIn { tx: tx.to_owned(), flow: flow.id.clone(), then };
    let wishes = Wishes { again: flow.request.prompt.login, hint: flow.request.login_hint.clone() };
    prepare(ctx, tenant, browser, connection, intent, wishes).map(Ok)
}

/// Prepares linking an identity to whoever is signed in in `session`. The pages that offer it
/// check that the proof is fresh and that the form was theirs. None for a connection that is not
/// there or switched off.
///
/// # Errors
/// Whatever the database reports.
pub fn begin_link(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    code: &str,
    user: &str,
    session: &str,
) -> Result<Option<Ready>, Error> {
    let Some(connection) = of_code(ctx, tenant, code)?.filter(|c| c.enabled) else {
        return Ok(None);
    };
    let intent = Intent::Link { user: user.to_owned(), session: session.to_owned() };
    prepare(ctx, tenant, browser, connection, intent, Wishes::default()).map(Some)
}

pub(crate) fn prepare(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    connection: Arc<Connection>,
    intent: Intent,
    wishes: Wishes,
) -> Result<Ready, Error> {
    let transaction = Transaction::new(ctx, &connection, browser, intent);
    let state = transaction.seal(ctx, tenant)?;
    let callback = callback_url(&tenant.issuer, &connection.code);
    Ok(Ready { connection, state, callback, wishes, transaction })
}

/// Where the browser is sent.
///
/// # Errors
/// [`Failure`] when the provider's endpoints cannot be found out.
pub async fn send_off(
    upstreams: &Upstreams,
    ready: &Ready,
    run: &mut Run,
) -> Result<String, Failure> {
    let connection = &*ready.connection;
    let endpoints = endpoints(upstreams, connection, run).await?;
    let client = client(connection, &endpoints, None, &ready.callback);
    let url = client.map(|client| {
        authorization_url(&client, connection, &ready.transaction, &ready.state, &ready.wishes)
    });
    run.step(
        "authorization_request",
        url,
        |url| json!({ "request": explained(url), "callback_to_register": ready.callback }),
    )
}

impl Ready {
    /// The provider's name.
    pub fn provider(&self) -> &str {
        &self.connection.name
    }

    /// What the person is shown when [`send_off`] failed.
    pub fn refusal(&self, failure: &Failure) -> Refusal {
        refusal_of(&self.connection, &self.transaction.intent, failure.code)
    }

    /// Notes a failed start.
    pub fn note(&self, ctx: &Ctx, tenant: &Tenant, failure: &Failure, run: &Run) {
        note(ctx, tenant, &self.connection, &self.transaction.intent, failure, run);
    }
}

/// What a person is shown of a failure that the trace has.
pub(crate) fn refusal_of(connection: &Connection, intent: &Intent, code: &'static str) -> Refusal {
    let (tx, support) = match intent {
        Intent::SignIn { tx, flow, .. } => (Some(tx.clone()), flow.clone()),
        Intent::Link { .. } | Intent::Test { .. } => (None, String::new()),
    };
    let connection = Some((connection.code.clone(), connection.name.clone()));
    Refusal { code, tx, support, connection, noted: true, ..Refusal::default() }
}

/// A failure in the trace of its flow.
pub(crate) fn note(
    ctx: &Ctx,
    tenant: &Tenant,
    connection: &Connection,
    intent: &Intent,
    failure: &Failure,
    run: &Run,
) {
    let Intent::SignIn { flow, .. } = intent else { return };
    ctx.traces.record(context::TraceEvent {
        tenant: tenant.id.clone(),
        flow: flow.clone(),
        at: ctx.now(),
        step: "upstream",
        code: failure.code,
        application: String::new(),
        user: String::new(),
        connection: connection.id.as_str().to_owned(),
        detail: json!({
            "at": run.failed_at(),
            "evidence": mapping::redact_value(&failure.evidence),
        }),
    });
}

/// Whether an application offers this way in.
pub(crate) fn offered(
    ctx: &Ctx,
    tenant: &Tenant,
    connection: &Connection,
    application: &Application,
) -> Result<bool, Error> {
    let offer = issuer::offer::of(ctx, tenant, application)?;
    Ok(offer.connection(&connection.code).is_some())
}

pub(crate) fn of_code(
    ctx: &Ctx,
    tenant: &Tenant,
    code: &str,
) -> Result<Option<Arc<Connection>>, Error> {
    let all = ctx.snapshots.connections(ctx, &tenant.id)?;
    Ok(all.iter().find(|connection| connection.code == code).map(Arc::clone))
}
