//! Who a tenant's mails come from, and the language of those whose reader's is unknown. The server
//! they go through is the operator's, in [`super::server`].

use context::Ctx;
use protocol::email::canonical_email;
use serde::{Deserialize, Serialize};
use store::TenantId;
use store::settings::MailSender;

use super::texts;
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::rights::Action;

/// A change of the sender.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSender {
    /// The version the change is based on.
    pub version: i64,
    /// The name before the address; the tenant's name when empty.
    #[serde(default)]
    pub name: String,
    /// The address; the installation's when unset.
    #[serde(default)]
    pub address: Option<String>,
    /// Where answers go.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// The language of mails to people whose language is unknown.
    #[serde(default)]
    pub language: Option<String>,
}

/// The sender of a tenant and its version.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<(MailSender, i64), Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::MailRead)?;
        Ok(tx.find_setting::<MailSender>()?)
    })
}

/// Changes the sender of a tenant.
///
/// # Errors
/// [`Error::Form`], [`Error::Stale`], [`Error::Forbidden`], or whatever the database reports.
pub fn set(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &SetSender,
) -> Result<MailSender, Error> {
    let mut errors = Vec::new();
    let after = MailSender {
        name: name(&input.name, &mut errors),
        address: address("address", input.address.as_deref(), &mut errors),
        reply_to: address("reply_to", input.reply_to.as_deref(), &mut errors),
        language: language(input.language.as_deref(), &mut errors),
    };
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MailUpdate)?;
        none(errors.clone())?;
        let (before, version) = tx.find_setting::<MailSender>()?;
        if version != input.version || !tx.put_setting(&after, version, ctx.now())? {
            return Err(Error::Stale { current: version });
        }
        let detail = audit::diff(&before, &after);
        audit::record(tx, ctx, actor, "mail_sender.update", tenant.as_str(), &detail)?;
        tx.changed("tenant", tenant.as_str());
        Ok(after.clone())
    })
}

fn name(typed: &str, errors: &mut Vec<FieldError>) -> String {
    let name = typed.trim();
    if name.chars().count() > 100 {
        errors.push(FieldError::new("name", "too_long", "Shorten the name to 100 characters."));
    } else if super::render::clean(name) != name {
        let said = "Write the name in one line, without invisible characters and addresses.";
        errors.push(FieldError::new("name", "characters", said));
    }
    name.to_owned()
}

pub(super) fn address(
    field: &'static str,
    typed: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    match canonical_email(typed) {
        Ok(email) => Some(email.display),
        Err(problem) => {
            errors.push(FieldError::new(field, "email", problem.to_string()));
            None
        }
    }
}

fn language(typed: Option<&str>, errors: &mut Vec<FieldError>) -> Option<String> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    let found = texts::languages().find(|code| *code == typed);
    if found.is_none() {
        let all: Vec<&str> = texts::languages().collect();
        let said = format!("Choose one of {}.", all.join(", "));
        errors.push(FieldError::new("language", "language", said));
    }
    found.map(str::to_owned)
}
