//! Taking away all that somebody may do on a tenant.

use actix_web::HttpResponse;
use directory::Error;
use directory::admins;
use store::UserId;
use web::Fault;

use super::HERE;
use crate::commands;
use crate::desk::{InTenant, Stop};
use crate::views::{Confirm, Problems, Twin};
use crate::visit::{Posted, Visit};

/// `GET /console/t/{tenant}/admins/{user}/remove`.
pub(crate) async fn ask_remove(visit: Visit) -> Result<HttpResponse, Fault> {
    let user = visit.segment("user");
    visit.tenant(move |desk| desk.show(&confirm(desk, &user)?)).await
}

fn confirm(desk: &InTenant, user: &str) -> Result<Confirm, Stop> {
    let all = admins::list(desk.ctx, &desk.actor, &desk.tenant.id)?;
    let found = all.into_iter().find(|admin| admin.user.as_str() == user);
    let admin = found.ok_or_else(Fault::not_found)?;
    let name = if admin.name.is_empty() { admin.email.clone() } else { admin.name.clone() };
    let tenant = &desk.tenant.name;
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Remove {name}?"),
        lead: format!(
            "They are {} of {tenant} now. You can invite them again.",
            admin.role.as_str()
        ),
        effects: vec![
            format!("{name} can no longer see or change {tenant} in the console."),
            "Their account and what they may do elsewhere stay. The audit is kept.".to_owned(),
        ],
        action: desk.url(&format!("{HERE}/{user}/remove")),
        button: format!("Remove {name}"),
        danger: true,
        twin: Some(Twin {
            text: "Does the same.",
            command: commands::in_tenant("admin", "remove", &desk.tenant.slug, user),
        }),
        back: desk.url(HERE),
        ..Confirm::default()
    })
}

/// `POST /console/t/{tenant}/admins/{user}/remove`.
pub(crate) async fn remove(posted: Posted) -> Result<HttpResponse, Fault> {
    let user = posted.visit.segment("user");
    posted
        .tenant(move |desk, _| {
            let id = UserId::parse(&user).ok_or_else(Fault::not_found)?;
            match admins::remove(desk.ctx, &desk.actor, &desk.tenant.id, &id) {
                Ok(()) => desk.done(&desk.url(HERE), "They administer this tenant no longer."),
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    desk.again(&Confirm { problems, ..confirm(desk, &user)? })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}
