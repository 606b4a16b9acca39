//! Accepting an invitation to administer a tenant: signed in with the account it was made for, or
//! by making that account. Either way the invitation is used up and the role is given in one write.

use context::Ctx;
use store::roles::RoleRow;
use store::tenants::Tenant;
use store::users::UserRow;
use store::{Error as StoreError, SystemTx, TenantId, UserId};

use super::{Opened, open};
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Role;
use crate::users::{self, CreateUser};

/// Accepts an invitation as somebody who is signed in to the console. It is for the address it was
/// made for and for nobody else.
///
/// # Errors
/// [`Error::Link`] when it does not work or is somebody else's.
pub fn accept(ctx: &Ctx, actor: &Actor, slug: &str, token: &str) -> Result<Tenant, Error> {
    let opened = open(ctx, slug, token)?;
    let id = UserId::parse(&actor.id).ok_or(Error::Link("link_unknown"))?;
    let user = ctx.db.read(&TenantId::system(), |tx| tx.find_user(&id))?;
    let user = user.filter(|user| user.email_key == opened.email_key && !user.blocked);
    let user = user.ok_or(Error::Link("link_unknown"))?;
    ctx.db.system_write(|tx| take(tx, ctx, actor, &opened, &user.id))?;
    Ok(opened.tenant)
}

/// Accepts an invitation by making the account it is for. The address does not count as proven: who
/// invites sees the link too, and may not make a proven account for somebody else's address.
///
/// # Errors
/// [`Error::Link`] when it does not work, [`Error::Form`] naming the field.
pub fn accept_new(
    ctx: &Ctx,
    visitor: &Actor,
    slug: &str,
    token: &str,
    name: &str,
    phc: &str,
) -> Result<(Tenant, UserRow), Error> {
    let opened = open(ctx, slug, token)?;
    let input = CreateUser {
        email: opened.email.clone(),
        name: Some(name.to_owned()),
        email_verified: false,
        ..CreateUser::default()
    };
    let system = TenantId::system();
    let user = users::new_row(ctx, &system, &input, Some(phc))?;
    let actor = Actor { id: user.id.as_str().into(), ..visitor.clone() };
    ctx.db.system_write(|tx| {
        let mut inside = tx.tenant(&system);
        inside.insert_user(&user).map_err(|e| users::taken(e.into()))?;
        let detail = serde_json::json!({ "email": user.email });
        audit::record(&mut inside, ctx, &actor, "user.create", user.id.as_str(), &detail)?;
        take(tx, ctx, &actor, &opened, &user.id)
    })?;
    Ok((opened.tenant, user))
}

/// Uses the invitation up and gives the role: who already has one keeps the higher of the two.
fn take(
    tx: &mut SystemTx,
    ctx: &Ctx,
    actor: &Actor,
    opened: &Opened,
    user: &UserId,
) -> Result<(), Error> {
    let mut inside = tx.tenant(&opened.tenant.id);
    if !inside.end_invitation(&opened.id, "accepted", ctx.now())? {
        return Err(Error::Link("link_used"));
    }
    inside.lock_tenant()?;
    let held = inside.list_roles(user)?;
    let rank = |role: Role| Role::ALL.iter().position(|other| *other == role);
    let best = held.iter().filter_map(|role| Role::parse(role)).map(rank).min().flatten();
    if best.is_some_and(|best| Some(best) <= rank(opened.role)) {
        return Ok(());
    }
    for role in &held {
        inside.delete_role(user, role)?;
    }
    let role = opened.role.as_str();
    let given = inside.insert_role(&RoleRow {
        tenant: opened.tenant.id.clone(),
        actor: user.clone(),
        role: role.into(),
        created_at: ctx.now(),
    });
    match given {
        Ok(()) | Err(StoreError::Conflict(_)) => {}
        Err(other) => return Err(other.into()),
    }
    let detail = serde_json::json!({ "role": [held.join(", "), role] });
    audit::record(&mut inside, ctx, actor, "admin.accept", user.as_str(), &detail)
}
