//! Images that tenants uploaded. They are data and never a document: whatever a browser makes of
//! one, it runs nothing. The name is made from the content, so an answer holds for ever.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use directory::assets;
use store::assets::AssetRow;
use web::{Fault, State, TenantAt, preview};

/// `GET /assets/{asset}`.
pub(crate) async fn show(
    state: Data<State>,
    at: TenantAt,
    req: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let id = req.match_info().get("asset").unwrap_or_default().to_owned();
    let (key, tenant) = (at.tenant.id.as_str().to_owned(), at.tenant.id.clone());
    answer(web::run(&state, &key, move |ctx| assets::find(ctx, &tenant, &id)).await??)
}

/// `GET /console/preview/picture/{look}`: the same on the console's own host.
pub(crate) async fn preview(state: Data<State>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let sealed = req.match_info().get("look").unwrap_or_default();
    let (tenant, id) = preview::open_picture(&state.ctx, sealed).ok_or_else(Fault::not_found)?;
    let key = tenant.as_str().to_owned();
    answer(web::run(&state, &key, move |ctx| assets::find(ctx, &tenant, &id)).await??)
}

fn answer(found: Option<AssetRow>) -> Result<HttpResponse, Fault> {
    let row = found.ok_or_else(Fault::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type(assets::MEDIA_TYPE)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
        .body(row.body))
}
