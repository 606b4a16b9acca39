//! The first tab of an application: code with its real values in it, and whether a sign-in has
//! arrived. Just after registering it shows the secret, once.

use actix_web::HttpResponse;
use context::TenantAddress;
use directory::Action;
use directory::applications::Shown;
use directory::console;
use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::discovery::paths::OPENID_CONFIGURATION;
use web::{Fault, QueryParams};

use super::{HERE, find, head};
use crate::desk::{Answer, InTenant, Outcome, Reply, Stop};
use crate::snippets::{self, Values};
use crate::views::applications::Quickstart;
use crate::visit::Visit;

/// `GET …/applications/{id}`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, stack) = (visit.segment("id"), query.0.get("stack").map(str::to_owned));
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            page(desk, &shown, stack.as_deref())
        })
        .await
}

fn page(desk: &InTenant, shown: &Shown, stack: Option<&str>) -> Outcome {
    let values = values(desk, shown)?;
    let stacks = snippets::stacks(values.kind);
    let stack = stack.and_then(|name| stacks.iter().find(|s| s.name == name)).or(stacks.first());
    let last = console::last_sign_in(desk.ctx, &desk.actor, &desk.tenant.id, Some(&shown.row.id))?;
    desk.show(&Quickstart {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.row, "quickstart"),
        stack: stack.map_or("", |stack| stack.name),
        code: stack.map(|stack| values.fill(stack.text)).unwrap_or_default(),
        note: stack.map_or("", |stack| stack.note),
        stacks: stacks.iter().map(|stack| (stack.name, stack.label)).collect(),
        discovery: format!("{}{OPENID_CONFIGURATION}", values.issuer),
        machine: values.kind == "machine",
        confidential: values.confidential,
        last_sign_in: last.map(|at| desk.when(at)),
        may_rotate: desk.may(Action::SecretRotate),
        issuer: values.issuer,
        redirect_uris: shown.config.redirect_uris.clone(),
    })
}

/// `GET …/applications/{id}/env`: the values as a file of environment variables.
pub(crate) async fn env(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("id");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            let body = values(desk, &shown)?.env();
            let name = format!("{}.env", shown.row.id);
            Ok(Reply { answer: Answer::File(name, body), note: None })
        })
        .await
}

fn values(desk: &InTenant, shown: &Shown) -> Result<Values, Stop> {
    let address = TenantAddress::Id(desk.tenant.id.clone());
    let tenant = desk.ctx.snapshots.tenant(desk.ctx, &address).map_err(Fault::from)?;
    let tenant = tenant.ok_or_else(Fault::not_found)?;
    let kind = shown.row.kind().map_or("web", |kind| kind.as_str());
    let method = shown.config.token_endpoint_auth_method;
    Ok(Values {
        kind,
        issuer: tenant.issuer.clone(),
        client_id: shown.row.id.to_string(),
        tenant_name: desk.tenant.name.clone(),
        redirect_uri: shown.config.redirect_uris.first().cloned().unwrap_or_default(),
        confidential: method != TokenEndpointAuthMethod::None,
    })
}
