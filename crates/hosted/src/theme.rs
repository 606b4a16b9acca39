//! The style sheet that gives a tenant's pages their colours and the roundness of their corners.
//! What may stand in it is `web::views::Look`'s; here it only gets its headers.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use web::Fault;
use web::views::theme_css;

/// `GET /theme.{colour}.css`: the name is the content, so the answer holds for ever and for every
/// tenant, and a page drawn just before a change of colour keeps its own.
pub(crate) async fn show(req: HttpRequest) -> Result<HttpResponse, Fault> {
    let colour = req.match_info().get("colour").unwrap_or_default();
    let css = theme_css(colour).ok_or_else(Fault::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
        .body(css))
}
