//! Testing a connection: the real thing, up to the decision, which is told and not taken. A test
//! makes no user, no identity and no session; it leaves its report, sealed, for a day.

use std::sync::Arc;

use context::{Connection, Ctx, Tenant};
use directory::Actor;
use directory::connection_tests::{self, TestReport, TestState};
use issuer::Browser;
use issuer::upstream::{self, Upstream, open_test_state, seal_test_state};
use protocol::catalogue;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Error, Timestamp};

use crate::arrive::Arrived;
use crate::begin::{Ready, prepare};
use crate::client::Wishes;
use crate::conclude::somebody;
use crate::failure::Failure;
use crate::mapped;
use crate::provider::Verified;
use crate::run::Run;
use crate::transaction::Intent;

/// How long the link to a test's start works, in seconds.
const START_S: i64 = 300;

/// What the link to a test's start carries. The console and the tenant's pages are at different
/// hosts; the browser is bound at the tenant's, where the provider will send it back to.
#[derive(Debug, Serialize, Deserialize)]
pub struct TestStart {
    #[serde(rename = "i")]
    test: String,
    #[serde(rename = "c")]
    connection: String,
    #[serde(rename = "b")]
    back: String,
    #[serde(rename = "t")]
    at: Timestamp,
}

/// Begins a test: its row, and the address at the tenant's host that the admin's browser is sent
/// to. `back` makes the address of the report's page out of the test's id.
///
/// # Errors
/// [`directory::Error`]: not found, forbidden, or the database.
pub fn start_test(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &Tenant,
    connection: &Connection,
    back: impl FnOnce(&str) -> String,
) -> Result<String, directory::Error> {
    let id = connection_tests::create(ctx, actor, &tenant.id, &connection.id)?;
    let start = TestStart {
        back: back(id.as_str()),
        test: id.as_str().to_owned(),
        connection: connection.id.as_str().to_owned(),
        at: ctx.now(),
    };
    let sealed = seal_test_state(ctx, tenant, &start, ctx.now().plus_seconds(START_S))?;
    Ok(format!("{}/federation/{}/test?run={sealed}", tenant.issuer, connection.code))
}

/// Goes on with a test in the browser that came to the tenant's host. None for a link that is too
/// old or not ours.
///
/// # Errors
/// Whatever the database reports.
pub fn begin_test(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    sealed: &str,
) -> Result<Option<Ready>, Error> {
    let found: Option<TestStart> = open_test_state(ctx, tenant, sealed)?;
    let Some(start) = found.filter(|s| s.at.plus_seconds(START_S) > ctx.now()) else {
        return Ok(None);
    };
    let all = ctx.snapshots.connections(ctx, &tenant.id)?;
    let Some(connection) = all.iter().find(|c| c.id.as_str() == start.connection) else {
        return Ok(None);
    };
    let intent = Intent::Test { test: start.test, back: start.back };
    prepare(ctx, tenant, browser, Arc::clone(connection), intent, Wishes::default()).map(Some)
}

impl Ready {
    /// Ends a test that did not get as far as the provider; where its report is shown.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn end_test(
        &self,
        ctx: &Ctx,
        tenant: &Tenant,
        failure: &Failure,
        run: Run,
    ) -> Result<Option<String>, Error> {
        let Intent::Test { test, back } = &self.transaction.intent else { return Ok(None) };
        end(ctx, tenant, test, Err(failure), run)?;
        Ok(Some(back.clone()))
    }
}

/// Ends a test after the provider was asked.
pub(crate) fn finish(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    arrived: &Arrived,
    test: &str,
    verified: Result<Verified, Failure>,
    mut run: Run,
) -> Result<(), Error> {
    let verified = match verified {
        Ok(verified) => verified,
        Err(failure) => return end(ctx, tenant, test, Err(&failure), run),
    };
    let connection = &arrived.connection;
    let who = somebody(arrived, &verified);
    let user = upstream::find(ctx, &tenant.id, &who)?;
    let current = user.as_ref().map(upstream::profile_of);
    let outcome = mapped::outcome(tenant, connection, &verified.profile, current.as_ref(), true);
    let who = Upstream { address: mapped::address(&outcome), ..who };
    let decision = upstream::foresee(ctx, tenant, &who)?;
    let seen = Seen { profile: mapped::kept(&verified.profile), outcome: json!(outcome) };
    if let Some(blocked) = &outcome.blocked {
        let code = catalogue::MAPPING_BLOCKED;
        drop(run.fail("mapping", Failure::because(code, blocked.message.clone())));
        return store(ctx, tenant, test, TestState::Failed, code, run, Some(seen));
    }
    run.ok("mapping", || json!({ "outcome": outcome }));
    let told = json!({ "a_sign_in_would": decision.words, "subject": verified.subject,
        "issuer": verified.issuer, "label": verified.label });
    match decision.code {
        Some(code) => run.warn("decision", code, || told),
        None => run.ok("decision", || told),
    }
    store(ctx, tenant, test, TestState::Ok, "", run, Some(seen))
}

/// What a test saw of somebody.
struct Seen {
    profile: Value,
    outcome: Value,
}

/// Ends a test that failed before anybody was vouched for.
pub(crate) fn end(
    ctx: &Ctx,
    tenant: &Tenant,
    test: &str,
    result: Result<(), &Failure>,
    run: Run,
) -> Result<(), Error> {
    let (state, code) = match result {
        Ok(()) => (TestState::Ok, ""),
        Err(failure) => (TestState::Failed, failure.code),
    };
    store(ctx, tenant, test, state, code, run, None)
}

fn store(
    ctx: &Ctx,
    tenant: &Tenant,
    test: &str,
    state: TestState,
    code: &str,
    run: Run,
    seen: Option<Seen>,
) -> Result<(), Error> {
    let (profile, outcome) = seen.map(|s| (s.profile, s.outcome)).unwrap_or_default();
    let report =
        TestReport { state, code: code.to_owned(), steps: run.into_steps(), profile, outcome };
    connection_tests::finish(ctx, &tenant.id, test, &report)
}
