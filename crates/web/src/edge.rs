//! The outermost step of every request: its id, the strict reading of host and path, and the
//! headers that every answer carries.
//!
//! Nothing with a path spelled in an unusual way goes further, so the path that the router matched
//! is the path that was sent. Finding the tenant and catching panics is `mount`'s, per route.

use std::cell::OnceCell;
use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage};
use futures_util::future::{Either, LocalBoxFuture};
use store::RequestId;

use crate::State;
use crate::arrival::{Arrival, Facts};
use crate::fault::Fault;
use crate::{documents, draw, headers, peer};

/// Longest path that is looked at, in bytes: a sealed flow has at most 2 KiB.
const MAX_PATH: usize = 4096;

/// The middleware; the server wraps the whole application in it:
/// `App::new().app_data(Data::new(state)).wrap(web::edge())`.
pub fn edge() -> Edge {
    Edge
}

/// See [`edge`].
#[derive(Debug, Clone, Copy)]
pub struct Edge;

/// [`Edge`] around a service.
pub struct EdgeService<S> {
    inner: S,
}

impl<S, B> Transform<S, ServiceRequest> for Edge
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = EdgeService<S>;
    type InitError = ();
    type Future = Ready<Result<EdgeService<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(EdgeService { inner: service }))
    }
}

impl<S, B> Service<ServiceRequest> for EdgeService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Either<Ready<Answer>, LocalBoxFuture<'static, Answer>>;

    forward_ready!(inner);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let Some(state) = req.app_data::<Data<State>>().cloned() else {
            return Either::Left(ready(
                Err(Fault::internal("the application has no State").into()),
            ));
        };
        let facts = receive(&state, &req);
        let method = req.method().clone();
        let at = (&facts.place, facts.authority.as_deref());
        if let Some(document) = documents::at_once(&state, at, &req) {
            let mut response = req.into_response(document);
            log(&facts, &method, &response, &state);
            let id = HeaderValue::from_maybe_shared(Bytes::from(String::from(facts.request)));
            headers::every(response.headers_mut(), id.ok(), state.rules.https());
            return Either::Left(ready(Ok(response)));
        }
        let arrival = Arrival::new(facts);
        if !is_plain(req.uri().path()) {
            let kind = draw::kind_by_accept(req.request());
            let answer = draw::fault(&state, &arrival, kind, &Fault::not_found());
            let response = req.into_response(answer);
            return Either::Left(ready(Ok(finish(&state, &arrival, &method, response))));
        }
        req.extensions_mut().insert(arrival.clone());
        let passing = self.inner.call(req);
        Either::Right(Box::pin(async move {
            let response = passing.await?.map_into_boxed_body();
            Ok(finish(&state, &arrival, &method, response))
        }))
    }
}

type Answer = Result<ServiceResponse<BoxBody>, Error>;

fn finish(
    state: &State,
    arrival: &Arrival,
    method: &Method,
    mut response: ServiceResponse<BoxBody>,
) -> ServiceResponse<BoxBody> {
    let id = HeaderValue::from_str(arrival.request().as_str());
    headers::every(response.headers_mut(), id.ok(), state.rules.https());
    log(arrival.facts(), method, &response, state);
    response
}

fn receive(state: &State, req: &ServiceRequest) -> Facts {
    let at = state.ctx.now();
    let request = RequestId::new(at, &vault::NameRandom);
    let direct = req.peer_addr().map(|address| address.ip());
    let peer = peer::judge(direct, req.headers(), |ip| state.trusts(ip));
    let authority = match &peer.forwarded_hosts {
        Some(hosts) => state.rules.authority(hosts.iter().map(String::as_str)),
        None => {
            let named = req.headers().get_all(header::HOST);
            let named = named.map(|value| value.to_str().unwrap_or_default());
            // Absolute-form and HTTP/2 name the host in the target (RFC 9112 §3.2.2, RFC 9113 §8.3.1).
            let target = req.uri().authority().map(|authority| authority.as_str());
            state.rules.authority(target.into_iter().chain(named))
        }
    };
    let place = state.rules.place(authority.as_deref());
    let (entered, tenant) = (OnceCell::new(), OnceCell::new());
    Facts { request, at, place, authority, ip: peer.ip, entered, tenant }
}

/// Whether a path is spelled in the one way our routes are: unreserved characters only, no empty
/// segment, none that ends in a dot (`.`, `..`, `login.`).
fn is_plain(path: &str) -> bool {
    if path == "/" {
        return true;
    }
    let allowed =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/');
    let Some(rest) = path.strip_prefix('/') else { return false };
    path.len() <= MAX_PATH
        && rest.bytes().all(allowed)
        && rest.split('/').all(|segment| !segment.is_empty() && !segment.ends_with('.'))
}

/// One line per request. The pattern stands for the path, which may hold sealed values.
fn log(facts: &Facts, method: &Method, response: &ServiceResponse<BoxBody>, state: &State) {
    let status = response.status().as_u16();
    if status < 500 && !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let took_us = state.ctx.now().0.saturating_sub(facts.at.0);
    let route = facts.pattern();
    if status >= 500 {
        tracing::warn!(request = %facts.request, %method, route, status, took_us, "answered");
    } else {
        tracing::debug!(request = %facts.request, %method, route, status, took_us, "answered");
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn b8_5_only_one_spelling_of_a_path_goes_further() {
        for path in ["/", "/t/acme/login", "/.well-known/jwks.json", "/s/base.1a2b.css", "/a~b_c-d"]
        {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "", "*", "login", "//", "/a//b", "/a/", "/./a", "/a/./b", "/a/../b", "/a/..", "/a.",
            "/a./b", "/%61", "/a%2fb", "/a;x", "/a\\b", "/a b", "/é", "/a:b", "/a@b", "/a?b",
            "/a+b",
        ] {
            assert!(!is_plain(path), "{path}");
        }
        assert!(!is_plain(&format!("/{}", "a".repeat(5000))));
    }
}
