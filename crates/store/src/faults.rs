//! Faults on demand, for tests only: compiled in with the feature `faults`, never in a release.
//!
//! The faults are real ones: SQLite and PostgreSQL themselves report the full disk and refuse or
//! lose the COMMIT. Also the way for a test to run SQL of its own, to see the queue, and to see which
//! statements a query is made of.

use crate::conn::Conn;
use crate::lane::Lane;
use crate::{Db, Error, SystemTx, Tx};
use diesel::connection::{DebugQuery, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::cell::RefCell;
use std::time::Duration;

/// Which fault strikes a command, if any; asked once for each command, at its end, with its place
/// in its group (always 0 on PostgreSQL).
pub type Plan = Box<dyn Fn(usize) -> Option<Fault> + Send + Sync>;

/// A fault, at the end of a command that would have been kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The command panics.
    Panic,
    /// The disk is full.
    DiskFull,
    /// The COMMIT to come fails: refused on SQLite, the connection lost on PostgreSQL.
    Commit,
}

const SQLITE_FULL: &str = "PRAGMA max_page_count=1;
    CREATE TABLE fault_full AS SELECT zeroblob(4000000) AS filler";

// The temporary tables die with the connection. A deferred foreign key is checked by COMMIT.
const SQLITE_COMMIT: &str = "CREATE TEMP TABLE fault_parent (id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE fault_child
        (parent INTEGER REFERENCES fault_parent (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO fault_child VALUES (1)";

const POSTGRES_FULL: &str = "DO $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
    END $$";

const POSTGRES_COMMIT: &str = "CREATE TEMP TABLE fault_row (id INT);
    CREATE FUNCTION pg_temp.fault() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON fault_row DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION pg_temp.fault();
    INSERT INTO fault_row VALUES (1)";

impl Fault {
    pub(crate) fn strike(self, conn: &mut Conn) -> Result<(), Error> {
        let sql = match (self, &*conn) {
            (Self::Panic, _) => std::panic::panic_any("the fault that was asked for"),
            (Self::DiskFull, Conn::Sqlite(_)) => SQLITE_FULL,
            (Self::Commit, Conn::Sqlite(_)) => SQLITE_COMMIT,
            (Self::DiskFull, Conn::Pg(_)) => POSTGRES_FULL,
            (Self::Commit, Conn::Pg(_)) => POSTGRES_COMMIT,
        };
        Ok(conn.batch_execute(sql)?)
    }
}

impl Db {
    /// Plans faults for the commands to come; `None` ends them.
    pub fn plan_faults(&self, plan: Option<Plan>) {
        *self.hooks().fault.write() = plan;
    }

    /// Keeps each group of writes open for `span` while commands keep coming, so that a test can
    /// choose its members (SQLite).
    pub fn hold_groups_open(&self, span: Duration) {
        if let Some(lane) = self.lane() {
            lane.set_span(span);
        }
    }

    /// How many commands wait for their turn to write; always 0 on PostgreSQL.
    pub fn waiting(&self) -> usize {
        self.lane().map_or(0, Lane::waiting)
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct SqlitePlan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresPlan {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

fn plan(conn: &mut Conn, explain: &str) -> Result<Vec<String>, Error> {
    let explain = diesel::sql_query(explain);
    Ok(match conn {
        Conn::Sqlite(_) => {
            explain.load::<SqlitePlan>(conn)?.into_iter().map(|line| line.detail).collect()
        }
        Conn::Pg(_) => {
            explain.load::<PostgresPlan>(conn)?.into_iter().map(|line| line.line).collect()
        }
    })
}

macro_rules! raw {
    ($($tx:ident)*) => {$(
        impl $tx<'_> {
            /// Runs one statement and says how many rows it touched.
            ///
            /// # Errors
            /// Whatever the database reports.
            pub fn raw_execute(&mut self, sql: &str) -> Result<usize, Error> {
                Ok(diesel::sql_query(sql).execute(self.conn)?)
            }

            /// Runs a query for one number, `AS n`.
            ///
            /// # Errors
            /// Whatever the database reports.
            pub fn raw_number(&mut self, sql: &str) -> Result<i64, Error> {
                Ok(diesel::sql_query(sql).get_result::<Number>(self.conn)?.n)
            }

            /// Runs a query for texts, `AS line`.
            ///
            /// # Errors
            /// Whatever the database reports.
            pub fn raw_lines(&mut self, sql: &str) -> Result<Vec<String>, Error> {
                let lines: Vec<Line> = diesel::sql_query(sql).load(self.conn)?;
                Ok(lines.into_iter().map(|line| line.line).collect())
            }

            /// What a database says of how it would run a statement, as `explain` asks it.
            ///
            /// # Errors
            /// Whatever the database reports.
            pub fn raw_plan(&mut self, explain: &str) -> Result<Vec<String>, Error> {
                plan(self.conn, explain)
            }

            /// Begins an inner savepoint and leaves it open.
            ///
            /// # Errors
            /// Whatever the database reports.
            pub fn raw_begin(&mut self) -> Result<(), Error> {
                Ok(<Conn as TransactionManager<Conn>>::begin_transaction(self.conn)?)
            }
        }
    )*};
}
raw!(Tx SystemTx);

thread_local! {
    static RECORD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs `work` and says which statements it ran on this thread, as they were sent: their values are
/// not in them.
pub fn recorded(work: impl FnOnce()) -> Vec<String> {
    RECORD.set(Some(Vec::new()));
    work();
    RECORD.take().unwrap_or_default()
}

pub(crate) fn record(query: &dyn DebugQuery) {
    RECORD.with_borrow_mut(|record| {
        let Some(record) = record else { return };
        let text = query.to_string();
        record.push(text.split(" -- binds: ").next().unwrap_or_default().to_owned());
    });
}
