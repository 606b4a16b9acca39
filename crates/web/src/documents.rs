//! The public documents of a tenant, metadata and keys, answered before the router is asked: they
//! are asked for most, by programs that know nothing but the issuer.
//!
//! Rendered with the tenant's snapshot and never copied. What is not in memory, or is asked for in
//! any other way, goes through the route table like everything else and ends in the same [`answer`].

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use context::tenant::Document;
use context::{Tenant, TenantAddress, TenantStatus};
use protocol::discovery::paths;

use crate::State;
use crate::host::{Authority, Place};
use crate::{cors, headers, tenant_at};

/// How long others may keep a document. A new key is published longer than this before it signs.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The document, or 304 where it is known already (RFC 9110 §13.1.2).
pub fn answer(asked: &HeaderMap, document: &Document) -> HttpResponse {
    let known = names(asked, &document.etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, CACHE));
    if let Ok(etag) = HeaderValue::from_maybe_shared(document.etag.clone()) {
        response.insert_header((header::ETAG, etag));
    }
    if known {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, JSON)).body(document.body.clone())
}

/// The answer to a plain GET of a document that is in memory.
pub(crate) fn at_once(
    state: &State,
    (place, authority): (&Place, Option<&Authority>),
    req: &ServiceRequest,
) -> Option<HttpResponse> {
    let path = req.uri().path();
    let pick: fn(&Tenant) -> &Document = match path {
        _ if *req.method() != Method::GET => return None,
        path if path.ends_with(paths::JWKS) => |tenant| &tenant.jwks,
        path if path.ends_with(paths::OPENID_CONFIGURATION) => |tenant| &tenant.discovery,
        _ => return None,
    };
    let (address, rest) = addressed(place, path)?;
    if rest != paths::JWKS && rest != paths::OPENID_CONFIGURATION {
        return None;
    }
    let tenant = state.ctx.snapshots.cached_tenant(&state.ctx, &address)?;
    let serves = tenant.status == TenantStatus::Active
        && tenant_at::is_canonical(state, (place, authority), &address, &tenant.issuer);
    let mut response = serves.then(|| answer(req.headers(), pick(&tenant)))?;
    headers::document(response.headers_mut());
    cors::public(response.headers_mut());
    Some(response)
}

fn addressed<'a>(place: &Place, path: &'a str) -> Option<(TenantAddress, &'a str)> {
    match place {
        Place::Base => {
            let (slug, rest) = tenant_at::split(path)?;
            Some((TenantAddress::Slug(slug.to_owned()), rest))
        }
        Place::Slug(slug) => Some((TenantAddress::Slug(slug.clone()), path)),
        Place::Custom(host) => Some((TenantAddress::Host(host.clone()), path)),
        Place::Foreign => None,
    }
}

/// Whether If-None-Match names this entity tag; weak comparison (RFC 9110 §13.1.2).
fn names(headers: &HeaderMap, etag: &[u8]) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim())
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn rfc9110_13_1_2_a_known_tag_is_recognised() {
        let asked = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            names(&headers, b"\"abc\"")
        };
        for value in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(asked(value), "{value}");
        }
        for value in ["abc", "\"abcd\"", "", "\"x\""] {
            assert!(!asked(value), "{value}");
        }
    }
}
