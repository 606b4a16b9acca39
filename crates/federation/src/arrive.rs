//! Coming back from a provider: everything that is checked before the provider is spoken to. Order
//! matters: the browser first, then whether this is the callback of the connection that was asked,
//! then whose answer it is; only then the answer itself.

use std::sync::Arc;

use context::{Application, Connection, Ctx, Tenant};
use issuer::upstream::{spend_state, state_is_spent};
use issuer::{Browser, Flow, FlowError};
use protocol::catalogue;
use serde_json::json;
use store::Error;

use crate::answer::{Answer, sentence, word};
use crate::begin::{note, of_code, offered, refusal_of};
use crate::conclude::Conclusion;
use crate::connection_test;
use crate::failure::{Failure, Refusal};
use crate::run::Run;
use crate::transaction::{Intent, StateError, Transaction};

/// An answer that may be taken to the provider.
pub struct Arrived {
    pub(crate) transaction: Transaction,
    pub(crate) connection: Arc<Connection>,
    pub(crate) code: String,
    pub(crate) iss: Option<String>,
    pub(crate) asked: Option<Asked>,
    pub(crate) secret: Option<String>,
    pub(crate) now_s: i64,
    pub(crate) callback: String,
}

/// The flow that waits.
pub(crate) struct Asked {
    pub flow: Flow,
    pub tx: String,
    pub application: Arc<Application>,
}

impl Arrived {
    /// A record of steps that fits what the sign-in is for.
    pub fn run(&self) -> Run {
        Run::new(matches!(self.transaction.intent, Intent::Test { .. }))
    }
}

/// Checks an answer that arrived at the callback of the connection `code`. The inner error is
/// where the person goes instead.
///
/// # Errors
/// Whatever the database reports.
pub fn arrive(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    code: &str,
    answer: Answer,
) -> Result<Result<Box<Arrived>, Conclusion>, Error> {
    let transaction = match opened(ctx, tenant, browser, code, &answer)? {
        Ok(transaction) => transaction,
        Err(conclusion) => return Ok(Err(conclusion)),
    };
    let Some(connection) = of_code(ctx, tenant, code)? else {
        return Ok(Err(refused(browser, catalogue::CONNECTION_UNKNOWN)));
    };
    let asked = match asked(ctx, tenant, browser, &transaction)? {
        Ok(asked) => asked,
        Err(conclusion) => return Ok(Err(conclusion)),
    };
    if let Err(failure) = check(ctx, tenant, &transaction, &connection, asked.as_ref(), &answer)? {
        let arrived = (&*connection, &transaction);
        return failed(ctx, tenant, arrived, &answer, failure).map(Err);
    }
    let secret = secret(ctx, tenant, &connection);
    Ok(Ok(Box::new(Arrived {
        callback: crate::callback_url(&tenant.issuer, &connection.code),
        code: answer.code.unwrap_or_default(),
        iss: answer.iss,
        now_s: ctx.now_s(),
        transaction,
        connection,
        asked,
        secret,
    })))
}

/// The sign-in that the state belongs to, in the browser it belongs to.
fn opened(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    code: &str,
    answer: &Answer,
) -> Result<Result<Transaction, Conclusion>, Error> {
    let state = answer.state.as_deref().unwrap_or_default();
    Ok(match Transaction::open(ctx, tenant, browser, state) {
        Ok(transaction) => Ok(transaction),
        Err(StateError::Store(error)) => return Err(error),
        Err(StateError::Garbage) => Err(refused(browser, catalogue::UPSTREAM_STATE)),
        // B4.2: nothing of somebody else's sign-in goes on in this browser.
        Err(StateError::Foreign) => Err(refused(browser, catalogue::FLOW_FOREIGN_BROWSER)),
        Err(StateError::Expired(old)) => Err(expired(ctx, tenant, code, &old, browser)?),
    })
}

fn refused(browser: &Browser, code: &'static str) -> Conclusion {
    let support = browser.request.clone();
    Conclusion::Refused(Box::new(Refusal { code, support, ..Refusal::default() }))
}

/// An answer that took too long: the flow can be begun again.
fn expired(
    ctx: &Ctx,
    tenant: &Tenant,
    code: &str,
    old: &Transaction,
    browser: &Browser,
) -> Result<Conclusion, Error> {
    let Some(connection) = of_code(ctx, tenant, code)? else {
        return Ok(refused(browser, catalogue::CONNECTION_UNKNOWN));
    };
    let refusal = refusal_of(&connection, &old.intent, catalogue::FLOW_EXPIRED);
    Ok(Conclusion::Refused(Box::new(Refusal { noted: false, ..refusal })))
}

/// The flow behind a sign-in, opened again: application and redirect URI may have changed.
fn asked(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    transaction: &Transaction,
) -> Result<Result<Option<Asked>, Conclusion>, Error> {
    let Intent::SignIn { tx, .. } = &transaction.intent else { return Ok(Ok(None)) };
    let flow = match issuer::flow::open(ctx, tenant, tx, &browser.bid) {
        Ok(flow) => flow,
        Err(FlowError::Store(error)) => return Err(error),
        Err(FlowError::Expired(_)) => {
            let tx = Some(tx.clone());
            let refusal = Refusal { code: catalogue::FLOW_EXPIRED, tx, ..Refusal::default() };
            return Ok(Err(Conclusion::Refused(Box::new(refusal))));
        }
        Err(_) => return Ok(Err(refused(browser, catalogue::UPSTREAM_STATE))),
    };
    match issuer::upstream::application(ctx, tenant, &flow)? {
        Some(application) => Ok(Ok(Some(Asked { flow, tx: tx.clone(), application }))),
        None => Ok(Err(refused(browser, catalogue::APPLICATION_DISABLED))),
    }
}

/// Every check of an answer before its code is used, in order.
fn check(
    ctx: &Ctx,
    tenant: &Tenant,
    transaction: &Transaction,
    connection: &Connection,
    asked: Option<&Asked>,
    answer: &Answer,
) -> Result<Result<(), Failure>, Error> {
    // RFC 9700 §4.4: the address says whose answer it is. // R66
    if transaction.connection != connection.id.as_str() {
        let evidence = json!({ "asked": transaction.connection, "arrived_at": connection.code });
        return Ok(Err(Failure::new(catalogue::UPSTREAM_MIX_UP, evidence)));
    }
    if state_is_spent(ctx, tenant, &transaction.id)? {
        let why = "this answer was used before";
        return Ok(Err(Failure::because(catalogue::UPSTREAM_STATE, why)));
    }
    // A test may be made of a connection that nobody is offered yet.
    let test = matches!(transaction.intent, Intent::Test { .. });
    let offered = match asked {
        Some(asked) => offered(ctx, tenant, connection, &asked.application)?,
        None => true,
    };
    let open = connection.enabled && offered;
    if !test && !open {
        let why = "it was switched off while the person was at the provider";
        return Ok(Err(Failure::because(catalogue::CONNECTION_DISABLED, why)));
    }
    // RFC 9207 §2.4, here for issuers that are settled; what discovery says is compared later.
    let named = connection.config.issuer.as_str();
    if let Some(iss) = answer.iss.as_deref().filter(|iss| !named.is_empty() && *iss != named) {
        let evidence = json!({ "iss": sentence(iss), "issuer": named });
        return Ok(Err(Failure::new(catalogue::UPSTREAM_MIX_UP, evidence)));
    }
    Ok(said_no(answer))
}

fn said_no(answer: &Answer) -> Result<(), Failure> {
    if let Some(error) = &answer.error {
        // Facebook and others say it in their own way.
        let denied = ["access_denied", "user_denied", "user_cancelled_login", "consent_required"];
        let code = match denied.contains(&error.as_str()) {
            true => catalogue::UPSTREAM_DENIED,
            false => catalogue::UPSTREAM_ERROR,
        };
        let description = answer.description.as_deref().map(sentence);
        return Err(Failure::new(
            code,
            json!({ "error": word(error), "error_description": description }),
        ));
    }
    match &answer.code {
        Some(code) if !code.is_empty() => Ok(()),
        _ => Err(Failure::because(catalogue::UPSTREAM_ERROR, "neither code nor error was sent")),
    }
}

/// Where a person goes whose answer was refused. A mixed-up answer is used up with it.
fn failed(
    ctx: &Ctx,
    tenant: &Tenant,
    (connection, transaction): (&Connection, &Transaction),
    answer: &Answer,
    failure: Failure,
) -> Result<Conclusion, Error> {
    if failure.code == catalogue::UPSTREAM_MIX_UP {
        spend_state(ctx, tenant, &transaction.id)?;
    }
    let mut run = Run::new(true);
    let failure = run.fail("callback", failure);
    note(ctx, tenant, connection, &transaction.intent, &failure, &run);
    if let Intent::Test { test, back } = &transaction.intent {
        connection_test::end(ctx, tenant, test, Err(&failure), run)?;
        return Ok(Conclusion::Report(back.clone()));
    }
    let refusal = refusal_of(connection, &transaction.intent, failure.code);
    let upstream = answer.error.as_deref().map(word);
    Ok(Conclusion::Refused(Box::new(Refusal { upstream, ..refusal })))
}

/// Our secret at the provider; one that does not open counts as none, and the provider says so.
pub(crate) fn secret(ctx: &Ctx, tenant: &Tenant, connection: &Connection) -> Option<String> {
    let sealed = connection.sealed_secret.as_deref()?;
    let (id, extra) = (tenant.id.as_str(), connection.id.as_str().as_bytes());
    let plain = ctx.vault.open_secret(vault::Purpose::ConnectionSecret, id, extra, sealed).ok()?;
    String::from_utf8(plain.to_vec()).ok()
}
