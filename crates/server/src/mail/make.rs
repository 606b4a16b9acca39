//! Making a mail when it leaves: open the message, look whether it is still worth sending and not
//! one too many, choose the language, put the text together, and build what goes over the wire.

use std::time::{Duration, UNIX_EPOCH};

use context::{Ctx, Tenant, TenantAddress, TenantStatus};
use directory::mail::render::{self, Rendered, Setting};
use directory::mail::{self, Message, templates, texts};
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use serde::{Deserialize, Serialize};
use store::mails::MailRow;
use store::outbox::OutboxRow;
use store::{Error, MailId, TenantId, Timestamp};
use vault::Purpose;

use super::round::End;

/// So many mails go to one address of a tenant within an hour: more are nobody's wish.
const PER_HOUR: i64 = 20;

/// What becomes of a row of the outbox.
pub enum Made {
    /// A mail to be sent.
    Ready(MailRow, Box<Outgoing>),
    /// Nothing to be sent, and why.
    Over(MailRow, End),
    /// Nothing there to be noted any more.
    Gone,
}

/// A mail to be sent.
pub struct Outgoing {
    /// From whom to whom, for the wire.
    pub envelope: Envelope,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The same for the inbox of dev mode.
    pub captured: Captured,
}

/// A mail in the inbox of dev mode.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Captured {
    pub at: i64,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub links: Vec<String>,
    pub template: String,
    pub language: String,
}

impl Captured {
    /// Seals it: mails hold links that open accounts.
    pub fn seal(&self, ctx: &Ctx, tenant: &TenantId, id: &MailId) -> Result<Vec<u8>, Error> {
        let plain = serde_json::to_vec(self).map_err(|e| Error::Internal(e.to_string()))?;
        let extra = id.as_str().as_bytes();
        Ok(ctx.vault.seal(Purpose::Mail, tenant.as_str(), extra, ctx.now_s(), &plain))
    }

    /// Opens it; nothing when it was sealed with a key that is gone.
    pub fn open(ctx: &Ctx, tenant: &TenantId, id: &MailId, sealed: &[u8]) -> Option<Captured> {
        let extra = id.as_str().as_bytes();
        let plain = ctx.vault.open_secret(Purpose::Mail, tenant.as_str(), extra, sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// Makes the mail of a row.
///
/// # Errors
/// Whatever the database reports.
pub fn make(ctx: &Ctx, from: &str, row: &OutboxRow) -> Result<Made, Error> {
    let at = TenantAddress::Id(row.tenant.clone());
    let (Some(tenant), Some(id)) = (ctx.snapshots.tenant(ctx, &at)?, MailId::parse(&row.id)) else {
        return Ok(Made::Gone);
    };
    let Some(mut log) = ctx.db.read(&row.tenant, |tx| tx.find_mail(&id))? else {
        return Ok(Made::Gone);
    };
    let over = |log: MailRow, state, answer: String| Ok(Made::Over(log, End { state, answer }));
    let message = match mail::open(ctx, row) {
        Ok(message) => message,
        Err(error) => return over(log, "given_up", format!("it cannot be opened: {error}")),
    };
    if let Some((state, why)) = unwanted(ctx, &tenant, &message, &log)? {
        return over(log, state, why);
    }
    if log.state == "sending" {
        tracing::warn!(mail = %log.id, "a node stopped while it sent this mail; it may arrive twice, with one Message-ID");
    }
    log.language = language(ctx, &tenant, &message)?.into();
    match put_together(ctx, &tenant, &message, &log, from)? {
        Ok(outgoing) => Ok(Made::Ready(log, Box::new(outgoing))),
        Err(why) => over(log, "given_up", why),
    }
}

/// Why a mail is not sent at all.
fn unwanted(
    ctx: &Ctx,
    tenant: &Tenant,
    message: &Message,
    log: &MailRow,
) -> Result<Option<(&'static str, String)>, Error> {
    let now = ctx.now();
    if log.created_at.plus_seconds(message.template.worth_s()) <= now {
        let last = if log.answer.is_empty() { "" } else { "; last: " };
        return Ok(Some(("given_up", format!("not delivered in time{last}{}", log.answer))));
    }
    if tenant.status == TenantStatus::Suspended {
        return Ok(Some(("suppressed", "the tenant is suspended".into())));
    }
    if log.attempts == 0 {
        let hour_ago = MailId::new(now.plus_seconds(-3_600), ctx.vault.random());
        let cap = PER_HOUR + 2;
        let sent =
            ctx.db.read(&tenant.id, |tx| tx.count_mails_to(&log.recipient, &hour_ago, cap))?;
        if sent > PER_HOUR {
            let why = format!("more than {PER_HOUR} mails to this address within an hour");
            return Ok(Some(("suppressed", why)));
        }
    }
    Ok(None)
}

/// The message's own language, the person's, the tenant's, English: the first there are texts in.
fn language(ctx: &Ctx, tenant: &Tenant, message: &Message) -> Result<&'static str, Error> {
    let wanted = match &message.language {
        Some(tag) => Some(tag.clone()),
        None => locale_of(ctx, &tenant.id, &message.to)?,
    };
    let known = |tag: &Option<String>| tag.as_deref().and_then(texts::language);
    let fallback = || texts::languages().next().unwrap_or("en");
    Ok(known(&wanted).or_else(|| known(&tenant.mail.language)).unwrap_or_else(fallback))
}

fn locale_of(ctx: &Ctx, tenant: &TenantId, to: &str) -> Result<Option<String>, Error> {
    let Ok(email) = protocol::email::canonical_email(to) else { return Ok(None) };
    let user = ctx.db.read(tenant, |tx| tx.find_user_by_email(&email.key))?;
    let profile =
        user.and_then(|user| serde_json::from_str::<serde_json::Value>(&user.profile).ok());
    Ok(profile.and_then(|profile| Some(profile.get("locale")?.as_str()?.to_owned())))
}

pub(super) fn put_together(
    ctx: &Ctx,
    tenant: &Tenant,
    message: &Message,
    log: &MailRow,
    from: &str,
) -> Result<Result<Outgoing, String>, Error> {
    let on =
        Setting { tenant, settings: &ctx.settings, language: &log.language, at: log.created_at };
    let text = templates::text_for(ctx, &tenant.id, message.template, &log.language)?;
    let rendered = match render::render(&on, message, &text) {
        Ok(rendered) => rendered,
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let address = tenant.mail.address.as_deref().unwrap_or(from);
    let built = build(ctx, tenant, message, log, &rendered, address);
    Ok(built.map(|wire| Outgoing {
        envelope: wire.envelope().clone(),
        bytes: wire.formatted(),
        captured: Captured {
            at: ctx.now().0,
            from: address.to_owned(),
            to: message.to.clone(),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            links: rendered.links,
            template: message.template.as_str().into(),
            language: log.language.clone(),
        },
    }))
}

/// The message as RFC 5322 has it. Every value goes through a type that encodes it, so that none
/// can end its line; the Message-ID is the mail's own, the same in every attempt.
fn build(
    ctx: &Ctx,
    tenant: &Tenant,
    message: &Message,
    log: &MailRow,
    rendered: &Rendered,
    from: &str,
) -> Result<lettre::Message, String> {
    let sender = match tenant.mail.name.as_str() {
        "" => tenant.name.as_str(),
        name => name,
    };
    let mailbox = |name: Option<&str>, address: &str| {
        let parsed = address.parse().map_err(|e| format!("the address {address}: {e}"))?;
        Ok::<_, String>(Mailbox::new(name.map(one_line), parsed))
    };
    let mut builder = lettre::Message::builder()
        .from(mailbox(Some(sender), from)?)
        .to(mailbox(None, &message.to)?)
        .subject(one_line(&rendered.subject))
        .date(time(ctx.now()))
        .message_id(Some(format!("<{}@{}>", log.id, domain(from))))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", &log.language))
        .raw_header(header("X-Tessera-Mail", log.id.as_str()));
    if let Some(reply_to) = &tenant.mail.reply_to {
        builder = builder.reply_to(mailbox(None, reply_to)?);
    }
    if !message.flow.is_empty() {
        let code = one_line(&store::support_code(&message.flow));
        builder = builder.raw_header(header("X-Support-Code", &code));
    }
    let parts = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
    builder.multipart(parts).map_err(|e| e.to_string())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), one_line(value))
}

/// A value that cannot end its header line.
fn one_line(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

fn time(at: Timestamp) -> std::time::SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(at.0).unwrap_or_default())
}
