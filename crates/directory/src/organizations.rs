//! Organizations: customers of a tenant, who belongs to them, and with which roles. The roles are a
//! catalogue of the tenant; what one may do is for its applications to say. Inviting somebody is
//! `invitations`'.

mod members;

use context::Ctx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::organizations::{OrganizationRoleRow, OrganizationRow};
use store::{Error as StoreError, OrganizationId, TenantId, Tx};

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::page::{self, COUNT_CAP, Page};
use crate::rights::Action;
use crate::tenants::check_name;

pub(crate) use members::check_roles;
pub use members::{members, put_member, remove_member};

/// Most roles a tenant may define.
const MAX_ROLES: usize = 200;
/// Longest name of a role in bytes.
const MAX_ROLE: usize = 50;

/// What an organization consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationInput {
    /// Its short name: lower-case letters, digits and dashes.
    pub slug: String,
    /// The name people read.
    pub name: String,
}

fn check(input: &OrganizationInput) -> Result<(), Error> {
    let mut errors = Vec::new();
    check_name(input.name.trim(), &mut errors);
    if let Err(problem) = protocol::slug::check_slug(&input.slug) {
        errors.push(FieldError::new("slug", "slug", problem.to_string()));
    }
    none(errors)
}

fn taken(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Conflict(_)) => {
            Error::field("slug", "taken", "Another organization has this short name.")
        }
        other => other,
    }
}

/// An organization by id or short name.
pub(crate) fn find(tx: &mut Tx, which: &str) -> Result<OrganizationRow, Error> {
    let found = match OrganizationId::parse(which) {
        Some(id) => tx.find_organization(&id)?,
        None => tx.find_organization_by_slug(which)?,
    };
    found.ok_or(Error::NotFound("organization"))
}

/// Organizations of a tenant by short name, those that begin with `prefix`.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    prefix: &str,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<OrganizationRow>, Error> {
    let scope = (tenant.as_str(), "organizations");
    let limit = page::limit(limit);
    let after = page::open(ctx, scope, after)?;
    let prefix = prefix.trim().to_lowercase();
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::OrganizationRead)?;
        Ok::<_, Error>(tx.list_organizations(after.as_deref(), &prefix, limit + 1)?)
    })?;
    Ok(page::cut(ctx, scope, rows, limit, |row: &OrganizationRow| row.slug.clone()))
}

/// An organization by id or short name, and how many members it has, up to 1,001.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
) -> Result<(OrganizationRow, i64), Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::OrganizationRead)?;
        let row = find(tx, which)?;
        let members = tx.count_members(&row.id, COUNT_CAP)?;
        Ok((row, members))
    })
}

/// Creates an organization.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Forbidden`], or whatever the database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &OrganizationInput,
) -> Result<OrganizationRow, Error> {
    check(input)?;
    let now = ctx.now();
    let row = OrganizationRow {
        tenant: tenant.clone(),
        id: OrganizationId::new(now, ctx.vault.random()),
        slug: input.slug.clone(),
        name: input.name.trim().to_owned(),
        metadata: "{}".into(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let made = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::OrganizationUpdate)?;
        tx.insert_organization(&row)?;
        let detail = json!({ "slug": row.slug, "name": row.name });
        audit::record(tx, ctx, actor, "organization.create", row.id.as_str(), &detail)
    });
    made.map_err(taken)?;
    Ok(row)
}

/// Renames an organization, if nobody else changed it since `version`.
///
/// # Errors
/// [`Error::Stale`], [`Error::Form`] naming the field, [`Error::NotFound`], [`Error::Forbidden`], or
/// whatever the database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    input: &OrganizationInput,
    version: i64,
) -> Result<OrganizationRow, Error> {
    check(input)?;
    let now = ctx.now();
    let changed = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::OrganizationUpdate)?;
        let from = find(tx, which)?;
        let mut to = from.clone();
        (to.slug, to.name) = (input.slug.clone(), input.name.trim().to_owned());
        to.updated_at = now;
        if !tx.update_organization(&to, version)? {
            return Err(Error::Stale { current: from.version });
        }
        to.version = version + 1;
        let before = OrganizationInput { slug: from.slug, name: from.name };
        let detail = audit::diff(&before, input);
        audit::record(tx, ctx, actor, "organization.update", to.id.as_str(), &detail)?;
        tx.changed("organization", to.id.as_str());
        Ok(to)
    });
    changed.map_err(taken)
}

/// Deletes an organization with its memberships and invitations; its members stay users.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn delete(ctx: &Ctx, actor: &Actor, tenant: &TenantId, which: &str) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::OrganizationUpdate)?;
        let row = find(tx, which)?;
        tx.delete_organization(&row.id)?;
        let detail = json!({ "slug": row.slug, "name": row.name });
        audit::record(tx, ctx, actor, "organization.delete", row.id.as_str(), &detail)?;
        tx.changed("organization", row.id.as_str());
        Ok(())
    })
}

/// The roles that members of this tenant's organizations may have.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn roles(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
) -> Result<Vec<OrganizationRoleRow>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::OrganizationRead)?;
        Ok(tx.list_organization_roles()?)
    })
}

/// Adds a role to the catalogue.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Forbidden`], or whatever the database reports.
pub fn create_role(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    name: &str,
    description: &str,
) -> Result<OrganizationRoleRow, Error> {
    let name = name.trim().to_lowercase();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.:".contains(&b);
    let letter = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !letter || name.len() > MAX_ROLE || !name.bytes().all(plain) {
        let message = "Begin with a letter; then use at most 49 of a to z, 0 to 9, - _ . and :.";
        return Err(Error::field("name", "role", message));
    }
    let description: String =
        description.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    let row =
        OrganizationRoleRow { tenant: tenant.clone(), name, description, created_at: ctx.now() };
    let made = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::OrganizationUpdate)?;
        if tx.list_organization_roles()?.len() >= MAX_ROLES {
            let message = format!("A tenant has at most {MAX_ROLES} roles.");
            return Err(Error::field("name", "too_many", message));
        }
        tx.insert_organization_role(&row)?;
        let detail = json!({ "description": row.description });
        audit::record(tx, ctx, actor, "organization_role.create", &row.name, &detail)
    });
    made.map_err(|error| match error {
        Error::Store(StoreError::Conflict(_)) => {
            Error::field("name", "taken", "There is a role of this name.")
        }
        other => other,
    })?;
    Ok(row)
}

/// Takes a role out of the catalogue. Members who have it keep its name until they are changed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn delete_role(ctx: &Ctx, actor: &Actor, tenant: &TenantId, name: &str) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::OrganizationUpdate)?;
        if !tx.delete_organization_role(name)? {
            return Err(Error::NotFound("role"));
        }
        audit::record(tx, ctx, actor, "organization_role.delete", name, &json!({}))
    })
}
