//! Users: creating, finding, blocking, deleting. An admin never chooses a person's password: a
//! new person gets a link to set one.

use context::Ctx;
use mapping::UserProfile;
use protocol::email::canonical_email;
use serde::{Deserialize, Serialize};
use store::users::UserRow;
use store::{Error as StoreError, TenantId, Tx, UserId};

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::links::{self, LinkKind};
use crate::page::{self, Page};
use crate::rights::Action;
use crate::tenants::check_name;

/// What a new user needs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The address they sign in with.
    pub email: String,
    /// The name people read.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether somebody else has proved that the address is theirs.
    #[serde(default)]
    pub email_verified: bool,
    /// Other fields.
    #[serde(default)]
    pub profile: UserProfile,
}

/// A new user, and where they set their password.
#[derive(Debug)]
pub struct Created {
    /// The user.
    pub user: UserRow,
    /// A link that works once; none when a password was given.
    pub set_password_url: Option<String>,
}

/// Users of a tenant by e-mail, those whose address begins with `query`.
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
) -> Result<Page<UserRow>, Error> {
    let scope = (tenant.as_str(), "users");
    let limit = page::limit(limit);
    let after = page::open(ctx, scope, after)?;
    let prefix = query.trim().to_lowercase();
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        Ok::<_, Error>(tx.list_users(after.as_deref(), &prefix, limit + 1)?)
    })?;
    Ok(page::cut(ctx, scope, rows, limit, |u: &UserRow| u.email_key.clone()))
}

/// A user by id or e-mail address.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, who: &str) -> Result<UserRow, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        find(tx, who)
    })
}

/// The name by which an entry of the audit calls somebody: it is no secret to who may read one.
///
/// # Errors
/// Whatever the database reports.
pub fn name(ctx: &Ctx, tenant: &TenantId, id: &UserId) -> Result<Option<String>, Error> {
    let user = ctx.db.read(tenant, |tx| tx.find_user(id))?;
    Ok(user.map(|user| if user.name.is_empty() { user.email } else { user.name }))
}

fn find(tx: &mut Tx, who: &str) -> Result<UserRow, Error> {
    let found = match UserId::parse(who) {
        Some(id) => tx.find_user(&id)?,
        None => match canonical_email(who) {
            Ok(email) => tx.find_user_by_email(&email.key)?,
            Err(_) => None,
        },
    };
    found.ok_or(Error::NotFound("user"))
}

/// Creates a user. With `password` (Argon2id in PHC form) they can sign in at once; without, the
/// answer has a link to set one.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Forbidden`], or whatever the database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &CreateUser,
    password: Option<&str>,
) -> Result<Created, Error> {
    let user = new_row(ctx, tenant, input, password)?;
    let link = password
        .is_none()
        .then(|| links::make(ctx, tenant, LinkKind::SetPassword, user.id.as_str()));
    let result = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserCreate)?;
        tx.insert_user(&user)?;
        if let Some((row, _)) = &link {
            tx.insert_link(row)?;
        }
        let detail = serde_json::json!({ "email": user.email, "name": user.name });
        audit::record(tx, ctx, actor, "user.create", user.id.as_str(), &detail)?;
        Ok::<_, Error>(())
    });
    result.map_err(taken)?;
    let set_password_url = match link {
        Some((_, token)) => Some(links::set_password_url(ctx, tenant, &token)?),
        None => None,
    };
    Ok(Created { user, set_password_url })
}

/// A user row from checked input.
pub(crate) fn new_row(
    ctx: &Ctx,
    tenant: &TenantId,
    input: &CreateUser,
    password: Option<&str>,
) -> Result<UserRow, Error> {
    let mut errors = Vec::new();
    let name = input.name.as_deref().unwrap_or_default().trim();
    if !name.is_empty() {
        check_name(name, &mut errors);
    }
    let email = canonical_email(&input.email)
        .map_err(|problem| errors.push(FieldError::new("email", "email", problem.to_string())))
        .ok();
    none(errors)?;
    let email = email.ok_or_else(|| Error::field("email", "email", "Enter an e-mail address."))?;
    let now = ctx.now();
    let profile = serde_json::to_string(&input.profile)
        .map_err(|e| Error::Store(StoreError::Internal(e.to_string())))?;
    Ok(UserRow {
        tenant: tenant.clone(),
        id: UserId::new(now, ctx.vault.random()),
        email: email.display,
        email_key: email.key,
        email_verified: input.email_verified,
        name: name.to_owned(),
        profile,
        password: password.map(str::to_owned),
        blocked: false,
        epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
        last_sign_in_at: None,
        name_key: store::users::fold(name),
        custom: "{}".into(),
        sources: "{}".into(),
        external_id: None,
    })
}

pub(crate) fn taken(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Conflict(_)) => {
            Error::field("email", "taken", "Somebody in this tenant has this address already.")
        }
        other => other,
    }
}

/// Keeps a user out, or lets them in again. Blocking ends their sessions and everything that was
/// issued to them; unblocking brings none of it back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set_blocked(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
    blocked: bool,
) -> Result<UserRow, Error> {
    let now = ctx.now();
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserHelp)?;
        let mut user = find(tx, who)?;
        tx.set_user_blocked(&user.id, blocked, now)?;
        if blocked {
            tx.raise_user_epoch(&user.id, now)?;
            tx.end_sessions_of(&user.id, None, now)?;
        }
        let action = if blocked { "user.block" } else { "user.unblock" };
        audit::record(tx, ctx, actor, action, user.id.as_str(), &serde_json::json!({}))?;
        tx.changed("user", user.id.as_str());
        user.blocked = blocked;
        Ok(user)
    })
}

/// Deletes a user with everything that hangs on them.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports. The last operator
/// cannot be deleted.
pub fn delete(ctx: &Ctx, actor: &Actor, tenant: &TenantId, who: &str) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserDelete)?;
        tx.lock_tenant()?;
        let user = find(tx, who)?;
        keep_one_operator(tx, &user)?;
        tx.delete_user(&user.id)?;
        let detail = serde_json::json!({ "email": user.email });
        audit::record(tx, ctx, actor, "user.delete", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}

fn keep_one_operator(tx: &mut Tx, user: &UserRow) -> Result<(), Error> {
    let roles = tx.list_role_assignments()?;
    let operators: Vec<_> = roles.iter().filter(|r| r.role == "operator").collect();
    if operators.len() == 1 && operators[0].actor == user.id {
        return Err(Error::field(
            "user",
            "last_operator",
            "This is the last operator. Make somebody else an operator first.",
        ));
    }
    for role in roles.iter().filter(|r| r.actor == user.id) {
        tx.delete_role(&role.actor, &role.role)?;
    }
    Ok(())
}
