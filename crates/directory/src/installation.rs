//! The state of the installation at a glance, for operators: database, nodes, keys and their dates,
//! jobs and their last errors, what waits, whether mail works. Reads a bounded number of rows and
//! never goes over tenants.

use context::Ctx;
use serde::Serialize;
use store::TenantId;

use crate::actor::Actor;
use crate::error::Error;
use crate::mail::log::{self, MailState};
use crate::rights::Action;

/// A node that was not heard of for so long, in seconds, is taken for gone.
pub const SILENT_S: i64 = 45;
/// Counts stop here.
const CAP: i64 = 1_001;

/// The database.
#[derive(Debug, Clone, Serialize)]
pub struct Database {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// Its size in bytes, where it can be told.
    pub bytes: Option<i64>,
    /// The newest migration.
    pub migration: String,
    /// How many migrations are missing.
    pub missing: usize,
}

/// A node.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The version it runs.
    pub version: String,
    /// When it started, in microseconds since 1970 UTC.
    pub started_at: i64,
    /// When it was last heard of.
    pub seen_at: i64,
    /// Whether that is recent.
    pub alive: bool,
}

/// A job.
#[derive(Debug, Clone, Serialize)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// The node that ran it last.
    pub node: String,
    /// When it ran last, in microseconds since 1970 UTC; 0 when it never did.
    pub ran_at: i64,
    /// What went wrong then; empty when nothing did.
    pub last_error: String,
}

/// A signing key of the console's tenant.
#[derive(Debug, Clone, Serialize)]
pub struct Key {
    /// Its id, the `kid`.
    pub id: String,
    /// Its algorithm.
    pub algorithm: String,
    /// From when it signs, in microseconds since 1970 UTC.
    pub sign_from: i64,
    /// When it is gone.
    pub retire_at: Option<i64>,
}

/// A master key.
#[derive(Debug, Clone, Serialize)]
pub struct Master {
    /// Its name.
    pub kid: String,
    /// From when it seals, in seconds since 1970 UTC.
    pub from_s: i64,
    /// Whether it is the one that seals now.
    pub seals: bool,
}

/// What this node does.
#[derive(Debug, Clone, Serialize)]
pub struct Here {
    /// Its name.
    pub node: String,
    /// Password hashes waiting, done, and refused for want of room.
    pub hashes: (usize, u64, u64),
    /// Tenants and applications in memory.
    pub cached: (u64, u64),
    /// Whether the change feed is followed.
    pub fresh: bool,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct Installation {
    /// The database.
    pub database: Database,
    /// The nodes by name.
    pub nodes: Vec<Node>,
    /// Jobs by name.
    pub jobs: Vec<Job>,
    /// Signing keys of the console's tenant.
    pub keys: Vec<Key>,
    /// Master keys, in the order in which they seal.
    pub masters: Vec<Master>,
    /// Tenants, counted up to 1,001, the built-in one among them.
    pub tenants: i64,
    /// Mails that wait, counted up to 1,001.
    pub waiting: i64,
    /// Whether mail works.
    pub mail: MailState,
    /// What this node does.
    pub here: Here,
}

/// The state of the installation.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor) -> Result<Installation, Error> {
    actor.check_installation(Action::InstallationRead)?;
    let now = ctx.now();
    let (nodes, jobs, tenants, waiting) = ctx.db.system_read(|tx| {
        let (nodes, jobs) = (tx.list_nodes()?, tx.list_jobs()?);
        Ok::<_, store::Error>((nodes, jobs, tx.count_tenants(CAP)?, tx.count_outbox(CAP)?))
    })?;
    let nodes = nodes.into_iter().map(|row| Node {
        alive: row.seen_at.plus_seconds(SILENT_S) > now,
        name: row.name,
        version: row.version,
        started_at: row.started_at.0,
        seen_at: row.seen_at.0,
    });
    let jobs = jobs.into_iter().map(|row| Job {
        name: row.name,
        node: row.holder,
        ran_at: row.ran_at.0,
        last_error: row.last_error,
    });
    Ok(Installation {
        database: database(ctx)?,
        nodes: nodes.collect(),
        jobs: jobs.collect(),
        keys: keys(ctx)?,
        masters: masters(ctx),
        tenants,
        waiting,
        mail: log::state(ctx)?,
        here: here(ctx),
    })
}

fn database(ctx: &Ctx) -> Result<Database, Error> {
    let status = store::migrate::status(&ctx.db)?;
    let newest = status.iter().rev().find(|migration| migration.applied_at.is_some());
    Ok(Database {
        kind: match ctx.db.kind() {
            store::Kind::Sqlite => "sqlite",
            store::Kind::Postgres => "postgres",
        },
        bytes: ctx.db.system_read(|tx| tx.database_bytes()).ok(),
        migration: newest.map(|migration| migration.name.to_string()).unwrap_or_default(),
        missing: status.iter().filter(|migration| migration.applied_at.is_none()).count(),
    })
}

fn keys(ctx: &Ctx) -> Result<Vec<Key>, Error> {
    let rows = ctx.db.read(&TenantId::system(), |tx| tx.list_signing_keys())?;
    let key = |row: store::signing_keys::SigningKeyRow| Key {
        id: row.id.to_string(),
        algorithm: row.algorithm,
        sign_from: row.sign_from.0,
        retire_at: row.retire_at.map(|at| at.0),
    };
    Ok(rows.into_iter().map(key).collect())
}

fn masters(ctx: &Ctx) -> Vec<Master> {
    let (masters, now) = (ctx.vault.masters(), ctx.now_s());
    let list: Vec<(String, i64)> = masters.list();
    let sealing = list.iter().rposition(|(_, from)| *from <= now);
    list.into_iter()
        .enumerate()
        .map(|(at, (kid, from_s))| Master { kid, from_s, seals: Some(at) == sealing })
        .collect()
}

fn here(ctx: &Ctx) -> Here {
    let hashes = ctx.hashes.stats();
    Here {
        node: ctx.settings.node.clone(),
        hashes: (hashes.queued, hashes.done, hashes.busy),
        cached: ctx.snapshots.cached(),
        fresh: ctx.snapshots.fresh(),
    }
}
