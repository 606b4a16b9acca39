//! Who administers a tenant: roles of people of the system tenant, and invitations by link. The
//! last owner of a tenant and the last operator cannot be lost. What a role may do is `rights`.

mod invitations;

use context::Ctx;
use serde::Serialize;
use store::roles::RoleRow;
use store::{TenantId, Tx, UserId};

pub use invitations::{
    Invitation, Invited, Opened, accept, accept_new, invite, open, pending, withdraw,
};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::{Action, Role};

/// Somebody who administers a tenant.
#[derive(Debug, Clone, Serialize)]
pub struct Admin {
    /// Their id in the system tenant.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// The name people read.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Since when, in microseconds since 1970 UTC.
    pub since: i64,
}

/// The roles that can be given on a tenant: `operator` on the built-in one, the others elsewhere.
pub fn roles_of(tenant: &TenantId) -> &'static [Role] {
    if *tenant == TenantId::system() {
        &[Role::Operator]
    } else {
        &[Role::Owner, Role::Admin, Role::Support, Role::Auditor]
    }
}

/// The role that must not be lost.
fn keeper(tenant: &TenantId) -> Role {
    roles_of(tenant)[0]
}

/// Who administers a tenant, at most 100.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<Admin>, Error> {
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::RoleRead)?;
        Ok::<_, Error>(tx.list_role_assignments()?)
    })?;
    ctx.db.read(&TenantId::system(), |tx| {
        let mut admins = Vec::with_capacity(rows.len());
        for row in rows {
            let (Some(role), Some(user)) = (Role::parse(&row.role), tx.find_user(&row.actor)?)
            else {
                continue;
            };
            let (email, name) = (user.email, user.name);
            admins.push(Admin { user: row.actor, email, name, role, since: row.created_at.0 });
        }
        Ok(admins)
    })
}

/// Gives somebody another role on a tenant, in place of those they have there.
///
/// # Errors
/// [`Error::NotFound`] for who has none, [`Error::Form`] when the tenant would lose its last owner
/// or the role is none of its own, [`Error::Forbidden`], or whatever the database reports.
pub fn set_role(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    user: &UserId,
    role: Role,
) -> Result<(), Error> {
    check_role(tenant, role)?;
    let now = ctx.now();
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::RoleAssign)?;
        let held = take_all(tx, user, Some(role))?;
        let (tenant, actor_id) = (tx.tenant().clone(), user.clone());
        tx.insert_role(&RoleRow {
            tenant,
            actor: actor_id,
            role: role.as_str().into(),
            created_at: now,
        })?;
        let detail = serde_json::json!({ "role": [held.join(", "), role.as_str()] });
        audit::record(tx, ctx, actor, "admin.grant", user.as_str(), &detail)
    })
}

/// Takes away all that somebody may do on a tenant.
///
/// # Errors
/// As [`set_role`].
pub fn remove(ctx: &Ctx, actor: &Actor, tenant: &TenantId, user: &UserId) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::RoleAssign)?;
        let held = take_all(tx, user, None)?;
        let detail = serde_json::json!({ "role": [held.join(", "), ""] });
        audit::record(tx, ctx, actor, "admin.revoke", user.as_str(), &detail)
    })
}

/// Takes the roles of somebody who is to have `instead`; answers their names. The tenant's version
/// is the lock: two who take the last owner's place at once do so one after the other.
fn take_all(tx: &mut Tx, user: &UserId, instead: Option<Role>) -> Result<Vec<String>, Error> {
    tx.lock_tenant()?;
    let rows = tx.list_role_assignments()?;
    let keeper = keeper(tx.tenant());
    let held: Vec<String> =
        rows.iter().filter(|r| r.actor == *user).map(|r| r.role.clone()).collect();
    if held.is_empty() {
        return Err(Error::NotFound("admin"));
    }
    let keeps = |r: &&RoleRow| r.role == keeper.as_str();
    let others = rows.iter().filter(keeps).filter(|r| r.actor != *user).count();
    let loses = held.iter().any(|role| role == keeper.as_str()) && instead != Some(keeper);
    if loses && others == 0 {
        return Err(last(keeper));
    }
    for role in &held {
        tx.delete_role(user, role)?;
    }
    Ok(held)
}

fn last(keeper: Role) -> Error {
    let word = keeper.as_str();
    Error::field(
        "role",
        "last_owner",
        format!("This is the last {word}. Make somebody else {word} first."),
    )
}

fn check_role(tenant: &TenantId, role: Role) -> Result<(), Error> {
    let roles = roles_of(tenant);
    if roles.contains(&role) {
        return Ok(());
    }
    let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let message = format!("Choose one of {}.", names.join(", "));
    Err(Error::field("role", "unknown", message))
}
