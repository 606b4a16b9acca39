//! One's own fields. What comes from a provider is changed there.

use std::collections::BTreeMap;

use context::{Ctx, Tenant};
use store::users::UserRow;

use super::Me;
use crate::error::{Error, FieldError, none};
use crate::users::change;
use crate::users::fields::{self, Source, Values};

/// The fields of a person that a provider owns, by key, each with the provider's name: those whose
/// value came through a connection that the person still signs in with.
///
/// # Errors
/// Whatever the database reports.
pub fn locked(
    ctx: &Ctx,
    tenant: &Tenant,
    user: &UserRow,
) -> Result<BTreeMap<String, String>, Error> {
    let sources = fields::sources(user);
    if sources.is_empty() {
        return Ok(BTreeMap::new());
    }
    let connections = ctx.snapshots.connections(ctx, &tenant.id)?;
    let linked = ctx.db.read(&tenant.id, |tx| tx.list_identities_of(&user.id))?;
    let owner = |source: &String| {
        let connection = connections.iter().find(|c| c.id.as_str() == source)?;
        linked.iter().any(|row| row.connection == connection.id).then(|| connection.name.clone())
    };
    Ok(sources.iter().filter_map(|(key, source)| Some((key.clone(), owner(source)?))).collect())
}

/// Changes one's own fields, if nobody else did since `version`.
///
/// # Errors
/// [`Error::Stale`], [`Error::Form`] naming every field that cannot be written so, or whatever the
/// database reports.
pub fn save(
    ctx: &Ctx,
    tenant: &Tenant,
    me: &Me,
    changes: &Values,
    version: i64,
) -> Result<UserRow, Error> {
    let locked = locked(ctx, tenant, &me.user)?;
    let refused = changes.keys().filter_map(|key| {
        let provider = locked.get(key)?;
        let message = format!("This comes from {provider}. Change it there.");
        Some(FieldError::new(key.clone(), "field_not_editable", message))
    });
    none(refused.collect())?;
    let schema = fields::schema(tenant);
    ctx.db.write(&tenant.id, |tx| {
        let user = me.stands(tx)?;
        if user.version != version {
            return Err(Error::Stale { current: user.version });
        }
        let mut to = user.clone();
        let differs = fields::apply(&schema, &mut to, changes, Source::User)?;
        change::save(tx, ctx, &me.actor, &user, to, &differs)
    })
}
