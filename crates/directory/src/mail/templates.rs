//! The texts of a tenant: which stand, changing one, going back to the one that came with the
//! server, and seeing what a mail would look like before anybody gets it.

use std::collections::BTreeMap;

use context::{Ctx, TenantAddress};
use serde::{Deserialize, Serialize};
use store::mail_templates::MailTemplateRow;
use store::{Error as StoreError, TenantId, Timestamp};

use super::render::{self, Rendered, Setting};
use super::texts::{self, Text};
use super::{Message, Template, check};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, none};
use crate::rights::Action;

/// A text as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Which mail.
    pub template: Template,
    /// Its language.
    pub language: String,
    /// Whether the tenant wrote it itself.
    pub own: bool,
    /// The version a change is based on; 0 for the text that came with the server.
    pub version: i64,
    /// When the tenant last changed it, in microseconds since 1970 UTC.
    pub updated_at: Option<i64>,
    /// Subject and text.
    #[serde(flatten)]
    pub text: Text,
}

/// A change of a text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetTemplate {
    /// The version the change is based on.
    pub version: i64,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

impl SetTemplate {
    /// What is to be saved: trimmed, lines ending in a line feed.
    pub fn text(&self) -> Text {
        let body = self.body.replace("\r\n", "\n").replace('\r', "\n");
        Text { subject: self.subject.trim().to_owned(), body: body.trim().to_owned() }
    }
}

/// Every text of a tenant, by template and language.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<Standing>, Error> {
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::MailRead)?;
        Ok::<_, Error>(tx.list_mail_templates()?)
    })?;
    let find = |template: Template, language: &str| {
        rows.iter().find(|row| row.template == template.as_str() && row.language == language)
    };
    let all = Template::ALL.into_iter().flat_map(|t| texts::languages().map(move |l| (t, l)));
    Ok(all
        .map(|(template, language)| standing(template, language, find(template, language)))
        .collect())
}

fn standing(template: Template, language: &str, row: Option<&MailTemplateRow>) -> Standing {
    let own: Option<Text> = row.and_then(|row| serde_json::from_str(&row.body).ok());
    Standing {
        template,
        language: language.to_owned(),
        own: own.is_some(),
        version: row.map_or(0, |row| row.version),
        updated_at: row.map(|row| row.updated_at.0),
        text: own.unwrap_or_else(|| texts::builtin(template, language)),
    }
}

/// One text of a tenant.
///
/// # Errors
/// [`Error::NotFound`] for an unknown mail or language, [`Error::Forbidden`], or whatever the
/// database reports.
pub fn show(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    template: &str,
    language: &str,
) -> Result<Standing, Error> {
    let (template, language) = known(template, language)?;
    let row = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::MailRead)?;
        Ok::<_, Error>(tx.find_mail_template(template.as_str(), language)?)
    })?;
    Ok(standing(template, language, row.as_ref()))
}

fn known(template: &str, language: &str) -> Result<(Template, &'static str), Error> {
    let template = Template::parse(template).ok_or(Error::NotFound("mail template"))?;
    let language = texts::languages()
        .find(|code| *code == language)
        .ok_or(Error::NotFound("language of mail templates"))?;
    Ok((template, language))
}

/// Writes a text of the tenant's own.
///
/// # Errors
/// [`Error::Form`], [`Error::Stale`], [`Error::NotFound`], [`Error::Forbidden`], or whatever the
/// database reports.
pub fn set(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    template: &str,
    language: &str,
    input: &SetTemplate,
) -> Result<Standing, Error> {
    let (template, language) = known(template, language)?;
    let (text, name) = (input.text(), template.as_str());
    let body = serde_json::to_string(&text).map_err(|e| StoreError::Internal(e.to_string()))?;
    let object = format!("{name}/{language}");
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MailUpdate)?;
        none(check::problems(template, &text))?;
        let row = tx.find_mail_template(name, language)?;
        let before = standing(template, language, row.as_ref());
        if before.version != input.version
            || !tx.put_mail_template(name, language, &body, input.version, ctx.now())?
        {
            return Err(Error::Stale { current: before.version });
        }
        let detail = audit::diff(&before.text, &text);
        audit::record(tx, ctx, actor, "mail_template.update", &object, &detail)
    })?;
    show(ctx, actor, tenant, name, language)
}

/// Goes back to the text that came with the server.
///
/// # Errors
/// [`Error::NotFound`] when there is none of the tenant's own, [`Error::Forbidden`], or whatever
/// the database reports.
pub fn reset(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    template: &str,
    language: &str,
) -> Result<(), Error> {
    let (template, language) = known(template, language)?;
    let object = format!("{}/{language}", template.as_str());
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MailUpdate)?;
        let row = tx.find_mail_template(template.as_str(), language)?;
        let before = standing(template, language, row.as_ref());
        if !tx.delete_mail_template(template.as_str(), language)? {
            return Err(Error::NotFound("text of the tenant's own"));
        }
        let detail = audit::diff(&before.text, &texts::builtin(template, language));
        audit::record(tx, ctx, actor, "mail_template.reset", &object, &detail)
    })
}

/// What a mail with this text would look like, with example values.
///
/// # Errors
/// [`Error::Form`] with what is wrong with the text, and as [`show`].
pub fn preview(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    (template, language): (&str, &str),
    text: &Text,
) -> Result<Rendered, Error> {
    let (template, language) = known(template, language)?;
    ctx.db.read(tenant, |tx| actor.check(tx, Action::MailRead))?;
    none(check::problems(template, text))?;
    let at = TenantAddress::Id(tenant.clone());
    let tenant = ctx.snapshots.tenant(ctx, &at)?.ok_or(Error::NotFound("tenant"))?;
    let on = Setting { tenant: &tenant, settings: &ctx.settings, language, at: ctx.now() };
    let message = example(template, &tenant.issuer);
    render::render(&on, &message, text)
        .map_err(|refused| Error::field("body", "block", refused.to_string()))
}

/// A mail with example values; nobody gets it.
pub fn example(template: Template, issuer: &str) -> Message {
    let mut values: BTreeMap<String, String> = check::placeholders(template)
        .iter()
        .map(|p| (p.name.to_owned(), p.example.to_owned()))
        .collect();
    if values.contains_key("link") {
        values.insert("link".to_owned(), format!("{issuer}/example/only"));
    }
    values.remove("tenant");
    let to = values.get("email").cloned().unwrap_or_default();
    Message { template, to, language: None, values, flow: String::new() }
}

/// The text a mail is sent with: the tenant's own where there is one that can be used.
///
/// # Errors
/// Whatever the database reports.
pub fn text_for(
    ctx: &Ctx,
    tenant: &TenantId,
    template: Template,
    language: &str,
) -> Result<Text, StoreError> {
    let row = ctx.db.read(tenant, |tx| tx.find_mail_template(template.as_str(), language))?;
    let standing = standing(template, language, row.as_ref());
    // A text from an earlier version of the server may lack what this one asks for.
    if standing.own && !check::problems(template, &standing.text).is_empty() {
        tracing::warn!(%tenant, template = template.as_str(), language, "the tenant's own text cannot be used");
        return Ok(texts::builtin(template, language));
    }
    Ok(standing.text)
}

/// When a text was changed, for pages.
pub fn changed_at(standing: &Standing) -> Option<Timestamp> {
    standing.updated_at.map(Timestamp)
}
