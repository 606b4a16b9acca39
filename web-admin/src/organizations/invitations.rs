//! Invitations to an organization: made, shown once or sent, taken back.

use actix_web::HttpResponse;
use directory::invitations::{self, Invite};
use directory::{Action, Error};
use protocol::Params;
use store::invitations::InvitationRow;
use web::{Fault, QueryParams};

use super::{HERE, boxes, find, head, ticked};
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields;
use crate::views::organizations::{InvitationLine, Invitations};
use crate::views::{Pager, Problems, State};
use crate::visit::{Posted, Visit};

/// `GET …/organizations/{organization}/invitations`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("organization"), query.0.get("after").map(str::to_owned));
    visit
        .tenant(move |desk| desk.show(&page(desk, &id, after.as_deref(), &Invite::default())?))
        .await
}

fn state(desk: &InTenant, row: &InvitationRow) -> State {
    match (row.outcome.as_str(), row.expires_at <= desk.now()) {
        ("accepted", _) => State::new("ok", "Accepted"),
        ("revoked", _) => State::new("off", "Taken back"),
        (_, true) => State::new("off", "Expired"),
        ("mail", _) => State::new("warn", "Sent"),
        _ => State::new("warn", "Link made"),
    }
}

fn page(
    desk: &InTenant,
    id: &str,
    after: Option<&str>,
    input: &Invite,
) -> Result<Invitations, Stop> {
    let (row, _) = find(desk, id)?;
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let found = invitations::list(ctx, actor, tenant, id, after, None)?;
    let head = head(desk, &row, "invitations");
    let path = format!("{}/invitations", head.url);
    let open = |row: &InvitationRow| row.ended_at.is_none() && row.expires_at > desk.now();
    let line = |row: &InvitationRow| InvitationLine {
        email: row.email.clone(),
        roles: row.roles.clone(),
        state: state(desk, row),
        until: desk.when(row.expires_at),
        revoke: if open(row) { format!("{path}/{}/revoke", row.id) } else { String::new() },
    };
    Ok(Invitations {
        shell: desk.shell(HERE)?,
        rows: found.items.iter().map(line).collect(),
        pager: Pager::new(&path, "", after, found.next.as_deref()),
        may: desk.may(Action::MemberUpdate),
        email: input.email.clone(),
        mail: input.mail,
        roles: boxes(desk, &input.roles)?,
        problems: Problems::default(),
        head,
    })
}

/// `POST …/organizations/{organization}/invitations`.
pub(crate) async fn create(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("organization");
    posted.tenant(move |desk, form| invite(desk, &id, form)).await
}

fn invite(desk: &InTenant, id: &str, form: &Params) -> Outcome {
    find(desk, id)?;
    let (email, mail) = (fields::text(form, "email"), fields::checked(form, "mail"));
    let input = Invite { email, roles: ticked(form), mail };
    let here = desk.url(&format!("{HERE}/{id}/invitations"));
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    match invitations::create(ctx, actor, tenant, id, &input) {
        Ok((row, Some(url))) => desk.reveal(&here, &format!("Invitation for {}", row.email), &url),
        Ok((row, None)) => {
            desk.done(&here, format!("An invitation is on its way to {}.", row.email))
        }
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            let page = page(desk, id, None, &input)?;
            desk.again(&Invitations { problems, ..page })
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST …/organizations/{organization}/invitations/{invitation}/revoke`.
pub(crate) async fn revoke(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, one) = (posted.visit.segment("organization"), posted.visit.segment("invitation"));
    posted
        .tenant(move |desk, _| {
            find(desk, &id)?;
            invitations::revoke(desk.ctx, &desk.actor, &desk.tenant.id, &id, &one)?;
            let here = desk.url(&format!("{HERE}/{id}/invitations"));
            desk.done(&here, "The invitation is taken back.")
        })
        .await
}
