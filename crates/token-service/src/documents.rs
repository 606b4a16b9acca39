//! The public documents of a tenant: metadata (OpenID Connect Discovery §4, RFC 8414 §3) and keys
//! (RFC 7517 §5). How they are answered is `web`'s, which does it before the router where it can.

use actix_web::{HttpRequest, HttpResponse};
use web::{TenantAt, documents};

pub(crate) async fn discovery(req: HttpRequest, at: TenantAt) -> HttpResponse {
    documents::answer(req.headers(), &at.tenant.discovery)
}

pub(crate) async fn jwks(req: HttpRequest, at: TenantAt) -> HttpResponse {
    documents::answer(req.headers(), &at.tenant.jwks)
}
