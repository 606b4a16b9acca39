//! The audit: who did what, in the write that did it. Rows are only ever added.

mod actions;

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{AuditId, TenantId};
use crate::schema::audit;
use crate::time::Timestamp;

pub use actions::ACTIONS;

/// An entry as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = audit)]
pub struct AuditRow {
    /// The tenant it happened in.
    pub tenant: TenantId,
    /// Its id; ordered by time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who: a user id, or `cli`, `setup`, `system`.
    pub actor: String,
    /// `user`, `cli`, `setup` or `system`.
    pub actor_kind: String,
    /// What, such as `application.create`.
    pub action: String,
    /// To what: an id.
    pub object: String,
    /// Before and after as JSON; secrets are named, never shown.
    pub detail: String,
    /// The request it came with.
    pub request: String,
    /// The address it came from.
    pub ip: String,
}

/// Which entries are asked for: all of them when nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// What it was done to: an id.
    pub object: Option<String>,
    /// Who did it.
    pub actor: Option<String>,
    /// What was done, such as `application.create`.
    pub action: Option<String>,
}

impl Tx<'_> {
    /// Adds an entry, whose action is one of [`ACTIONS`].
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_audit(&mut self, row: &AuditRow) -> Result<(), Error> {
        debug_assert!(ACTIONS.contains(&row.action.as_str()), "{} is no known action", row.action);
        diesel::insert_into(audit::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Entries, newest first, before the given one.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_audit(
        &mut self,
        before: Option<&AuditId>,
        filter: &AuditFilter,
        limit: i64,
    ) -> Result<Vec<AuditRow>, Error> {
        let mut query = audit::table
            .filter(audit::tenant.eq(&self.tenant))
            .order(audit::id.desc())
            .limit(limit)
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(audit::id.lt(before.clone()));
        }
        if let Some(object) = &filter.object {
            query = query.filter(audit::object.eq(object.clone()));
        }
        if let Some(actor) = &filter.actor {
            query = query.filter(audit::actor.eq(actor.clone()));
        }
        if let Some(action) = &filter.action {
            query = query.filter(audit::action.eq(action.clone()));
        }
        Ok(query.load(self.conn)?)
    }
}
