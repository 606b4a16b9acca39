//! Pages as answers: a rendered template with the headers of its page, the frame around it, and
//! redirects.
//!
//! Templates and their data are in `views`; error pages are drawn by `draw` from a `Fault`. Which
//! page follows which is the issuer's decision, put into an answer by `next`.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use context::{Settings, Tenant};
use store::ApplicationSignIn;
use store::settings::Picture;

use crate::fault::Fault;
use crate::headers::PageHeaders;
use crate::views::{Frame, Logo, Look};

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
    dressed(tenant, &ApplicationSignIn::default())
}

/// The frame of a tenant's pages as an application shows them: in its colour, under its logo.
pub fn dressed(tenant: &Tenant, own: &ApplicationSignIn) -> Frame {
    let (house, path) = (&tenant.branding, tenant.path());
    let logo = |picture: &Picture| Logo {
        url: format!("{path}/assets/{}", picture.id),
        width: picture.width,
        height: picture.height,
    };
    let look = Look::dressed(&tenant.brand, house, own.brand.as_deref());
    let mut frame = Frame::tenant(&tenant.name, tenant.authority(), path, "");
    frame.theme = look.file().map(|file| format!("{path}/{file}"));
    match &own.logo {
        Some(picture) => frame.with_logo(Some(logo(picture)), None),
        None => frame.with_logo(house.logo.as_ref().map(logo), house.logo_dark.as_ref().map(logo)),
    }
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
