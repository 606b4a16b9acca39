//! Snapshots of tenants and applications: loaded when first asked for, bounded in bytes, dropped
//! by the change feed. A cached answer counts only while the feed was read within the last second;
//! a load that raced a change is used once and not kept. Nothing here ever lists all tenants. The
//! table each thread keeps of what it was given last is `near`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use store::{ApplicationId, Change, Db, Error, TenantId};

use crate::application::Application;
use crate::connection::Connection;
use crate::ctx::Ctx;
use crate::epochs::{Epochs, Polled};
use crate::keys::KeySet;
use crate::near;
use crate::tenant::Tenant;

/// How old the last reading of the feed may be for a cached answer to count.
pub const FRESH: Duration = Duration::from_secs(1);
const TENANT_BYTES: u64 = 48 << 20;
const APPLICATION_BYTES: u64 = 16 << 20;
const CONNECTION_BYTES: u64 = 16 << 20;
const ADDRESSES: u64 = 100_000;

/// How a tenant is named by a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TenantAddress {
    /// By its short name.
    Slug(String),
    /// By its own host, in lower case and without a port.
    Host(String),
    /// By its id.
    Id(TenantId),
}

/// The connections of a tenant, in the order in which they are offered.
pub type Connections = Arc<[Arc<Connection>]>;

impl TenantAddress {
    fn name(&self) -> &str {
        match self {
            TenantAddress::Slug(name) | TenantAddress::Host(name) => name,
            TenantAddress::Id(id) => id.as_str(),
        }
    }
}

/// The caches of a node. Cheap to clone.
#[derive(Clone)]
pub struct Snapshots(Arc<Inner>);

struct Inner {
    tenants: Cache<TenantId, Arc<Tenant>>,
    addresses: Cache<TenantAddress, TenantId>,
    applications: Cache<(TenantId, ApplicationId), Arc<Application>>,
    connections: Cache<TenantId, Connections>,
    epochs: Epochs,
    polled: Polled,
}

impl Default for Snapshots {
    fn default() -> Self {
        Snapshots(Arc::new(Inner {
            tenants: Cache::builder()
                .max_capacity(TENANT_BYTES)
                .weigher(|_, t: &Arc<Tenant>| t.weight())
                .build(),
            addresses: Cache::new(ADDRESSES),
            applications: Cache::builder()
                .max_capacity(APPLICATION_BYTES)
                .weigher(|_, a: &Arc<Application>| a.weight())
                .build(),
            connections: Cache::builder()
                .max_capacity(CONNECTION_BYTES)
                .weigher(|_, all: &Connections| weight(all))
                .build(),
            epochs: Epochs::default(),
            polled: Polled::default(),
        }))
    }
}

impl Snapshots {
    /// Whether cached answers count now.
    pub fn fresh(&self) -> bool {
        self.0.polled.is_within(FRESH)
    }

    /// Notes that the feed was read up to its head at `at`.
    pub fn polled(&self, at: Instant) {
        self.0.polled.note(at);
    }

    /// How many tenants and applications are in memory, roughly.
    pub fn cached(&self) -> (u64, u64) {
        (self.0.tenants.entry_count(), self.0.applications.entry_count())
    }

    /// Drops what a change made stale.
    pub fn apply(&self, changes: &[Change]) {
        for change in changes {
            self.0.epochs.raise(&change.tenant);
            match change.kind.as_str() {
                "tenant" | "keys" => self.0.tenants.invalidate(&change.tenant),
                "application" => {
                    if let Some(id) = ApplicationId::parse(&change.id) {
                        self.0.applications.invalidate(&(change.tenant.clone(), id));
                    }
                }
                "connection" => self.0.connections.invalidate(&change.tenant),
                _ => {}
            }
            // What a thread read meanwhile may be of before.
            self.0.epochs.raise(&change.tenant);
        }
    }

    /// Drops everything, when the feed could not be followed.
    pub fn clear(&self) {
        self.0.epochs.raise_all();
        self.0.tenants.invalidate_all();
        self.0.addresses.invalidate_all();
        self.0.applications.invalidate_all();
        self.0.connections.invalidate_all();
        self.0.epochs.raise_all();
    }

    /// The tenant at an address, if it is in memory and counts. Never touches the database.
    pub fn cached_tenant(&self, ctx: &Ctx, at: &TenantAddress) -> Option<Arc<Tenant>> {
        if !self.fresh() {
            return None;
        }
        let fits = |mark, tenant: &Tenant| self.0.epochs.stands(mark) && answers(tenant, at);
        let tenant = match near::tenant(at.name(), fits) {
            Some(tenant) => tenant,
            None => self.shared_tenant(at)?,
        };
        tenant.current(|| ctx.now()).then_some(tenant)
    }

    fn shared_tenant(&self, at: &TenantAddress) -> Option<Arc<Tenant>> {
        let id = match at {
            TenantAddress::Id(id) => id.clone(),
            _ => self.0.addresses.get(at)?,
        };
        let mark = self.0.epochs.mark(&id);
        let tenant = self.0.tenants.get(&id).filter(|tenant| answers(tenant, at))?;
        near::keep_tenant(at.name(), mark, &tenant);
        Some(tenant)
    }

    /// The tenant at an address as it was last known, when the feed cannot be followed. Good for
    /// documents that others may keep for minutes anyway, and for nothing else.
    pub fn remembered_tenant(&self, at: &TenantAddress) -> Option<Arc<Tenant>> {
        if self.fresh() {
            return None;
        }
        let id = match at {
            TenantAddress::Id(id) => id.clone(),
            _ => self.0.addresses.get(at)?,
        };
        self.0.tenants.get(&id).filter(|tenant| answers(tenant, at))
    }

    /// The tenant at an address.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn tenant(&self, ctx: &Ctx, at: &TenantAddress) -> Result<Option<Arc<Tenant>>, Error> {
        if let Some(tenant) = self.cached_tenant(ctx, at) {
            return Ok(Some(tenant));
        }
        let Some(row) = find_row(&ctx.db, at)? else { return Ok(None) };
        let id = row.id.clone();
        let epoch = self.0.epochs.of(&id);
        let now = ctx.now();
        let (row, keys, documents) = ctx.db.read(&id, |tx| {
            Ok::<_, Error>((tx.this_tenant()?, tx.list_signing_keys()?, tx.list_settings()?))
        })?;
        let Some(row) = row else { return Ok(None) };
        let keys = KeySet::open(&ctx.vault, &keys, now)?;
        let tenant = Arc::new(Tenant::new(row, keys, &documents, &ctx.settings)?);
        if self.0.epochs.of(&id) == epoch {
            self.0.addresses.insert(at.clone(), id.clone());
            self.0.tenants.insert(id.clone(), Arc::clone(&tenant));
            // A change that came between the check and the insert has raised the epoch since.
            if self.0.epochs.of(&id) != epoch {
                self.0.tenants.invalidate(&id);
                self.0.epochs.raise(&id);
            }
        }
        Ok(Some(tenant))
    }

    /// An application, if it is in memory and counts. Never touches the database.
    pub fn cached_application(&self, tenant: &TenantId, id: &str) -> Option<Arc<Application>> {
        if !self.fresh() {
            return None;
        }
        let fits = |mark, application: &Application| {
            self.0.epochs.stands(mark)
                && application.id.as_str() == id
                && application.tenant == *tenant
        };
        if let Some(application) = near::application(id, fits) {
            return Some(application);
        }
        let mark = self.0.epochs.mark(tenant);
        let application = self.0.applications.get(&(tenant.clone(), ApplicationId::parse(id)?))?;
        near::keep_application(mark, &application);
        Some(application)
    }

    /// An application by its `client_id`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn application(
        &self,
        ctx: &Ctx,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<Arc<Application>>, Error> {
        if let Some(application) = self.cached_application(tenant, id) {
            return Ok(Some(application));
        }
        let Some(id) = ApplicationId::parse(id) else { return Ok(None) };
        let epoch = self.0.epochs.of(tenant);
        let rows = ctx.db.read(tenant, |tx| {
            let Some(row) = tx.find_application(&id)? else { return Ok::<_, Error>(None) };
            let secrets = tx.list_secrets(&id)?;
            Ok(Some((row, secrets)))
        })?;
        let Some((row, secrets)) = rows else { return Ok(None) };
        let application = Arc::new(Application::from_rows(&row, &secrets)?);
        let key = (tenant.clone(), id);
        if self.0.epochs.of(tenant) == epoch {
            self.0.applications.insert(key.clone(), Arc::clone(&application));
            if self.0.epochs.of(tenant) != epoch {
                self.0.applications.invalidate(&key);
                self.0.epochs.raise(tenant);
            }
        }
        Ok(Some(application))
    }

    /// The connections of a tenant, offered or not, in the order in which they are offered.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn connections(&self, ctx: &Ctx, tenant: &TenantId) -> Result<Connections, Error> {
        if let Some(all) = self.0.connections.get(tenant).filter(|_| self.fresh()) {
            return Ok(all);
        }
        let epoch = self.0.epochs.of(tenant);
        let rows = ctx.db.read(tenant, |tx| tx.list_connections())?;
        let all: Result<Vec<_>, Error> =
            rows.into_iter().map(|row| Connection::from_row(row).map(Arc::new)).collect();
        let all: Connections = all?.into();
        if self.0.epochs.of(tenant) == epoch {
            self.0.connections.insert(tenant.clone(), Arc::clone(&all));
            if self.0.epochs.of(tenant) != epoch {
                self.0.connections.invalidate(tenant);
            }
        }
        Ok(all)
    }
}

fn weight(all: &Connections) -> u32 {
    let bytes: usize = all.iter().map(|one| one.weight()).sum();
    u32::try_from(bytes + 64).unwrap_or(u32::MAX)
}

/// Whether a tenant is still the one at this address: it may have been renamed or moved.
fn answers(tenant: &Tenant, at: &TenantAddress) -> bool {
    match at {
        TenantAddress::Slug(slug) => &tenant.slug == slug,
        TenantAddress::Host(host) => tenant.host.as_deref() == Some(host),
        TenantAddress::Id(id) => &tenant.id == id,
    }
}

fn find_row(db: &Db, at: &TenantAddress) -> Result<Option<store::tenants::Tenant>, Error> {
    db.system_read(|tx| match at {
        TenantAddress::Slug(slug) => tx.find_tenant_by_slug(slug),
        TenantAddress::Host(host) => tx.find_tenant_by_host(host),
        TenantAddress::Id(id) => tx.find_tenant(id),
    })
}
