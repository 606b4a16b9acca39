//! The outermost step of every request: its id, the strict reading of host and path, and the
//! headers that every answer carries.
//!
//! Nothing with a path spelled in an unusual way goes further, so the path that the router matched
//! is the path that was sent. Finding the tenant and catching panics is `mount`'s, per route.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use futures_util::future::LocalBoxFuture;
use store::RequestId;

use crate::State;
use crate::arrival::Arrival;
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
    inner: Rc<S>,
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
        ready(Ok(EdgeService { inner: Rc::new(service) }))
    }
}

impl<S, B> Service<ServiceRequest> for EdgeService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, Error>>;

    forward_ready!(inner);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let inner = Rc::clone(&self.inner);
        Box::pin(pass(inner, req))
    }
}

async fn pass<S, B>(inner: Rc<S>, req: ServiceRequest) -> Result<ServiceResponse<BoxBody>, Error>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let Some(state) = req.app_data::<Data<State>>().cloned() else {
        return Err(Fault::internal("the application has no State").into());
    };
    let arrival = receive(&state, &req);
    let method = req.method().clone();
    if let Some(document) = documents::at_once(&state, &arrival, &req) {
        let mut response = req.into_response(document);
        headers::every(response.headers_mut(), arrival.request().as_str(), state.rules.https());
        log(&arrival, &method, &response, &state);
        return Ok(response);
    }
    req.extensions_mut().insert(arrival.clone());
    let mut response = if is_plain(req.uri().path()) {
        inner.call(req).await?.map_into_boxed_body()
    } else {
        let (req, _) = req.into_parts();
        let kind = draw::kind_by_accept(&req);
        let answer = draw::fault(&state, &arrival, &req, kind, &Fault::not_found());
        ServiceResponse::new(req, answer)
    };
    headers::every(response.headers_mut(), arrival.request().as_str(), state.rules.https());
    log(&arrival, &method, &response, &state);
    Ok(response)
}

fn receive(state: &State, req: &ServiceRequest) -> Arrival {
    let at = state.ctx.now();
    let request = RequestId::new(at, &vault::NameRandom);
    let direct = req.peer_addr().map(|address| address.ip());
    let peer = peer::judge(direct, req.headers(), |ip| state.trusts(ip));
    let authority = match &peer.forwarded_hosts {
        Some(hosts) => state.rules.authority(hosts.iter().map(String::as_str)),
        None => {
            let line = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
            let named: Vec<String> = req.headers().get_all(header::HOST).map(line).collect();
            let named = named.iter().map(String::as_str);
            // Absolute-form and HTTP/2 name the host in the target (RFC 9112 §3.2.2, RFC 9113 §8.3.1).
            let target = req.uri().authority().map(|authority| authority.as_str());
            state.rules.authority(target.into_iter().chain(named))
        }
    };
    let place = state.rules.place(authority.as_ref());
    Arrival::new(request, at, place, authority, peer.ip)
}

/// Whether a path is spelled in the one way our routes are: unreserved characters only, no empty
/// segment, none that ends in a dot (`.`, `..`, `login.`).
fn is_plain(path: &str) -> bool {
    if path == "/" {
        return true;
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(&b);
    let Some(rest) = path.strip_prefix('/') else { return false };
    path.len() <= MAX_PATH
        && rest.bytes().all(allowed)
        && rest.split('/').all(|segment| !segment.is_empty() && !segment.ends_with('.'))
}

/// One line per request. The pattern stands for the path, which may hold sealed values.
fn log(
    arrival: &Arrival,
    method: &actix_web::http::Method,
    response: &ServiceResponse<BoxBody>,
    state: &State,
) {
    let status = response.status().as_u16();
    if status < 500 && !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let took_us = state.ctx.now().0.saturating_sub(arrival.at().0);
    let route = response.request().match_pattern().unwrap_or_default();
    if status >= 500 {
        tracing::warn!(request = %arrival.request(), %method, route, status, took_us, "answered");
    } else {
        tracing::debug!(request = %arrival.request(), %method, route, status, took_us, "answered");
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
