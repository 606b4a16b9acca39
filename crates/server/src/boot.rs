//! From a configuration to what use cases are given. Each thing that can be wrong at start has its
//! own sentence; nothing is made that the operator did not ask for.

use std::sync::Arc;

use context::{Clock, Ctx, Snapshots, TraceSink, installation};
use store::{Config as StoreConfig, Db};
use vault::{HashPool, RsaPool, SystemRandom, Vault};

use crate::config::Config;
use crate::fail::Fail;
use crate::masters;

/// Waiting password hashes at most.
const HASH_QUEUE: usize = 64;

/// What a command needs of the parts that cost threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// A server: keys in stock, hashing on every core.
    Server,
    /// A command that is soon over.
    Command,
}

/// The clock of this configuration.
pub fn clock(config: &Config) -> Clock {
    match &config.clock_file {
        Some(path) => Clock::File(config.path(path)),
        None => Clock::System,
    }
}

/// Opens the database without looking at its schema.
///
/// # Errors
/// Says what is wrong with the database.
pub fn database(config: &Config) -> Result<Db, Fail> {
    let mut options = StoreConfig::new(absolute(config, config.database()?));
    options.pool_size = config.database_pool_size;
    Ok(Db::open(&options)?)
}

/// A SQLite path relative to the configuration file.
fn absolute(config: &Config, url: &str) -> String {
    if url.starts_with("postgres") {
        return url.to_owned();
    }
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    format!("sqlite:{}", config.path(path.as_ref()).display())
}

/// The database's address with its path made absolute.
///
/// # Errors
/// When no database is configured.
pub fn database_url(config: &Config) -> Result<String, Fail> {
    Ok(absolute(config, config.database()?))
}

/// Opens everything. The schema must be of this version.
///
/// # Errors
/// Says what is wrong and what to do.
pub fn open(config: &Config, purpose: For) -> Result<Ctx, Fail> {
    let source = masters::source(config)?;
    let settings = Arc::new(config.settings()?);
    let vault = Vault::new(masters::read(&source)?, Arc::new(SystemRandom));
    vault.find_masters_with(move || masters::read(&source).ok());
    let db = database(config)?;
    check_schema(&db)?;
    let clock = clock(config);
    installation::open(&db, &vault, clock.now().seconds())?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = if purpose == For::Server { cores } else { 1 };
    let snapshots = Snapshots::default();
    let own = snapshots.clone();
    db.on_commit(Box::new(move |changes| own.apply(changes)));
    let ctx = Ctx {
        traces: TraceSink::start(db.clone())?,
        db,
        vault,
        clock,
        settings,
        snapshots,
        hashes: HashPool::start(threads, HASH_QUEUE),
        rsa: if purpose == For::Server { RsaPool::start() } else { RsaPool::empty() },
    };
    if ctx.db.kind() == store::Kind::Postgres {
        // Never closed: at the end of the process libpq's OpenSSL is taken down while a thread
        // could still be closing a connection, which the server notices by itself anyway.
        std::mem::forget(ctx.clone());
    }
    Ok(ctx)
}

fn check_schema(db: &Db) -> Result<(), Fail> {
    let missing = store::migrate::status(db)?.iter().filter(|m| m.applied_at.is_none()).count();
    match missing {
        0 => Ok(()),
        n => Err(Fail::new(format!(
            "the database lacks {n} migration{}. Run `tessera migrate up` first",
            if n == 1 { "" } else { "s" }
        ))),
    }
}
