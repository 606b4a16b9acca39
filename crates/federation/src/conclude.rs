//! The end of a sign-in at a provider: the mapping is applied and the issuer decides; or what
//! failed is noted and becomes what the person sees.

use std::sync::Arc;

use context::{Ctx, Tenant};
use issuer::login::SignedIn;
use issuer::upstream::{self, Asking, Outcome, Pending, Upstream, seal_pending};
use issuer::{Browser, Flow};
use mapping::engine::Blocked;
use protocol::catalogue;
use serde_json::{Map, Value, json};
use store::Error;

use crate::arrive::{Arrived, Asked};
use crate::begin::{note, refusal_of};
use crate::failure::{Failure, Refusal};
use crate::provider::Verified;
use crate::run::Run;
use crate::transaction::Intent;
use crate::{connection_test, mapped};

/// Where a person goes.
#[derive(Debug)]
pub enum Conclusion {
    /// On with the flow as whoever has just signed in; `then` is an identity that waited for it.
    SignedIn {
        /// The flow.
        flow: Box<Flow>,
        /// The session.
        signed_in: Box<SignedIn>,
        /// The page of the identity that waits.
        then: Option<String>,
    },
    /// To the page that asks for a proof or a confirmation; its sealed value.
    Prove(String),
    /// To the page that completes a sign-up without a proven address; its sealed value.
    Complete(String),
    /// To where the flow stands.
    AlreadyDone(Box<Flow>),
    /// To the report of a test.
    Report(String),
    /// To a page that says why not.
    Refused(Box<Refusal>),
}

/// Decides what comes of what the provider said.
///
/// # Errors
/// Whatever the database reports.
pub fn conclude(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    arrived: &Arrived,
    verified: Result<Verified, Failure>,
    run: Run,
) -> Result<Conclusion, Error> {
    if let Intent::Test { test, back } = &arrived.transaction.intent {
        connection_test::finish(ctx, tenant, arrived, test, verified, run)?;
        return Ok(Conclusion::Report(back.clone()));
    }
    let verified = match verified {
        Ok(verified) => verified,
        Err(failure) => {
            if failure.code == catalogue::UPSTREAM_MIX_UP {
                upstream::spend_state(ctx, tenant, &arrived.transaction.id)?;
            }
            return Ok(refuse(ctx, tenant, arrived, &failure, &run));
        }
    };
    let mut who = somebody(arrived, &verified);
    let user = upstream::find(ctx, &tenant.id, &who)?;
    let current = user.as_ref().map(upstream::profile_of);
    let connection = &arrived.connection;
    let outcome = mapped::outcome(tenant, connection, &verified.profile, current.as_ref(), false);
    if let Some(blocked) = &outcome.blocked {
        return Ok(kept_out(ctx, tenant, arrived, blocked, run));
    }
    who.address = mapped::address(&outcome);
    decided(ctx, tenant, browser, arrived, &who, &outcome.changes())
}

/// A rule of the mapping keeps the person out: they read its own message.
fn kept_out(
    ctx: &Ctx,
    tenant: &Tenant,
    arrived: &Arrived,
    blocked: &Blocked,
    mut run: Run,
) -> Conclusion {
    let evidence = json!({ "row": blocked.row, "target": blocked.target });
    let failure = run.fail("mapping", Failure::new(catalogue::MAPPING_BLOCKED, evidence));
    note(ctx, tenant, &arrived.connection, &arrived.transaction.intent, &failure, &run);
    let refusal = refusal_of(&arrived.connection, &arrived.transaction.intent, failure.code);
    let message = Some(blocked.message.clone());
    Conclusion::Refused(Box::new(Refusal { message, ..refusal }))
}

fn decided(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    arrived: &Arrived,
    who: &Upstream,
    fields: &Map<String, Value>,
) -> Result<Conclusion, Error> {
    match (&arrived.transaction.intent, &arrived.asked) {
        (Intent::Link { user, session }, _) => {
            let user = Some(user.clone());
            let session = Some(session.clone());
            let pending = Pending { user, session, ..Pending::of(ctx, browser, who, fields) };
            Ok(Conclusion::Prove(seal_pending(ctx, tenant, &pending)?))
        }
        (Intent::SignIn { then, .. }, Some(asked)) => {
            let asking = asking(asked, browser);
            let outcome = upstream::finish(ctx, tenant, &asking, who, fields)?;
            settled(ctx, tenant, arrived, asked, then.clone(), outcome)
        }
        _ => Ok(refused(arrived, catalogue::UPSTREAM_STATE)),
    }
}

fn asking<'a>(asked: &'a Asked, browser: &'a Browser) -> Asking<'a> {
    Asking { flow: &asked.flow, tx: &asked.tx, application: &asked.application, browser }
}

pub(crate) fn somebody(arrived: &Arrived, verified: &Verified) -> Upstream {
    Upstream {
        connection: Arc::clone(&arrived.connection),
        issuer: verified.issuer.clone(),
        subject: verified.subject.clone(),
        label: verified.label.clone(),
        profile: mapped::kept(&verified.profile),
        address: None,
        transaction: arrived.transaction.id.clone(),
    }
}

fn settled(
    ctx: &Ctx,
    tenant: &Tenant,
    arrived: &Arrived,
    asked: &Asked,
    then: Option<String>,
    outcome: Outcome,
) -> Result<Conclusion, Error> {
    let flow = || Box::new(asked.flow.clone());
    Ok(match outcome {
        Outcome::SignedIn(signed_in) => Conclusion::SignedIn { flow: flow(), signed_in, then },
        Outcome::NeedProof(pending) => Conclusion::Prove(seal_pending(ctx, tenant, &pending)?),
        Outcome::NeedAddress(pending) => Conclusion::Complete(seal_pending(ctx, tenant, &pending)?),
        Outcome::AlreadyDone => Conclusion::AlreadyDone(flow()),
        Outcome::Blocked => refused(arrived, catalogue::USER_BLOCKED),
        Outcome::Refused(code) => refused(arrived, code),
    })
}

fn refused(arrived: &Arrived, code: &'static str) -> Conclusion {
    let refusal = refusal_of(&arrived.connection, &arrived.transaction.intent, code);
    Conclusion::Refused(Box::new(refusal))
}

fn refuse(
    ctx: &Ctx,
    tenant: &Tenant,
    arrived: &Arrived,
    failure: &Failure,
    run: &Run,
) -> Conclusion {
    note(ctx, tenant, &arrived.connection, &arrived.transaction.intent, failure, run);
    refused(arrived, failure.code)
}
