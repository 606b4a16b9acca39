//! Who belongs to an organization, and with which roles.

use actix_web::HttpResponse;
use directory::{Action, Error, organizations};
use store::members::Member;
use web::{Fault, QueryParams};

use super::{HERE, boxes, find, head, ticked};
use crate::desk::{InTenant, Stop};
use crate::fields;
use crate::views::organizations::{MemberForm, MemberLine, Members};
use crate::views::{Pager, Problems, capped};
use crate::visit::{Posted, Visit};

/// `GET …/organizations/{organization}`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("organization"), query.0.get("after").map(str::to_owned));
    visit
        .tenant(move |desk| desk.show(&page(desk, &id, after.as_deref(), String::new(), &[])?))
        .await
}

fn page(
    desk: &InTenant,
    id: &str,
    after: Option<&str>,
    who: String,
    on: &[String],
) -> Result<Members, Stop> {
    let (row, count) = find(desk, id)?;
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let found = organizations::members(ctx, actor, tenant, id, after, None)?;
    let head = head(desk, &row, "members");
    let line = |member: &Member| MemberLine {
        user: desk.url(&format!("/users/{}", member.user_id)),
        name: if member.name.is_empty() { member.email.clone() } else { member.name.clone() },
        email: member.email.clone(),
        roles: member.roles.clone(),
        since: desk.when(member.created_at),
        edit: format!("{}/members/{}", head.url, member.user_id),
    };
    Ok(Members {
        shell: desk.shell(HERE)?,
        count: capped(count),
        rows: found.items.iter().map(line).collect(),
        pager: Pager::new(&head.url, "", after, found.next.as_deref()),
        may: desk.may(Action::MemberUpdate),
        who,
        roles: boxes(desk, on)?,
        catalogue: desk.url(&format!("{HERE}/roles")),
        problems: Problems::default(),
        head,
    })
}

/// `POST …/organizations/{organization}/members`.
pub(crate) async fn add(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("organization");
    posted
        .tenant(move |desk, form| {
            find(desk, &id)?;
            let (who, roles) = (fields::text(form, "user"), ticked(form));
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            match organizations::put_member(ctx, actor, tenant, &id, &who, &roles) {
                Ok(_) => {
                    let here = desk.url(&format!("{HERE}/{id}"));
                    desk.done(&here, format!("{who} is a member."))
                }
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    let page = page(desk, &id, None, who, &roles)?;
                    desk.again(&Members { problems, ..page })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// `GET …/organizations/{organization}/members/{user}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, user) = (visit.segment("organization"), visit.segment("user"));
    visit.tenant(move |desk| desk.show(&form(desk, &id, &user)?)).await
}

fn form(desk: &InTenant, id: &str, user: &str) -> Result<MemberForm, Stop> {
    let (row, _) = find(desk, id)?;
    let person = crate::users::find(desk, user)?;
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let all = directory::users::access::memberships(ctx, actor, tenant, user)?;
    let held = all.into_iter().find(|one| one.organization == row.id);
    let held = held.ok_or_else(Fault::not_found)?;
    let on: Vec<String> = held.roles.split_whitespace().map(str::to_owned).collect();
    let head = head(desk, &row, "members");
    let action = format!("{}/members/{}", head.url, person.id);
    Ok(MemberForm {
        shell: desk.shell(HERE)?,
        remove: format!("{action}/remove"),
        action,
        name: crate::users::name(&person),
        email: person.email,
        roles: boxes(desk, &on)?,
        problems: Problems::default(),
        head,
    })
}

/// `POST …/organizations/{organization}/members/{user}`.
pub(crate) async fn save(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, user) = (posted.visit.segment("organization"), posted.visit.segment("user"));
    posted
        .tenant(move |desk, sent| {
            let page = form(desk, &id, &user)?;
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            match organizations::put_member(ctx, actor, tenant, &id, &user, &ticked(sent)) {
                Ok(_) => desk.done(&desk.url(&format!("{HERE}/{id}")), "The roles are saved."),
                Err(Error::Form(errors)) => {
                    desk.again(&MemberForm { problems: Problems::of_errors(&errors), ..page })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// `POST …/organizations/{organization}/members/{user}/remove`.
pub(crate) async fn remove(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, user) = (posted.visit.segment("organization"), posted.visit.segment("user"));
    posted
        .tenant(move |desk, _| {
            find(desk, &id)?;
            crate::users::find(desk, &user)?;
            organizations::remove_member(desk.ctx, &desk.actor, &desk.tenant.id, &id, &user)?;
            desk.done(&desk.url(&format!("{HERE}/{id}")), "They are no member any more.")
        })
        .await
}
