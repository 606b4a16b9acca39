//! Batches: work on many users, done in small commands by whichever node holds the lease, so that
//! nothing waits behind it and nothing is lost with a node. A batch remembers who asked for it; each
//! step checks their right as it stands then. What goes in and what comes out is sealed and is
//! forgotten after days.

pub(crate) mod csv;
pub mod export;
pub mod import;
mod parts;
mod run;
mod select;

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::batches::BatchRow;
use store::{BatchId, TenantId, Timestamp};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::page::{self, Page};
use crate::rights::Action;
use crate::users::list::Query;

pub use import::{Format, IfExists};
pub use parts::{OUT_ROWS, Problem, problems, problems_csv};
pub use run::work;

/// How long what was made is kept, in seconds.
const KEEP_S: i64 = 7 * 86_400;
/// How long an import that was checked waits to be started.
const WAIT_S: i64 = 86_400;
/// Users that are picked by hand at most.
pub const MAX_PICKED: usize = 1_000;

/// Whom a batch is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Select {
    /// These, by id.
    Ids(Vec<String>),
    /// All that a list shows.
    Query(Query),
}

/// What a batch does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Keeps users out.
    Block(Select),
    /// Lets users in again.
    Unblock(Select),
    /// Writes users into files.
    Export {
        /// Whom.
        select: Select,
        /// Into which kind of file.
        format: Format,
        /// Which columns, in order; made when it is asked for.
        #[serde(default)]
        columns: Vec<String>,
    },
    /// Reads users from a file.
    Import(import::Order),
}

impl Task {
    /// Its name in lists and in the audit.
    pub fn kind(&self) -> &'static str {
        match self {
            Task::Block(_) => "user.block",
            Task::Unblock(_) => "user.unblock",
            Task::Export { .. } => "user.export",
            Task::Import(_) => "user.import",
        }
    }

    /// The right it takes.
    pub fn action(&self) -> Action {
        match self {
            Task::Export { .. } => Action::UserExport,
            _ => Action::UserImport,
        }
    }

    /// What a row was asked for.
    ///
    /// # Errors
    /// [`Error::Store`] when another version of the program wrote it.
    pub fn of(row: &BatchRow) -> Result<Task, Error> {
        serde_json::from_str(&row.input)
            .map_err(|e| Error::Store(store::Error::Internal(format!("batch {}: {e}", row.id))))
    }
}

/// Whether a node works on it, or will.
pub fn is_moving(row: &BatchRow) -> bool {
    matches!(row.state.as_str(), "checking" | "running")
}

fn new_row(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    task: &Task,
    state: &str,
) -> Result<BatchRow, Error> {
    let now = ctx.now();
    let input = serde_json::to_string(task).map_err(|e| store::Error::Internal(e.to_string()))?;
    Ok(BatchRow {
        tenant: tenant.clone(),
        id: BatchId::new(now, ctx.vault.random()),
        kind: task.kind().into(),
        input,
        state: state.into(),
        place: String::new(),
        total: -1,
        done: 0,
        failed: 0,
        last_error: String::new(),
        actor: actor.id.clone(),
        actor_name: actor.name.clone(),
        holder: String::new(),
        leased_until: Timestamp(0),
        created_at: now,
        updated_at: now,
        expires_at: now.plus_seconds(KEEP_S),
    })
}

/// Asks for work on many users; it begins within a second.
///
/// # Errors
/// [`Error::Form`] when nobody or too many are picked, [`Error::Forbidden`], or whatever the
/// database reports.
pub fn create(ctx: &Ctx, actor: &Actor, tenant: &TenantId, task: Task) -> Result<BatchRow, Error> {
    let task = match task {
        Task::Export { select, format, .. } => {
            Task::Export { select, format, columns: export::columns(ctx, tenant)? }
        }
        other => other,
    };
    let picked = match &task {
        Task::Block(Select::Ids(ids)) | Task::Unblock(Select::Ids(ids)) => Some(ids.len()),
        Task::Export { select: Select::Ids(ids), .. } => Some(ids.len()),
        _ => None,
    };
    if picked == Some(0) {
        return Err(Error::field("pick", "required", "Choose at least one user."));
    }
    if picked.is_some_and(|count| count > MAX_PICKED) {
        let message = format!("Choose at most {MAX_PICKED} users, or all that a filter shows.");
        return Err(Error::field("pick", "too_many", message));
    }
    let mut row = new_row(ctx, actor, tenant, &task, "running")?;
    row.total = picked.map_or(-1, |count| i64::try_from(count).unwrap_or(-1));
    ctx.db.write(tenant, |tx| {
        actor.check(tx, task.action())?;
        tx.insert_batch(&row)?;
        let detail = serde_json::json!({ "job": row.kind, "task": row.input });
        audit::record(tx, ctx, actor, "job.create", row.id.as_str(), &detail)?;
        Ok::<_, Error>(())
    })?;
    Ok(row)
}

/// Batches of a tenant, newest first.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<BatchRow>, Error> {
    let scope = (tenant.as_str(), "batches");
    let limit = page::limit(limit);
    let before = page::open(ctx, scope, after)?.and_then(|id| BatchId::parse(&id));
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserImport)?;
        Ok::<_, Error>(tx.list_batches(before.as_ref(), limit + 1)?)
    })?;
    Ok(page::cut(ctx, scope, rows, limit, |row: &BatchRow| row.id.as_str().into()))
}

/// One batch.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<BatchRow, Error> {
    let id = BatchId::parse(id).ok_or(Error::NotFound("job"))?;
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserImport)?;
        tx.find_batch(&id)?.filter(|row| row.expires_at > ctx.now()).ok_or(Error::NotFound("job"))
    })
}

/// Starts an import that was checked.
///
/// # Errors
/// [`Error::Form`] when it cannot be started, [`Error::NotFound`], [`Error::Forbidden`], or
/// whatever the database reports.
pub fn start(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<BatchRow, Error> {
    let from = show(ctx, actor, tenant, id)?;
    let Task::Import(_) = Task::of(&from)? else { return Err(Error::NotFound("import")) };
    if from.state != "checked" {
        return Err(Error::field("file", "started", "This import was started already."));
    }
    let mut to = from.clone();
    to.state = "running".into();
    (to.place, to.done, to.failed) = (String::new(), 0, 0);
    change(ctx, actor, &from, &to, "job.start")?;
    Ok(to)
}

/// Stops a batch where it stands: what is done stays done.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn cancel(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<BatchRow, Error> {
    // A step may move it on in between; then it is asked again.
    for _ in 0..20 {
        let from = show(ctx, actor, tenant, id)?;
        if !is_moving(&from) && from.state != "checked" {
            return Ok(from);
        }
        let mut to = from.clone();
        to.state = "cancelled".into();
        if change(ctx, actor, &from, &to, "job.cancel")? {
            return Ok(to);
        }
    }
    Err(Error::Store(store::Error::Busy))
}

fn change(
    ctx: &Ctx,
    actor: &Actor,
    from: &BatchRow,
    to: &BatchRow,
    action: &str,
) -> Result<bool, Error> {
    let mut to = to.clone();
    to.updated_at = ctx.now();
    to.leased_until = Timestamp(0);
    to.expires_at = ctx.now().plus_seconds(KEEP_S);
    ctx.db.write(&from.tenant, |tx| {
        actor.check(tx, Action::UserImport)?;
        if !tx.move_batch(from, &to)? {
            return Ok(false);
        }
        let detail = serde_json::json!({ "job": from.kind });
        audit::record(tx, ctx, actor, action, from.id.as_str(), &detail)?;
        Ok(true)
    })
}
