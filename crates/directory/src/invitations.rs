//! Invitations to an organization: a link that works once, for one address. Whoever takes it up has
//! to be the user of that address: somebody who is signed in as another one is told so, and a
//! stranger makes an account for exactly this address. A link that went out by mail proves the
//! address; one that an admin handed over proves nothing.

mod accept;

use context::{Ctx, TenantAddress};
use protocol::email::{CanonicalEmail, canonical_email};
use serde_json::json;
use store::invitations::InvitationRow;
use store::{InvitationId, OrganizationId, TenantId};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::mail::{self, Message, Template};
use crate::organizations::{check_roles, find};
use crate::page::{self, Page};
use crate::rights::Action;

pub use accept::{Opened, accept, accept_new, open};

/// How long an invitation waits, in seconds.
pub const LIFETIME_S: i64 = 7 * 86_400;
const KIND: &str = "organization";

/// Whom to invite.
#[derive(Debug, Clone, Default)]
pub struct Invite {
    /// The address it is for.
    pub email: String,
    /// Roles they get.
    pub roles: Vec<String>,
    /// Whether it goes out by mail; the link is answered otherwise.
    pub mail: bool,
}

/// Invites somebody to an organization. Answers the link when it does not go out by mail.
///
/// # Errors
/// [`Error::Form`] naming the field, [`Error::NotFound`], [`Error::Forbidden`], or whatever the
/// database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    input: &Invite,
) -> Result<(InvitationRow, Option<String>), Error> {
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let email = canonical_email(&input.email)
        .map_err(|problem| Error::field("email", "email", problem.to_string()))?;
    let organization = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::MemberUpdate)?;
        find(tx, which)
    })?;
    let token = vault::new_link_token(&ctx.vault);
    let url = format!("{}/account/invitation/{}", snapshot.issuer, token.expose());
    let message = message(&organization.name, &actor.name, &email.display, &url);
    let prepared = input.mail.then(|| mail::prepare(ctx, tenant, &message)).transpose()?;
    let blank = InvitationRow {
        invited_by: actor.name.clone(),
        outcome: if input.mail { "mail" } else { "link" }.into(),
        ..new_invitation(ctx, tenant, &organization.id, email, token.expose())
    };
    let row = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MemberUpdate)?;
        find(tx, organization.id.as_str())?;
        let row = InvitationRow { roles: check_roles(tx, &input.roles)?, ..blank.clone() };
        tx.insert_invitation(&row)?;
        if let Some(prepared) = &prepared {
            prepared.put(tx)?;
        }
        let detail = json!({ "email": row.email, "roles": row.roles, "mail": input.mail });
        audit::record(tx, ctx, actor, "member.invite", organization.id.as_str(), &detail)?;
        Ok::<_, Error>(row)
    })?;
    Ok((row, Some(url).filter(|_| !input.mail)))
}

fn message(organization: &str, inviter: &str, email: &str, link: &str) -> Message {
    let values =
        [("link", link), ("organization", organization), ("inviter", inviter), ("email", email)];
    Message {
        template: Template::OrganizationInvitation,
        to: email.to_owned(),
        language: None,
        values: values.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        flow: String::new(),
    }
}

fn new_invitation(
    ctx: &Ctx,
    tenant: &TenantId,
    organization: &OrganizationId,
    email: CanonicalEmail,
    token: &str,
) -> InvitationRow {
    let now = ctx.now();
    InvitationRow {
        tenant: tenant.clone(),
        id: InvitationId::new(now, ctx.vault.random()),
        kind: KIND.into(),
        organization: organization.as_str().into(),
        email: email.display,
        email_key: email.key,
        roles: String::new(),
        token_hash: vault::link_token_hash(token).to_vec(),
        invited_by: String::new(),
        created_at: now,
        expires_at: now.plus_seconds(LIFETIME_S),
        ended_at: None,
        outcome: String::new(),
    }
}

/// Invitations to an organization, newest first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<InvitationRow>, Error> {
    let limit = page::limit(limit);
    let list = format!("invitations {which}");
    let scope = (tenant.as_str(), list.as_str());
    let before = page::open(ctx, scope, after)?.and_then(|id| InvitationId::parse(&id));
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::OrganizationRead)?;
        let row = find(tx, which)?;
        Ok::<_, Error>(tx.list_invitations(KIND, row.id.as_str(), before.as_ref(), limit + 1)?)
    })?;
    Ok(page::cut(ctx, scope, rows, limit, |row: &InvitationRow| row.id.as_str().to_owned()))
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`] when it is over or another organization's, [`Error::Forbidden`], or whatever
/// the database reports.
pub fn revoke(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    which: &str,
    id: &str,
) -> Result<(), Error> {
    let id = InvitationId::parse(id).ok_or(Error::NotFound("invitation"))?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MemberUpdate)?;
        let organization = find(tx, which)?;
        let row = tx.find_invitation(&id)?;
        let row = row.filter(|r| r.kind == KIND && r.organization == organization.id.as_str());
        let row = row.ok_or(Error::NotFound("invitation"))?;
        if !tx.end_invitation(&row.id, "revoked", ctx.now())? {
            return Err(Error::NotFound("invitation"));
        }
        let detail = json!({ "email": row.email });
        audit::record(tx, ctx, actor, "member.uninvite", organization.id.as_str(), &detail)
    })
}
