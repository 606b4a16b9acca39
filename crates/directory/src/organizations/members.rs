//! Members of an organization: who belongs to it, with which roles of the catalogue.

use context::Ctx;
use serde_json::json;
use store::members::{Member, MemberRow};
use store::{TenantId, Tx, UserId};

use super::find;
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::page::{self, Page};
use crate::rights::Action;

/// Members of an organization, in the order they became users.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn members(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Member>, Error> {
    let limit = page::limit(limit);
    let list = format!("members {which}");
    let scope = (tenant.as_str(), list.as_str());
    let after = page::open(ctx, scope, after)?.and_then(|id| UserId::parse(&id));
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::OrganizationRead)?;
        let row = find(tx, which)?;
        Ok::<_, Error>(tx.list_members(&row.id, after.as_ref(), limit + 1)?)
    })?;
    Ok(page::cut(ctx, scope, rows, limit, |row: &Member| row.user_id.as_str().to_owned()))
}

/// Names of roles in their order, each known to the tenant.
pub(crate) fn check_roles(tx: &mut Tx, roles: &[String]) -> Result<String, Error> {
    let known = tx.list_organization_roles()?;
    let mut wanted: Vec<&str> =
        roles.iter().map(|role| role.trim()).filter(|role| !role.is_empty()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let unknown = |role: &&&str| !known.iter().any(|row| row.name == **role);
    if let Some(role) = wanted.iter().find(unknown) {
        let message = format!("There is no role {role:?}. Add it to the catalogue first.");
        return Err(Error::field("roles", "role_unknown", message));
    }
    Ok(wanted.join(" "))
}

/// Makes a user a member, or gives a member other roles.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Form`] for a role that does not exist, [`Error::Forbidden`], or
/// whatever the database reports.
pub fn put_member(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    who: &str,
    roles: &[String],
) -> Result<MemberRow, Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MemberUpdate)?;
        let organization = find(tx, which)?;
        let user = crate::users::find(tx, who).map_err(|error| match error {
            Error::NotFound(_) => {
                Error::field("user", "user_unknown", "No user of this tenant has this address.")
            }
            other => other,
        })?;
        let roles = check_roles(tx, roles)?;
        let before = tx.find_member(&organization.id, &user.id)?.map(|row| row.roles);
        let row = MemberRow {
            tenant: tenant.clone(),
            organization: organization.id.clone(),
            user_id: user.id.clone(),
            roles,
            created_at: ctx.now(),
        };
        tx.put_member(&row)?;
        let action = if before.is_some() { "member.update" } else { "member.add" };
        let detail = json!({ "user": user.id.as_str(), "roles": [before, row.roles] });
        audit::record(tx, ctx, actor, action, organization.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(row)
    })
}

/// Ends a membership.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn remove_member(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    who: &str,
) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MemberUpdate)?;
        let organization = find(tx, which)?;
        let user = crate::users::find(tx, who)?;
        if !tx.delete_member(&organization.id, &user.id)? {
            return Err(Error::NotFound("member"));
        }
        let detail = json!({ "user": user.id.as_str() });
        audit::record(tx, ctx, actor, "member.remove", organization.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}
