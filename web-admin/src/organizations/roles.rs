//! The catalogue of roles that members of organizations may have.

use actix_web::HttpResponse;
use directory::{Action, Error, organizations};
use web::Fault;

use super::{HERE, boxes};
use crate::desk::{InTenant, Stop};
use crate::fields;
use crate::views::Problems;
use crate::views::organizations::Roles;
use crate::visit::{Posted, Visit};

fn page(desk: &InTenant, name: String, description: String) -> Result<Roles, Stop> {
    Ok(Roles {
        shell: desk.shell(HERE)?,
        list: desk.url(HERE),
        path: desk.url(&format!("{HERE}/roles")),
        rows: boxes(desk, &[])?,
        name,
        description,
        may: desk.may(Action::OrganizationUpdate),
        problems: Problems::default(),
    })
}

/// `GET …/organizations/roles`.
pub(crate) async fn list(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.tenant(|desk| desk.show(&page(desk, String::new(), String::new())?)).await
}

/// `POST …/organizations/roles`.
pub(crate) async fn add(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let (name, text) = (fields::text(form, "name"), fields::text(form, "description"));
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            match organizations::create_role(ctx, actor, tenant, &name, &text) {
                Ok(row) => {
                    let here = desk.url(&format!("{HERE}/roles"));
                    desk.done(&here, format!("The role {} is added.", row.name))
                }
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    desk.again(&Roles { problems, ..page(desk, name, text)? })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// `POST …/organizations/roles/remove`.
pub(crate) async fn remove(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let name = fields::text(form, "name");
            organizations::delete_role(desk.ctx, &desk.actor, &desk.tenant.id, &name)?;
            desk.done(&desk.url(&format!("{HERE}/roles")), format!("The role {name} is removed."))
        })
        .await
}
