//! Inviting somebody to administer a tenant: a link that works once, for the address it was made
//! for. Who has an account in the system tenant accepts it signed in; who has none makes one with
//! it. The row and the mail are the tenant's, the account is the system tenant's.

mod accept;

use context::Ctx;
use protocol::email::canonical_email;
use serde::Serialize;
use store::invitations::InvitationRow;
use store::tenants::Tenant;
use store::{InvitationId, TenantId, Tx};

pub use accept::{accept, accept_new};

use super::check_role;
use crate::actor::Actor;
use crate::error::Error;
use crate::mail::{Message, Template};
use crate::rights::{Action, Role};
use crate::{audit, mail};

/// How long an invitation lives, in seconds.
pub const LIFETIME_S: i64 = 7 * 86_400;
/// The kind of its row.
const KIND: &str = "admin";
/// So many may wait on one tenant.
const MOST: i64 = 100;

/// An invitation that waits.
#[derive(Debug, Clone, Serialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// To be what.
    pub role: Role,
    /// When it was made, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it stops working.
    pub expires_at: i64,
}

/// A new invitation, with the link that is shown once.
#[derive(Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The link. It was mailed too.
    pub url: String,
}

/// An invitation as its link opens it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The tenant to administer.
    pub tenant: Tenant,
    /// Who is invited.
    pub email: String,
    /// To be what.
    pub role: Role,
    /// Whether the address has an account in the system tenant.
    pub account: bool,
    id: InvitationId,
    email_key: String,
}

/// Invites an address. Invitations of the same address that wait stop working.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::Forbidden`], or whatever the database reports.
pub fn invite(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    email: &str,
    role: Role,
) -> Result<Invited, Error> {
    check_role(tenant, role)?;
    let email = canonical_email(email)
        .map_err(|problem| Error::field("email", "email", problem.to_string()))?;
    let row = ctx.db.read(tenant, |tx| tx.this_tenant())?.ok_or(Error::NotFound("tenant"))?;
    let token = vault::new_link_token(&ctx.vault);
    let made = new_row(ctx, actor, tenant, (&email.display, &email.key), role, &token);
    let console = ctx.settings.console_url();
    let url = format!("{console}/invitation/{}/{}", row.slug, token.expose());
    let message = message(actor, &made, &url);
    let prepared = mail::prepare(ctx, tenant, &message)?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::RoleAssign)?;
        replace(tx, ctx, &made)?;
        tx.insert_invitation(&made)?;
        let detail = serde_json::json!({ "email": made.email, "role": role.as_str() });
        audit::record(tx, ctx, actor, "admin.invite", made.id.as_str(), &detail)?;
        prepared.put(tx)?;
        Ok::<_, Error>(())
    })?;
    Ok(Invited { invitation: shown(&made, role), url })
}

fn new_row(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    (email, key): (&str, &str),
    role: Role,
    token: &vault::SecretString,
) -> InvitationRow {
    let now = ctx.now();
    InvitationRow {
        tenant: tenant.clone(),
        id: InvitationId::new(now, ctx.vault.random()),
        kind: KIND.into(),
        organization: String::new(),
        email: email.to_owned(),
        email_key: key.to_owned(),
        roles: role.as_str().into(),
        token_hash: vault::link_token_hash(token.expose()).to_vec(),
        invited_by: actor.id.clone(),
        created_at: now,
        expires_at: now.plus_seconds(LIFETIME_S),
        ended_at: None,
        outcome: String::new(),
    }
}

fn message(actor: &Actor, row: &InvitationRow, url: &str) -> Message {
    let values =
        [("email", row.email.as_str()), ("name", ""), ("link", url), ("inviter", &actor.name)];
    Message {
        template: Template::AdminInvitation,
        to: row.email.clone(),
        language: None,
        values: values.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        flow: String::new(),
    }
}

/// Ends what waits for the same address, and refuses more than a tenant may have.
fn replace(tx: &mut Tx, ctx: &Ctx, row: &InvitationRow) -> Result<(), Error> {
    let waiting = waiting(tx, ctx)?;
    if i64::try_from(waiting.len()).unwrap_or(MOST) >= MOST {
        let message = format!("{MOST} invitations wait already. Withdraw some first.");
        return Err(Error::field("email", "too_many", message));
    }
    for old in waiting.iter().filter(|old| old.email_key == row.email_key) {
        tx.end_invitation(&old.id, "replaced", ctx.now())?;
    }
    Ok(())
}

fn waiting(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<InvitationRow>, Error> {
    let rows = tx.list_invitations(KIND, "", None, MOST)?;
    let now = ctx.now();
    Ok(rows.into_iter().filter(|row| row.ended_at.is_none() && row.expires_at > now).collect())
}

fn shown(row: &InvitationRow, role: Role) -> Invitation {
    Invitation {
        id: row.id.clone(),
        email: row.email.clone(),
        role,
        created_at: row.created_at.0,
        expires_at: row.expires_at.0,
    }
}

/// The invitations that wait, newest first.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn pending(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<Invitation>, Error> {
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::RoleRead)?;
        waiting(tx, ctx)
    })?;
    let read = |row: &InvitationRow| Role::parse(&row.roles).map(|role| shown(row, role));
    Ok(rows.iter().filter_map(read).collect())
}

/// Withdraws an invitation: its link stops working.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn withdraw(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &InvitationId,
) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::RoleAssign)?;
        let row = tx.find_invitation(id)?.filter(|row| row.kind == KIND);
        let row = row.ok_or(Error::NotFound("invitation"))?;
        tx.end_invitation(&row.id, "withdrawn", ctx.now())?;
        let detail = serde_json::json!({ "email": row.email });
        audit::record(tx, ctx, actor, "admin.withdraw", row.id.as_str(), &detail)
    })
}

/// Looks at an invitation without using it.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work.
pub fn open(ctx: &Ctx, slug: &str, token: &str) -> Result<Opened, Error> {
    let found = ctx.db.system_read(|tx| tx.find_tenant_by_slug(slug))?;
    let tenant = found.ok_or(Error::Link("link_unknown"))?;
    let row = ctx.db.read(&tenant.id, |tx| usable(tx, ctx, token))?;
    let role = Role::parse(&row.roles).ok_or(Error::Link("link_unknown"))?;
    let system = TenantId::system();
    let account = ctx.db.read(&system, |tx| tx.find_user_by_email(&row.email_key))?.is_some();
    let (email, email_key) = (row.email, row.email_key);
    Ok(Opened { tenant, email, role, account, id: row.id, email_key })
}

fn usable(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<InvitationRow, Error> {
    let row = tx
        .find_invitation_by_token(&vault::link_token_hash(token))?
        .filter(|row| row.kind == KIND)
        .ok_or(Error::Link("link_unknown"))?;
    if row.ended_at.is_some() {
        return Err(Error::Link("link_used"));
    }
    if row.expires_at <= ctx.now() {
        return Err(Error::Link("link_expired"));
    }
    Ok(row)
}
