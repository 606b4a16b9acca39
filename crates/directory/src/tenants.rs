//! Tenants: creating, changing, suspending, deleting. A tenant costs one transaction and one EC
//! key; nothing is prepared for it before it needs it.

mod check;

use context::Ctx;
use protocol::redirect_uri::Environment;
use protocol::slug::check_slug;
use serde::{Deserialize, Serialize};
use store::tenants::Tenant;
use store::{Error as StoreError, TenantId};
use vault::Algorithm;

use check::check_host;
pub(crate) use check::check_name;

use crate::actor::Actor;
use crate::colour::Colour;
use crate::error::{Error, FieldError, none};
use crate::page::{self, COUNT_CAP, Page};
use crate::rights::Action;
use crate::{audit, keys};

/// The brand of a tenant that did not choose one.
pub const DEFAULT_BRAND: &str = "#2f47b0";

/// What a new tenant needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTenant {
    /// The short name in URLs.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// A host of its own, with DNS and TLS set up by the operator.
    #[serde(default)]
    pub host: Option<String>,
    /// What it is used for.
    pub environment: Environment,
}

/// What may change about a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateTenant {
    /// The version the change is based on.
    pub version: i64,
    /// The name people read.
    pub name: String,
    /// What it is used for.
    pub environment: Environment,
    /// Brand colour, `#rrggbb`.
    pub brand: String,
    /// A host of its own.
    #[serde(default)]
    pub host: Option<String>,
}

/// Tenants by slug; operators only.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Tenant>, Error> {
    actor.check_installation(Action::TenantList)?;
    let scope = ("", "tenants");
    let after = page::open(ctx, scope, after)?;
    let limit = page::limit(limit);
    let rows = ctx.db.system_read(|tx| tx.list_tenants(after.as_deref(), limit + 1))?;
    Ok(page::cut(ctx, scope, rows, limit, |t: &Tenant| t.slug.clone()))
}

/// How many tenants there are, up to 1,001.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn count(ctx: &Ctx, actor: &Actor) -> Result<i64, Error> {
    actor.check_installation(Action::TenantList)?;
    Ok(ctx.db.system_read(|tx| tx.count_tenants(COUNT_CAP))?)
}

/// A tenant by id or slug, for who may read it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or when the actor may not know.
pub fn show(ctx: &Ctx, actor: &Actor, id_or_slug: &str) -> Result<Tenant, Error> {
    let found = ctx.db.system_read(|tx| match TenantId::parse(id_or_slug) {
        Some(id) => tx.find_tenant(&id),
        None => tx.find_tenant_by_slug(id_or_slug),
    })?;
    let tenant = found.ok_or(Error::NotFound("tenant"))?;
    ctx.db.read(&tenant.id, |tx| actor.check(tx, Action::TenantRead)).map_err(|e| {
        if matches!(e, Error::Forbidden(_)) { Error::NotFound("tenant") } else { e }
    })?;
    Ok(tenant)
}

/// Creates a tenant with its first signing key.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Forbidden`], or whatever the database reports.
pub fn create(ctx: &Ctx, actor: &Actor, input: CreateTenant) -> Result<Tenant, Error> {
    actor.check_installation(Action::TenantCreate)?;
    let mut errors = Vec::new();
    if let Err(problem) = check_slug(&input.slug) {
        errors.push(FieldError::new("slug", "slug", problem.to_string()));
    }
    check_name(&input.name, &mut errors);
    let host = check_host(ctx, input.host.as_deref(), &mut errors);
    none(errors)?;
    let id = TenantId::new(ctx.now(), ctx.vault.random());
    insert(ctx, actor, row(ctx, id, &input, host))
}

/// Adds a tenant row with its key; also used for the built-in tenant.
pub(crate) fn insert(ctx: &Ctx, actor: &Actor, tenant: Tenant) -> Result<Tenant, Error> {
    let key = keys::make(ctx, &tenant.id, Algorithm::Es256, 0)?;
    let detail = serde_json::json!({ "slug": tenant.slug, "name": tenant.name });
    let result = ctx.db.system_write(|tx| {
        tx.insert_tenant(&tenant)?;
        let mut inside = tx.tenant(&tenant.id);
        inside.insert_signing_key(&key)?;
        audit::record(&mut inside, ctx, actor, "tenant.create", tenant.id.as_str(), &detail)?;
        inside.changed("tenant", tenant.id.as_str());
        Ok::<_, Error>(())
    });
    result.map_err(taken)?;
    Ok(tenant)
}

pub(crate) fn row(ctx: &Ctx, id: TenantId, input: &CreateTenant, host: Option<String>) -> Tenant {
    let now = ctx.now();
    Tenant {
        id,
        slug: input.slug.clone(),
        name: input.name.trim().to_owned(),
        environment: input.environment.as_str().into(),
        status: "active".into(),
        host,
        brand: DEFAULT_BRAND.into(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Changes a tenant.
///
/// # Errors
/// [`Error::Form`], [`Error::Stale`], [`Error::Forbidden`], or whatever the database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: &TenantId,
    input: UpdateTenant,
) -> Result<Tenant, Error> {
    let mut errors = Vec::new();
    check_name(&input.name, &mut errors);
    if Colour::parse(&input.brand).is_none() {
        errors.push(FieldError::new("brand", "colour", crate::branding::COLOUR));
    }
    let host = check_host(ctx, input.host.as_deref(), &mut errors);
    none(errors)?;
    let name = input.name.trim();
    change(ctx, actor, id, Some(input.version), "tenant.update", |tenant| {
        tenant.name = name.to_owned();
        tenant.environment = input.environment.as_str().into();
        tenant.brand = input.brand.to_ascii_lowercase();
        tenant.host = host.clone();
    })
}

/// Switches a tenant off for a while, or on again.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn set_suspended(
    ctx: &Ctx,
    actor: &Actor,
    id: &TenantId,
    suspended: bool,
) -> Result<Tenant, Error> {
    actor.check_installation(Action::TenantOperate)?;
    refuse_system(id)?;
    let (action, status) =
        if suspended { ("tenant.suspend", "suspended") } else { ("tenant.resume", "active") };
    change(ctx, actor, id, None, action, |tenant| tenant.status = status.into())
}

fn change(
    ctx: &Ctx,
    actor: &Actor,
    id: &TenantId,
    version: Option<i64>,
    action: &'static str,
    edit: impl Fn(&mut Tenant),
) -> Result<Tenant, Error> {
    let result = ctx.db.write(id, |tx| {
        actor.check(tx, Action::TenantUpdate)?;
        let before = tx.this_tenant()?.ok_or(Error::NotFound("tenant"))?;
        if version.is_some_and(|v| v != before.version) {
            return Err(Error::Stale { current: before.version });
        }
        let mut after = before.clone();
        edit(&mut after);
        let detail = audit::diff(&before, &after);
        if after.host != before.host {
            actor.check_installation(Action::TenantOperate)?;
        }
        after.updated_at = ctx.now();
        if !tx.update_tenant(&after, before.version)? {
            return Err(Error::Stale { current: before.version + 1 });
        }
        after.version = before.version + 1;
        audit::record(tx, ctx, actor, action, id.as_str(), &detail)?;
        tx.changed("tenant", id.as_str());
        Ok(after)
    });
    result.map_err(taken)
}

/// Deletes a tenant and everything in it, once its slug was typed.
///
/// # Errors
/// [`Error::Form`] when `confirm` is not the slug, [`Error::Forbidden`], or whatever the database
/// reports.
pub fn delete(ctx: &Ctx, actor: &Actor, id: &TenantId, confirm: &str) -> Result<(), Error> {
    actor.check_installation(Action::TenantDelete)?;
    refuse_system(id)?;
    ctx.db.system_write(|tx| {
        let mut inside = tx.tenant(id);
        let tenant = inside.this_tenant()?.ok_or(Error::NotFound("tenant"))?;
        if tenant.slug != confirm {
            return Err(Error::field(
                "confirm",
                "confirm",
                format!("Type {} to delete it.", tenant.slug),
            ));
        }
        inside.delete_tenant()?;
        inside.changed("tenant", id.as_str());
        let detail = serde_json::json!({ "slug": tenant.slug, "name": tenant.name });
        let mut system = tx.tenant(&TenantId::system());
        audit::record(&mut system, ctx, actor, "tenant.delete", id.as_str(), &detail)?;
        Ok(())
    })
}

fn refuse_system(id: &TenantId) -> Result<(), Error> {
    if *id == TenantId::system() { Err(Error::Forbidden("tenant.delete")) } else { Ok(()) }
}

fn taken(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Conflict(what)) if what.contains("host") => {
            Error::field("host", "taken", "Another tenant has this host.")
        }
        Error::Store(StoreError::Conflict(_)) => {
            Error::field("slug", "taken", "Another tenant has this short name. Choose another one.")
        }
        other => other,
    }
}
