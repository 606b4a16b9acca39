//! Making a host the tenant's address, after a page that lists what that breaks.

use actix_web::HttpResponse;
use directory::domains;
use directory::{Error, applications};
use web::Fault;

use super::HERE;
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::home::issuer;
use crate::views::{Confirm, Problems, Twin, capped};
use crate::visit::{Posted, Visit};

/// `GET …/use`: what the change of address breaks, before it is made.
pub(crate) async fn ask_use(visit: Visit) -> Result<HttpResponse, Fault> {
    let host = visit.segment("host");
    visit
        .tenant(move |desk| {
            domains::show(desk.ctx, &desk.actor, &desk.tenant.id, &host)?;
            desk.show(&confirm(desk, Some(&host))?)
        })
        .await
}

/// `GET /console/t/{tenant}/domains/usual`: back to the address every tenant has.
pub(crate) async fn ask_usual(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.tenant(|desk| desk.show(&confirm(desk, None)?)).await
}

fn confirm(desk: &InTenant, host: Option<&str>) -> Result<Confirm, Stop> {
    let tenant = &desk.tenant;
    let from = issuer(desk)?;
    let to = desk.ctx.settings.issuer(&tenant.slug, host);
    let programs = applications::count(desk.ctx, &desk.actor, &tenant.id)?;
    let connections = desk.ctx.snapshots.connections(desk.ctx, &tenant.id).map_err(Fault::from)?;
    let path = match host {
        Some(host) => desk.url(&format!("{HERE}/{host}")),
        None => desk.url(HERE),
    };
    let mut effects = vec![
        format!("The issuer changes from {from} to {to}: tokens issued before are refused."),
        format!("{} applications have to be told the new issuer.", capped(programs)),
        "People have to sign in again; password managers offer what they kept at the old host."
            .to_owned(),
        "Links in mails that are on their way stay good only while the old host leads here."
            .to_owned(),
    ];
    for connection in connections.iter() {
        effects.push(format!(
            "{}: its callback becomes {to}/federation/{}/callback and has to be registered there.",
            connection.name, connection.code
        ));
    }
    let command = commands::domain("set", &tenant.slug, host.unwrap_or_default());
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Make {to} the address of {}?", tenant.name),
        lead: "DNS and TLS for it have to lead here before.".to_owned(),
        effects,
        action: format!("{path}/{}", if host.is_some() { "use" } else { "usual" }),
        button: "Change the address".to_owned(),
        danger: true,
        expected: tenant.slug.clone(),
        back: path,
        twin: Some(Twin { text: "Does the same.", command }),
        ..Confirm::default()
    })
}

/// `POST …/use`.
pub(crate) async fn make_address(posted: Posted) -> Result<HttpResponse, Fault> {
    let host = posted.visit.segment("host");
    posted
        .tenant(move |desk, form| {
            choose(desk, Some(&host), form.get("confirm").unwrap_or_default())
        })
        .await
}

/// `POST /console/t/{tenant}/domains/usual`.
pub(crate) async fn make_usual(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(|desk, form| choose(desk, None, form.get("confirm").unwrap_or_default())).await
}

fn choose(desk: &InTenant, host: Option<&str>, typed: &str) -> Outcome {
    let mut problems = Problems::default();
    if typed.trim() != desk.tenant.slug {
        problems.add("confirm", &format!("Type {} to change the address.", desk.tenant.slug));
    } else {
        match domains::choose(desk.ctx, &desk.actor, &desk.tenant.id, host) {
            Ok(_) => return desk.done(&desk.url(HERE), "The address is changed."),
            Err(Error::Form(errors)) => {
                let said: Vec<String> = errors.into_iter().map(|e| e.message).collect();
                problems.add("confirm", &said.join(" "));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = Confirm { problems, typed: typed.to_owned(), ..confirm(desk, host)? };
    desk.again(&page)
}
