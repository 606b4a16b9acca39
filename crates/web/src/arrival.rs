//! What is known about a request: its id, where it came to, who sent it; then its route and tenant.
//!
//! `edge` makes one per request, `mount` notes what it finds, handlers read it as an extractor. It
//! travels as the only extension of a request. How a tenant is found is left to `tenant_at`.

use std::cell::OnceCell;
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use store::{RequestId, Timestamp};

use crate::fault::Fault;
use crate::host::{Authority, Place};
use crate::routes::{Cors, FORM_LIMIT, Permission, Route, RouteKind};
use crate::tenant_at::TenantAt;

/// Longest user agent that is kept, in bytes.
const MAX_USER_AGENT: usize = 256;

/// The facts of one request; clones share them.
#[derive(Debug, Clone)]
pub struct Arrival {
    facts: Rc<Facts>,
}

/// What an [`Arrival`] shares.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) request: RequestId,
    pub(crate) at: Timestamp,
    pub(crate) place: Place,
    pub(crate) authority: Option<Arc<Authority>>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) entered: OnceCell<Entered>,
    pub(crate) tenant: OnceCell<TenantAt>,
}

/// What the route table says about a request.
#[derive(Debug)]
pub(crate) struct Entered {
    kind: RouteKind,
    permission: Permission,
    cors: Cors,
    limit: usize,
    pattern: Rc<str>,
}

impl Arrival {
    pub(crate) fn new(facts: Facts) -> Arrival {
        Arrival { facts: Rc::new(facts) }
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn of(req: &HttpRequest) -> Option<Arrival> {
        req.extensions().get::<Arrival>().cloned()
    }

    /// The id of this request, shown in headers, errors, traces and logs.
    pub fn request(&self) -> &RequestId {
        &self.facts.request
    }

    /// When it arrived.
    pub fn at(&self) -> Timestamp {
        self.facts.at
    }

    /// Which of our addresses it came to.
    pub fn place(&self) -> &Place {
        &self.facts.place
    }

    /// The authority it named, normalised.
    pub fn authority(&self) -> Option<&Authority> {
        self.facts.authority.as_deref()
    }

    /// The client's address, from trusted proxies or the connection.
    pub fn ip(&self) -> Option<String> {
        self.facts.ip.map(|ip| ip.to_string())
    }

    /// Notes the route; the first one counts.
    pub(crate) fn enter(&self, route: &Route, pattern: Rc<str>) {
        let Route { kind, permission, cors, limit, .. } = *route;
        _ = self.facts.entered.set(Entered { kind, permission, cors, limit, pattern });
    }

    /// Notes the tenant; the first one counts.
    pub(crate) fn found(&self, at: TenantAt) {
        _ = self.facts.tenant.set(at);
    }

    /// The tenant, on tenant routes.
    pub(crate) fn tenant(&self) -> Option<&TenantAt> {
        self.facts.tenant.get()
    }

    /// What answers of the route look like.
    pub(crate) fn kind(&self) -> RouteKind {
        self.facts.entered.get().map_or(RouteKind::Protocol, |entered| entered.kind)
    }

    /// What the route says a caller must bring.
    pub fn permission(&self) -> Permission {
        self.facts.entered.get().map_or(Permission::Public, |entered| entered.permission)
    }

    /// Which other origins may read answers of the route.
    pub(crate) fn cors(&self) -> Cors {
        self.facts.entered.get().map_or(Cors::None, |entered| entered.cors)
    }

    /// Largest form of the route, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.facts.entered.get().map_or(FORM_LIMIT, |entered| entered.limit)
    }
}

impl Facts {
    /// The path of the route as it is mounted; empty before one is found.
    pub(crate) fn pattern(&self) -> &str {
        self.entered.get().map_or("", |entered| &entered.pattern)
    }
}

impl FromRequest for Arrival {
    type Error = Fault;
    type Future = Ready<Result<Arrival, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Arrival::of(req).ok_or_else(|| Fault::internal("the edge middleware is missing")))
    }
}

/// The browser's own name for itself, cut to 256 bytes; hostile text.
pub fn user_agent(req: &HttpRequest) -> Option<String> {
    let text = req.headers().get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(MAX_USER_AGENT).collect())
}
