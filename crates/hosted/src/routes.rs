//! The addresses of the hosted pages.

use actix_web::web as actix;
use protocol::discovery::paths::{LOGOUT, LOGOUT_ALIASES};
use web::{Face, Permission, Route, RouteKind, RouteScope};

use crate::{
    admin_invitation, assets, choose, connect, consent, flow, invitation, logout, preview, recover,
    set_password, setup, sign_in, theme, upstream,
};

const ADMIN_INVITATION: &str = "/admin-invitation/{tenant}/{token}";

const fn page(
    method: &'static str,
    path: &'static str,
    handler: fn() -> actix_web::Route,
) -> Route {
    Route::new(method, path, Face::Hosted, RouteKind::Page, handler)
}

/// The rows of this face.
pub fn routes() -> Vec<Route> {
    let mut routes = pages();
    routes.extend(of_invitations());
    routes.extend(looks());
    routes.extend(providers());
    for verb in ["GET", "POST"] {
        let logout = routes.iter().find(|r| r.path == LOGOUT && r.method == verb).copied();
        routes.extend(
            logout.into_iter().flat_map(|r| LOGOUT_ALIASES.iter().map(move |a| r.alias(a))),
        );
    }
    routes
}

fn of_invitations() -> Vec<Route> {
    const ONE: &str = "/account/invitation/{token}";
    vec![
        page("GET", "/account/invitation/done", || actix::to(invitation::done)),
        page("GET", ONE, || actix::to(invitation::show)),
        page("POST", ONE, || actix::to(invitation::submit)),
        page("GET", "/account/invitation/{token}/sign-in", || actix::to(invitation::sign_in)),
    ]
}

/// Ways through providers.
fn providers() -> Vec<Route> {
    vec![
        page("GET", "/login/with/{code}", || actix::to(upstream::start)).needs(Permission::Browser),
        page("GET", "/federation/{code}/callback", || actix::to(upstream::callback))
            .needs(Permission::Browser),
        page("POST", "/federation/{code}/callback", || actix::to(upstream::posted)),
        page("GET", "/federation/{code}/test", || actix::to(upstream::test)),
        page("GET", "/connect/{pending}", || actix::to(connect::show)).needs(Permission::Browser),
        page("POST", "/connect/{pending}", || actix::to(connect::submit))
            .needs(Permission::Browser),
        page("GET", "/connect/mail/{token}", || actix::to(connect::mail::show))
            .needs(Permission::Browser),
        page("POST", "/connect/mail/{token}", || actix::to(connect::mail::submit))
            .needs(Permission::Browser),
    ]
}

fn pages() -> Vec<Route> {
    vec![
        web::assets::route(),
        page("GET", "/login/{tx}", || actix::to(sign_in::show)).needs(Permission::Browser),
        page("POST", "/login/{tx}", || actix::to(sign_in::submit)).needs(Permission::Browser),
        page("GET", "/flow/{tx}", || actix::to(flow::show)).needs(Permission::Browser),
        page("POST", "/flow/{tx}", || actix::to(flow::submit)).needs(Permission::Browser),
        page("GET", "/consent/{tx}", || actix::to(consent::show)).needs(Permission::Browser),
        page("POST", "/consent/{tx}", || actix::to(consent::submit)).needs(Permission::Browser),
        page("GET", "/choose/{tx}", || actix::to(choose::show)).needs(Permission::Browser),
        page("POST", "/choose/{tx}", || actix::to(choose::submit)).needs(Permission::Browser),
        page("GET", "/logout", || actix::to(logout::show)),
        page("POST", "/logout", || actix::to(logout::submit)),
        page("GET", "/logout/done", || actix::to(logout::done)),
        page("GET", "/recover", || actix::to(recover::show)),
        page("POST", "/recover", || actix::to(recover::submit)),
        page("GET", "/recover/sent", || actix::to(recover::done)),
        page("GET", "/set-password/done", || actix::to(set_password::done)),
        page("GET", "/set-password/{token}", || actix::to(set_password::show)),
        page("POST", "/set-password/{token}", || actix::to(set_password::submit)),
        page("GET", ADMIN_INVITATION, || actix::to(admin_invitation::show)),
        page("POST", ADMIN_INVITATION, || actix::to(admin_invitation::submit)),
        page("GET", "/setup/done", || actix::to(setup::done)),
        page("GET", "/setup/{token}", || actix::to(setup::show)),
        page("POST", "/setup/{token}", || actix::to(setup::submit)),
    ]
}

/// What pages look like: images and colours of a tenant, and the page as the console previews it.
fn looks() -> Vec<Route> {
    let file = |path, handler| {
        Route::new("GET", path, Face::Hosted, RouteKind::Asset, handler).needs(Permission::Public)
    };
    // A preview is opened by what is sealed in its address, on the console's own host.
    let at_console = |row: Route| row.needs(Permission::Public).at(RouteScope::System);
    vec![
        file("/theme.{colour}.css", || actix::to(theme::show)),
        file("/assets/{asset}", || actix::to(assets::show)),
        at_console(page("GET", "/console/preview/page/{look}", || actix::to(preview::show))),
        at_console(file("/console/preview/picture/{look}", || actix::to(assets::preview))),
        at_console(file("/console/preview/theme.{colour}.css", || actix::to(theme::show))),
    ]
}
