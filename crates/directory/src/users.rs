//! Users: creating one and finding one. An admin never chooses a person's password: a new person
//! gets a link to set one, by mail or by the admin's hand. Lists, changes, what hangs on a user and
//! deleting are in the files below.

pub mod access;
pub mod change;
pub mod claim;
pub mod delete;
pub mod fields;
pub mod link;
pub mod list;

use context::{Ctx, TenantAddress};
use mapping::UserProfile;
use protocol::email::canonical_email;
use serde::{Deserialize, Serialize};
use store::users::UserRow;
use store::{Error as StoreError, TenantId, Tx, UserId};

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::links::{self, LinkKind};
use crate::mail::{self, Message, Template};
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
    /// Other fields, as they are stored.
    #[serde(default)]
    pub profile: UserProfile,
    /// Fields by key, the tenant's own among them; see [`fields`].
    #[serde(default)]
    pub fields: fields::Values,
    /// Whether the link to set a password goes to them by mail; it is not shown then.
    #[serde(default)]
    pub invite: bool,
}

/// A new user, and where they set their password.
#[derive(Debug)]
pub struct Created {
    /// The user.
    pub user: UserRow,
    /// A link that works once; none when a password was given or the link went out by mail.
    pub set_password_url: Option<String>,
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

pub(crate) fn find(tx: &mut Tx, who: &str) -> Result<UserRow, Error> {
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
/// answer has a link to set one, or it went to them by mail.
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
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let mut user = new_row(ctx, tenant, input, password)?;
    fields::apply(&fields::schema(&snapshot), &mut user, &input.fields, fields::Source::Admin)?;
    let link = password
        .is_none()
        .then(|| links::make(ctx, tenant, LinkKind::SetPassword, user.id.as_str()));
    let url = link
        .as_ref()
        .map(|(_, token)| format!("{}/set-password/{}", snapshot.issuer, token.expose()));
    let invited = url.as_deref().filter(|_| input.invite);
    let message = invited.map(|url| invitation(ctx, &user, url)).transpose()?;
    let result = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserCreate)?;
        tx.insert_user(&user)?;
        if let Some((row, _)) = &link {
            tx.insert_link(row)?;
        }
        if let Some(message) = &message {
            message.put(tx)?;
        }
        let detail = serde_json::json!({
            "email": user.email, "name": user.name, "invited": input.invite,
        });
        audit::record(tx, ctx, actor, "user.create", user.id.as_str(), &detail)?;
        Ok::<_, Error>(())
    });
    result.map_err(taken)?;
    let set_password_url = url.filter(|_| !input.invite);
    Ok(Created { user, set_password_url })
}

/// The mail with which a person who was created chooses their first password.
pub(crate) fn invitation(ctx: &Ctx, user: &UserRow, url: &str) -> Result<mail::Prepared, Error> {
    let values = [("name", user.name.as_str()), ("email", user.email.as_str()), ("link", url)];
    let message = Message {
        template: Template::SetPassword,
        to: user.email.clone(),
        language: language(user),
        values: values.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        flow: String::new(),
    };
    mail::prepare(ctx, &user.tenant, &message)
}

/// The language a person reads, if it is known.
pub(crate) fn language(user: &UserRow) -> Option<String> {
    let profile: UserProfile = serde_json::from_str(&user.profile).ok()?;
    let tag = profile.locale?;
    tag.split('-').next().map(str::to_lowercase)
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
        Error::Store(StoreError::Conflict("external_id")) => {
            let message = "Somebody in this tenant has this external ID already.";
            Error::field(fields::EXTERNAL_ID, "taken", message)
        }
        Error::Store(StoreError::Conflict(_)) => {
            Error::field("email", "taken", "Somebody in this tenant has this address already.")
        }
        other => other,
    }
}
