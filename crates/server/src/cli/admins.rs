//! `tessera admin …`: links for operators, and who administers a tenant.

use directory::{Role, admins, setup};
use serde_json::{Value, json};
use store::{InvitationId, Timestamp, UserId};

use super::Session;
use super::output::{answer, facts, moment, say, table};
use crate::args::AdminCommand;
use crate::fail::Fail;

/// Runs a command on admins.
pub fn run(session: &Session, command: AdminCommand) -> Result<(), Fail> {
    let (ctx, actor) = (&session.ctx, &session.actor);
    match command {
        AdminCommand::SetupLink => link(session, &setup::setup_link(ctx)?),
        AdminCommand::ResetLink { email } => link(session, &setup::reset_link(ctx, actor, &email)?),
        AdminCommand::List { tenant } => return list(session, &tenant),
        AdminCommand::Invite { tenant, email, role } => {
            return invite(session, &tenant, &email, &role);
        }
        AdminCommand::Withdraw { tenant, id } => return withdraw(session, &tenant, &id),
        AdminCommand::Grant { tenant, role, user } => {
            let tenant = session.tenant(&tenant)?;
            let id = person(&user)?;
            admins::set_role(ctx, actor, &tenant.id, &id, self::role(&role)?)?;
            answer(session.json, &json!({ "user": user, "role": role }), || {
                say!("{user} is {role} of {}", tenant.slug);
            });
        }
        AdminCommand::Remove { tenant, user } => {
            let tenant = session.tenant(&tenant)?;
            let id = person(&user)?;
            session.confirm(&format!("This takes {} from {user}", tenant.slug))?;
            admins::remove(ctx, actor, &tenant.id, &id)?;
            answer(session.json, &json!({ "user": user, "removed": true }), || {
                say!("removed {user} from {}", tenant.slug);
            });
        }
    }
    Ok(())
}

fn link(session: &Session, url: &str) {
    answer(session.json, &json!({ "url": url }), || say!("{url}"));
}

fn invite(session: &Session, tenant: &str, email: &str, role: &str) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let made = admins::invite(&session.ctx, &session.actor, &tenant.id, email, self::role(role)?)?;
    let shown = json!({
        "id": made.invitation.id, "email": made.invitation.email,
        "role": made.invitation.role, "url": made.url,
        "expires_at": moment(Timestamp(made.invitation.expires_at)),
    });
    answer(session.json, &shown, || facts(&shown));
    Ok(())
}

fn withdraw(session: &Session, tenant: &str, id: &str) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let parsed = InvitationId::parse(id)
        .ok_or_else(|| Fail::not_found(format!("there is no invitation {id}")))?;
    admins::withdraw(&session.ctx, &session.actor, &tenant.id, &parsed)?;
    answer(session.json, &json!({ "id": id, "withdrawn": true }), || say!("withdrew {id}"));
    Ok(())
}

fn list(session: &Session, tenant: &str) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let all = admins::list(&session.ctx, &session.actor, &tenant.id)?;
    let waiting = admins::pending(&session.ctx, &session.actor, &tenant.id)?;
    let at = |us: i64| moment(Timestamp(us));
    let rows: Vec<Value> = all
        .iter()
        .map(|a| {
            json!({
                "user": a.user, "email": a.email, "name": a.name, "role": a.role,
                "since": at(a.since),
            })
        })
        .collect();
    let invited: Vec<Value> = waiting
        .iter()
        .map(|i| {
            json!({
                "id": i.id, "email": i.email, "role": i.role, "created_at": at(i.created_at),
                "expires_at": at(i.expires_at),
            })
        })
        .collect();
    answer(session.json, &json!({ "items": rows, "invited": invited }), || {
        table(&["user", "email", "name", "role", "since"], &rows);
        if !invited.is_empty() {
            say!("");
            table(&["id", "email", "role", "expires_at"], &invited);
        }
    });
    Ok(())
}

fn role(name: &str) -> Result<Role, Fail> {
    Role::parse(name).ok_or_else(|| {
        Fail::usage(format!("--role {name}: owner, admin, support, auditor or operator"))
    })
}

fn person(id: &str) -> Result<UserId, Fail> {
    UserId::parse(id).ok_or_else(|| Fail::not_found(format!("there is no admin {id}")))
}
