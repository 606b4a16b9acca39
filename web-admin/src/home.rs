//! The first pages: where the console begins for somebody, and the home of a tenant with its first
//! steps. The installation at a glance is in `installation`.

mod dashboard;

use actix_web::HttpResponse;
use directory::users::list::Query;
use directory::{applications, console, tenants, users};
use store::traces::TraceRow;
use web::{Fault, QueryParams};

use crate::desk::{InTenant, Outcome, Stop};
use crate::logs;
use crate::names::Names;
use crate::views::Env;
use crate::views::home::{Failure, Home, Step};
use crate::visit::Visit;

/// So many failures are on the home page.
const FAILURES: usize = 5;

/// `GET /console`: on to where this person works.
pub(crate) async fn start(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .system(|desk| {
            if desk.actor.operator {
                return desk.go("/console/system");
            }
            match console::tenants_of(desk.ctx, &desk.actor, 2)?.as_slice() {
                [only] => desk.go(format!("/console/t/{}", only.slug)),
                _ => desk.go("/console/tenants"),
            }
        })
        .await
}

/// `GET /console/t/{tenant}`.
pub(crate) async fn tenant(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let days = dashboard::days(query.0.get("days"));
    visit.tenant(move |desk| show_home(desk, days)).await
}

fn show_home(desk: &InTenant, days: i64) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let failures = console::failures(ctx, actor, tenant, FAILURES)?;
    let mut names = Names::new(desk);
    let failed: Result<Vec<_>, Stop> =
        failures.iter().map(|row| failure(desk, &mut names, row)).collect();
    let steps = steps(desk)?;
    desk.show(&Home {
        shell: desk.shell("")?,
        env: Env::of(&desk.tenant.environment),
        suspended: desk.tenant.status != "active",
        done: steps.iter().filter(|step| step.done).count(),
        steps,
        issuer: issuer(desk)?,
        ranges: dashboard::ranges(desk, days),
        numbers: dashboard::numbers(desk, days)?,
        logs: desk.url(crate::logs::HERE),
        failures: failed?,
    })
}

pub(crate) fn issuer(desk: &InTenant) -> Result<String, Stop> {
    let address = context::TenantAddress::Id(desk.tenant.id.clone());
    let tenant = desk.ctx.snapshots.tenant(desk.ctx, &address).map_err(Fault::from)?;
    Ok(tenant.ok_or_else(Fault::not_found)?.issuer.clone())
}

/// The first steps, each done or not by what is really there.
fn steps(desk: &InTenant) -> Result<Vec<Step>, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let applications = applications::list(ctx, actor, tenant, "", None, Some(1))?.items;
    let people = users::list::list(ctx, actor, tenant, &Query::default(), None, Some(1))?.items;
    let last = console::last_sign_in(ctx, actor, tenant, None)?;
    let quickstart = applications.first().map(|row| desk.url(&format!("/applications/{}", row.id)));
    let brand = Some(&desk.tenant.brand).filter(|brand| *brand != tenants::DEFAULT_BRAND);
    let step = |text, url: String, made: Option<String>, none: &str| Step {
        done: made.is_some(),
        text,
        url,
        said: made.unwrap_or_else(|| none.to_owned()),
    };
    let application = applications.first().map(|row| row.name.clone());
    let person = people.first().map(|user| user.email.clone());
    let signed_in = last.map(|at| desk.when(at).ago);
    let new_application = desk.url("/applications/new");
    let list = || desk.url("/applications");
    Ok(vec![
        step("Register an application", new_application, application, "Three questions"),
        step("Create a user", desk.url("/users/new"), person, "Somebody to sign in with"),
        step("Sign in once", quickstart.unwrap_or_else(list), signed_in, "The code is waiting"),
        step("Choose your colour", desk.url("/settings"), brand.cloned(), "The default so far"),
    ])
}

fn failure(desk: &InTenant, names: &mut Names, row: &TraceRow) -> Result<Failure, Stop> {
    Ok(Failure {
        title: logs::title_of(&row.code),
        url: desk.url(&format!("{}/{}", logs::HERE, row.flow)),
        user: logs::user(desk, names, &row.user_id)?.name,
        application: logs::link(desk, names, &row.application, "/applications")?.name,
        times: row.times,
        when: desk.when(row.at),
    })
}
