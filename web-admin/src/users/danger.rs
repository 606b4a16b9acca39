//! Keeping a user out, letting them in again, deleting them.

use actix_web::HttpResponse;
use directory::users::delete::Belongings;
use directory::{Error, users};
use web::Fault;

use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::{Confirm, Problems, Twin};
use crate::visit::{Posted, Visit};

/// `GET …/users/{user}/block`.
pub(crate) async fn ask_block(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "profile");
            desk.show(&Confirm {
                shell: desk.shell(HERE)?,
                title: format!("Block {}?", head.name),
                lead: "You can unblock them at any time.".to_owned(),
                effects: vec![
                    "They cannot sign in.".to_owned(),
                    "Every session and token they have ends at once; unblocking brings none back."
                        .to_owned(),
                ],
                action: format!("{}/block", head.url),
                button: format!("Block {}", head.name),
                twin: twin("block", &id),
                back: head.url,
                ..Confirm::default()
            })
        })
        .await
}

fn twin(verb: &str, id: &str) -> Option<Twin> {
    Some(Twin { text: "Does the same.", command: commands::one("user", verb, id) })
}

/// `POST …/users/{user}/block`.
pub(crate) async fn block(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted.tenant(move |desk, _| switch(desk, &id, true)).await
}

/// `POST …/users/{user}/unblock`.
pub(crate) async fn unblock(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted.tenant(move |desk, _| switch(desk, &id, false)).await
}

fn switch(desk: &InTenant, id: &str, blocked: bool) -> Outcome {
    find(desk, id)?;
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    match users::change::set_blocked(ctx, actor, tenant, id, blocked) {
        Ok(_) => {}
        // The last operator, the last owner: said on the page, nothing is done.
        Err(Error::Form(errors)) => {
            let text = errors.into_iter().map(|e| e.message).collect::<Vec<_>>().join(" ");
            return desk.done(&desk.url(&format!("{HERE}/{id}")), text);
        }
        Err(other) => return Err(other.into()),
    }
    let text = if blocked {
        "They are blocked, and signed out everywhere."
    } else {
        "They may sign in again."
    };
    desk.done(&desk.url(&format!("{HERE}/{id}")), text)
}

/// `GET …/users/{user}/delete`.
pub(crate) async fn ask_delete(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit.tenant(move |desk| desk.show(&confirm(desk, &id)?)).await
}

fn confirm(desk: &InTenant, id: &str) -> Result<Confirm, Stop> {
    let head = head(desk, &find(desk, id)?, "profile");
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let belongings = users::delete::belongings(ctx, actor, tenant, id)?;
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Delete {}?", head.name),
        lead: "This cannot be undone. Their user ID will never be used again.".to_owned(),
        effects: effects(&belongings),
        action: format!("{}/delete", head.url),
        button: format!("Delete {}", head.name),
        danger: true,
        expected: head.email,
        instead: Some(("Block them instead".to_owned(), format!("{}/block", head.url))),
        twin: twin("delete", id),
        back: head.url,
        ..Confirm::default()
    })
}

/// What is lost, counted.
fn effects(lost: &Belongings) -> Vec<String> {
    let count = |n: usize, one: &str, many: &str| match n {
        1 => format!("1 {one}"),
        101.. => format!("100+ {many}"),
        n => format!("{n} {many}"),
    };
    vec![
        format!("Signs them out: {}.", count(lost.sessions, "open session", "open sessions")),
        format!(
            "Revokes what they allowed: {}.",
            count(lost.consents, "application", "applications")
        ),
        format!(
            "Unlinks {} and ends {}.",
            count(lost.identities, "identity", "identities"),
            count(lost.organizations, "membership", "memberships")
        ),
        "Applications that know them by their user ID will not see that ID again.".to_owned(),
    ]
}

/// `POST …/users/{user}/delete`.
pub(crate) async fn delete(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted
        .tenant(move |desk, form| {
            let typed = form.get("confirm").unwrap_or_default().trim().to_owned();
            let page = Confirm { typed: typed.clone(), ..confirm(desk, &id)? };
            if typed != page.expected {
                let mut problems = Problems::default();
                problems.add("confirm", &format!("Type {} to delete them.", page.expected));
                return desk.again(&Confirm { problems, ..page });
            }
            match users::delete::delete(desk.ctx, &desk.actor, &desk.tenant.id, &id) {
                Ok(()) => desk.done(&desk.url(HERE), format!("{typed} is deleted.")),
                Err(Error::Form(errors)) => {
                    desk.again(&Confirm { problems: Problems::of_errors(&errors), ..page })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}
