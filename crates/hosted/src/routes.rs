//! The addresses of the hosted pages.

use actix_web::web as actix;
use protocol::discovery::paths::{LOGOUT, LOGOUT_ALIASES};
use web::{Face, Permission, Route, RouteKind, RouteScope};

use crate::{
    account, admin_invitation, assets, choose, complete, connect, consent, flow, invitation,
    logout, missing, preview, recover, set_password, setup, sign_in, sign_up, theme, upstream,
    verify,
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
    routes.extend(account_pages());
    routes.extend(sign_up_pages());
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
        page("GET", "/complete/sent", || actix::to(complete::done)),
        page("GET", "/complete/{pending}", || actix::to(complete::show)).needs(Permission::Browser),
        page("POST", "/complete/{pending}", || actix::to(complete::submit))
            .needs(Permission::Browser),
        page("GET", "/connect/{pending}", || actix::to(connect::show)).needs(Permission::Browser),
        page("POST", "/connect/{pending}", || actix::to(connect::submit))
            .needs(Permission::Browser),
        page("GET", "/connect/mail/{token}", || actix::to(connect::mail::show))
            .needs(Permission::Browser),
        page("POST", "/connect/mail/{token}", || actix::to(connect::mail::submit))
            .needs(Permission::Browser),
    ]
}

/// The pages of whoever is signed in.
fn account_pages() -> Vec<Route> {
    use account::{applications, email, home, identities, password, profile, sessions};
    let pages = vec![
        page("GET", "/account", || actix::to(home::show)),
        page("GET", "/account/profile", || actix::to(profile::show)),
        page("POST", "/account/profile", || actix::to(profile::submit)),
        page("GET", "/account/email", || actix::to(email::show)),
        page("POST", "/account/email", || actix::to(email::submit)),
        page("GET", "/account/email/confirm/{token}", || actix::to(email::link)),
        page("POST", "/account/email/confirm/{token}", || actix::to(email::confirm)),
        page("GET", "/account/password", || actix::to(password::show)),
        page("POST", "/account/password", || actix::to(password::submit)),
        page("GET", "/account/identities", || actix::to(identities::show)),
        page("POST", "/account/identities/link", || actix::to(identities::link)),
        page("POST", "/account/identities/unlink", || actix::to(identities::unlink)),
        page("GET", "/account/sessions", || actix::to(sessions::show)),
        page("POST", "/account/sessions", || actix::to(sessions::end)),
        page("GET", "/account/applications", || actix::to(applications::show)),
        page("POST", "/account/applications", || actix::to(applications::remove)),
    ];
    pages.into_iter().map(|route| route.needs(Permission::Browser)).collect()
}

/// Pages of people who have no account yet, or only a link.
fn sign_up_pages() -> Vec<Route> {
    vec![
        page("GET", "/.well-known/change-password", || actix::to(account::password::well_known)),
        page("GET", "/undo-email/{token}", || actix::to(account::undo::show)),
        page("POST", "/undo-email/{token}", || actix::to(account::undo::submit)),
        page("GET", "/signup", || actix::to(sign_up::show)),
        page("POST", "/signup", || actix::to(sign_up::submit)),
        page("GET", "/signup/sent", || actix::to(sign_up::done)),
        page("GET", "/verify/done", || actix::to(verify::done)),
        page("GET", "/verify/{token}", || actix::to(verify::show)),
        page("POST", "/verify/{token}", || actix::to(verify::submit)),
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
        page("GET", "/profile/{tx}", || actix::to(missing::show)).needs(Permission::Browser),
        page("POST", "/profile/{tx}", || actix::to(missing::submit)).needs(Permission::Browser),
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
