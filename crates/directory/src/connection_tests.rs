//! Runs of "test this connection": begun by an admin, carried out by `federation`, read here for a
//! day. What was seen is sealed; secrets were left out before.

use context::Ctx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::connection_tests::ConnectionTestRow;
use store::{ConnectionId, TenantId, TestId, Timestamp};
use vault::Purpose;

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;

/// How long a report is kept, in seconds.
pub const KEPT_S: i64 = 86_400;
/// After how many seconds a run that has not come back counts as abandoned.
pub const PATIENCE_S: i64 = 300;

/// How a step came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As it should.
    Ok,
    /// It works, and there is something to look at.
    Warn,
    /// It did not work; nothing came after it.
    Fail,
}

/// One step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestStep {
    /// `configuration`, `discovery`, `credentials`, `authorization_request`, `callback`, `token_request`,
    /// `id_token`, `keys`, `signature`, `claims`, `userinfo`, `extra_request`, `mapping` or
    /// `decision`.
    pub name: String,
    /// How it came out.
    pub mark: Mark,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// The catalogue's code of what went wrong: its entry has the cause and the setting to change.
    /// Empty when all is well.
    pub code: String,
    /// What was seen, secrets left out.
    pub evidence: Value,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    /// The admin is at the provider.
    #[default]
    Running,
    /// Somebody would be signed in.
    Ok,
    /// Nobody would.
    Failed,
}

impl TestState {
    fn as_str(self) -> &'static str {
        match self {
            TestState::Running => "running",
            TestState::Ok => "ok",
            TestState::Failed => "failed",
        }
    }
}

/// What a run saw.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TestReport {
    /// How it stands.
    pub state: TestState,
    /// The catalogue's code of the failure; empty when there was none.
    pub code: String,
    /// What was done, in order.
    pub steps: Vec<TestStep>,
    /// The raw profile, secrets left out; null when it did not get so far.
    pub profile: Value,
    /// What the mapping made of it: a `mapping::Outcome`, explained; null as above.
    pub outcome: Value,
}

/// A run as admins see it.
#[derive(Debug, Clone, Serialize)]
pub struct Test {
    /// Its id.
    pub id: TestId,
    /// The connection.
    pub connection: ConnectionId,
    /// When it began, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// Whether it never came back.
    pub abandoned: bool,
    /// What it saw.
    pub report: TestReport,
}

/// Begins a run.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    connection: &ConnectionId,
) -> Result<TestId, Error> {
    let now = ctx.now();
    let id = TestId::new(now, ctx.vault.random());
    let row = ConnectionTestRow {
        tenant: tenant.clone(),
        id: id.clone(),
        connection: connection.clone(),
        actor: actor.id.clone(),
        state: TestState::Running.as_str().into(),
        sealed: seal(ctx, tenant, id.as_str(), &TestReport::default())?,
        created_at: now,
        expires_at: now.plus_seconds(KEPT_S),
    };
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        tx.find_connection(connection)?.ok_or(Error::NotFound("connection"))?;
        tx.insert_connection_test(&row)?;
        let detail = serde_json::json!({ "test": row.id });
        audit::record(tx, ctx, actor, "connection.test", connection.as_str(), &detail)?;
        Ok::<_, Error>(())
    })?;
    Ok(id)
}

/// Ends a run with what it saw, and notes the outcome on the connection as it stands. A run that
/// has ended stays as it is.
///
/// # Errors
/// Whatever the database reports.
pub fn finish(
    ctx: &Ctx,
    tenant: &TenantId,
    test: &str,
    report: &TestReport,
) -> Result<(), store::Error> {
    let Some(id) = TestId::parse(test) else { return Ok(()) };
    let sealed = seal(ctx, tenant, test, report)?;
    ctx.db.write(tenant, |tx| {
        let row = tx.find_connection_test(&id, ctx.now())?;
        if let Some(row) = row
            && tx.end_connection_test(&id, report.state.as_str(), &sealed)?
        {
            let code = if report.code.is_empty() { "ok" } else { &report.code };
            // What was tested is what stands, if nothing was changed since the run began.
            let standing = tx.find_connection(&row.connection)?;
            if let Some(same) = standing.filter(|c| c.updated_at <= row.created_at) {
                tx.note_connection_test(&same.id, same.version, code, ctx.now())?;
            }
        }
        Ok(())
    })
}

/// A run, while it is kept.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn read(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<Test, Error> {
    let id = TestId::parse(id).ok_or(Error::NotFound("test"))?;
    let row = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        tx.find_connection_test(&id, ctx.now())?.ok_or(Error::NotFound("test"))
    })?;
    shown(ctx, tenant, row)
}

/// The runs of a connection, newest first; at most 20.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    connection: &ConnectionId,
) -> Result<Vec<Test>, Error> {
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        Ok::<_, Error>(tx.list_connection_tests(connection, ctx.now(), 20)?)
    })?;
    rows.into_iter().map(|row| shown(ctx, tenant, row)).collect()
}

fn shown(ctx: &Ctx, tenant: &TenantId, row: ConnectionTestRow) -> Result<Test, Error> {
    let report = open(ctx, tenant, row.id.as_str(), &row.sealed)?;
    let waits = report.state == TestState::Running;
    let late = |at: Timestamp| at.plus_seconds(PATIENCE_S) < ctx.now();
    Ok(Test {
        abandoned: waits && late(row.created_at),
        id: row.id,
        connection: row.connection,
        created_at: row.created_at.0,
        report,
    })
}

fn seal(
    ctx: &Ctx,
    tenant: &TenantId,
    id: &str,
    report: &TestReport,
) -> Result<Vec<u8>, store::Error> {
    let plain = serde_json::to_vec(report).map_err(|e| store::Error::Internal(e.to_string()))?;
    let extra = id.as_bytes();
    Ok(ctx.vault.seal(Purpose::Profile, tenant.as_str(), extra, ctx.now_s(), &plain))
}

fn open(ctx: &Ctx, tenant: &TenantId, id: &str, sealed: &[u8]) -> Result<TestReport, Error> {
    let broken = |e: String| Error::Store(store::Error::Internal(format!("test {id}: {e}")));
    let plain = ctx
        .vault
        .open(Purpose::Profile, tenant.as_str(), id.as_bytes(), sealed)
        .map_err(|e| broken(e.to_string()))?;
    serde_json::from_slice(&plain).map_err(|e| broken(e.to_string()))
}
