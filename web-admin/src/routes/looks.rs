//! The addresses of what people see when they sign in: branding, ways in, and the same for one
//! application.

use actix_web::web as actix;
use directory::Action;
use web::Route;
use web::upload::UPLOAD_LIMIT;

use super::may;
use crate::{applications, branding, ways};

pub(super) fn routes() -> Vec<Route> {
    use Action::{ApplicationRead, ApplicationUpdate, SignInUpdate, TenantRead};
    use applications::sign_in;
    const BRANDING: &str = "/console/t/{tenant}/branding";
    const WAYS: &str = "/console/t/{tenant}/sign-in";
    const OF_APPLICATION: &str = "/console/t/{tenant}/applications/{id}/sign-in";
    vec![
        may("GET", BRANDING, TenantRead, || actix::to(branding::show)),
        may("POST", BRANDING, SignInUpdate, || actix::to(branding::submit)).limit(UPLOAD_LIMIT),
        may("GET", WAYS, TenantRead, || actix::to(ways::show)),
        may("POST", WAYS, SignInUpdate, || actix::to(ways::submit)),
        may("GET", OF_APPLICATION, ApplicationRead, || actix::to(sign_in::show)),
        may("POST", OF_APPLICATION, ApplicationUpdate, || actix::to(sign_in::submit))
            .limit(UPLOAD_LIMIT),
    ]
}
