//! Deleting a user, and what goes with them. Who is the last operator, or the last owner of a
//! tenant, stays: nobody else could let people in again.

use context::Ctx;
use serde::Serialize;
use store::roles::RoleRow;
use store::users::UserRow;
use store::{SystemTx, TenantId, UserId};

use super::find;
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::{Action, Role};

/// Counts stop here: a page says "100+".
const CAP: i64 = 101;
/// So many roles of one person are looked at.
const ROLES: i64 = 500;

/// What is lost with a user, each counted up to 101.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Belongings {
    /// Sessions that are still open.
    pub sessions: usize,
    /// Applications they allowed something.
    pub consents: usize,
    /// Providers they can sign in with.
    pub identities: usize,
    /// Organizations they belong to.
    pub organizations: usize,
}

/// What is lost with a user.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn belongings(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
) -> Result<Belongings, Error> {
    let now = ctx.now();
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        let user = find(tx, who)?;
        let sessions = tx.list_sessions(Some(&user.id), None, CAP)?;
        Ok(Belongings {
            sessions: sessions
                .iter()
                .filter(|s| s.ended_at.is_none() && s.expires_at > now && s.epoch == user.epoch)
                .count(),
            consents: tx.list_consents(&user.id, None, CAP)?.len(),
            identities: tx.list_identities_of(&user.id)?.len(),
            organizations: tx.list_memberships(&user.id, CAP)?.len(),
        })
    })
}

/// Deletes a user with everything that hangs on them.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports. The last operator
/// and the last owner of a tenant cannot be deleted.
pub fn delete(ctx: &Ctx, actor: &Actor, tenant: &TenantId, who: &str) -> Result<(), Error> {
    ctx.db.system_write(|tx| {
        actor.check(&mut tx.tenant(tenant), Action::UserDelete)?;
        tx.tenant(tenant).lock_tenant()?;
        let user = find(&mut tx.tenant(tenant), who)?;
        keep_the_last(tx, &user)?;
        if *tenant == TenantId::system() {
            for role in tx.list_roles_of(&user.id, ROLES)? {
                tx.tenant(&role.tenant).delete_role(&user.id, &role.role)?;
            }
        }
        let mut tx = tx.tenant(tenant);
        tx.delete_user(&user.id)?;
        let detail = serde_json::json!({ "email": user.email });
        audit::record(&mut tx, ctx, actor, "user.delete", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}

/// Refuses what would leave the installation without an operator, or a tenant without an owner.
pub(crate) fn keep_the_last(tx: &mut SystemTx, user: &UserRow) -> Result<(), Error> {
    if user.tenant != TenantId::system() {
        return Ok(());
    }
    for role in tx.list_roles_of(&user.id, ROLES)? {
        let last = match Role::parse(&role.role) {
            Some(Role::Operator) => Some("operator"),
            Some(Role::Owner) => Some("owner"),
            _ => None,
        };
        let Some(word) = last else { continue };
        // Two at once would each see the other one.
        tx.tenant(&role.tenant).lock_tenant()?;
        if !another(tx, &role, &user.id)? {
            return Err(Error::field("user", last_code(word), last_text(tx, &role.tenant, word)?));
        }
    }
    Ok(())
}

/// Whether somebody else who may get in has the same role.
fn another(tx: &mut SystemTx, role: &RoleRow, user: &UserId) -> Result<bool, Error> {
    for other in tx.tenant(&role.tenant).list_role_assignments()? {
        if other.role == role.role && other.actor != *user {
            let found = tx.tenant(&TenantId::system()).find_user(&other.actor)?;
            if found.is_some_and(|found| !found.blocked) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn last_code(word: &str) -> &'static str {
    if word == "operator" { "last_operator" } else { "last_owner" }
}

fn last_text(tx: &mut SystemTx, tenant: &TenantId, word: &str) -> Result<String, Error> {
    if word == "operator" {
        return Ok("This is the last operator. Make somebody else an operator first.".into());
    }
    let name = tx.find_tenant(tenant)?.map(|row| row.name).unwrap_or_default();
    Ok(format!("This is the last owner of {name}. Make somebody else its owner first."))
}
