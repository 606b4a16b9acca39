//! How people get in at a tenant: passwords, sign-up, required fields, links, and with them, in one
//! write, the order of the connections. What an application shows instead is in `applications`.

use context::Ctx;
use mapping::Schema;
use protocol::redirect_uri::{ApplicationType, Environment, check_web_uri};
use serde::{Deserialize, Serialize};
use store::TenantId;
use store::settings::{SignInSettings, UserFields};

use crate::actor::Actor;
use crate::audit;
use crate::connections;
use crate::error::{Error, FieldError, none};
use crate::mappings::schema_of;
use crate::page::COUNT_CAP;
use crate::rights::Action;

/// How people get in, with the version under which it is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The settings.
    #[serde(flatten)]
    pub settings: SignInSettings,
    /// The optimistic lock.
    pub version: i64,
}

/// What may change about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateSignIn {
    /// The version the change is based on.
    pub version: i64,
    /// All settings.
    #[serde(flatten)]
    pub settings: SignInSettings,
    /// Ids or codes of connections in the order they are to have; `None` leaves it as it is.
    #[serde(default)]
    pub order: Option<Vec<String>>,
}

/// How people get in at a tenant.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Shown, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::TenantRead)?;
        let (settings, version) = tx.find_setting::<SignInSettings>()?;
        Ok(Shown { settings, version })
    })
}

/// The fields that may be asked for before somebody gets in: key and label, in the order of forms.
/// The address is always asked for and not among them.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn fields(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<(String, String)>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::TenantRead)?;
        let (own, _) = tx.find_setting::<UserFields>()?;
        Ok(askable(&schema_of(&own)))
    })
}

/// Admins' fields are no question to people.
pub(crate) fn askable(schema: &Schema) -> Vec<(String, String)> {
    let standard = mapping::schema::standard_fields().iter();
    let open = |field: &&mapping::FieldDefinition| {
        field.key != "email" && field.editable_by == mapping::schema::Who::User
    };
    let pair = |field: &mapping::FieldDefinition| (field.key.clone(), field.label.clone());
    standard.chain(&schema.custom).filter(open).map(pair).collect()
}

/// How many people have no way in but their password, up to 1,001.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn only_by_password(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<i64, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::TenantRead)?;
        Ok(tx.count_users_without_identity(COUNT_CAP)?)
    })
}

/// Changes how people get in at a tenant: everything, or nothing.
///
/// # Errors
/// [`Error::Form`] naming each field, [`Error::NotFound`] for a connection that is none, [`Error::Stale`], [`Error::Forbidden`], or whatever the
/// database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &UpdateSignIn,
) -> Result<Shown, Error> {
    let mut settings = input.settings.clone();
    for link in [&mut settings.terms_url, &mut settings.privacy_url, &mut settings.help_url] {
        *link = link.take().map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
    }
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SignInUpdate)?;
        let (before, version) = tx.find_setting::<SignInSettings>()?;
        if version != input.version {
            return Err(Error::Stale { current: version });
        }
        let (own, _) = tx.find_setting::<UserFields>()?;
        let mut errors = check_links(&settings);
        check_required(&schema_of(&own), &settings.required_fields, &mut errors);
        none(errors)?;
        if !tx.put_setting(&settings, version, ctx.now())? {
            return Err(Error::Stale { current: version + 1 });
        }
        let detail = audit::diff(&before, &settings);
        audit::record(tx, ctx, actor, "sign_in.update", tenant.as_str(), &detail)?;
        tx.changed("tenant", tenant.as_str());
        if let Some(order) = &input.order {
            connections::place(tx, ctx, actor, order)?;
        }
        Ok(Shown { settings: settings.clone(), version: version + 1 })
    })
}

/// Pages that strangers see lead to https alone, whatever the tenant is used for.
fn check_links(settings: &SignInSettings) -> Vec<FieldError> {
    let links = [
        ("terms_url", &settings.terms_url),
        ("privacy_url", &settings.privacy_url),
        ("help_url", &settings.help_url),
    ];
    let mut errors = Vec::new();
    for (field, link) in links {
        let Some(link) = link else { continue };
        if let Err(problem) = check_web_uri(link, ApplicationType::Web, Environment::Production) {
            errors.push(FieldError::new(field, "link", problem.message()).with_fix(problem.fix()));
        }
    }
    errors
}

/// Each has to be a field that people may fill in themselves, and stand there once.
pub(crate) fn check_required(schema: &Schema, keys: &[String], errors: &mut Vec<FieldError>) {
    let known = askable(schema);
    for (at, key) in keys.iter().enumerate() {
        if !known.iter().any(|(name, _)| name == key) {
            let message = format!(
                "There is no field {key} that people can fill in themselves. Take it out, or \
                 define it first."
            );
            errors.push(FieldError::new("required_fields", "unknown", message));
        } else if keys[..at].contains(key) {
            let message = format!("{key} stands there twice.");
            errors.push(FieldError::new("required_fields", "twice", message));
        }
    }
}
