//! Turns the route table into actix resources and puts the shared steps before each handler.
//!
//! Per request: the tenant is found and checked, the handler runs under a last-resort catch, its
//! fault is drawn and the headers of its kind are added. A route cannot leave any of them out,
//! because it is only reachable through here.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use actix_session::SessionMiddleware;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::guard::{self, GuardContext};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, Resource, Route as ActixRoute};
use futures_util::FutureExt;
use protocol::catalogue;

use crate::State;
use crate::arrival::Arrival;
use crate::cors;
use crate::draw;
use crate::fault::Fault;
use crate::forms::FormLimit;
use crate::headers::{self, PageHeaders};
use crate::host::Place;
use crate::page;
use crate::routes::{Cors, Face, Route, RouteKind, RouteScope};
use crate::sessions::{self, SessionFault, SessionRows};
use crate::tenant_at;

const SLUG_PREFIX: &str = "/t/{slug}";

/// On which of our addresses a mounted path answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    Base,
    TenantHost,
    Anywhere,
}

impl Site {
    fn has(self, place: &Place) -> bool {
        match self {
            Site::Base => *place == Place::Base,
            Site::TenantHost => matches!(place, Place::Slug(_) | Place::Custom(_)),
            Site::Anywhere => true,
        }
    }
}

type Console = SessionMiddleware<SessionRows>;

#[derive(Clone, Copy)]
struct Row {
    route: Route,
    site: Site,
}

/// Mounts the routes of all faces and the answer for everything else. Call once per application,
/// which must hold the same [`State`] and be wrapped in [`crate::edge()`].
pub fn mount(cfg: &mut ServiceConfig, state: &State, routes: &[Route]) {
    let console = sessions::middleware(state);
    let mut paths: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for route in routes {
        for (path, site) in addresses(route) {
            paths.entry(path).or_default().push(Row { route: *route, site });
        }
    }
    // actix looks at one resource after the other and matches `{…}` by expression: a scope is one
    // look for all paths below it, and within it literal paths come first.
    for prefix in [SLUG_PREFIX, "/console"] {
        let below = |path: &String| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let (inside, outside) = paths.into_iter().partition(|(path, _)| below(path));
        paths = outside;
        let mut scope = web::scope(prefix);
        for (path, rows) in literal_first(inside) {
            scope = scope.service(resource(&path[prefix.len()..], rows, &console));
        }
        cfg.service(scope.default_service(web::to(nothing_here)));
    }
    for (path, rows) in literal_first(paths) {
        cfg.service(resource(&path, rows, &console));
    }
    cfg.default_service(web::to(nothing_here));
}

fn literal_first(paths: BTreeMap<String, Vec<Row>>) -> Vec<(String, Vec<Row>)> {
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort_by_key(|(path, _)| path.contains('{'));
    paths
}

fn addresses(route: &Route) -> Vec<(String, Site)> {
    match route.scope {
        RouteScope::Tenant if route.path.contains(SLUG_PREFIX) => {
            vec![(route.path.to_owned(), Site::Base)]
        }
        RouteScope::Tenant => vec![
            (format!("{SLUG_PREFIX}{}", route.path.trim_end_matches('/')), Site::Base),
            (route.path.to_owned(), Site::TenantHost),
        ],
        RouteScope::System => vec![(route.path.to_owned(), Site::Base)],
        RouteScope::Installation => vec![(route.path.to_owned(), Site::Anywhere)],
    }
}

fn resource(path: &str, rows: Vec<Row>, console: &Console) -> Resource {
    let mut resource = web::resource(path);
    for row in &rows {
        resource = resource.route(guarded(*row, console));
    }
    resource.default_service(web::to(move |req: HttpRequest| {
        let rows = rows.clone();
        async move { other_verb(req, &rows).await }
    }))
}

fn guarded(row: Row, console: &Console) -> ActixRoute {
    let wanted = row.route.method;
    let verb = move |ctx: &GuardContext<'_>| {
        let sent = ctx.head().method.as_str();
        sent == wanted || (wanted == "GET" && sent == "HEAD")
    };
    let site = move |ctx: &GuardContext<'_>| {
        ctx.req_data().get::<Arrival>().is_some_and(|arrival| row.site.has(arrival.place()))
    };
    let route = (row.route.handler)().guard(guard::fn_guard(verb)).guard(guard::fn_guard(site));
    let route = match row.route.face {
        Face::Console => route.wrap(console.clone()),
        Face::TokenService | Face::Hosted | Face::Server => route,
    };
    route.wrap(from_fn(move |req, next| enter(row, req, next)))
}

async fn enter(
    row: Row,
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let http = req.request().clone();
    let (Some(state), Some(arrival)) = (http.app_data::<Data<State>>(), Arrival::of(&http)) else {
        return Err(Fault::internal("the edge middleware is missing").into());
    };
    let kind = row.route.kind;
    http.extensions_mut().insert(kind);
    http.extensions_mut().insert(row.route.cors);
    http.extensions_mut().insert(FormLimit(row.route.limit));
    let admitted = match row.route.scope {
        RouteScope::Tenant => admit(state, &arrival, &http, &row.route).await,
        RouteScope::System | RouteScope::Installation => Ok(None),
    };
    let mut response = match admitted {
        Ok(None) => match call(req, next).await {
            Ok(response) => response,
            Err(error) => draw::fault(state, &arrival, &http, kind, &as_fault(&error)),
        },
        Ok(Some(moved)) => moved,
        Err(fault) => draw::fault(state, &arrival, &http, kind, &fault),
    };
    dress(&mut response, kind);
    cors::apply(state, &http, row.route.cors, &mut response).await;
    Ok(ServiceResponse::new(http, response))
}

/// Finds the tenant; `Some` is the answer for a page at another of its addresses.
async fn admit(
    state: &State,
    arrival: &Arrival,
    req: &HttpRequest,
    route: &Route,
) -> Result<Option<HttpResponse>, Fault> {
    let document = route.cors == Cors::Public;
    let at = tenant_at::find(state, arrival, req, document).await?;
    if !at.canonical {
        return match route.kind {
            RouteKind::Page => {
                page::permanent(&tenant_at::canonical_url(&at.tenant.issuer, req)).map(Some)
            }
            RouteKind::Protocol | RouteKind::Asset => Err(Fault::not_found()),
        };
    }
    let active = tenant_at::check_active(&at.tenant);
    req.extensions_mut().insert(at);
    active.map(|()| None)
}

/// Runs the handler. A panic or an error of any type becomes an error here.
async fn call(req: ServiceRequest, next: Next<BoxBody>) -> Result<HttpResponse, Error> {
    let handled = AssertUnwindSafe(async move { next.call(req).await }).catch_unwind().await;
    let Ok(handled) = handled else {
        return Err(Fault::internal("a handler panicked").into());
    };
    let (_, response) = handled?.into_parts();
    match response.error().map(as_fault) {
        Some(fault) => Err(fault.into()),
        None => Ok(response),
    }
}

/// Errors that are not ours come from actix's own extractors: only their status is told.
fn as_fault(error: &Error) -> Fault {
    if let Some(fault) = error.as_error::<Fault>() {
        return fault.clone();
    }
    let status = error.as_response_error().status_code();
    match status {
        StatusCode::NOT_FOUND => Fault::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Fault::too_large(),
        status if status.is_client_error() => Fault::new(status, catalogue::REQUEST_INVALID),
        // actix-session hides the type of its store's errors, but not the text.
        _ if error.to_string() == SessionFault::Outage.to_string() => Fault::busy(),
        _ => Fault::internal(error),
    }
}

fn dress(response: &mut HttpResponse, kind: RouteKind) {
    match kind {
        RouteKind::Page => PageHeaders::default().apply(response.headers_mut()),
        RouteKind::Protocol => headers::protocol(response.headers_mut()),
        RouteKind::Asset => headers::asset(response.headers_mut()),
    }
}

/// A known path with a verb that it has not, or on a host where it is not.
async fn other_verb(req: HttpRequest, rows: &[Row]) -> Result<HttpResponse, Error> {
    let Some(arrival) = Arrival::of(&req) else { return nothing_here(req).await };
    let here: Vec<&Row> = rows.iter().filter(|row| row.site.has(arrival.place())).collect();
    let Some(first) = here.first() else { return nothing_here(req).await };
    let mut methods: Vec<&str> = here.iter().map(|row| row.route.method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.dedup();
    let fault = Fault::new(StatusCode::METHOD_NOT_ALLOWED, catalogue::METHOD_NOT_ALLOWED);
    refuse(&req, first.route.kind, &fault.allow(methods.join(", ")))
}

/// 404, or 421 on a host that is nobody's.
async fn nothing_here(req: HttpRequest) -> Result<HttpResponse, Error> {
    let fault = match (Arrival::of(&req), req.app_data::<Data<State>>()) {
        (Some(arrival), Some(state)) => match arrival.place() {
            Place::Base => Fault::not_found(),
            _ => match tenant_at::find(state, &arrival, &req, false).await {
                Ok(_) => Fault::not_found(),
                Err(fault) => fault,
            },
        },
        _ => Fault::internal("the edge middleware is missing"),
    };
    let kind = draw::kind_by_accept(&req);
    refuse(&req, kind, &fault)
}

fn refuse(req: &HttpRequest, kind: RouteKind, fault: &Fault) -> Result<HttpResponse, Error> {
    let (Some(state), Some(arrival)) = (req.app_data::<Data<State>>(), Arrival::of(req)) else {
        return Err(fault.clone().into());
    };
    let mut response = draw::fault(state, &arrival, req, kind, fault);
    dress(&mut response, kind);
    Ok(response)
}

#[cfg(test)]
mod tests;
