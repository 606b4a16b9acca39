//! Applications: finding, changing, disabling, deleting. Registering one is in `create`, what a
//! configuration may be in `check`, client secrets in `secrets`.

mod check;
mod create;
mod difference;
mod secrets;
mod sign_in;

use context::Ctx;
use protocol::redirect_uri::{ApplicationType, Environment};
use serde::{Deserialize, Serialize};
use store::applications::{ApplicationRow, SecretRow};
use store::{ApplicationConfig, ApplicationId, GrantType, TenantId, Tx};
use vault::Algorithm;

pub(crate) use create::new_row;
pub use create::{CreateApplication, Created, Creation, create, create_once, defaults};
use difference::{difference, to_json};
pub use secrets::{MAX_SECRETS, revoke_secret, rotate_secret};
pub use sign_in::{UpdateSignIn, set_sign_in};

use crate::actor::Actor;
use crate::error::{Error, none};
use crate::page::{self, COUNT_CAP, Page};
use crate::rights::Action;
use crate::tenants::check_name;
use crate::{assets, audit, keys};

/// What may change about an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateApplication {
    /// The version the change is based on.
    pub version: i64,
    /// The name people read when they sign in.
    pub name: String,
    /// Whether it is the tenant's own.
    pub first_party: bool,
    /// All settings.
    pub config: ApplicationConfig,
}

/// An application with its secrets' hints.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The application.
    pub row: ApplicationRow,
    /// Its settings.
    pub config: ApplicationConfig,
    /// What is known of its secrets.
    pub secrets: Vec<SecretRow>,
}

/// What hangs on an application, each counted up to 1,001.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Usage {
    /// People who would have to sign in again.
    pub users: i64,
    /// Grants that would end.
    pub grants: i64,
}

/// Applications of a tenant by name, those whose name begins with `query`.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    query: &str,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<ApplicationRow>, Error> {
    let scope = (tenant.as_str(), "applications");
    let prefix = fold(query);
    let limit = page::limit(limit);
    let after = page::open(ctx, scope, after)?;
    let after = after.as_deref().and_then(|key| {
        let (name, id) = key.rsplit_once('\n')?;
        Some((name, ApplicationId::parse(id)?))
    });
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ApplicationRead)?;
        let after = after.as_ref().map(|(name, id)| (*name, id));
        Ok::<_, Error>(tx.list_applications(after, &prefix, limit + 1)?)
    })?;
    Ok(page::cut(ctx, scope, rows, limit, |r: &ApplicationRow| format!("{}\n{}", r.name_key, r.id)))
}

/// How many applications a tenant has, up to 1,001.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn count(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<i64, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ApplicationRead)?;
        Ok(tx.count_applications(COUNT_CAP)?)
    })
}

/// An application with its settings.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<Shown, Error> {
    let id = parse(id)?;
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ApplicationRead)?;
        let row = tx.find_application(&id)?.ok_or(Error::NotFound("application"))?;
        let config = row.config()?;
        let secrets = tx.list_secrets(&id)?;
        Ok(Shown { row, config, secrets })
    })
}

/// What would end with an application.
///
/// # Errors
/// As [`show`].
pub fn usage(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<Usage, Error> {
    let id = parse(id)?;
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ApplicationRead)?;
        let (users, grants) = tx.count_application_grants(&id, ctx.now(), COUNT_CAP)?;
        Ok(Usage { users, grants })
    })
}

/// Changes an application.
///
/// # Errors
/// [`Error::Form`], [`Error::Stale`], [`Error::NotFound`], [`Error::Forbidden`], or whatever the
/// database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    input: &UpdateApplication,
) -> Result<ApplicationRow, Error> {
    let mut config = input.config.clone();
    config.redirect_uris = check::tidy(&config.redirect_uris);
    config.post_logout_redirect_uris = check::tidy(&config.post_logout_redirect_uris);
    let key = first_key(ctx, tenant, &config)?;
    change(ctx, actor, tenant, id, Some(input.version), "application.update", |tx, row| {
        let kind = row.kind().ok_or(Error::NotFound("application"))?;
        check_all(tx, kind, &input.name, &config)?;
        if let Some(key) = &key {
            keys::add_first(tx, key, ctx.now())?;
        }
        row.name = input.name.trim().to_owned();
        row.name_key = fold(&row.name);
        row.first_party = input.first_party;
        let (mut errors, mut settled) = (Vec::new(), config.clone());
        let before = row.config()?.sign_in.logo;
        sign_in::settle(tx, &mut settled.sign_in, &mut errors)?;
        none(errors)?;
        assets::refer(tx, ctx.now(), &[&before], &[&settled.sign_in.logo])?;
        row.config = to_json(&settled)?;
        Ok(())
    })
}

/// Switches an application off or on: off, nobody signs in with it and its tokens stop working.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set_disabled(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    disabled: bool,
) -> Result<ApplicationRow, Error> {
    let action = if disabled { "application.disable" } else { "application.enable" };
    change(ctx, actor, tenant, id, None, action, |_, row| {
        row.disabled = disabled;
        Ok(())
    })
}

fn change(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    version: Option<i64>,
    action: &'static str,
    edit: impl Fn(&mut Tx, &mut ApplicationRow) -> Result<(), Error>,
) -> Result<ApplicationRow, Error> {
    let id = parse(id)?;
    refuse_console(&id)?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ApplicationUpdate)?;
        let before = tx.find_application(&id)?.ok_or(Error::NotFound("application"))?;
        if version.is_some_and(|v| v != before.version) {
            return Err(Error::Stale { current: before.version });
        }
        let mut after = before.clone();
        edit(tx, &mut after)?;
        after.updated_at = ctx.now();
        if !tx.update_application(&after, before.version)? {
            return Err(Error::Stale { current: before.version + 1 });
        }
        after.version = before.version + 1;
        audit::record(tx, ctx, actor, action, id.as_str(), &difference(&before, &after)?)?;
        tx.changed("application", id.as_str());
        Ok(after)
    })
}

/// Deletes an application once its name was typed; its grants and consents go with it.
///
/// # Errors
/// [`Error::Form`] when `confirm` is not the name, [`Error::NotFound`], [`Error::Forbidden`], or
/// whatever the database reports.
pub fn delete(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    confirm: &str,
) -> Result<(), Error> {
    let id = parse(id)?;
    refuse_console(&id)?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ApplicationDelete)?;
        let row = tx.find_application(&id)?.ok_or(Error::NotFound("application"))?;
        if row.name != confirm.trim() {
            return Err(Error::field(
                "confirm",
                "confirm",
                format!("Type {} to delete it.", row.name),
            ));
        }
        tx.delete_application(&id)?;
        let detail = serde_json::json!({ "name": row.name, "type": row.kind });
        audit::record(tx, ctx, actor, "application.delete", id.as_str(), &detail)?;
        tx.changed("application", id.as_str());
        Ok(())
    })
}

/// The form a name is ordered and searched by.
pub fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

fn parse(id: &str) -> Result<ApplicationId, Error> {
    ApplicationId::parse(id).ok_or(Error::NotFound("application"))
}

/// The console's own application belongs to the server, not to admins.
fn refuse_console(id: &ApplicationId) -> Result<(), Error> {
    if *id == crate::setup::console_application() {
        return Err(Error::Forbidden("application.update"));
    }
    Ok(())
}

fn check_all(
    tx: &mut Tx,
    kind: ApplicationType,
    name: &str,
    config: &ApplicationConfig,
) -> Result<(), Error> {
    let tenant = tx.this_tenant()?.ok_or(Error::NotFound("tenant"))?;
    let environment: Environment = tenant.environment.parse().unwrap_or(Environment::Production);
    let mut errors = Vec::new();
    check_name(name, &mut errors);
    errors.extend(check::check(kind, environment, config));
    none(errors)
}

fn first_key(
    ctx: &Ctx,
    tenant: &TenantId,
    config: &ApplicationConfig,
) -> Result<Option<store::signing_keys::SigningKeyRow>, Error> {
    let mut needed: Vec<Algorithm> = Vec::new();
    if config.grant_types.contains(&GrantType::AuthorizationCode) {
        needed.extend(config.id_token_alg.parse::<Algorithm>().ok());
    }
    needed.extend(config.access_token_alg.parse::<Algorithm>().ok());
    // Every tenant has ES256 from the start, so at most one other algorithm is new at a time.
    match needed.into_iter().find(|a| *a != Algorithm::Es256) {
        Some(algorithm) => keys::first_of(ctx, tenant, algorithm),
        None => Ok(None),
    }
}
