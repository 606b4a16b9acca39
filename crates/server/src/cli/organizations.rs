//! `tessera org …` and `tessera member …`.

use directory::invitations::{self, Invite};
use directory::organizations::{self, OrganizationInput};
use serde_json::{Value, json};
use store::invitations::InvitationRow;
use store::members::Member;
use store::organizations::OrganizationRow;

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::{MemberCommand, OrgCommand, PageArgs};
use crate::fail::Fail;

fn shown(row: &OrganizationRow) -> Value {
    json!({
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "version": row.version,
        "created_at": moment(row.created_at),
    })
}

/// Runs a command on organizations.
pub fn run(session: &Session, command: OrgCommand) -> Result<(), Fail> {
    let (ctx, actor, as_json) = (&session.ctx, &session.actor, session.json);
    match command {
        OrgCommand::Create { tenant, slug, name } => {
            let tenant = session.tenant(&tenant)?;
            let input = OrganizationInput { slug, name };
            let value = shown(&organizations::create(ctx, actor, &tenant.id, &input)?);
            answer(as_json, &value, || facts(&value));
        }
        OrgCommand::List { tenant, query, page } => list(session, &tenant, &query, &page)?,
        OrgCommand::Show { tenant, org } => {
            let tenant = session.tenant(&tenant)?;
            let (row, members) = organizations::show(ctx, actor, &tenant.id, &org)?;
            let mut value = shown(&row);
            value["members"] = members.into();
            answer(as_json, &value, || facts(&value));
        }
        OrgCommand::Delete { tenant, org } => {
            let tenant = session.tenant(&tenant)?;
            let (row, members) = organizations::show(ctx, actor, &tenant.id, &org)?;
            session.confirm(&format!("This deletes {} with {members} memberships", row.name))?;
            organizations::delete(ctx, actor, &tenant.id, &org)?;
            let value = json!({ "id": row.id, "deleted": true });
            answer(as_json, &value, || say!("deleted {}", row.id));
        }
        roles => self::roles(session, roles)?,
    }
    Ok(())
}

fn list(session: &Session, tenant: &str, query: &str, page: &PageArgs) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let (ctx, actor, after) = (&session.ctx, &session.actor, page.after.as_deref());
    let found = organizations::list(ctx, actor, &tenant.id, query, after, page.limit)?;
    let rows: Vec<Value> = found.items.iter().map(shown).collect();
    let all = json!({ "items": rows, "next": found.next });
    answer(session.json, &all, || table(&["id", "slug", "name"], &rows));
    Ok(())
}

fn roles(session: &Session, command: OrgCommand) -> Result<(), Fail> {
    let (ctx, actor, as_json) = (&session.ctx, &session.actor, session.json);
    match command {
        OrgCommand::AddRole { tenant, name, description } => {
            let tenant = session.tenant(&tenant)?;
            let row = organizations::create_role(ctx, actor, &tenant.id, &name, &description)?;
            let value = json!({ "name": row.name, "description": row.description });
            answer(as_json, &value, || facts(&value));
        }
        OrgCommand::RemoveRole { tenant, name } => {
            let tenant = session.tenant(&tenant)?;
            organizations::delete_role(ctx, actor, &tenant.id, &name)?;
            answer(as_json, &json!({ "name": name, "deleted": true }), || say!("deleted {name}"));
        }
        OrgCommand::Roles { tenant } => {
            let tenant = session.tenant(&tenant)?;
            let found = organizations::roles(ctx, actor, &tenant.id)?;
            let row = |r: &store::organizations::OrganizationRoleRow| json!({ "name": r.name, "description": r.description });
            let rows: Vec<Value> = found.iter().map(row).collect();
            let all = json!({ "items": rows });
            answer(as_json, &all, || table(&["name", "description"], &rows));
        }
        _ => {}
    }
    Ok(())
}

fn member(row: &Member) -> Value {
    let roles: Vec<&str> = row.roles.split_whitespace().collect();
    json!({ "user": row.user_id, "email": row.email, "name": row.name, "roles": roles })
}

fn invitation(row: &InvitationRow) -> Value {
    json!({
        "id": row.id,
        "email": row.email,
        "roles": row.roles.split_whitespace().collect::<Vec<_>>(),
        "outcome": row.outcome,
        "expires_at": moment(row.expires_at),
    })
}

/// Runs a command on members and invitations.
pub fn run_member(session: &Session, command: MemberCommand) -> Result<(), Fail> {
    let (ctx, actor, as_json) = (&session.ctx, &session.actor, session.json);
    match command {
        MemberCommand::List { tenant, org, page } => {
            let tenant = session.tenant(&tenant)?;
            let after = page.after.as_deref();
            let found = organizations::members(ctx, actor, &tenant.id, &org, after, page.limit)?;
            let rows: Vec<Value> = found.items.iter().map(member).collect();
            let all = json!({ "items": rows, "next": found.next });
            answer(as_json, &all, || table(&["user", "email", "roles"], &rows));
        }
        MemberCommand::Set { tenant, org, user, roles } => {
            let tenant = session.tenant(&tenant)?;
            let row = organizations::put_member(ctx, actor, &tenant.id, &org, &user, &roles)?;
            let value = json!({ "organization": row.organization, "user": row.user_id, "roles": row.roles.split_whitespace().collect::<Vec<_>>() });
            answer(as_json, &value, || facts(&value));
        }
        MemberCommand::Remove { tenant, org, user } => {
            let tenant = session.tenant(&tenant)?;
            organizations::remove_member(ctx, actor, &tenant.id, &org, &user)?;
            answer(as_json, &json!({ "user": user, "removed": true }), || say!("removed {user}"));
        }
        invitations => self::invitations(session, invitations)?,
    }
    Ok(())
}

fn invitations(session: &Session, command: MemberCommand) -> Result<(), Fail> {
    let (ctx, actor, as_json) = (&session.ctx, &session.actor, session.json);
    match command {
        MemberCommand::Invite { tenant, org, email, roles, mail } => {
            let tenant = session.tenant(&tenant)?;
            let input = Invite { email, roles, mail };
            let (row, url) = invitations::create(ctx, actor, &tenant.id, &org, &input)?;
            let mut value = invitation(&row);
            value["url"] = url.into();
            answer(as_json, &value, || facts(&value));
        }
        MemberCommand::Invitations { tenant, org, page } => {
            let tenant = session.tenant(&tenant)?;
            let after = page.after.as_deref();
            let found = invitations::list(ctx, actor, &tenant.id, &org, after, page.limit)?;
            let rows: Vec<Value> = found.items.iter().map(invitation).collect();
            let all = json!({ "items": rows, "next": found.next });
            answer(as_json, &all, || table(&["id", "email", "outcome", "expires_at"], &rows));
        }
        MemberCommand::Uninvite { tenant, org, id } => {
            let tenant = session.tenant(&tenant)?;
            invitations::revoke(ctx, actor, &tenant.id, &org, &id)?;
            answer(as_json, &json!({ "id": id, "revoked": true }), || say!("revoked {id}"));
        }
        _ => {}
    }
    Ok(())
}
