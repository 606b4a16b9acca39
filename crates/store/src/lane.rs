//! The one writing connection of SQLite.

use crate::conn::{Location, Role};
use crate::db::Hooks;
use crate::feed;
use crate::instrument::{Cells, count};
use crate::pool::Link;
use crate::tx::Reports;
use crate::{Error, TenantId};
use parking_lot::Mutex;
use std::sync::Arc;

/// The lane.
pub(crate) struct Lane {
    location: Location,
    cells: Arc<Cells>,
    link: Mutex<Option<Link>>,
}

impl Lane {
    pub(crate) fn new(location: Location, cells: Arc<Cells>) -> Self {
        Self { location, cells, link: Mutex::new(None) }
    }

    pub(crate) fn run<T, E: From<Error>>(
        &self,
        _tenant: &TenantId,
        hooks: &Hooks,
        f: &mut dyn FnMut(&mut crate::conn::Conn, &mut Reports) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut slot = self.link.lock();
        let mut link = match slot.take() {
            Some(link) => link,
            None => Link::open(&self.location, Role::Write, &self.cells)?,
        };
        link.begin("BEGIN IMMEDIATE").map_err(Error::from)?;
        let mut reports = Reports::default();
        let value = match f(&mut link.conn, &mut reports) {
            Ok(value) => value,
            Err(error) => {
                link.rollback().map_err(Error::from)?;
                *slot = Some(link);
                return Err(error);
            }
        };
        let changes = feed::flush(&mut link.conn, reports)?;
        link.commit().map_err(Error::from)?;
        count(&self.cells.writes);
        count(&self.cells.commits);
        *slot = Some(link);
        hooks.tell(&changes);
        Ok(value)
    }
}
