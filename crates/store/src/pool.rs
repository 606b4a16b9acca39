//! Connections kept ready: all of them on PostgreSQL, the reading ones on SQLite.
//!
//! Owns `Link` (a connection with its watch), the bounds of the pool and when a connection is
//! tried before use. Leaves what runs on a connection to `read`, `pg` and `lane`.

use crate::Error;
use crate::conn::{Conn, Location, Role, each_backend, open};
use crate::instrument::{Cells, Reporter, Watch};
use diesel::QueryResult;
use diesel::connection::{
    AnsiTransactionManager, Connection, SimpleConnection, TransactionManager,
};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a caller waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(1);
/// A connection unused for longer is tried before it is handed out.
const FRESH: Duration = Duration::from_secs(1);

/// How many connections are tried before a transaction is given up.
const BEGINS: usize = 3;

/// A connection, what is noticed about it, and whether it may be used again.
pub(crate) struct Link {
    pub conn: Conn,
    pub watch: Arc<Watch>,
    used: Instant,
    spoiled: bool,
}

impl Link {
    /// Opens a connection for `role` and begins to watch it.
    pub(crate) fn open(location: &Location, role: Role, cells: &Arc<Cells>) -> Result<Self, Error> {
        let mut conn = open(location, role)?;
        let watch = Watch::new(cells.clone());
        conn.set_instrumentation(Reporter(watch.clone()));
        Ok(Self { conn, watch, used: Instant::now(), spoiled: false })
    }

    /// Runs a statement that is transaction control or housekeeping: it is not counted.
    pub(crate) fn control(&mut self, sql: &str) -> QueryResult<()> {
        self.watch.skip_next();
        self.conn.batch_execute(sql)
    }

    /// Begins a transaction with `sql`; diesel knows that it is inside one.
    pub(crate) fn begin(&mut self, sql: &str) -> QueryResult<()> {
        each_backend!(&mut self.conn, |c| AnsiTransactionManager::begin_transaction_sql(c, sql))
    }

    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        each_backend!(&mut self.conn, |c| AnsiTransactionManager::commit_transaction(c))
    }

    pub(crate) fn rollback(&mut self) -> QueryResult<()> {
        each_backend!(&mut self.conn, |c| AnsiTransactionManager::rollback_transaction(c))
    }

    /// How many transactions and savepoints diesel believes are open; `None` when it gave up.
    pub(crate) fn depth(&mut self) -> Option<u32> {
        let depth = each_backend!(&mut self.conn, |c| {
            AnsiTransactionManager::transaction_manager_status_mut(c).transaction_depth()
        });
        depth.ok().map(|depth| depth.map_or(0, |depth| depth.get()))
    }

    /// Never hand this connection out again.
    pub(crate) fn spoil(&mut self) {
        self.spoiled = true;
    }
}

/// Opens and judges connections for r2d2.
#[derive(Debug)]
pub(crate) struct Manager {
    location: Location,
    role: Role,
    cells: Arc<Cells>,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Link;
    type Error = Error;

    fn connect(&self) -> Result<Link, Error> {
        Link::open(&self.location, self.role, &self.cells)
    }

    fn is_valid(&self, link: &mut Link) -> Result<(), Error> {
        if matches!(link.conn, Conn::Sqlite(_)) || link.used.elapsed() < FRESH {
            return Ok(());
        }
        Ok(link.control("SELECT 1")?)
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        link.used = Instant::now();
        link.spoiled || link.depth() != Some(0)
    }
}

/// Sends what r2d2 cannot return to the log, in our words: no URL, no host name.
#[derive(Debug)]
struct Log;

impl r2d2::HandleError<Error> for Log {
    fn handle_error(&self, error: Error) {
        tracing::warn!(%error, "no database connection");
    }
}

/// A bounded set of connections.
pub(crate) struct Pool(r2d2::Pool<Manager>);

/// A connection on loan; it goes back when dropped.
pub(crate) type Loan = r2d2::PooledConnection<Manager>;

impl Pool {
    /// A pool of at most `size` connections; opens none of them before it is asked to.
    pub(crate) fn new(location: Location, role: Role, size: u32, cells: Arc<Cells>) -> Self {
        let builder = r2d2::Pool::builder()
            .max_size(size.max(1))
            .min_idle(Some(0))
            .connection_timeout(ACQUIRE)
            .error_handler(Box::new(Log));
        Self(builder.build_unchecked(Manager { location, role, cells }))
    }

    /// A connection with a transaction begun by `sql`. One that turns out to be dead is replaced:
    /// nothing has run on it yet.
    pub(crate) fn begin(&self, sql: &str) -> Result<Loan, Error> {
        let mut last = Error::Busy;
        for _ in 0..BEGINS {
            let mut loan = self.get()?;
            match loan.begin(sql) {
                Ok(()) => return Ok(loan),
                Err(error) => {
                    loan.spoil();
                    last = error.into();
                }
            }
        }
        Err(last)
    }

    /// A connection, or `Unavailable` after a second.
    pub(crate) fn get(&self) -> Result<Loan, Error> {
        self.0.get().map_err(|_| Error::Unavailable("no database connection within one second"))
    }
}
