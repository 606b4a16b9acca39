//! Pages as answers: a rendered template with the headers of its page, the frame around it, and
//! redirects.
//!
//! Templates and their data are in `views`; error pages are drawn by `draw` from a `Fault`. Which
//! page follows which is the issuer's decision, put into an answer by `next`.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use context::{Settings, Tenant};

use crate::fault::Fault;
use crate::headers::PageHeaders;
use crate::views::Frame;

/// A rendered page with a status and its headers.
///
/// # Errors
/// 500 when the template cannot be rendered.
pub fn html<T: Template>(
    status: StatusCode,
    page: &T,
    headers: &PageHeaders,
) -> Result<HttpResponse, Fault> {
    let body = page.render().map_err(|error| Fault::internal(format!("template: {error}")))?;
    let mut response =
        HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body);
    headers.apply(response.headers_mut());
    Ok(response)
}

/// A page with status 200 whose forms post to our own origin only.
///
/// # Errors
/// As [`html`].
pub fn ok<T: Template>(page: &T) -> Result<HttpResponse, Fault> {
    html(StatusCode::OK, page, &PageHeaders::default())
}

/// The frame of a tenant's pages.
pub fn frame(tenant: &Tenant) -> Frame {
    Frame::tenant(&tenant.name, tenant.authority(), tenant.path(), &tenant.brand)
}

/// The frame of a tenant's pages in another colour than its own.
pub fn branded(tenant: &Tenant, brand: &str) -> Frame {
    Frame::tenant(&tenant.name, tenant.authority(), tenant.path(), brand)
}

/// The frame of pages that belong to no tenant.
pub fn installation_frame(settings: &Settings) -> Frame {
    Frame::installation(settings.authority())
}

/// A redirect that a browser follows with GET: 302 answering GET, 303 answering anything else,
/// never 307 (RFC 9700 §4.12).
///
/// # Errors
/// 500 when `url` cannot stand in a header.
pub fn redirect(req: &HttpRequest, url: &str) -> Result<HttpResponse, Fault> {
    let reading = matches!(*req.method(), Method::GET | Method::HEAD);
    let status = if reading { StatusCode::FOUND } else { StatusCode::SEE_OTHER };
    moved(status, url)
}

/// 308 to the canonical address of the same page, verb and body kept.
///
/// # Errors
/// 500 when `url` cannot stand in a header.
pub(crate) fn permanent(url: &str) -> Result<HttpResponse, Fault> {
    moved(StatusCode::PERMANENT_REDIRECT, url)
}

fn moved(status: StatusCode, url: &str) -> Result<HttpResponse, Fault> {
    let location = header::HeaderValue::from_str(url)
        .map_err(|_| Fault::internal("a redirect to an address that no header can hold"))?;
    Ok(HttpResponse::build(status).insert_header((header::LOCATION, location)).finish())
}
