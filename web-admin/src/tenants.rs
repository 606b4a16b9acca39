//! Tenants of the installation: the list and a new one. The settings of one are in `settings`, what
//! ends or pauses it in `danger`; the commands are `directory::tenants`.

pub(crate) mod danger;
pub(crate) mod settings;

use actix_web::HttpResponse;
use directory::tenants::{self, CreateTenant};
use directory::{Error, console};
use protocol::Params;
use protocol::redirect_uri::Environment;
use store::TenantId;
use store::tenants::Tenant;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{Desk, Outcome, Stop};
use crate::fields::{self, Press};
use crate::views::tenants::{NewTenant, TenantLine, TenantList};
use crate::views::{Env, Pager, Problems, State, Twin, capped};
use crate::visit::{Posted, Visit};

/// The entry of the navigation.
const HERE: &str = "/console/tenants";
const NEW: &str = "/console/tenants/new";

/// `GET /console/tenants`: all of them for an operator, their own for everybody else.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (after, twin) = (query.0.get("after").map(str::to_owned), query.0.has("command"));
    visit.system(move |desk| show_list(desk, after, twin)).await
}

fn show_list(desk: &Desk, after: Option<String>, twin: bool) -> Outcome {
    let (ctx, actor) = (desk.ctx, &desk.actor);
    let (rows, next, count) = if actor.operator {
        let page = tenants::list(ctx, actor, after.as_deref(), None)?;
        (page.items, page.next, tenants::count(ctx, actor)?)
    } else {
        let own = console::tenants_of(ctx, actor, 100)?;
        let count = i64::try_from(own.len()).unwrap_or_default();
        (own, None, count)
    };
    desk.show(&TenantList {
        shell: desk.shell(HERE)?,
        count: capped(count),
        only_built_in: actor.operator && count <= 1,
        rows: rows.iter().map(|tenant| line(desk, tenant)).collect(),
        pager: Pager::new(HERE, "", after.as_deref(), next.as_deref()),
        may_create: actor.operator,
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: "tessera tenant list --json".to_owned(),
        }),
    })
}

fn line(desk: &Desk, tenant: &Tenant) -> TenantLine {
    TenantLine {
        name: tenant.name.clone(),
        slug: tenant.slug.clone(),
        url: format!("/console/t/{}", tenant.slug),
        monogram: web::views::monogram(&tenant.name, 2),
        state: state(tenant),
        env: Env::of(&tenant.environment),
        issuer: desk.ctx.settings.issuer(&tenant.slug, tenant.host.as_deref()),
        built_in: tenant.id == TenantId::system(),
        created: desk.when(tenant.created_at),
    }
}

pub(crate) fn state(tenant: &Tenant) -> State {
    match tenant.status.as_str() {
        "active" => State::new("ok", "Active"),
        _ => State::new("warn", "Suspended"),
    }
}

/// `GET /console/tenants/new`.
pub(crate) async fn ask(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .system(|desk| {
            only_operators(desk)?;
            desk.show(&page(desk, blank(), &Press::Save)?)
        })
        .await
}

fn only_operators(desk: &Desk) -> Result<(), Stop> {
    if desk.actor.operator { Ok(()) } else { Err(Stop::Forbidden("tenant.create")) }
}

fn blank() -> CreateTenant {
    CreateTenant {
        slug: String::new(),
        name: String::new(),
        host: None,
        environment: Environment::Development,
    }
}

/// `POST /console/tenants/new`.
pub(crate) async fn create(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .system(|desk, form| {
            let (press, input) = (Press::of(form), read(form));
            match press {
                Press::Save => make(desk, input),
                _ => desk.show(&page(desk, input, &press)?),
            }
        })
        .await
}

fn read(form: &Params) -> CreateTenant {
    CreateTenant {
        slug: fields::text(form, "slug"),
        name: fields::text(form, "name"),
        host: fields::optional(form, "host"),
        environment: environment(form),
    }
}

/// What is not one of the three is production, the strictest.
pub(crate) fn environment(form: &Params) -> Environment {
    form.get("environment").and_then(|e| e.parse().ok()).unwrap_or(Environment::Production)
}

fn make(desk: &Desk, input: CreateTenant) -> Outcome {
    match tenants::create(desk.ctx, &desk.actor, input.clone()) {
        Ok(tenant) => {
            let path = format!("/console/t/{}", tenant.slug);
            desk.done(&path, format!("{} is created.", tenant.name))
        }
        Err(Error::Form(errors)) => {
            let mut page = page(desk, input, &Press::Save)?;
            page.problems = Problems::of_errors(&errors);
            desk.again(&page)
        }
        Err(other) => Err(other.into()),
    }
}

fn page(desk: &Desk, input: CreateTenant, press: &Press) -> Result<NewTenant, Stop> {
    let settings = &desk.ctx.settings;
    Ok(NewTenant {
        shell: desk.shell(HERE)?,
        path: NEW,
        list: HERE,
        example: settings.issuer("acme", None),
        by_path: settings.addressing == context::Addressing::Path,
        environments: environments(),
        environment: input.environment.as_str(),
        twin: (*press == Press::Command).then(|| Twin {
            text: "Creates what the form below says.",
            command: commands::create_tenant(&input),
        }),
        host: input.host.unwrap_or_default(),
        slug: input.slug,
        name: input.name,
        problems: Problems::default(),
    })
}

/// What a tenant may be used for, with what that means.
pub(crate) fn environments() -> Vec<(&'static str, &'static str)> {
    vec![
        ("development", "Development: plain http to localhost is fine"),
        ("staging", "Staging: the rules of production"),
        ("production", "Production: real users"),
    ]
}
