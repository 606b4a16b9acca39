//! What a query is a method on: `Tx` inside one tenant, `SystemTx` across all of them.
//!
//! Owns the two types and the list of changes a command reports to the feed. The queries are in
//! the file of their table; when a transaction begins and ends is decided by `db`.

use crate::TenantId;
use crate::conn::Conn;

/// A change a command reports; it becomes a row of the feed as the last thing before COMMIT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub tenant: TenantId,
    pub kind: &'static str,
    pub id: String,
}

/// The changes of one command, each once, in the order first reported.
#[derive(Debug, Default)]
pub(crate) struct Reports(Vec<Report>);

impl Reports {
    fn add(&mut self, tenant: &TenantId, kind: &'static str, id: &str) {
        let known = |r: &Report| r.kind == kind && r.id == id && r.tenant == *tenant;
        if !self.0.iter().any(known) {
            self.0.push(Report { tenant: tenant.clone(), kind, id: id.to_owned() });
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Report> {
        self.0
    }
}

/// A transaction inside one tenant: every query on it sees that tenant's rows only.
pub struct Tx<'c> {
    pub(crate) conn: &'c mut Conn,
    pub(crate) tenant: TenantId,
    reports: &'c mut Reports,
}

impl Tx<'_> {
    /// The tenant this transaction is bound to.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Tells every node that the thing `kind`/`id` of this tenant changed, so that cached copies
    /// are dropped. Told once per command, however often it is called.
    pub fn changed(&mut self, kind: &'static str, id: &str) {
        self.reports.add(&self.tenant, kind, id);
    }
}

/// A transaction across tenants: finding a tenant, creating one, jobs over the installation.
pub struct SystemTx<'c> {
    pub(crate) conn: &'c mut Conn,
    reports: &'c mut Reports,
}

impl<'c> SystemTx<'c> {
    pub(crate) fn new(conn: &'c mut Conn, reports: &'c mut Reports) -> Self {
        Self { conn, reports }
    }

    /// The same transaction, bound to one tenant; what it changes commits with the rest.
    pub fn tenant(&mut self, tenant: &TenantId) -> Tx<'_> {
        Tx { conn: self.conn, tenant: tenant.clone(), reports: self.reports }
    }

    /// As [`Tx::changed`], for a thing of `tenant`.
    pub fn changed(&mut self, tenant: &TenantId, kind: &'static str, id: &str) {
        self.reports.add(tenant, kind, id);
    }
}
