//! The database as the rest of the program sees it: open it, read, write, count.
//!
//! Owns `Db` and the choice of executor: the lane on SQLite, the pool on PostgreSQL. Queries are
//! methods on `Tx` and `SystemTx`. A transaction inside a transaction is refused on both
//! databases, because it would wait for itself: on the lane at once, on a pool under load.

pub use crate::conn::Kind;
pub use crate::hooks::Listener;
pub use crate::tx::{SystemTx, Tx};

use crate::command::{Body, typed};
use crate::conn::{Location, Role, prepare};

use crate::hooks::Hooks;
use crate::instrument::{Cells, Counters};
use crate::lane::{Lane, Limits};
use crate::pool::Pool;
use crate::{Error, TenantId, pg, read};
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

enum Writer {
    Lane(Box<Lane>),
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
        let limits = Limits { queue: config.queue, deadline: config.deadline };
        let (role, writer) = match &location {
            Location::Postgres(_) => (Role::Both, Writer::Pool),
            Location::Sqlite(path) => {
                (Role::Read, Writer::Lane(Box::new(Lane::new(path.clone(), limits, cells.clone()))))
            }
        };
        let pool = Pool::new(location, role, config.pool_size.clamp(1, 256), cells.clone());
        let hooks = Hooks::new(cells.clone());
        Ok(Self(Arc::new(Inner { cells, hooks, pool, writer })))
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
        typed(
            |conn, reports| f(&mut SystemTx::new(conn, reports).tenant(tenant)),
            |body| self.execute(tenant, body),
        )
    }

    /// As [`Db::read`], across tenants.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn system_read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut SystemTx) -> Result<T, E>,
    ) -> Result<T, E> {
        let db = &*self.0;
        let mut once = Some(f);
        typed(
            |conn, reports| match once.take() {
                Some(f) => f(&mut SystemTx::new(conn, reports)),
                None => Err(Error::Internal("a read ran twice".to_owned()).into()),
            },
            |body| read::run(self.kind(), &db.pool, &db.cells, &db.hooks, body),
        )
    }

    /// As [`Db::write`], across tenants.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn system_write<T, E: From<Error>>(
        &self,
        mut f: impl FnMut(&mut SystemTx) -> Result<T, E>,
    ) -> Result<T, E> {
        typed(
            |conn, reports| f(&mut SystemTx::new(conn, reports)),
            |body| self.execute(&TenantId::system(), body),
        )
    }

    fn execute(&self, tenant: &TenantId, body: &mut Body<'_>) -> Result<(), Error> {
        let db = &*self.0;
        match &db.writer {
            Writer::Lane(lane) => lane.run(tenant, &db.hooks, body),
            Writer::Pool => pg::run(&db.pool, &db.cells, &db.hooks, body),
        }
    }

    /// Calls `hook` with the changes of every write of this `Db`, after its COMMIT and before its
    /// caller is answered, so that this node applies its own changes at once. The hook is quick,
    /// reads and writes nothing, and may be told of a change whose COMMIT failed.
    pub fn on_commit(&self, hook: Listener) {
        self.0.hooks.listen(hook);
    }

    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn hooks(&self) -> &Hooks {
        &self.0.hooks
    }

    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn lane(&self) -> Option<&Lane> {
        match &self.0.writer {
            Writer::Lane(lane) => Some(lane),
            Writer::Pool => None,
        }
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
