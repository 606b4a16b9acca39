//! The database as the rest of the program sees it: open it, read, write, count.
//!
//! Owns `Db` and the choice of executor: the lane on SQLite, the pool on PostgreSQL. Queries are
//! methods on `Tx` and `SystemTx`. A transaction inside a transaction is refused on both
//! databases, because it would wait for itself: on the lane at once, on a pool under load.

pub use crate::conn::Kind;
pub use crate::tx::{SystemTx, Tx};

use crate::conn::{Conn, Location, Role, prepare};
use crate::feed::Change;
use crate::instrument::{Cells, Counters, count};
use crate::lane::Lane;
use crate::pg;
use crate::pool::Pool;
use crate::tx::Reports;
use crate::{Error, TenantId, read};
use parking_lot::RwLock;
use std::sync::Arc;
use std::time::Duration;

/// How to open a database.
#[derive(Clone)]
pub struct Config {
    /// `postgres://…`, `postgresql://…`, `sqlite:PATH` or a bare path.
    pub url: String,
    /// Connections at most: on PostgreSQL all of them, on SQLite those that read. 1..=256.
    pub pool_size: u32,
    /// Writes waiting at most (SQLite); more are answered `Busy`.
    pub queue: usize,
    /// How long a write waits for its turn at most (SQLite); later it is answered `Busy`.
    pub deadline: Duration,
}

impl Config {
    /// The defaults: 8 connections, 1,024 waiting writes, 2 seconds.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), pool_size: 8, queue: 1024, deadline: Duration::from_secs(2) }
    }
}

type Hook = Box<dyn Fn(&[Change]) + Send + Sync>;

/// Who wants to know of a committed change before its writer is answered.
#[derive(Default)]
pub(crate) struct Hooks(RwLock<Vec<Hook>>);

impl Hooks {
    /// Tells everybody; a hook that panics spoils nothing.
    pub(crate) fn tell(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        for hook in self.0.read().iter() {
            let call = std::panic::AssertUnwindSafe(|| hook(changes));
            if std::panic::catch_unwind(call).is_err() {
                tracing::error!("a listener to committed changes panicked");
            }
        }
    }
}

enum Writer {
    Lane(Lane),
    Pool,
}

struct Inner {
    cells: Arc<Cells>,
    hooks: Hooks,
    pool: Pool,
    writer: Writer,
}

/// A database; clones share everything.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl Db {
    /// Opens the database; an SQLite file that is not there is made. Migrates nothing.
    ///
    /// # Errors
    /// `Schema` with the cure in words when the URL, file or server cannot be used; `Unavailable`
    /// when the server does not answer. Returns within 5 seconds.
    pub fn open(config: &Config) -> Result<Self, Error> {
        let location = Location::parse(&config.url)?;
        prepare(&location)?;
        let cells = Arc::new(Cells::default());
        let (role, writer) = match &location {
            Location::Postgres(_) => (Role::Both, Writer::Pool),
            Location::Sqlite(_) => {
                (Role::Read, Writer::Lane(Lane::new(location.clone(), cells.clone())))
            }
        };
        let pool = Pool::new(location, role, config.pool_size.clamp(1, 256), cells.clone());
        Ok(Self(Arc::new(Inner { cells, hooks: Hooks::default(), pool, writer })))
    }

    /// Which database this is.
    pub fn kind(&self) -> Kind {
        match self.0.writer {
            Writer::Lane(_) => Kind::Sqlite,
            Writer::Pool => Kind::Postgres,
        }
    }

    /// Runs `f` on one snapshot of the tenant's data. It cannot write.
    ///
    /// # Errors
    /// Those of `f`; `Unavailable` without a connection within a second; `Nested` inside another
    /// transaction of this thread.
    pub fn read<T, E: From<Error>>(
        &self,
        tenant: &TenantId,
        f: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.system_read(|system| f(&mut system.tenant(tenant)))
    }

    /// Runs `f` as one write of the tenant: `Ok` commits durably before it is returned, `Err` and
    /// a panic roll back. `f` may run again after losing a race, so it touches nothing but `Tx`;
    /// it hashes, signs and sends nothing. At most 50 ms and 500 rows.
    ///
    /// # Errors
    /// Those of `f`; `Busy`, `Unavailable`, `Unknown`, `Nested` as their documentation says;
    /// `Internal` when `f` panicked.
    pub fn write<T, E: From<Error>>(
        &self,
        tenant: &TenantId,
        mut f: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(tenant, &mut |conn, reports| f(&mut SystemTx::new(conn, reports).tenant(tenant)))
    }

    /// As [`Db::read`], across tenants.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn system_read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut SystemTx) -> Result<T, E>,
    ) -> Result<T, E> {
        count(&self.0.cells.reads);
        read::run(&self.0.pool, &self.0.cells, |conn, reports| f(&mut SystemTx::new(conn, reports)))
    }

    /// As [`Db::write`], across tenants.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn system_write<T, E: From<Error>>(
        &self,
        mut f: impl FnMut(&mut SystemTx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(&TenantId::system(), &mut |conn, reports| f(&mut SystemTx::new(conn, reports)))
    }

    fn run<T, E: From<Error>>(
        &self,
        tenant: &TenantId,
        f: &mut dyn FnMut(&mut Conn, &mut Reports) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0.writer {
            Writer::Lane(lane) => lane.run(tenant, &self.0.hooks, f),
            Writer::Pool => pg::run(&self.0.pool, &self.0.cells, &self.0.hooks, f),
        }
    }

    /// Calls `hook` with the changes of every write of this `Db`, after its COMMIT and before its
    /// caller is answered, so that this node applies its own changes at once. The hook is quick,
    /// reads and writes nothing, and may be told of a change whose COMMIT failed.
    pub fn on_commit(&self, hook: Box<dyn Fn(&[Change]) + Send + Sync>) {
        self.0.hooks.0.write().push(hook);
    }

    /// What this `Db` has done since it was opened.
    pub fn counters(&self) -> Counters {
        self.0.cells.read()
    }

    /// Whether the database answers, within about a second.
    ///
    /// # Errors
    /// `Unavailable` when it does not.
    pub fn ping(&self) -> Result<(), Error> {
        let mut loan = self.0.pool.get()?;
        Ok(loan.control("SELECT 1")?)
    }
}
