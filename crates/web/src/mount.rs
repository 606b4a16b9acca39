//! Mounts the route table and puts the shared steps before each handler.
//!
//! Per request: the tenant is found and checked, the handler runs under a last-resort catch, its
//! fault is drawn and the headers of its kind are added. A route cannot leave any of them out,
//! because it is only reachable through here. Which row a request belongs to is `dispatch`'s.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, fn_factory, fn_service};
use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse};
use futures_util::FutureExt;
use protocol::catalogue;

use crate::State;
use crate::arrival::Arrival;
use crate::cors;
use crate::dispatch::{Entry, Handler, Resource, Router};
use crate::draw;
use crate::fault::Fault;
use crate::headers::{self, PageHeaders};
use crate::host::Place;
use crate::page;
use crate::routes::{Cors, Route, RouteKind, RouteScope};
use crate::sessions::{self, SessionFault};
use crate::tenant_at;

pub(crate) const SLUG_PREFIX: &str = "/t/{slug}";

/// On which of our addresses a mounted path answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Base,
    TenantHost,
    Anywhere,
}

impl Site {
    pub(crate) fn has(self, place: &Place) -> bool {
        match self {
            Site::Base => *place == Place::Base,
            Site::TenantHost => matches!(place, Place::Slug(_) | Place::Custom(_)),
            Site::Anywhere => true,
        }
    }
}

/// A row of the table at one of its addresses.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) route: Route,
    pub(crate) site: Site,
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
    // actix would look at one resource after the other; its router stays empty and all requests
    // are its default.
    cfg.default_service(fn_factory(move || {
        let (paths, console) = (paths.clone(), console.clone());
        async move {
            let router = Rc::new(Router::start(paths, &console).await?);
            Ok::<_, ()>(fn_service(move |req| answer(Rc::clone(&router), req)))
        }
    }));
}

async fn answer(
    router: Rc<Router>,
    mut req: ServiceRequest,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(arrival) = Arrival::of(req.request()) else {
        return Err(Fault::internal("the edge middleware is missing").into());
    };
    let Some(resource) = router.find(&mut req) else {
        return nothing_here(req, arrival).await;
    };
    match resource.entry(req.method().as_str(), arrival.place()) {
        Some(entry) => enter(resource, entry, req, arrival).await,
        None => other_verb(resource, req, arrival).await,
    }
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

async fn enter(
    resource: &Resource,
    entry: &Entry,
    req: ServiceRequest,
    arrival: Arrival,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let http = req.request().clone();
    let Some(state) = http.app_data::<Data<State>>() else {
        return Err(Fault::internal("the application has no State").into());
    };
    let route = &entry.row.route;
    let kind = route.kind;
    arrival.enter(route, Rc::clone(&resource.pattern));
    let admitted = match route.scope {
        RouteScope::Tenant => admit(state, &arrival, &http, route).await,
        RouteScope::System | RouteScope::Installation => Ok(None),
    };
    let mut response = match admitted {
        Ok(None) => match call(&entry.handler, req).await {
            Ok(response) => response,
            Err(error) => draw::fault(state, &arrival, kind, &as_fault(&error)),
        },
        Ok(Some(moved)) => moved,
        Err(fault) => draw::fault(state, &arrival, kind, &fault),
    };
    dress(&mut response, kind);
    cors::apply(state, &http, route.cors, &mut response).await;
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
    arrival.found(at);
    active.map(|()| None)
}

/// Runs the handler. A panic or an error of any type becomes an error here.
async fn call(handler: &Handler, req: ServiceRequest) -> Result<HttpResponse, Error> {
    let handled = AssertUnwindSafe(async move { handler.call(req).await }).catch_unwind().await;
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
async fn other_verb(
    resource: &Resource,
    req: ServiceRequest,
    arrival: Arrival,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let here = resource.rows().filter(|row| row.site.has(arrival.place()));
    let here: Vec<&Route> = here.map(|row| &row.route).collect();
    let Some(first) = here.first() else { return nothing_here(req, arrival).await };
    let mut methods: Vec<&str> = here.iter().map(|route| route.method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.dedup();
    let fault = Fault::new(StatusCode::METHOD_NOT_ALLOWED, catalogue::METHOD_NOT_ALLOWED);
    refuse(req, &arrival, first.kind, &fault.allow(methods.join(", ")))
}

/// 404, or 421 on a host that is nobody's.
async fn nothing_here(
    req: ServiceRequest,
    arrival: Arrival,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let fault = match (arrival.place(), req.app_data::<Data<State>>()) {
        (Place::Base, _) => Fault::not_found(),
        (_, Some(state)) => match tenant_at::find(state, &arrival, req.request(), false).await {
            Ok(_) => Fault::not_found(),
            Err(fault) => fault,
        },
        (_, None) => Fault::internal("the application has no State"),
    };
    let kind = draw::kind_by_accept(req.request());
    refuse(req, &arrival, kind, &fault)
}

fn refuse(
    req: ServiceRequest,
    arrival: &Arrival,
    kind: RouteKind,
    fault: &Fault,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (http, _) = req.into_parts();
    let Some(state) = http.app_data::<Data<State>>() else { return Err(fault.clone().into()) };
    let mut response = draw::fault(state, arrival, kind, fault);
    dress(&mut response, kind);
    Ok(ServiceResponse::new(http, response))
}

#[cfg(test)]
mod tests;
