//! Which host is a tenant's address: choosing a proven one, taking one whose proof by another tenant
//! has lapsed, and removing one that is not in use.

use context::Ctx;
use store::tenants::Tenant;
use store::{Error as StoreError, SystemTx, TenantId};

use super::this;
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;

/// Makes a proven host the address of the tenant, or with none goes back to the usual one. The
/// issuer changes with it.
///
/// # Errors
/// [`Error::Form`] when the host is not proven or another tenant has it, [`Error::NotFound`],
/// [`Error::Forbidden`], or whatever the database reports.
pub fn choose(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    host: Option<&str>,
) -> Result<Tenant, Error> {
    ctx.db.system_write(|tx| {
        {
            let mut inside = tx.tenant(tenant);
            actor.check(&mut inside, Action::DomainUpdate)?;
            if let Some(host) = host {
                let row = inside.find_domain(host)?.ok_or(Error::NotFound("domain"))?;
                if row.proven_at.is_none() || row.failing_since.is_some() {
                    let said = "This host is not proven now. Add the TXT record and check it.";
                    return Err(Error::field("host", "unproven", said));
                }
            }
        }
        if let Some(host) = host {
            release(ctx, actor, tx, tenant, host)?;
        }
        let mut inside = tx.tenant(tenant);
        let before = this(&mut inside)?;
        let after =
            Tenant { host: host.map(str::to_owned), updated_at: ctx.now(), ..before.clone() };
        if !inside.update_tenant(&after, before.version)? {
            return Err(Error::Stale { current: before.version + 1 });
        }
        let detail = audit::diff(&before, &after);
        audit::record(&mut inside, ctx, actor, "domain.choose", tenant.as_str(), &detail)?;
        inside.changed("tenant", tenant.as_str());
        Ok(after)
    })
}

/// Takes a host from another tenant whose proof of it has lapsed; refuses when it has not.
fn release(
    ctx: &Ctx,
    actor: &Actor,
    tx: &mut SystemTx,
    tenant: &TenantId,
    host: &str,
) -> Result<(), Error> {
    let Some(other) = tx.find_tenant_by_host(host)?.filter(|other| other.id != *tenant) else {
        return Ok(());
    };
    let mut theirs = tx.tenant(&other.id);
    let lapsed = theirs.find_domain(host)?.is_some_and(|row| row.proven_at.is_none());
    if !lapsed {
        let said = "Another tenant has this host. Its proof has to lapse, or an operator frees it.";
        return Err(Error::field("host", "taken", said));
    }
    let free = Tenant { host: None, updated_at: ctx.now(), ..other.clone() };
    if !theirs.update_tenant(&free, other.version)? {
        return Err(Error::Store(StoreError::Conflict("host")));
    }
    let detail = serde_json::json!({ "host": [host, null], "why": "another tenant proved it" });
    let system = Actor { request: actor.request.clone(), ..Actor::system(ctx) };
    audit::record(&mut theirs, ctx, &system, "domain.released", other.id.as_str(), &detail)?;
    theirs.changed("tenant", other.id.as_str());
    Ok(())
}

/// Removes a host that is not the tenant's address.
///
/// # Errors
/// [`Error::Form`] when it is, [`Error::NotFound`], [`Error::Forbidden`], or whatever the database
/// reports.
pub fn remove(ctx: &Ctx, actor: &Actor, tenant: &TenantId, host: &str) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::DomainUpdate)?;
        if this(tx)?.host.as_deref() == Some(host) {
            let said = "This host is the address of the tenant. Choose another address first.";
            return Err(Error::field("host", "canonical", said));
        }
        if !tx.delete_domain(host)? {
            return Err(Error::NotFound("domain"));
        }
        let detail = serde_json::json!({ "host": host });
        audit::record(tx, ctx, actor, "domain.remove", host, &detail)
    })
}
