//! Organizations of a tenant: the list, and one organization's page with its members, invitations
//! and settings. The commands are `directory::organizations` and `invitations`.

pub(crate) mod invitations;
pub(crate) mod members;
pub(crate) mod roles;
pub(crate) mod settings;

use actix_web::HttpResponse;
use directory::Action;
use directory::organizations::{self, OrganizationInput};
use store::organizations::OrganizationRow;
use web::views::monogram;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::organizations::{OrganizationHead, OrganizationLine, OrganizationList, RoleBox};
use crate::views::{Pager, Twin};
use crate::visit::Visit;

/// The entry of the navigation.
pub(crate) const HERE: &str = "/organizations";

/// `GET /console/t/{tenant}/organizations`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let asked = |name: &str| query.0.get(name).map(str::to_owned);
    let (text, after, twin) = (asked("q"), asked("after"), query.0.has("command"));
    let text = text.unwrap_or_default();
    visit.tenant(move |desk| page(desk, text, after.as_deref(), twin)).await
}

fn page(desk: &InTenant, text: String, after: Option<&str>, twin: bool) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let page = organizations::list(ctx, actor, tenant, &text, after, None)?;
    let path = desk.url(HERE);
    let line = |row: &OrganizationRow| OrganizationLine {
        url: format!("{path}/{}", row.id),
        name: row.name.clone(),
        slug: row.slug.clone(),
        monogram: monogram(&row.name, 2),
        created: desk.when(row.created_at),
    };
    let slug = &desk.tenant.slug;
    let command = || commands::list("org", slug);
    desk.show(&OrganizationList {
        shell: desk.shell(HERE)?,
        none: page.items.is_empty() && text.is_empty() && after.is_none(),
        rows: page.items.iter().map(line).collect(),
        pager: Pager::new(&path, &text, after, page.next.as_deref()),
        may: desk.may(Action::OrganizationUpdate),
        twin: twin.then(|| Twin { text: "Prints the same list.", command: command() }),
        example: commands::create_organization(slug, &OrganizationInput::default()),
        query: text,
        path,
    })
}

/// One organization; a path has ids only.
fn find(desk: &InTenant, id: &str) -> Result<(OrganizationRow, i64), Stop> {
    store::OrganizationId::parse(id).ok_or_else(Fault::not_found)?;
    Ok(organizations::show(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

fn head(desk: &InTenant, row: &OrganizationRow, tab: &'static str) -> OrganizationHead {
    OrganizationHead {
        url: desk.url(&format!("{HERE}/{}", row.id)),
        list: desk.url(HERE),
        id: row.id.to_string(),
        name: row.name.clone(),
        slug: row.slug.clone(),
        monogram: monogram(&row.name, 2),
        tab,
    }
}

/// The catalogue as boxes; those of `on` are ticked.
fn boxes(desk: &InTenant, on: &[String]) -> Result<Vec<RoleBox>, Stop> {
    let rows = organizations::roles(desk.ctx, &desk.actor, &desk.tenant.id)?;
    let known = rows.into_iter().map(|row| RoleBox {
        on: on.contains(&row.name),
        name: row.name,
        description: row.description,
    });
    Ok(known.collect())
}

/// The roles that a form ticked.
fn ticked(form: &protocol::Params) -> Vec<String> {
    form.names().filter_map(|name| name.strip_prefix("role.")).map(str::to_owned).collect()
}
