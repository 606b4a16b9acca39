//! The public documents of a tenant, rendered with its snapshot: metadata (OpenID Connect
//! Discovery §4, RFC 8414 §3) and keys (RFC 7517 §5). Answered from memory, never copied.

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use context::tenant::Document;
use web::TenantAt;

/// How long others may keep a document. A new key is published longer than this before it signs.
const CACHE: &str = "public, max-age=300";

pub(crate) async fn discovery(req: HttpRequest, at: TenantAt) -> HttpResponse {
    answer(&req, &at.tenant.discovery)
}

pub(crate) async fn jwks(req: HttpRequest, at: TenantAt) -> HttpResponse {
    answer(&req, &at.tenant.jwks)
}

fn answer(req: &HttpRequest, document: &Document) -> HttpResponse {
    let known = names(req.headers(), &document.etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, CACHE))
        .insert_header((header::ETAG, document.etag.as_str()));
    if known {
        return response.finish();
    }
    let body = Bytes::from_owner(document.body.clone());
    response.content_type("application/json").body(body)
}

/// Whether If-None-Match names this entity tag; weak comparison (RFC 9110 §13.1.2).
fn names(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim())
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
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
            names(&headers, "\"abc\"")
        };
        for value in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(asked(value), "{value}");
        }
        for value in ["abc", "\"abcd\"", "", "\"x\""] {
            assert!(!asked(value), "{value}");
        }
    }
}
