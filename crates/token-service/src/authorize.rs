//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2.1), by GET and by POST.
//!
//! A form posted by another site comes without our cookies (SameSite=Lax), so it is not processed:
//! the browser is sent to the same request at our own address, where it has them. What the request
//! means is decided by `issuer::authorize`.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use context::Tenant;
use issuer::authorize;
use protocol::Params;
use protocol::discovery::paths;
use protocol::form::append_query;
use web::{AllParams, Fault, QueryParams, State, TenantAt, Visitor, next, page};

/// Longest address that a posted request is turned into; a longer one posts itself again from a
/// page of ours.
const MAX_URL: usize = 8 * 1024;

pub(crate) async fn get(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    visitor: Visitor,
    query: QueryParams,
) -> Result<HttpResponse, Fault> {
    start(&req, &state, at, visitor, query.0).await
}

pub(crate) async fn post(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    visitor: Visitor,
    sent: AllParams,
) -> Result<HttpResponse, Fault> {
    if is_cross_site(&req, at.tenant.origin()) {
        return bring_home(&req, &state, &at.tenant, &sent.0);
    }
    start(&req, &state, at, visitor, sent.0).await
}

async fn start(
    req: &HttpRequest,
    state: &State,
    at: TenantAt,
    visitor: Visitor,
    params: Params,
) -> Result<HttpResponse, Fault> {
    let (tenant, browser) = (at.tenant.clone(), visitor.browser.clone());
    let job = move |ctx: &context::Ctx| authorize::start(ctx, &tenant, &params, &browser);
    let decided = web::run(state, at.tenant.id.as_str(), job).await??;
    let mut response = next::answer(state, &at.tenant, req, decided)?;
    visitor.dress(&mut response);
    Ok(response)
}

/// Whether a browser sent this without our cookies. Of a browser that does not tell (no
/// Sec-Fetch-Site), another origin is taken for another site.
fn is_cross_site(req: &HttpRequest, ours: &str) -> bool {
    match req.headers().get("sec-fetch-site") {
        Some(site) => site.as_bytes().eq_ignore_ascii_case(b"cross-site"),
        None => req.headers().get(header::ORIGIN).is_some_and(|from| from != ours),
    }
}

/// 303 to the same request by GET, or a page that posts it again.
fn bring_home(
    req: &HttpRequest,
    state: &State,
    tenant: &Tenant,
    params: &Params,
) -> Result<HttpResponse, Fault> {
    let endpoint = format!("{}{}", tenant.issuer, paths::AUTHORIZE);
    let sent: Vec<(&str, &str)> =
        params.names().filter_map(|name| Some((name, params.get(name)?))).collect();
    let url = append_query(&endpoint, &sent);
    if url.len() <= MAX_URL {
        return page::redirect(req, &url);
    }
    next::form_post(state, tenant, &endpoint, sent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_what_came_without_cookies_is_sent_home() {
        let ours = "https://id.example.com";
        let cross = |headers: &[(&'static str, &'static str)]| {
            let sent =
                headers.iter().fold(TestRequest::post(), |req, pair| req.insert_header(*pair));
            is_cross_site(&sent.to_http_request(), ours)
        };
        assert!(cross(&[("sec-fetch-site", "cross-site"), ("origin", "https://app.test")]));
        assert!(cross(&[("origin", "https://app.test")]));
        assert!(cross(&[("origin", "null")]));
        assert!(!cross(&[("sec-fetch-site", "same-site"), ("origin", "https://x.example.com")]));
        assert!(!cross(&[("sec-fetch-site", "same-origin"), ("origin", "https://id.example.com")]));
        assert!(!cross(&[("origin", "https://id.example.com")]));
        assert!(!cross(&[]));
    }
}
