//! Hosts of a tenant's own: proven by a TXT record in DNS, or set by an operator. Only a proven host
//! can become the tenant's address, and one tenant has it at a time. What DNS says is looked up by
//! `server`; what it means is decided here.

mod address;
mod record;

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::domains::DomainRow;
use store::tenants::Tenant;
use store::{TenantId, Timestamp, Tx};

pub use address::{choose, remove};
pub use record::{RECORD, own_host};

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, none};
use crate::rights::Action;

/// So many hosts a tenant may have.
pub const MOST: usize = 20;
/// How long after it was added, in seconds, a host that is not proven is looked up every few
/// minutes; later once a day.
const EAGER_S: i64 = 2 * 86_400;
const EAGER_EVERY_S: i64 = 600;
const DAILY_S: i64 = 86_400;
/// How long, in seconds, the record of a proven host may be missing before the proof lapses.
pub const GRACE_S: i64 = 7 * 86_400;

/// A host as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct Domain {
    /// The host.
    pub host: String,
    /// The name of the TXT record.
    pub record: String,
    /// What the record has to say.
    pub value: String,
    /// `proven`, `unproven` or `failing`: proven, but the record is missing now.
    pub state: &'static str,
    /// `dns`, `operator`, or nothing.
    pub proven_by: String,
    /// Whether it is the tenant's address.
    pub canonical: bool,
    /// When it was proven, in microseconds since 1970 UTC.
    pub proven_at: Option<i64>,
    /// When it was last looked up.
    pub checked_at: Option<i64>,
    /// What was wrong then.
    pub last_error: String,
    /// When the proof lapses, if the record stays missing.
    pub lapses_at: Option<i64>,
}

/// A new host.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddDomain {
    /// The host.
    pub host: String,
    /// An operator vouches for it: no proof is asked for.
    #[serde(default)]
    pub without_proof: bool,
}

fn shown(row: DomainRow, tenant: &Tenant) -> Domain {
    Domain {
        record: format!("{RECORD}.{}", row.host),
        value: row.token,
        state: match (row.proven_at, row.failing_since) {
            (None, _) => "unproven",
            (Some(_), Some(_)) => "failing",
            (Some(_), None) => "proven",
        },
        proven_by: row.proven_by,
        canonical: tenant.host.as_deref() == Some(row.host.as_str()),
        proven_at: row.proven_at.map(|at| at.0),
        checked_at: row.checked_at.map(|at| at.0),
        last_error: row.last_error,
        lapses_at: row.failing_since.map(|since| since.plus_seconds(GRACE_S).0),
        host: row.host,
    }
}

fn this(tx: &mut Tx) -> Result<Tenant, Error> {
    tx.this_tenant()?.ok_or(Error::NotFound("tenant"))
}

/// The hosts of a tenant.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<Domain>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::TenantRead)?;
        let tenant = this(tx)?;
        Ok(tx.list_domains()?.into_iter().map(|row| shown(row, &tenant)).collect())
    })
}

/// One host.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, host: &str) -> Result<Domain, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::TenantRead)?;
        let tenant = this(tx)?;
        let row = tx.find_domain(host)?.ok_or(Error::NotFound("domain"))?;
        Ok(shown(row, &tenant))
    })
}

/// Adds a host; unless an operator vouches for it, it has to be proven before it serves.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Forbidden`], or whatever the database reports.
pub fn add(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &AddDomain,
) -> Result<Domain, Error> {
    if input.without_proof {
        actor.check_installation(Action::TenantOperate)?;
    }
    let mut errors = Vec::new();
    let host = own_host(ctx, &input.host, &mut errors);
    let row = new_row(ctx, tenant, host, input.without_proof);
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::DomainUpdate)?;
        none(errors.clone())?;
        let standing = tx.list_domains()?;
        if standing.iter().any(|other| other.host == row.host) {
            return Err(Error::field("host", "taken", "This host is in the list already."));
        }
        if standing.len() >= MOST {
            let said = format!("A tenant has {MOST} hosts at most. Remove one first.");
            return Err(Error::field("host", "too_many", said));
        }
        tx.insert_domain(&row)?;
        let detail = serde_json::json!({ "host": row.host, "proven_by": row.proven_by });
        audit::record(tx, ctx, actor, "domain.add", &row.host, &detail)?;
        Ok(shown(row.clone(), &this(tx)?))
    })
}

fn new_row(ctx: &Ctx, tenant: &TenantId, host: String, vouched: bool) -> DomainRow {
    let now = ctx.now();
    let daily = now.plus_seconds(if vouched { DAILY_S * 36_500 } else { EAGER_EVERY_S });
    DomainRow {
        tenant: tenant.clone(),
        host,
        token: format!("tessera-proof={}", vault::new_link_token(&ctx.vault).expose()),
        proven_at: vouched.then_some(now),
        proven_by: if vouched { "operator" } else { "" }.into(),
        checked_at: None,
        last_error: String::new(),
        created_at: now,
        due_at: daily,
        failing_since: None,
    }
}

/// Asks for a look-up at once; a server makes it within a second or two.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn ask(ctx: &Ctx, actor: &Actor, tenant: &TenantId, host: &str) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::DomainUpdate)?;
        let mut row = tx.find_domain(host)?.ok_or(Error::NotFound("domain"))?;
        row.due_at = ctx.now();
        tx.update_domain(&row)?;
        Ok(())
    })
}

/// As [`found`], for somebody who looked it up themselves.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn check(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    host: &str,
    texts: &Result<Vec<String>, String>,
) -> Result<Domain, Error> {
    let row = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::DomainUpdate)?;
        tx.find_domain(host)?.ok_or(Error::NotFound("domain"))
    })?;
    found(ctx, &row, texts)
}

/// Notes what DNS said: the texts of the record, or why there are none.
///
/// # Errors
/// Whatever the database reports.
pub fn found(
    ctx: &Ctx,
    row: &DomainRow,
    texts: &Result<Vec<String>, String>,
) -> Result<Domain, Error> {
    let problem = record::problem(row, texts);
    let actor = Actor::system(ctx);
    ctx.db.write(&row.tenant, |tx| {
        let before = tx.find_domain(&row.host)?.ok_or(Error::NotFound("domain"))?;
        let after = judged(ctx.now(), &before, &problem);
        tx.update_domain(&after)?;
        let action = match (before.proven_at, after.proven_at) {
            (None, Some(_)) => Some("domain.proven"),
            (Some(_), None) => Some("domain.lapsed"),
            _ => None,
        };
        if let Some(action) = action {
            let detail = serde_json::json!({ "host": after.host, "error": after.last_error });
            audit::record(tx, ctx, &actor, action, &after.host, &detail)?;
        }
        Ok(shown(after, &this(tx)?))
    })
}

fn judged(now: Timestamp, before: &DomainRow, problem: &str) -> DomainRow {
    let mut after = before.clone();
    after.checked_at = Some(now);
    after.last_error = problem.to_owned();
    let young = before.created_at.plus_seconds(EAGER_S) > now;
    let every = if problem.is_empty() || !young { DAILY_S } else { EAGER_EVERY_S };
    after.due_at = now.plus_seconds(every);
    if problem.is_empty() {
        after.proven_at = before.proven_at.or(Some(now));
        after.proven_by = "dns".into();
        after.failing_since = None;
    } else if before.proven_by == "dns" {
        let since = before.failing_since.unwrap_or(now);
        after.failing_since = Some(since);
        if since.plus_seconds(GRACE_S) <= now {
            after.proven_at = None;
            after.proven_by = String::new();
        }
    }
    after
}

#[cfg(test)]
mod tests;
