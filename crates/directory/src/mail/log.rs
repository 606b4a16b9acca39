//! What became of mails: the delivery log of a tenant, a mail to oneself, trying one again, and
//! whether mail works at all. Delivery itself is `server`'s.

use context::{Ctx, TenantAddress};
use serde::{Deserialize, Serialize};
use store::mails::{MailFilter, MailRow};
use store::{Error as StoreError, MailId, TenantId};

use super::{Message, Template, prepare, templates, texts};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError};
use crate::page::{self, Page};
use crate::rights::Action;

/// The states of a mail, in the order of its life.
pub const STATES: [&str; 6] = ["queued", "sending", "retrying", "sent", "given_up", "suppressed"];

/// The name of the installation's note on delivery.
const HEALTH: &str = "mail_health";

/// A mail as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Its id; receivers see it in the Message-ID.
    pub id: MailId,
    /// Which text.
    pub template: String,
    /// The language it was made in; empty until then.
    pub language: String,
    /// The address.
    pub recipient: String,
    /// One of [`STATES`].
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What the mail server said last.
    pub answer: String,
    /// The support code of its flow.
    pub support: String,
    /// When it was decided, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When its state last changed.
    pub updated_at: i64,
}

/// Which mails are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those to this address.
    pub recipient: Option<String>,
}

/// Mails of a tenant, newest first.
///
/// # Errors
/// [`Error::Form`] for an unknown state, [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    filter: &Filter,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Entry>, Error> {
    if filter.state.as_deref().is_some_and(|state| !STATES.contains(&state)) {
        let said = format!("Choose one of {}.", STATES.join(", "));
        return Err(Error::Form(vec![FieldError::new("state", "choice", said)]));
    }
    let scope = (tenant.as_str(), "mails");
    let limit = page::limit(limit);
    let before = page::open(ctx, scope, after)?.and_then(|id| MailId::parse(&id));
    let wanted = MailFilter { state: filter.state.clone(), recipient: filter.recipient.clone() };
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::MailRead)?;
        Ok::<_, Error>(tx.list_mails(before.as_ref(), &wanted, limit + 1)?)
    })?;
    let entries = rows.into_iter().map(entry).collect();
    Ok(page::cut(ctx, scope, entries, limit, |e: &Entry| e.id.as_str().into()))
}

/// One mail of the log.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<Entry, Error> {
    let id = MailId::parse(id).ok_or(Error::NotFound("mail"))?;
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::MailRead)?;
        tx.find_mail(&id)?.map(entry).ok_or(Error::NotFound("mail"))
    })
}

fn entry(row: MailRow) -> Entry {
    Entry {
        id: row.id,
        template: row.template,
        language: row.language,
        recipient: row.recipient,
        state: row.state,
        attempts: row.attempts,
        answer: row.answer,
        support: store::support_code(&row.flow),
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    }
}

/// Sends a mail with example values, so that its text can be seen where it will be read.
///
/// # Errors
/// [`Error::Form`] for an address that is none, [`Error::NotFound`], [`Error::Forbidden`], or
/// whatever the database reports.
pub fn send_example(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    (template, language): (&str, &str),
    to: &str,
) -> Result<MailId, Error> {
    let template = Template::parse(template).ok_or(Error::NotFound("mail template"))?;
    let language =
        texts::language(language).ok_or(Error::NotFound("language of mail templates"))?;
    let to = protocol::email::canonical_email(to)
        .map_err(|problem| Error::field("to", "email", problem.to_string()))?;
    let at = TenantAddress::Id(tenant.clone());
    let standing = ctx.snapshots.tenant(ctx, &at)?.ok_or(Error::NotFound("tenant"))?;
    let mut message = templates::example(template, &standing.issuer);
    message.values.insert("email".to_owned(), to.display.clone());
    message = Message { to: to.display, language: Some(language.to_owned()), ..message };
    let prepared = prepare(ctx, tenant, &message)?;
    let detail = serde_json::json!({ "to": message.to, "language": language });
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MailUpdate)?;
        prepared.put(tx)?;
        audit::record(tx, ctx, actor, "mail.send_example", template.as_str(), &detail)
    })?;
    Ok(prepared.id().clone())
}

/// Tries a mail that waits for its next attempt at once.
///
/// # Errors
/// [`Error::NotFound`] when it does not wait, [`Error::Forbidden`], or whatever the database
/// reports.
pub fn retry(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<(), Error> {
    let id = MailId::parse(id).ok_or(Error::NotFound("mail"))?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MailUpdate)?;
        if !tx.hasten_outbox(id.as_str(), ctx.now())? {
            return Err(Error::NotFound("mail that waits"));
        }
        audit::record(tx, ctx, actor, "mail.retry", id.as_str(), &serde_json::json!({}))
    })
}

/// Whether mail works, as the node that last tried found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether the last attempt reached the server.
    pub ok: bool,
    /// What went wrong.
    pub error: String,
    /// Since when it is so, in microseconds since 1970 UTC.
    pub since: i64,
}

/// What a page says about mail as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum MailState {
    /// The server was reached, or nobody tried yet.
    Working,
    /// Mails go into the inbox of dev mode.
    Inbox,
    /// No server is set up; mails wait.
    Unset,
    /// The server cannot be reached; mails wait.
    Failing {
        /// What went wrong.
        error: String,
        /// Since when, in microseconds since 1970 UTC.
        since: i64,
    },
}

/// Whether mail works. For every admin: it says nothing of the server but its last error.
///
/// # Errors
/// Whatever the database reports.
pub fn state(ctx: &Ctx) -> Result<MailState, StoreError> {
    if super::server::effective(ctx)?.is_none() {
        return Ok(if ctx.settings.dev { MailState::Inbox } else { MailState::Unset });
    }
    Ok(match health(ctx)? {
        Some(health) if !health.ok => {
            MailState::Failing { error: health.error, since: health.since }
        }
        _ => MailState::Working,
    })
}

/// What the last attempt found.
///
/// # Errors
/// Whatever the database reports.
pub fn health(ctx: &Ctx) -> Result<Option<Health>, StoreError> {
    let stored = ctx.db.system_read(|tx| tx.find_meta(HEALTH))?;
    Ok(stored.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Notes what an attempt found, when it differs from what stands.
///
/// # Errors
/// Whatever the database reports.
pub fn note_health(ctx: &Ctx, error: &str) -> Result<(), StoreError> {
    let standing = health(ctx)?;
    let ok = error.is_empty();
    if standing.as_ref().map_or(ok, |was| was.ok == ok && was.error == error) {
        return Ok(());
    }
    let since = match standing {
        Some(was) if !was.ok && !ok => was.since,
        _ => ctx.now().0,
    };
    let health = Health { ok, error: error.to_owned(), since };
    let bytes = serde_json::to_vec(&health).map_err(|e| StoreError::Internal(e.to_string()))?;
    ctx.db.system_write(|tx| tx.put_meta(HEALTH, &bytes))
}
