//! Who administers a tenant: people and their roles, invitations that wait, and the page on which
//! somebody with an account accepts one. The commands are `directory::admins`.

mod invitations;
mod remove;

use actix_web::HttpResponse;
use directory::admins::{self, Admin, Invitation};
use directory::{Action, Error, Role};
use protocol::Params;
use store::{TenantId, Timestamp, UserId};
use web::views::monogram;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields;
use crate::views::admins::{AdminLine, AdminList, InvitationLine};
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};

pub(crate) use invitations::{accept, arrive, ask_accept, withdraw};
pub(crate) use remove::{ask_remove, remove};

/// The entry of the navigation.
pub(crate) const HERE: &str = "/admins";

/// `GET /console/t/{tenant}/admins`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let twin = query.0.has("command");
    visit
        .tenant(move |desk| {
            let page = page(desk, twin, Typed::default(), Problems::default())?;
            desk.show(&page)
        })
        .await
}

/// What was typed into the invitation.
#[derive(Default)]
struct Typed {
    email: String,
    role: String,
}

fn page(desk: &InTenant, twin: bool, typed: Typed, problems: Problems) -> Result<AdminList, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let rows = admins::list(ctx, actor, tenant)?;
    let pending = admins::pending(ctx, actor, tenant)?;
    Ok(AdminList {
        shell: desk.shell(HERE)?,
        path: desk.url(HERE),
        operators: *tenant == TenantId::system(),
        may: desk.may(Action::RoleAssign),
        roles: admins::roles_of(tenant).iter().map(|role| (role.as_str(), words(*role))).collect(),
        rows: rows.iter().map(|row| line(desk, row)).collect(),
        pending: pending.iter().map(|row| waiting(desk, row)).collect(),
        email: typed.email,
        role: if typed.role.is_empty() { "admin".to_owned() } else { typed.role },
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("admin", &desk.tenant.slug),
        }),
        problems,
    })
}

/// What a role may do, in a line.
fn words(role: Role) -> &'static str {
    match role {
        Role::Operator => "Operator: everything, on every tenant",
        Role::Owner => "Owner: everything here, and who else may act",
        Role::Admin => "Admin: everything but who else may act",
        Role::Support => "Support: helps people, reads the rest",
        Role::Auditor => "Auditor: reads",
    }
}

fn line(desk: &InTenant, admin: &Admin) -> AdminLine {
    let name = if admin.name.is_empty() { &admin.email } else { &admin.name };
    AdminLine {
        monogram: monogram(name, 2),
        name: name.clone(),
        email: admin.email.clone(),
        role: admin.role.as_str(),
        me: admin.user.as_str() == desk.actor.id,
        url: desk.url(&format!("{HERE}/{}", admin.user)),
        since: desk.when(Timestamp(admin.since)),
    }
}

fn waiting(desk: &InTenant, invitation: &Invitation) -> InvitationLine {
    InvitationLine {
        email: invitation.email.clone(),
        role: invitation.role.as_str(),
        made: desk.when(Timestamp(invitation.created_at)),
        withdraw: desk.url(&format!("{HERE}/invitations/{}/withdraw", invitation.id)),
    }
}

/// `POST /console/t/{tenant}/admins`: invites.
pub(crate) async fn invite(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(invite_in).await
}

fn invite_in(desk: &InTenant, form: &Params) -> Outcome {
    let typed = Typed { email: fields::text(form, "email"), role: fields::text(form, "role") };
    let invited = role_of(&typed.role).and_then(|role| {
        admins::invite(desk.ctx, &desk.actor, &desk.tenant.id, &typed.email, role)
    });
    match invited {
        Ok(invited) => {
            let text = format!("Link for {}", invited.invitation.email);
            desk.reveal(&desk.url(HERE), &text, &invited.url)
        }
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            desk.again(&page(desk, false, typed, problems)?)
        }
        Err(other) => Err(other.into()),
    }
}

fn role_of(name: &str) -> Result<Role, Error> {
    Role::parse(name).ok_or_else(|| Error::field("role", "unknown", "Choose a role."))
}

/// `POST /console/t/{tenant}/admins/{user}`: another role.
pub(crate) async fn change(posted: Posted) -> Result<HttpResponse, Fault> {
    let user = posted.visit.segment("user");
    posted.tenant(move |desk, form| change_in(desk, &user, &fields::text(form, "role"))).await
}

fn change_in(desk: &InTenant, user: &str, role: &str) -> Outcome {
    let user = UserId::parse(user).ok_or_else(Fault::not_found)?;
    let set = role_of(role)
        .and_then(|role| admins::set_role(desk.ctx, &desk.actor, &desk.tenant.id, &user, role));
    match set {
        Ok(()) => desk.done(&desk.url(HERE), format!("The role is {role} now.")),
        Err(Error::Form(errors)) => {
            let mut problems = Problems::default();
            for error in errors {
                problems.add(user.as_str(), &error.message);
            }
            desk.again(&page(desk, false, Typed::default(), problems)?)
        }
        Err(other) => Err(other.into()),
    }
}
