//! A read: one snapshot, nothing written, on a connection of the pool.

use crate::Error;
use crate::conn::Conn;
use crate::instrument::Cells;
use crate::pool::Pool;
use crate::tx::Reports;

/// Runs `f` on one snapshot.
pub(crate) fn run<T, E: From<Error>>(
    pool: &Pool,
    _cells: &Cells,
    f: impl FnOnce(&mut Conn, &mut Reports) -> Result<T, E>,
) -> Result<T, E> {
    let mut loan = pool.get()?;
    let begin = match loan.conn {
        Conn::Pg(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Conn::Sqlite(_) => "BEGIN DEFERRED",
    };
    loan.begin(begin).map_err(Error::from)?;
    let answer = f(&mut loan.conn, &mut Reports::default());
    if loan.rollback().is_err() {
        loan.spoil();
    }
    answer
}
