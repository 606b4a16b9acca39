//! Suspending a tenant, resuming it, deleting it.

use actix_web::HttpResponse;
use directory::users::list::Query;
use directory::{Action, Error, applications, tenants, users};
use web::Fault;

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::{Confirm, Problems, Twin, capped};
use crate::visit::{Posted, Visit};

/// `GET /console/t/{tenant}/suspend`.
pub(crate) async fn ask_suspend(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            desk.must(Action::TenantOperate)?;
            let name = &desk.tenant.name;
            desk.show(&Confirm {
                shell: desk.shell("/settings")?,
                title: format!("Suspend {name}?"),
                lead: "You can resume it at any time. Nothing is deleted.".to_owned(),
                effects: vec![
                    "Its sign-in pages say that sign-in is not available right now.".to_owned(),
                    "Its applications get no tokens.".to_owned(),
                ],
                action: desk.url("/suspend"),
                button: format!("Suspend {name}"),
                back: desk.url("/settings"),
                ..Confirm::default()
            })
        })
        .await
}

/// `POST /console/t/{tenant}/suspend`.
pub(crate) async fn suspend(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(|desk, _| switch(desk, true)).await
}

/// `POST /console/t/{tenant}/resume`.
pub(crate) async fn resume(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(|desk, _| switch(desk, false)).await
}

fn switch(desk: &InTenant, off: bool) -> Outcome {
    let tenant = tenants::set_suspended(desk.ctx, &desk.actor, &desk.tenant.id, off)?;
    let word = if off { "suspended" } else { "active again" };
    desk.done(&desk.url("/settings"), format!("{} is {word}.", tenant.name))
}

/// `GET /console/t/{tenant}/delete`.
pub(crate) async fn ask_delete(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            desk.must(Action::TenantDelete)?;
            desk.show(&confirm(desk)?)
        })
        .await
}

fn confirm(desk: &InTenant) -> Result<Confirm, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant);
    let programs = applications::count(ctx, actor, &tenant.id)?;
    let people = users::list::list(ctx, actor, &tenant.id, &Query::default(), None, Some(1))?;
    let people = match people.count.unwrap_or_default() {
        1 => "1 user".to_owned(),
        many => format!("{} users", capped(many)),
    };
    let programs = match programs {
        1 => "1 application".to_owned(),
        many => format!("{} applications", capped(many)),
    };
    Ok(Confirm {
        shell: desk.shell("/settings")?,
        title: format!("Delete {}?", tenant.name),
        lead: "This cannot be undone. There is no copy.".to_owned(),
        effects: vec![
            format!("Deletes {programs} and {people} with their sessions."),
            "Deletes its signing keys: every token it issued becomes worthless.".to_owned(),
            "Its addresses stop working at once. The audit is kept.".to_owned(),
        ],
        action: desk.url("/delete"),
        button: format!("Delete {}", tenant.name),
        danger: true,
        expected: tenant.slug.clone(),
        instead: Some(("Suspend it instead".to_owned(), desk.url("/suspend"))),
        twin: Some(Twin {
            text: "Does the same.",
            command: commands::one("tenant", "delete", tenant.id.as_str()),
        }),
        back: desk.url("/settings"),
        ..Confirm::default()
    })
}

/// `POST /console/t/{tenant}/delete`.
pub(crate) async fn delete(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let typed = form.get("confirm").unwrap_or_default();
            match tenants::delete(desk.ctx, &desk.actor, &desk.tenant.id, typed.trim()) {
                Ok(()) => {
                    desk.done("/console/tenants", format!("{} is deleted.", desk.tenant.name))
                }
                Err(Error::Form(errors)) => desk.again(&Confirm {
                    problems: Problems::of_errors(&errors),
                    typed: typed.to_owned(),
                    ..confirm(desk)?
                }),
                Err(other) => Err(other.into()),
            }
        })
        .await
}
