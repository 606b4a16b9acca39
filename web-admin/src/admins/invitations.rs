//! Invitations: withdrawing one, arriving with one, accepting one with an account.

use actix_web::HttpResponse;
use context::TenantAddress;
use directory::admins;
use store::{InvitationId, TenantId};
use web::{Fault, page};

use super::HERE;
use crate::views::Confirm;
use crate::visit::{Posted, Visit};

/// `POST /console/t/{tenant}/admins/invitations/{invitation}/withdraw`.
pub(crate) async fn withdraw(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("invitation");
    posted
        .tenant(move |desk, _| {
            let id = InvitationId::parse(&id).ok_or_else(Fault::not_found)?;
            admins::withdraw(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            desk.done(&desk.url(HERE), "The invitation is withdrawn. Its link works no longer.")
        })
        .await
}

/// `GET /console/invitation/{tenant}/{token}`: on to the page of the built-in tenant, which knows
/// whether there is an account.
pub(crate) async fn arrive(visit: Visit) -> Result<HttpResponse, Fault> {
    let ctx = &visit.state.ctx;
    let issuer = match ctx.snapshots.cached_tenant(ctx, &TenantAddress::Id(TenantId::system())) {
        Some(system) => system.issuer.clone(),
        None => ctx.settings.issuer("system", None),
    };
    let (tenant, token) = (visit.segment("place"), visit.segment("token"));
    let encoded = |text: &str| protocol::form::encode(text);
    let to = format!("{issuer}/admin-invitation/{}/{}", encoded(&tenant), encoded(&token));
    page::redirect(&visit.req, &to)
}

/// `GET /console/invitations/{tenant}/{token}`.
pub(crate) async fn ask_accept(visit: Visit) -> Result<HttpResponse, Fault> {
    let (tenant, token) = (visit.segment("place"), visit.segment("token"));
    visit
        .system(move |desk| {
            let opened = admins::open(desk.ctx, &tenant, &token)?;
            let (name, role) = (&opened.tenant.name, opened.role.as_str());
            desk.show(&Confirm {
                shell: desk.shell("")?,
                title: format!("Help manage {name}?"),
                lead: format!("You are invited as {role}."),
                effects: vec![
                    format!("{name} appears among your tenants."),
                    format!("The invitation is for {}; it works once.", opened.email),
                ],
                action: format!("/console/invitations/{tenant}/{token}"),
                button: "Accept".to_owned(),
                back: "/console".to_owned(),
                ..Confirm::default()
            })
        })
        .await
}

/// `POST /console/invitations/{tenant}/{token}`.
pub(crate) async fn accept(posted: Posted) -> Result<HttpResponse, Fault> {
    let (tenant, token) = (posted.visit.segment("place"), posted.visit.segment("token"));
    posted
        .system(move |desk, _| {
            let tenant = admins::accept(desk.ctx, &desk.actor, &tenant, &token)?;
            desk.done(
                &format!("/console/t/{}", tenant.slug),
                format!("{} is yours to manage.", tenant.name),
            )
        })
        .await
}
