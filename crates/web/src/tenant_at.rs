//! From the address of a request to its tenant.
//!
//! The host and, on the base host, the slug in the path decide; nothing else does. A tenant has one
//! canonical address, its issuer: reached at another, pages move there and protocol endpoints do
//! not exist. `mount` runs this before every tenant route, so handlers only ever see a tenant that
//! exists, is active and was reached canonically.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use context::{Tenant, TenantAddress, TenantStatus};
use protocol::catalogue;

use crate::State;
use crate::arrival::Arrival;
use crate::fault::Fault;
use crate::host::{Authority, Place};
use crate::runner;

/// What stands before the slug of a tenant that is addressed by path.
pub(crate) const PREFIX: &str = "/t/";

/// The slug and the rest of a path below `/t/{slug}`.
pub(crate) fn split(path: &str) -> Option<(&str, &str)> {
    let below = path.strip_prefix(PREFIX)?;
    // A slug is short: byte by byte is quicker than a search.
    let end = below.bytes().position(|byte| byte == b'/');
    Some(below.split_at(end.unwrap_or(below.len())))
}

/// The tenant a request belongs to.
#[derive(Debug, Clone)]
pub struct TenantAt {
    /// Its snapshot.
    pub tenant: Arc<Tenant>,
    /// Whether it was reached at its issuer; always true in a handler.
    pub canonical: bool,
}

impl FromRequest for TenantAt {
    type Error = Fault;
    type Future = Ready<Result<TenantAt, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = Arrival::of(req).and_then(|arrival| arrival.tenant().cloned());
        ready(
            found.ok_or_else(|| Fault::internal("a handler off the tenant routes wants a tenant")),
        )
    }
}

/// Finds the tenant of a request. With `document`, what is asked for is a public document that
/// others keep for minutes: it is served from memory through an outage.
///
/// # Errors
/// 421 for a host that is nobody's, 404 for an unknown slug, 503 in an outage.
pub(crate) async fn find(
    state: &State,
    arrival: &Arrival,
    req: &HttpRequest,
    document: bool,
) -> Result<TenantAt, Fault> {
    let slug = split(req.path()).map(|(slug, _)| slug).or_else(|| req.match_info().get("slug"));
    let address = address(arrival.place(), slug)?;
    let snapshots = &state.ctx.snapshots;
    let remembered = || snapshots.remembered_tenant(&address).filter(|_| document);
    let tenant = match snapshots.cached_tenant(&state.ctx, &address).or_else(remembered) {
        Some(tenant) => Some(tenant),
        // Boxed: the future of a request whose tenant is known stays small.
        None => Box::pin(load(state, address.clone())).await?,
    };
    let tenant = tenant.ok_or_else(|| unknown(arrival.place()))?;
    let at = (arrival.place(), arrival.authority());
    let canonical = is_canonical(state, at, &address, &tenant.issuer);
    Ok(TenantAt { tenant, canonical })
}

async fn load(state: &State, address: TenantAddress) -> Result<Option<Arc<Tenant>>, Fault> {
    Ok(runner::run(state, "", move |ctx| ctx.snapshots.tenant(ctx, &address)).await??)
}

/// 503 where a tenant is switched off.
pub(crate) fn check_active(tenant: &Tenant) -> Result<(), Fault> {
    match tenant.status {
        TenantStatus::Active => Ok(()),
        TenantStatus::Suspended => {
            Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, catalogue::TENANT_SUSPENDED))
        }
    }
}

fn address(place: &Place, slug: Option<&str>) -> Result<TenantAddress, Fault> {
    match (place, slug) {
        (Place::Base, Some(slug)) if may_be_slug(slug) => Ok(TenantAddress::Slug(slug.to_owned())),
        (Place::Slug(slug), _) if may_be_slug(slug) => Ok(TenantAddress::Slug(slug.clone())),
        (Place::Custom(host), _) => Ok(TenantAddress::Host(host.clone())),
        (place, _) => Err(unknown(place)),
    }
}

/// What cannot be a slug is not looked up.
fn may_be_slug(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(plain)
}

pub(crate) fn unknown(place: &Place) -> Fault {
    match place {
        Place::Base | Place::Slug(_) => Fault::not_found(),
        Place::Custom(_) | Place::Foreign => {
            Fault::new(StatusCode::MISDIRECTED_REQUEST, catalogue::TENANT_UNKNOWN)
        }
    }
}

pub(crate) fn is_canonical(
    state: &State,
    (place, authority): (&Place, Option<&Authority>),
    at: &TenantAddress,
    issuer: &str,
) -> bool {
    match (place, at) {
        (Place::Base, TenantAddress::Slug(slug)) => {
            let path = issuer.strip_prefix(state.ctx.settings.base_url.as_str());
            path.and_then(|path| path.strip_prefix("/t/")) == Some(slug)
        }
        _ => {
            let named = issuer.split_once("://").map(|(_, rest)| rest);
            named.is_some() && named == authority.map(ToString::to_string).as_deref()
        }
    }
}

/// The same page at the tenant's canonical address.
pub(crate) fn canonical_url(issuer: &str, req: &HttpRequest) -> String {
    let rest = split(req.path()).map_or(req.path(), |(_, rest)| rest);
    match req.query_string() {
        "" => format!("{issuer}{rest}"),
        query => format!("{issuer}{rest}?{query}"),
    }
}
