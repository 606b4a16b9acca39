//! The whole pipeline over a real database: addresses, verbs, faults, headers, limits, CORS.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::test::TestRequest;
use actix_web::web;
use context::Addressing;
use protocol::redirect_uri::ApplicationType;

use super::*;
use crate::routes::{Cors, Face};
use crate::testing::{Answer, Fixture, get, post};
use crate::{AllParams, FormParams, TenantAt};

const BASE: &str = "https://id.example.com";

async fn show(at: TenantAt) -> HttpResponse {
    HttpResponse::Ok().body(format!("page of {}", at.tenant.slug))
}

async fn api(at: TenantAt) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "issuer": at.tenant.issuer }))
}

async fn take(form: FormParams) -> HttpResponse {
    HttpResponse::Ok().body(form.0.get("a").unwrap_or("nothing").to_owned())
}

async fn both(form: AllParams) -> HttpResponse {
    HttpResponse::Ok().body(form.0.get("a").unwrap_or("nothing").to_owned())
}

async fn fall() -> HttpResponse {
    panic!("secret detail")
}

fn routes() -> Vec<Route> {
    use Face::{Console, Hosted, Server, TokenService};
    let api_row = Route::new("GET", "/api", TokenService, RouteKind::Protocol, || web::to(api));
    let token = Route::new("POST", "/token", TokenService, RouteKind::Protocol, || web::to(take))
        .cors(Cors::Registered)
        .limit(16 * 1024);
    vec![
        crate::assets::route(),
        Route::new("GET", "/page", Hosted, RouteKind::Page, || web::to(show)),
        Route::new("POST", "/page", Hosted, RouteKind::Page, || web::to(take)),
        Route::new("POST", "/both", Hosted, RouteKind::Page, || web::to(both)),
        Route::new("GET", "/fall", Hosted, RouteKind::Page, || web::to(fall)),
        api_row.cors(Cors::Public),
        api_row.alias("/.well-known/api/t/{slug}"),
        token,
        token.preflight(),
        Route::new("GET", "/console", Console, RouteKind::Page, || web::to(HttpResponse::Ok))
            .at(RouteScope::System),
        Route::new("GET", "/healthz", Server, RouteKind::Protocol, || web::to(HttpResponse::Ok))
            .at(RouteScope::Installation),
    ]
}

async fn send(fixture: &Fixture, request: TestRequest) -> Answer {
    fixture.send(&routes(), request).await
}

fn by_path() -> Fixture {
    Fixture::new(BASE, Addressing::Path)
}

#[actix_web::test]
async fn a_path_tenant_answers_on_the_base_host_with_its_headers() {
    let fixture = by_path();
    let page = send(&fixture, get("id.example.com", "/t/acme/page")).await;
    assert_eq!((page.status, page.body.as_str()), (200, "page of acme"));
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(page.header("request-id").starts_with("req_"));
    assert!(page.header("strict-transport-security").contains("max-age=31536000"));
    let api = send(&fixture, get("id.example.com", "/t/acme/api")).await;
    assert!(api.body.contains("https://id.example.com/t/acme"));
    assert_eq!(api.header("x-content-type-options"), "nosniff");
    assert_eq!(api.header("access-control-allow-origin"), "*");
    let file = send(&fixture, get("acme.test", &crate::assets::url("hosted.css"))).await;
    assert_eq!(file.status, 200, "on any host");
    assert!(file.header("cache-control").contains("immutable"));
    let inserted = send(&fixture, get("id.example.com", "/.well-known/api/t/acme")).await;
    assert_eq!(inserted.status, 200);
}

#[actix_web::test]
async fn b8_4_at_another_address_pages_move_and_protocol_is_absent() {
    let fixture = Fixture::new(BASE, Addressing::Host);
    fixture.tenant("own", Some("login.own.test"));
    let page = send(&fixture, get("acme.id.example.com", "/page")).await;
    assert_eq!(page.status, 200);
    let moved = send(&fixture, get("id.example.com", "/t/acme/page?a=b%20c")).await;
    assert_eq!(moved.status, 308);
    assert_eq!(moved.header("location"), "https://acme.id.example.com/page?a=b%20c");
    let moved = send(&fixture, get("own.id.example.com", "/page")).await;
    assert_eq!(moved.header("location"), "https://login.own.test/page");
    assert_eq!(send(&fixture, get("id.example.com", "/t/acme/api")).await.status, 404);
    assert_eq!(send(&fixture, get("own.id.example.com", "/api")).await.status, 404);
    assert_eq!(send(&fixture, get("login.own.test", "/api")).await.status, 200);
    assert_eq!(send(&fixture, get("login.own.test", "/t/own/api")).await.status, 404);
}

#[actix_web::test]
async fn b8_3_unknown_hosts_are_misdirected_and_unknown_slugs_not_found() {
    let fixture = by_path();
    for path in ["/page", "/api", "/console", "/nothing"] {
        let answer = send(&fixture, get("evil.test", path)).await;
        assert_eq!(answer.status, 421, "{path}");
    }
    assert_eq!(send(&fixture, get("evil.test", "/healthz")).await.status, 200);
    let without_id = |answer: Answer| {
        let id = answer.header("request-id").to_owned();
        (answer.status, answer.body.replace(&id, "ID"))
    };
    let first = without_id(send(&fixture, get("id.example.com", "/t/nope/page")).await);
    assert_eq!(first.0, 404);
    for path in ["/t/nope-again/page", "/t/ACME/page", "/t/ac_me/page"] {
        assert_eq!(without_id(send(&fixture, get("id.example.com", path)).await), first, "{path}");
    }
}

#[actix_web::test]
async fn b29_forwarded_hosts_count_from_trusted_proxies_only() {
    let fixture = by_path();
    let ask = |peer: &str| {
        get("inner.test", "/t/acme/page")
            .insert_header(("X-Forwarded-Host", "id.example.com"))
            .peer_addr(format!("{peer}:1000").parse().unwrap())
    };
    assert_eq!(send(&fixture, ask("10.1.2.3")).await.status, 200);
    assert_eq!(send(&fixture, ask("11.1.2.3")).await.status, 421);
}

#[actix_web::test]
async fn other_verbs_are_405_with_allow_and_head_is_get() {
    let fixture = by_path();
    let head = TestRequest::default().method(actix_web::http::Method::HEAD);
    let head = head.uri("/t/acme/page").insert_header((header::HOST, "id.example.com"));
    assert_eq!(send(&fixture, head).await.status, 200);
    let delete = TestRequest::delete().uri("/t/acme/page");
    let answer = send(&fixture, delete.insert_header((header::HOST, "id.example.com"))).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD, POST"));
    assert!(answer.body.contains("<html"));
}

#[actix_web::test]
async fn b8_5_other_spellings_of_a_path_are_not_found() {
    let fixture = by_path();
    for path in
        ["/t/acme/%70age", "/t//acme/page", "/t/acme/./page", "/t/acme/page;x", "/t/acme/page."]
    {
        assert_eq!(send(&fixture, get("id.example.com", path)).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn a_panic_is_a_500_page_that_tells_nothing_but_the_request_id() {
    let fixture = by_path();
    let answer = send(&fixture, get("id.example.com", "/t/acme/fall")).await;
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains(answer.header("request-id")));
    assert!(!answer.body.contains("secret detail"));
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
}

#[actix_web::test]
async fn forms_are_bounded_declared_and_without_duplicates() {
    let fixture = by_path();
    let (host, page, token) = ("id.example.com", "/t/acme/page", "/t/acme/token");
    assert_eq!(send(&fixture, post(host, page, "a=b+c")).await.body, "b c");
    assert_eq!(send(&fixture, post(host, page, "a=1&a=2")).await.status, 400);
    assert_eq!(send(&fixture, post(host, page, "a=%ff")).await.status, 400);
    assert_eq!(send(&fixture, post(host, "/t/acme/both?a=1", "a=2")).await.status, 400);
    assert_eq!(send(&fixture, post(host, "/t/acme/both?a=1", "b=2")).await.body, "1");
    let large = format!("a={}", "x".repeat(20_000));
    assert_eq!(send(&fixture, post(host, page, &large)).await.status, 200);
    assert_eq!(send(&fixture, post(host, token, &large)).await.status, 413);
    let huge = format!("a={}", "x".repeat(70_000));
    let answer = send(&fixture, post(host, page, &huge)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("<html"));
    let json = post(host, page, "{}").insert_header((header::CONTENT_TYPE, "application/json"));
    assert_eq!(send(&fixture, json).await.status, 415);
    let json = post(host, token, "{}").insert_header((header::CONTENT_TYPE, "text/plain"));
    let answer = send(&fixture, json).await;
    assert_eq!(answer.status, 400);
    let error: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(error["error"], "invalid_request");
    let description = error["error_description"].as_str().unwrap();
    let support = store::support_code(answer.header("request-id"));
    assert!(description.ends_with(&format!("({support})")), "{description}");
}

#[actix_web::test]
async fn only_origins_of_browser_applications_may_read_token_answers() {
    let fixture = by_path();
    fixture.application(ApplicationType::Spa, &["https://spa.test/cb"]);
    fixture.application(ApplicationType::Web, &["https://web.test/cb"]);
    let host = "id.example.com";
    let options = |origin: &str| {
        TestRequest::default()
            .method(actix_web::http::Method::OPTIONS)
            .uri("/t/acme/token")
            .insert_header((header::HOST, host))
            .insert_header((header::ORIGIN, origin.to_owned()))
    };
    let answer = send(&fixture, options("https://spa.test")).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), "https://spa.test");
    assert!(answer.header("access-control-allow-headers").contains("Authorization"));
    for origin in ["https://web.test", "https://spa.test.evil.test", "null", "http://spa.test"] {
        let answer = send(&fixture, options(origin)).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, ""));
    }
    let bad =
        post(host, "/t/acme/token", "a=1&a=2").insert_header((header::ORIGIN, "https://spa.test"));
    let answer = send(&fixture, bad).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.header("access-control-allow-origin"), "https://spa.test");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[actix_web::test]
async fn a_suspended_tenant_is_not_available() {
    let fixture = by_path();
    let ctx = &fixture.state.ctx;
    let actor = directory::actor::Actor::cli(ctx);
    let tenant = directory::tenants::show(ctx, &actor, "acme").unwrap();
    directory::tenants::set_suspended(ctx, &actor, &tenant.id, true).unwrap();
    let page = send(&fixture, get("id.example.com", "/t/acme/page")).await;
    assert_eq!(page.status, 503);
    assert!(page.body.contains("<html"));
    let api = send(&fixture, get("id.example.com", "/t/acme/api")).await;
    assert_eq!(api.status, 503);
    assert!(api.body.contains("temporarily_unavailable"));
}
