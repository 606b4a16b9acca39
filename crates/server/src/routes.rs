//! The whole route table: what the four faces bring and what belongs to the process itself.

use actix_web::{HttpResponse, web as actix};
use web::{Face, Route, RouteKind, RouteScope, State};

/// Every route of this server; `demo` adds the demo application of development.
pub fn all(demo: bool) -> Vec<Route> {
    let mut routes = own();
    routes.extend(token_service::routes());
    routes.extend(hosted::routes());
    routes.extend(web_admin::routes());
    if demo {
        routes.extend(crate::dev::demo::routes());
        routes.extend(crate::dev::inbox::routes());
    }
    routes
}

fn own() -> Vec<Route> {
    let health = |path, handler| {
        Route::new("GET", path, Face::Server, RouteKind::Protocol, handler)
            .at(RouteScope::Installation)
    };
    vec![
        health("/healthz", || actix::to(alive)),
        health("/readyz", || actix::to(ready)),
        Route::new("GET", "/", Face::Server, RouteKind::Page, || actix::to(home))
            .at(RouteScope::System),
    ]
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

async fn ready(state: actix::Data<State>) -> HttpResponse {
    let fresh = state.ctx.snapshots.fresh();
    let asked = web::run(&state, "", |ctx| ctx.db.ping()).await;
    match asked {
        Ok(Ok(())) if fresh => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        _ => HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "1"))
            .content_type("text/plain")
            .body("not ready: the database does not answer\n"),
    }
}

async fn home(state: actix::Data<State>) -> HttpResponse {
    let to = state.ctx.settings.console_url();
    HttpResponse::SeeOther().insert_header(("Location", to)).finish()
}
