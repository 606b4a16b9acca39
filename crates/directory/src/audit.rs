//! The audit: every command leaves a row in the write that did it.

mod export;

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::audit::{AuditFilter, AuditRow};
use store::{AuditId, TenantId, Tx};

pub use export::{Format, LIMIT, export};

use crate::actor::Actor;
use crate::error::Error;
use crate::page::{self, Page};
use crate::rights::Action;

/// Adds an entry. `detail` is before and after; a secret is named there, never shown.
pub(crate) fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    action: &str,
    object: &str,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let now = ctx.now();
    let row = AuditRow {
        tenant: tx.tenant().clone(),
        id: AuditId::new(now, ctx.vault.random()),
        at: now,
        actor: actor.id.clone(),
        actor_kind: actor.kind.as_str().into(),
        action: action.into(),
        object: object.into(),
        detail: detail.to_string(),
        request: actor.request.clone(),
        ip: actor.ip.clone(),
    };
    tx.insert_audit(&row)?;
    Ok(())
}

/// What differs between two values, member by member, as `{"member": [before, after]}`.
pub(crate) fn diff<T: Serialize>(before: &T, after: &T) -> serde_json::Value {
    let value = |v: &T| serde_json::to_value(v).unwrap_or_default();
    let (before, after) = (value(before), value(after));
    let mut changed = serde_json::Map::new();
    if let (Some(before), Some(after)) = (before.as_object(), after.as_object()) {
        for (name, new) in after {
            let old = before.get(name).cloned().unwrap_or_default();
            if &old != new {
                changed.insert(name.clone(), serde_json::json!([old, new]));
            }
        }
    }
    serde_json::Value::Object(changed)
}

/// An entry as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What kind of actor.
    pub actor_kind: String,
    /// What.
    pub action: String,
    /// To what.
    pub object: String,
    /// Before and after.
    pub detail: serde_json::Value,
    /// The request it came with.
    pub request: String,
    /// The address it came from.
    pub ip: String,
}

/// Which entries are wanted. What is empty is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditQuery {
    /// An id, such as an application's.
    pub object: String,
    /// A user's id, or `cli`.
    pub actor: String,
    /// What was done, such as `application.update`.
    pub action: String,
}

impl AuditQuery {
    /// Everything that was done to one thing.
    pub fn of_object(id: &str) -> AuditQuery {
        AuditQuery { object: id.to_owned(), ..AuditQuery::default() }
    }

    fn filter(&self) -> AuditFilter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        AuditFilter {
            object: given(&self.object),
            actor: given(&self.actor),
            action: given(&self.action),
        }
    }
}

/// Entries of a tenant, newest first.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    query: &AuditQuery,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<AuditEntry>, Error> {
    let scope = (tenant.as_str(), "audit");
    let filter = query.filter();
    let limit = page::limit(limit);
    let before = page::open(ctx, scope, after)?.and_then(|id| AuditId::parse(&id));
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::AuditRead)?;
        Ok::<_, Error>(tx.list_audit(before.as_ref(), &filter, limit + 1)?)
    })?;
    let entries = rows.into_iter().map(entry).collect();
    Ok(page::cut(ctx, scope, entries, limit, |e: &AuditEntry| e.id.as_str().into()))
}

fn entry(row: AuditRow) -> AuditEntry {
    AuditEntry {
        id: row.id,
        at: row.at.0,
        actor: row.actor,
        actor_kind: row.actor_kind,
        action: row.action,
        object: row.object,
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        request: row.request,
        ip: row.ip,
    }
}
