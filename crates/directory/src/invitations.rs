//! Invitations to an organization: a link that works once, for one address. Whoever takes it up has
//! to be the user of that address: somebody who is signed in as another one is told so, and a
//! stranger makes an account for exactly this address. A link that went out by mail proves the
//! address; one that an admin handed over proves nothing.

use context::{Ctx, TenantAddress};
use protocol::email::canonical_email;
use serde_json::json;
use store::invitations::InvitationRow;
use store::members::MemberRow;
use store::users::UserRow;
use store::{InvitationId, OrganizationId, TenantId, Tx, UserId};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::mail::{self, Message, Template};
use crate::organizations::{check_roles, find};
use crate::page::{self, Page};
use crate::rights::Action;
use crate::users::{CreateUser, new_row, taken};

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
    let now = ctx.now();
    let token = vault::new_link_token(&ctx.vault);
    let url = format!("{}/account/invitation/{}", snapshot.issuer, token.expose());
    let values = [
        ("link", url.as_str()),
        ("organization", organization.name.as_str()),
        ("inviter", actor.name.as_str()),
        ("email", email.display.as_str()),
    ];
    let message = Message {
        template: Template::OrganizationInvitation,
        to: email.display.clone(),
        language: None,
        values: values.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        flow: String::new(),
    };
    let prepared = input.mail.then(|| mail::prepare(ctx, tenant, &message)).transpose()?;
    let mut row = InvitationRow {
        tenant: tenant.clone(),
        id: InvitationId::new(now, ctx.vault.random()),
        kind: KIND.into(),
        organization: organization.id.as_str().into(),
        email: email.display,
        email_key: email.key,
        roles: String::new(),
        token_hash: vault::link_token_hash(token.expose()).to_vec(),
        invited_by: actor.name.clone(),
        created_at: now,
        expires_at: now.plus_seconds(LIFETIME_S),
        ended_at: None,
        outcome: if input.mail { "mail" } else { "link" }.into(),
    };
    row = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::MemberUpdate)?;
        find(tx, organization.id.as_str())?;
        let mut row = row.clone();
        row.roles = check_roles(tx, &input.roles)?;
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

/// An invitation as the person sees it who opened its link.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The organization's name.
    pub organization: String,
    /// Who invited.
    pub inviter: String,
    /// Whom it is for.
    pub email: String,
    /// The address in canonical form.
    pub email_key: String,
    /// Whether somebody has an account with this address.
    pub known: bool,
}

/// Looks at an invitation without using it.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work.
pub fn open(ctx: &Ctx, tenant: &TenantId, token: &str) -> Result<Opened, Error> {
    ctx.db.read(tenant, |tx| {
        let (row, organization) = usable(ctx, tx, token)?;
        let known = tx.find_user_by_email(&row.email_key)?.is_some();
        let name = tx.find_organization(&organization)?.map(|found| found.name);
        Ok(Opened {
            organization: name.ok_or(Error::Link("link_unknown"))?,
            inviter: row.invited_by,
            email: row.email,
            email_key: row.email_key,
            known,
        })
    })
}

fn usable(ctx: &Ctx, tx: &mut Tx, token: &str) -> Result<(InvitationRow, OrganizationId), Error> {
    let hash = vault::link_token_hash(token);
    let row = tx
        .find_invitation_by_token(&hash)?
        .filter(|row| row.kind == KIND)
        .ok_or(Error::Link("link_unknown"))?;
    if row.ended_at.is_some() {
        return Err(Error::Link("link_used"));
    }
    if row.expires_at <= ctx.now() {
        return Err(Error::Link("link_expired"));
    }
    let organization =
        OrganizationId::parse(&row.organization).ok_or(Error::Link("link_unknown"))?;
    Ok((row, organization))
}

/// Takes an invitation up as a user who is signed in. They have to be who it is for.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work, [`Error::Form`] when it is for
/// somebody else.
pub fn accept(
    ctx: &Ctx,
    tenant: &TenantId,
    token: &str,
    user: &UserId,
    request: (&str, &str),
) -> Result<UserRow, Error> {
    ctx.db.write(tenant, |tx| {
        let (row, organization) = usable(ctx, tx, token)?;
        let user = tx.find_user(user)?.filter(|user| !user.blocked);
        let user = user.ok_or(Error::Link("link_unknown"))?;
        if user.email_key != row.email_key {
            let message = format!("This invitation is for {}.", row.email);
            return Err(Error::field("user", "other_user", message));
        }
        join(ctx, tx, &row, &organization, &user, request)?;
        Ok(user)
    })
}

/// Takes an invitation up as somebody who has no account: makes one for the invited address. The
/// address counts as proven when the invitation went there by mail.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work, [`Error::Form`] naming the field
/// otherwise; an address that has an account by now is one.
pub fn accept_new(
    ctx: &Ctx,
    tenant: &TenantId,
    token: &str,
    name: &str,
    phc: &str,
    request: (&str, &str),
) -> Result<UserRow, Error> {
    let row = ctx.db.read(tenant, |tx| usable(ctx, tx, token).map(|(row, _)| row))?;
    let input = CreateUser {
        email: row.email.clone(),
        name: Some(name.to_owned()),
        email_verified: row.outcome == "mail",
        ..CreateUser::default()
    };
    let user = new_row(ctx, tenant, &input, Some(phc))?;
    let made = ctx.db.write(tenant, |tx| {
        let (row, organization) = usable(ctx, tx, token)?;
        tx.insert_user(&user)?;
        join(ctx, tx, &row, &organization, &user, request)
    });
    made.map_err(taken)?;
    Ok(user)
}

fn join(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &InvitationRow,
    organization: &OrganizationId,
    user: &UserRow,
    (request, ip): (&str, &str),
) -> Result<(), Error> {
    if !tx.end_invitation(&row.id, "accepted", ctx.now())? {
        return Err(Error::Link("link_used"));
    }
    tx.find_organization(organization)?.ok_or(Error::Link("link_unknown"))?;
    // Who is a member already keeps what they have: an invitation adds, it takes nothing away.
    let held = tx.find_member(organization, &user.id)?.map(|row| row.roles).unwrap_or_default();
    let mut roles: Vec<&str> = held.split(' ').chain(row.roles.split(' ')).collect();
    roles.retain(|role| !role.is_empty());
    roles.sort_unstable();
    roles.dedup();
    let member = MemberRow {
        tenant: tx.tenant().clone(),
        organization: organization.clone(),
        user_id: user.id.clone(),
        roles: roles.join(" "),
        created_at: ctx.now(),
    };
    tx.put_member(&member)?;
    let (id, name) = (user.id.as_str().to_owned(), user.email.clone());
    let (request, ip) = (request.to_owned(), ip.to_owned());
    let who = Actor { id, name, request, ip, ..Actor::system(ctx) };
    let detail =
        json!({ "user": user.id.as_str(), "roles": member.roles, "invited_by": row.invited_by });
    audit::record(tx, ctx, &who, "member.join", organization.as_str(), &detail)?;
    tx.changed("user", user.id.as_str());
    Ok(())
}
