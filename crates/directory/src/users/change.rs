//! Changing a user: their fields, their address, whether they are kept out.

use context::{Ctx, TenantAddress};
use serde_json::json;
use store::users::UserRow;
use store::{TenantId, Tx};

use super::delete::keep_the_last;
use super::fields::{self, Source, Values};
use super::{find, taken};
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::links::LinkKind;
use crate::rights::Action;

/// Changes fields of a user, if nobody else did since `version`. A new address is an unproven one
/// unless the change says that it is proven; links that went to the old address stop working.
///
/// # Errors
/// [`Error::Stale`], [`Error::Form`] naming every field that cannot be written so,
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
    changes: &Values,
    version: i64,
) -> Result<UserRow, Error> {
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let schema = fields::schema(&snapshot);
    ctx.db
        .write(tenant, |tx| {
            actor.check(tx, Action::UserUpdate)?;
            let user = find(tx, who)?;
            if user.version != version {
                return Err(Error::Stale { current: user.version });
            }
            let mut to = user.clone();
            let differs = fields::apply(&schema, &mut to, changes, Source::Admin)?;
            save(tx, ctx, actor, &user, to, &differs)
        })
        .map_err(taken)
}

/// Writes a row that [`fields::apply`] changed, with what goes with it.
pub(crate) fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    from: &UserRow,
    mut to: UserRow,
    differs: &Values,
) -> Result<UserRow, Error> {
    if differs.is_empty() {
        return Ok(to);
    }
    to.updated_at = ctx.now();
    if !tx.update_user(&to, from.version)? {
        let current = tx.find_user(&to.id)?.ok_or(Error::NotFound("user"))?;
        return Err(Error::Stale { current: current.version });
    }
    to.version = from.version + 1;
    if to.email_key != from.email_key {
        // Who reads the old mailbox must not get in by a link that lies there.
        let kind = LinkKind::SetPassword.as_str();
        tx.void_links(kind, to.id.as_str(), ctx.now())?;
    }
    let detail = serde_json::Value::Object(differs.clone());
    audit::record(tx, ctx, actor, "user.update", to.id.as_str(), &detail)?;
    tx.changed("user", to.id.as_str());
    Ok(to)
}

/// Keeps a user out, or lets them in again. Blocking ends their sessions and everything that was
/// issued to them; unblocking brings none of it back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports. The last operator
/// and the last owner of a tenant cannot be kept out.
pub fn set_blocked(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
    blocked: bool,
) -> Result<UserRow, Error> {
    ctx.db.system_write(|tx| {
        actor.check(&mut tx.tenant(tenant), Action::UserHelp)?;
        let user = find(&mut tx.tenant(tenant), who)?;
        if blocked {
            keep_the_last(tx, &user)?;
        }
        switch(&mut tx.tenant(tenant), ctx, actor, user, blocked)
    })
}

/// Blocks or unblocks somebody who may be.
pub(crate) fn switch(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    mut user: UserRow,
    blocked: bool,
) -> Result<UserRow, Error> {
    let now = ctx.now();
    tx.set_user_blocked(&user.id, blocked, now)?;
    if blocked {
        tx.raise_user_epoch(&user.id, now)?;
        tx.end_sessions_of(&user.id, None, now)?;
    }
    let action = if blocked { "user.block" } else { "user.unblock" };
    audit::record(tx, ctx, actor, action, user.id.as_str(), &json!({}))?;
    tx.changed("user", user.id.as_str());
    user.blocked = blocked;
    user.version += 1;
    Ok(user)
}
