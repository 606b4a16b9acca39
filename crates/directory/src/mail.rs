//! Mails as data: which template, to whom, with which values. A message is sealed before the write
//! that decides it and becomes a row of the outbox in that write; its text is made and sent by a
//! leased job of `server`, so a mail server that is down delays mail and nothing else.

pub mod blocks;
pub mod check;
mod html;
pub mod log;
pub mod render;
pub mod sender;
pub mod server;
pub mod templates;
pub mod texts;

use std::collections::BTreeMap;

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::mails::MailRow;
use store::outbox::OutboxRow;
use store::{MailId, TenantId, Tx};
use vault::Purpose;

use crate::error::Error;

/// The kind of an outbox row that holds a [`Message`].
pub const KIND: &str = "mail";

/// Every mail a tenant sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// Proves the address of somebody who signs up.
    VerifyEmail,
    /// Tells somebody who signs up again that they have an account.
    AlreadyRegistered,
    /// Lets somebody choose a new password.
    ResetPassword,
    /// Lets somebody who was created by an admin choose their first password.
    SetPassword,
    /// Proves the address somebody wants to change to.
    ChangeEmail,
    /// Tells the old address of a change, with a way to undo it.
    EmailChanged,
    /// Tells of a new password.
    PasswordChanged,
    /// Tells of an identity that was linked or unlinked.
    IdentityChanged,
    /// Asks to prove an account before an identity is linked to it.
    ConfirmLink,
    /// Invites to an organization.
    OrganizationInvitation,
    /// Invites to administer a tenant.
    AdminInvitation,
    /// Shows that mail works.
    Test,
}

impl Template {
    /// Every template.
    pub const ALL: [Template; 12] = [
        Template::VerifyEmail,
        Template::AlreadyRegistered,
        Template::ResetPassword,
        Template::SetPassword,
        Template::ChangeEmail,
        Template::EmailChanged,
        Template::PasswordChanged,
        Template::IdentityChanged,
        Template::ConfirmLink,
        Template::OrganizationInvitation,
        Template::AdminInvitation,
        Template::Test,
    ];

    /// Its name in the database, in commands and in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Template::VerifyEmail => "verify_email",
            Template::AlreadyRegistered => "already_registered",
            Template::ResetPassword => "reset_password",
            Template::SetPassword => "set_password",
            Template::ChangeEmail => "change_email",
            Template::EmailChanged => "email_changed",
            Template::PasswordChanged => "password_changed",
            Template::IdentityChanged => "identity_changed",
            Template::ConfirmLink => "confirm_link",
            Template::OrganizationInvitation => "organization_invitation",
            Template::AdminInvitation => "admin_invitation",
            Template::Test => "test",
        }
    }

    /// What it is for, in a few words.
    pub fn label(self) -> &'static str {
        match self {
            Template::VerifyEmail => "Confirm an address after signing up",
            Template::AlreadyRegistered => "Signed up again",
            Template::ResetPassword => "Choose a new password",
            Template::SetPassword => "Choose a first password",
            Template::ChangeEmail => "Confirm a new address",
            Template::EmailChanged => "Address was changed",
            Template::PasswordChanged => "Password was changed",
            Template::IdentityChanged => "Ways to sign in changed",
            Template::ConfirmLink => "Connect a provider",
            Template::OrganizationInvitation => "Invitation to an organization",
            Template::AdminInvitation => "Invitation to administer",
            Template::Test => "Test mail",
        }
    }

    /// For how long after it was decided it is worth sending, in seconds: no longer than its link
    /// works, and never longer than three days.
    pub fn worth_s(self) -> i64 {
        const HOUR: i64 = 3_600;
        const DAY: i64 = 24 * HOUR;
        match self {
            Template::ResetPassword | Template::ConfirmLink => HOUR,
            Template::VerifyEmail | Template::ChangeEmail => DAY,
            Template::Test => HOUR,
            _ => 3 * DAY,
        }
    }

    /// The template of this name.
    pub fn parse(name: &str) -> Option<Template> {
        Template::ALL.into_iter().find(|template| template.as_str() == name)
    }
}

/// One mail to be sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// Which text.
    pub template: Template,
    /// The address.
    pub to: String,
    /// The language, when the person's is known: `en`, `de`.
    #[serde(default)]
    pub language: Option<String>,
    /// Values of placeholders, such as `link`, `name`, `application`. They may hold secrets: a
    /// message at rest is always sealed.
    pub values: BTreeMap<String, String>,
    /// The flow it belongs to; its support code stands in the mail. May be empty.
    #[serde(default)]
    pub flow: String,
}

/// A message ready to be put into a write.
#[derive(Debug)]
pub struct Prepared {
    row: OutboxRow,
    log: MailRow,
}

/// Seals a message. Called before the write that decides it.
///
/// # Errors
/// [`Error::Store`] when it cannot be serialized.
pub fn prepare(ctx: &Ctx, tenant: &TenantId, message: &Message) -> Result<Prepared, Error> {
    let now = ctx.now();
    let id = MailId::new(now, ctx.vault.random());
    let plain = serde_json::to_vec(message)
        .map_err(|e| Error::Store(store::Error::Internal(e.to_string())))?;
    let extra = id.as_str().as_bytes();
    let payload = ctx.vault.seal_text(Purpose::Mail, tenant.as_str(), extra, now.seconds(), &plain);
    let row = OutboxRow {
        tenant: tenant.clone(),
        id: id.as_str().into(),
        kind: KIND.into(),
        payload,
        due_at: now,
        attempts: 0,
        holder: String::new(),
        leased_until: store::Timestamp(0),
    };
    let log = MailRow {
        tenant: tenant.clone(),
        id,
        template: message.template.as_str().into(),
        language: String::new(),
        recipient: message.to.clone(),
        state: "queued".into(),
        attempts: 0,
        answer: String::new(),
        flow: message.flow.clone(),
        created_at: now,
        updated_at: now,
    };
    Ok(Prepared { row, log })
}

impl Prepared {
    /// Adds the message to the outbox and to the delivery log, in the write that decides it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put(&self, tx: &mut Tx) -> Result<(), store::Error> {
        tx.insert_outbox(&self.row)?;
        tx.insert_mail(&self.log)
    }

    /// The id of the mail, in the outbox and in the log.
    pub fn id(&self) -> &MailId {
        &self.log.id
    }
}

/// Opens a message that waits in the outbox.
///
/// # Errors
/// [`store::Error::Internal`] when it is not one of ours.
pub fn open(ctx: &Ctx, row: &OutboxRow) -> Result<Message, store::Error> {
    let extra = row.id.as_bytes();
    let plain = ctx
        .vault
        .open_text(Purpose::Mail, row.tenant.as_str(), extra, &row.payload)
        .map_err(|e| store::Error::Internal(format!("mail {}: {e}", row.id)))?;
    serde_json::from_slice(&plain)
        .map_err(|e| store::Error::Internal(format!("mail {}: {e}", row.id)))
}
