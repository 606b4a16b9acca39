//! First start: the built-in tenant, the console as its application, and the one-time link with
//! which the first operator makes their account. Set-up closes for good with that account.

use context::Ctx;
use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::email::canonical_email;
use protocol::redirect_uri::{ApplicationType, Environment};
use store::applications::ApplicationRow;
use store::roles::RoleRow;
use store::users::UserRow;
use store::{ApplicationConfig, ApplicationId, Error as StoreError, TenantId, Tx};

use crate::actor::Actor;
use crate::applications::{self, CreateApplication};
use crate::error::Error;
use crate::links::{self, LinkKind};
use crate::rights::Role;
use crate::tenants::{self, CreateTenant};
use crate::users::{self, CreateUser};
use crate::{audit, keys};

/// The console's application: the same in every installation.
pub fn console_application() -> ApplicationId {
    ApplicationId::zero()
}

/// Makes sure that the built-in tenant and the console's application are there and fit the
/// settings. Nodes that start at once agree.
///
/// # Errors
/// Whatever the database reports.
pub fn ensure_system(ctx: &Ctx) -> Result<(), Error> {
    let actor = Actor::system(ctx);
    let id = TenantId::system();
    if ctx.db.system_read(|tx| tx.find_tenant(&id))?.is_none() {
        let input = CreateTenant {
            slug: "system".into(),
            name: "Tessera".into(),
            host: None,
            environment: if ctx.settings.dev {
                Environment::Development
            } else {
                Environment::Production
            },
        };
        match tenants::insert(ctx, &actor, tenants::row(ctx, id, &input, None)) {
            Ok(_) | Err(Error::Form(_)) => {}
            Err(other) => return Err(other),
        }
    }
    ensure_console(ctx, &actor)
}

fn console_config(ctx: &Ctx) -> ApplicationConfig {
    let console = ctx.settings.console_url();
    ApplicationConfig {
        redirect_uris: vec![format!("{console}/callback")],
        post_logout_redirect_uris: vec![format!("{console}/signed-out")],
        home_url: Some(console),
        token_endpoint_auth_method: TokenEndpointAuthMethod::None,
        require_pkce: true,
        id_token_alg: "ES256".into(),
        ..applications::defaults(ApplicationType::Web)
    }
}

fn ensure_console(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    let tenant = TenantId::system();
    let config = console_config(ctx);
    let input = CreateApplication {
        kind: ApplicationType::Web,
        name: "Admin console".into(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        first_party: true,
    };
    let mut row = applications::new_row(ctx, &tenant, &input, &config)?;
    row.id = console_application();
    let standing = ctx.db.read(&tenant, |tx| tx.find_application(&row.id))?;
    if standing.as_ref().is_some_and(|s| s.config().is_ok_and(|c| c == config)) {
        return Ok(());
    }
    let result = ctx.db.write(&tenant, |tx| put_console(tx, ctx, actor, &row));
    match result {
        // Another node that started at the same moment was first.
        Err(Error::Store(StoreError::Conflict(_))) => Ok(()),
        other => other,
    }
}

fn put_console(tx: &mut Tx, ctx: &Ctx, actor: &Actor, row: &ApplicationRow) -> Result<(), Error> {
    match tx.find_application(&row.id)? {
        None => tx.insert_application(row)?,
        Some(there) => {
            let version = there.version;
            let there = ApplicationRow { config: row.config.clone(), ..there };
            tx.update_application(&there, version)?;
        }
    }
    let detail = serde_json::json!({ "console": ctx.settings.console_url() });
    audit::record(tx, ctx, actor, "application.update", row.id.as_str(), &detail)?;
    tx.changed("application", row.id.as_str());
    Ok(())
}

/// Whether the first operator is still to come.
///
/// # Errors
/// Whatever the database reports.
pub fn open(ctx: &Ctx) -> Result<bool, Error> {
    Ok(ctx.db.read(&TenantId::system(), |tx| Ok::<_, StoreError>(!has_operator(tx)?))?)
}

fn has_operator(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(tx.list_role_assignments()?.iter().any(|role| role.role == Role::Operator.as_str()))
}

/// A new set-up link; the ones printed before stop working.
///
/// # Errors
/// [`Error::SetupClosed`] when there is an operator.
pub fn setup_link(ctx: &Ctx) -> Result<String, Error> {
    let tenant = TenantId::system();
    let (row, token) = links::make(ctx, &tenant, LinkKind::Setup, "");
    ctx.db.write(&tenant, |tx| {
        tx.lock_tenant()?;
        if has_operator(tx)? {
            return Err(Error::SetupClosed);
        }
        tx.void_links(row.kind.as_str(), "", ctx.now())?;
        tx.insert_link(&row)?;
        Ok(())
    })?;
    let issuer = ctx.settings.issuer("system", None);
    Ok(format!("{issuer}/setup/{}", token.expose()))
}

/// Looks at a set-up link without using it.
///
/// # Errors
/// [`Error::Link`] or [`Error::SetupClosed`] when it does not work.
pub fn open_setup(ctx: &Ctx, token: &str) -> Result<(), Error> {
    ctx.db.read(&TenantId::system(), |tx| {
        if has_operator(tx)? {
            return Err(Error::SetupClosed);
        }
        links::usable_link(ctx, tx, LinkKind::Setup, token).map(|_| ())
    })
}

/// Makes the first operator's account with a set-up link, and closes set-up.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Link`] or [`Error::SetupClosed`].
pub fn complete(
    ctx: &Ctx,
    token: &str,
    email: &str,
    name: &str,
    phc: &str,
) -> Result<UserRow, Error> {
    let tenant = TenantId::system();
    let user = operator_row(ctx, email, name, phc)?;
    let now = ctx.now();
    let actor = Actor { id: user.id.as_str().into(), ..Actor::system(ctx) };
    ctx.db.write(&tenant, |tx| {
        tx.lock_tenant()?;
        if has_operator(tx)? {
            return Err(Error::SetupClosed);
        }
        let link = links::usable_link(ctx, tx, LinkKind::Setup, token)?;
        if !tx.spend_link(&link.id, now)? {
            return Err(Error::Link("link_used"));
        }
        insert_operator(tx, ctx, &actor, &user)
    })?;
    Ok(user)
}

fn operator_row(ctx: &Ctx, email: &str, name: &str, phc: &str) -> Result<UserRow, Error> {
    let input = CreateUser {
        email: email.into(),
        name: Some(name.into()),
        email_verified: false,
        ..CreateUser::default()
    };
    users::new_row(ctx, &TenantId::system(), &input, Some(phc))
}

fn insert_operator(tx: &mut Tx, ctx: &Ctx, actor: &Actor, user: &UserRow) -> Result<(), Error> {
    tx.insert_user(user).map_err(|e| users::taken(e.into()))?;
    tx.insert_role(&RoleRow {
        tenant: tx.tenant().clone(),
        actor: user.id.clone(),
        role: Role::Operator.as_str().into(),
        created_at: ctx.now(),
    })?;
    let detail = serde_json::json!({ "email": user.email, "role": Role::Operator.as_str() });
    audit::record(tx, ctx, actor, "operator.create", user.id.as_str(), &detail)
}

/// Makes an operator without a link: development's seed. Does nothing when the address is there.
///
/// # Errors
/// [`Error::Form`] naming the field, or whatever the database reports.
pub fn seed_operator(ctx: &Ctx, email: &str, name: &str, phc: &str) -> Result<(), Error> {
    let user = operator_row(ctx, email, name, phc)?;
    let actor = Actor::system(ctx);
    ctx.db.write(&TenantId::system(), |tx| {
        if tx.find_user_by_email(&user.email_key)?.is_some() {
            return Ok(());
        }
        insert_operator(tx, ctx, &actor, &user)
    })
}

/// A link with which an operator who is locked out sets a new password. Failed guesses at their
/// address are forgotten with it.
///
/// # Errors
/// [`Error::NotFound`] when nobody in the system tenant has this address.
pub fn reset_link(ctx: &Ctx, actor: &Actor, email: &str) -> Result<String, Error> {
    let tenant = TenantId::system();
    let email = canonical_email(email)
        .map_err(|problem| Error::field("email", "email", problem.to_string()))?;
    let user = ctx
        .db
        .read(&tenant, |tx| tx.find_user_by_email(&email.key))?
        .ok_or(Error::NotFound("operator with this address"))?;
    links::create_set_password(ctx, actor, &tenant, &user.id, LinkKind::Reset)
}

/// Makes sure that a tenant has a key of the algorithm; for tools that need it before an
/// application does.
///
/// # Errors
/// Whatever the database reports.
pub fn ensure_key(ctx: &Ctx, tenant: &TenantId, algorithm: vault::Algorithm) -> Result<(), Error> {
    let Some(key) = keys::first_of(ctx, tenant, algorithm)? else { return Ok(()) };
    ctx.db.write(tenant, |tx| keys::add_first(tx, &key, ctx.now()))
}
