//! Taking an invitation up: by the user it is for, or by somebody who makes an account for exactly
//! its address. It works once; looking at it changes nothing.

use context::Ctx;
use serde_json::json;
use store::invitations::InvitationRow;
use store::members::MemberRow;
use store::users::UserRow;
use store::{OrganizationId, TenantId, Tx, UserId};

use super::KIND;
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::users::{CreateUser, new_row, taken};

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
