//! The settings of a tenant: name, use, colour and host, under an optimistic lock.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::tenants::{self, UpdateTenant};
use directory::{Action, Error};
use protocol::Params;
use store::TenantId;
use store::tenants::Tenant;
use web::Fault;

use super::{environment, environments, state};
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields;
use crate::home::issuer;
use crate::views::Problems;
use crate::views::applications::ConflictRow;
use crate::views::tenants::{TenantConflict, TenantSettings};
use crate::visit::{Posted, Visit};

const HERE: &str = "/settings";

/// `GET /console/t/{tenant}/settings`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            let page = page(desk, &standing(&desk.tenant), Problems::default())?;
            desk.show(&page)
        })
        .await
}

/// `POST /console/t/{tenant}/settings`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let input = read(desk, form);
            match tenants::update(desk.ctx, &desk.actor, &desk.tenant.id, input.clone()) {
                Ok(_) => desk.done(&desk.url(HERE), "The settings are saved."),
                Err(Error::Form(errors)) => {
                    desk.again(&page(desk, &input, Problems::of_errors(&errors))?)
                }
                Err(Error::Stale { .. }) => conflict(desk, &input),
                Err(other) => Err(other.into()),
            }
        })
        .await
}

fn standing(tenant: &Tenant) -> UpdateTenant {
    UpdateTenant {
        version: tenant.version,
        name: tenant.name.clone(),
        environment: tenant.environment.parse().unwrap_or(super::Environment::Production),
        brand: tenant.brand.clone(),
        host: tenant.host.clone(),
    }
}

fn read(desk: &InTenant, form: &Params) -> UpdateTenant {
    // Who may not give a host has no field for it, and changes nothing about it.
    let may_host = desk.may(Action::TenantOperate);
    UpdateTenant {
        version: fields::text(form, "version").parse().unwrap_or_default(),
        name: fields::text(form, "name"),
        environment: environment(form),
        brand: fields::text(form, "brand"),
        host: if may_host { fields::optional(form, "host") } else { desk.tenant.host.clone() },
    }
}

fn page(desk: &InTenant, input: &UpdateTenant, problems: Problems) -> Result<TenantSettings, Stop> {
    let built_in = desk.tenant.id == TenantId::system();
    Ok(TenantSettings {
        shell: desk.shell(HERE)?,
        path: desk.url(HERE),
        id: desk.tenant.id.to_string(),
        slug: desk.tenant.slug.clone(),
        issuer: issuer(desk)?,
        state: state(&desk.tenant),
        suspended: desk.tenant.status != "active",
        version: input.version,
        name: input.name.clone(),
        environments: environments(),
        environment: input.environment.as_str(),
        brand: input.brand.clone(),
        host: input.host.clone().unwrap_or_default(),
        may: desk.may(Action::TenantUpdate),
        may_host: desk.may(Action::TenantOperate),
        may_operate: desk.may(Action::TenantOperate) && !built_in,
        may_delete: desk.may(Action::TenantDelete) && !built_in,
        problems,
    })
}

fn conflict(desk: &InTenant, input: &UpdateTenant) -> Outcome {
    let tenant = tenants::show(desk.ctx, &desk.actor, desk.tenant.id.as_str())?;
    let told = |of: &UpdateTenant| {
        let host = of.host.clone().unwrap_or_default();
        [
            ("Name", of.name.clone()),
            ("Environment", of.environment.label().to_owned()),
            ("Brand colour", of.brand.clone()),
            ("Host", host),
        ]
    };
    let theirs = standing(&tenant);
    let rows = told(input).into_iter().zip(told(&theirs));
    let differ = rows.filter(|((_, yours), (_, theirs))| yours != theirs);
    let row =
        |((label, yours), (_, theirs))| ConflictRow { label: String::from(label), yours, theirs };
    let page = TenantConflict {
        shell: desk.shell(HERE)?,
        changed: desk.when(tenant.updated_at),
        rows: differ.map(row).collect(),
        fields: vec![
            ("version".to_owned(), tenant.version.to_string()),
            ("name".to_owned(), input.name.clone()),
            ("environment".to_owned(), input.environment.as_str().to_owned()),
            ("brand".to_owned(), input.brand.clone()),
            ("host".to_owned(), input.host.clone().unwrap_or_default()),
        ],
        action: desk.url(HERE),
    };
    desk.page(StatusCode::CONFLICT, &page)
}
