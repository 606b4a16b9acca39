//! Cross-origin reading of protocol answers: public documents by anybody, token answers by pages
//! on the origins of the tenant's own browser applications. `/authorize` and pages never.
//!
//! The route table says which applies; the pipeline adds the headers, so an error answer carries
//! them like any other. No answer allows credentials: cookies mean nothing at these endpoints.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use context::Ctx;
use parking_lot::Mutex;
use protocol::catalogue;
use protocol::redirect_uri::{ApplicationType, origin_of};
use store::TenantId;

use crate::State;
use crate::arrival::Arrival;
use crate::fault::Fault;
use crate::routes::Cors;
use crate::runner;

/// How long the origins of a tenant are kept: this late a change to redirect URIs is noticed.
const KEEP: Duration = Duration::from_millis(500);
/// Most tenants whose origins are kept.
const MAX_TENANTS: usize = 1024;
/// Applications read at a time, and how often: browser applications beyond 10,000 have no CORS.
const PAGE: i64 = 500;
const PAGES: usize = 20;
/// How long a browser may keep the answer of a preflight, in seconds.
const PREFLIGHT_AGE: &str = "600";
/// What a page of another origin may read beside the body.
const EXPOSED: &str = "Request-Id, Retry-After, WWW-Authenticate";

type Origins = Arc<HashSet<String>>;

/// The origins of the tenants asked for lately.
#[derive(Default)]
pub(crate) struct OriginCache {
    kept: Mutex<HashMap<TenantId, (Instant, Origins)>>,
}

impl OriginCache {
    fn get(&self, tenant: &TenantId) -> Option<Origins> {
        let kept = self.kept.lock();
        kept.get(tenant).filter(|(at, _)| at.elapsed() < KEEP).map(|(_, origins)| origins.clone())
    }

    fn put(&self, tenant: TenantId, origins: Origins) {
        let mut kept = self.kept.lock();
        if kept.len() >= MAX_TENANTS {
            kept.retain(|_, (at, _)| at.elapsed() < KEEP);
        }
        if kept.len() < MAX_TENANTS {
            kept.insert(tenant, (Instant::now(), origins));
        }
    }
}

/// Answers a preflight: 204 for an origin that may ask, else 403. The headers are added by the
/// pipeline.
///
/// # Errors
/// `origin_not_allowed`.
pub async fn preflight(req: HttpRequest) -> Result<HttpResponse, Fault> {
    let Some(state) = req.app_data::<Data<State>>() else {
        return Err(Fault::internal("the application has no State"));
    };
    let policy = Arrival::of(&req).map_or(Cors::None, |arrival| arrival.cors());
    match allowed(state, &req, policy).await {
        Some(_) => Ok(HttpResponse::NoContent().finish()),
        None => Err(Fault::new(StatusCode::FORBIDDEN, catalogue::ORIGIN_NOT_ALLOWED)),
    }
}

/// Adds the headers that let the page that asked read this answer.
pub(crate) async fn apply(
    state: &State,
    req: &HttpRequest,
    policy: Cors,
    response: &mut HttpResponse,
) {
    if policy == Cors::None {
        return;
    }
    let origin = allowed(state, req, policy).await;
    let headers = response.headers_mut();
    if policy == Cors::Registered {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    let Some(origin) = origin else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let mut say = |name, value| headers.insert(name, HeaderValue::from_static(value));
    if req.method() == Method::OPTIONS {
        say(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        say(header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type");
        say(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
    } else {
        say(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

/// The headers of a public document.
pub(crate) fn public(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
}

/// The value of Access-Control-Allow-Origin, if the page that asked may read.
async fn allowed(state: &State, req: &HttpRequest, policy: Cors) -> Option<HeaderValue> {
    match policy {
        Cors::None => None,
        Cors::Public => Some(HeaderValue::from_static("*")),
        Cors::Registered => {
            let mut sent = req.headers().get_all(header::ORIGIN);
            let (Some(origin), None) = (sent.next(), sent.next()) else { return None };
            let tenant = Arrival::of(req)?.tenant()?.tenant.id.clone();
            // Rare, and large for a future that every request would carry.
            let registered = Box::pin(origins(state, tenant)).await?;
            registered.contains(origin.to_str().ok()?).then(|| origin.clone())
        }
    }
}

/// The registered origins of a tenant; none when they cannot be read now.
async fn origins(state: &State, tenant: TenantId) -> Option<Origins> {
    if let Some(origins) = state.origins.get(&tenant) {
        return Some(origins);
    }
    let id = tenant.clone();
    let loaded = runner::run(state, tenant.as_str(), move |ctx| load(ctx, &id)).await;
    match loaded {
        Ok(Ok(origins)) => {
            let origins = Arc::new(origins);
            state.origins.put(tenant, Arc::clone(&origins));
            Some(origins)
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "registered origins");
            None
        }
        Err(runner::Busy) => None,
    }
}

fn load(ctx: &Ctx, tenant: &TenantId) -> Result<HashSet<String>, store::Error> {
    ctx.db.read(tenant, |tx| {
        let mut origins = HashSet::new();
        let mut after = None;
        for _ in 0..PAGES {
            let rows = tx.list_applications(
                after.as_ref().map(|(name, id): &(String, _)| (name.as_str(), id)),
                "",
                PAGE,
            )?;
            let Some(last) = rows.last() else { break };
            after = Some((last.name_key.clone(), last.id.clone()));
            for row in rows.iter().filter(|row| !row.disabled) {
                if row.kind() == Some(ApplicationType::Spa) {
                    let uris = row.config()?.redirect_uris;
                    origins.extend(uris.iter().filter_map(|uri| origin_of(uri)));
                }
            }
        }
        Ok(origins)
    })
}
