//! What is known about a request before any route is chosen: its id, where it came to, who sent it.
//!
//! `edge` makes one per request, handlers read it as an extractor. Anything about a tenant is left
//! to `tenant_at`.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use store::{RequestId, Timestamp};

use crate::fault::Fault;
use crate::host::{Authority, Place};

/// Longest user agent that is kept, in bytes.
const MAX_USER_AGENT: usize = 256;

/// The facts of one request; clones share them.
#[derive(Debug, Clone)]
pub struct Arrival {
    facts: Rc<Facts>,
}

#[derive(Debug)]
struct Facts {
    request: RequestId,
    at: Timestamp,
    place: Place,
    authority: Option<Authority>,
    ip: Option<IpAddr>,
}

impl Arrival {
    pub(crate) fn new(
        request: RequestId,
        at: Timestamp,
        place: Place,
        authority: Option<Authority>,
        ip: Option<IpAddr>,
    ) -> Arrival {
        Arrival { facts: Rc::new(Facts { request, at, place, authority, ip }) }
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
        self.facts.authority.as_ref()
    }

    /// The client's address, from trusted proxies or the connection.
    pub fn ip(&self) -> Option<String> {
        self.facts.ip.map(|ip| ip.to_string())
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
