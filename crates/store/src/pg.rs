//! A write on PostgreSQL.

use crate::Error;
use crate::conn::Conn;
use crate::db::Hooks;
use crate::feed;
use crate::instrument::{Cells, count};
use crate::pool::Pool;
use crate::tx::Reports;

/// Runs `f` as one write.
pub(crate) fn run<T, E: From<Error>>(
    pool: &Pool,
    cells: &Cells,
    hooks: &Hooks,
    f: &mut dyn FnMut(&mut Conn, &mut Reports) -> Result<T, E>,
) -> Result<T, E> {
    let mut loan = pool.get()?;
    loan.begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").map_err(Error::from)?;
    let mut reports = Reports::default();
    let value = match f(&mut loan.conn, &mut reports) {
        Ok(value) => value,
        Err(error) => {
            if loan.rollback().is_err() {
                loan.spoil();
            }
            return Err(error);
        }
    };
    let changes = feed::flush(&mut loan.conn, reports)?;
    loan.commit().map_err(Error::from)?;
    count(&cells.writes);
    count(&cells.commits);
    hooks.tell(&changes);
    Ok(value)
}
