//! The endpoints through the whole pipeline over a real database. Flows with a person in them are
//! black-box tests of the whole server.

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use context::Addressing;
use directory::applications::Created;
use protocol::form::encode;
use protocol::redirect_uri::ApplicationType;
use serde_json::Value;
use web::testing::{Answer, Fixture, get, post};

const HOST: &str = "id.example.com";
const ISSUER: &str = "https://id.example.com/t/acme";
const REDIRECT: &str = "https://app.test/cb";

fn fixture() -> Fixture {
    Fixture::new("https://id.example.com", Addressing::Path)
}

async fn send(fixture: &Fixture, request: TestRequest) -> Answer {
    fixture.send(&crate::routes(), request).await
}

fn form(path: &str, body: &str) -> TestRequest {
    post(HOST, &format!("/t/acme{path}"), body)
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body))
}

fn basic(created: &Created, secret: &str) -> (header::HeaderName, String) {
    let pair = STANDARD.encode(format!("{}:{secret}", created.row.id));
    (header::AUTHORIZATION, format!("Basic {pair}"))
}

fn secret(created: &Created) -> String {
    created.secret.as_ref().expect("a secret").expose().to_owned()
}

fn query(created: &Created, more: &str) -> String {
    format!(
        "response_type=code&client_id={}&redirect_uri={}&scope=openid&state=s+1&code_challenge={}\
         &code_challenge_method=S256{more}",
        created.row.id,
        encode(REDIRECT),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    )
}

#[actix_web::test]
async fn a_machine_gets_its_token_from_memory_the_second_time() {
    let fixture = fixture();
    let machine = fixture.application(ApplicationType::Machine, &[]);
    let secret = secret(&machine);
    let ask = || form("/oauth/token", "grant_type=client_credentials");
    let first = send(&fixture, ask().insert_header(basic(&machine, &secret))).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(json(&first)["token_type"], "Bearer");
    assert_eq!((first.header("cache-control"), first.header("pragma")), ("no-store", "no-cache"));
    let before = fixture.state.runner.stats().done;
    let again = send(&fixture, ask().insert_header(basic(&machine, &secret))).await;
    assert_eq!(again.status, 200);
    assert_eq!(fixture.state.runner.stats().done, before, "answered on the worker");
}

#[actix_web::test]
async fn rfc6749_5_2_a_wrong_secret_is_answered_by_its_transport() {
    let fixture = fixture();
    let machine = fixture.application(ApplicationType::Machine, &[]);
    let grant = "grant_type=client_credentials";
    let by_header = form("/oauth/token", grant).insert_header(basic(&machine, "ts_wrong"));
    let answer = send(&fixture, by_header).await;
    assert_eq!((answer.status, &json(&answer)["error"]), (401, &Value::from("invalid_client")));
    assert!(answer.header("www-authenticate").starts_with("Basic realm=\"https://id.example.com"));
    let body = format!("{grant}&client_id={}&client_secret=ts_wrong", machine.row.id);
    let answer = send(&fixture, form("/connect/token", &body)).await;
    assert_eq!((answer.status, &json(&answer)["error"]), (400, &Value::from("invalid_client")));
    assert_eq!(answer.header("www-authenticate"), "");
    let magic = form("/oauth/token", "grant_type=magic");
    let magic = send(&fixture, magic.insert_header(basic(&machine, &secret(&machine)))).await;
    assert_eq!(json(&magic)["error"], "unsupported_grant_type");
}

#[actix_web::test]
async fn authorize_begins_a_flow_in_this_browser_and_writes_nothing() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT]);
    let path = format!("/t/acme/authorize?{}", query(&app, ""));
    let before = fixture.state.ctx.db.counters().write_transactions;
    let answer = send(&fixture, get(HOST, &path)).await;
    assert_eq!(answer.status, 302, "{}", answer.body);
    assert!(answer.header("location").starts_with(&format!("{ISSUER}/login/")));
    assert!(answer.header("set-cookie").starts_with("__Host-bid-"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(fixture.state.ctx.db.counters().write_transactions, before);
    let silent = format!("/t/acme/oauth2/authorize?{}", query(&app, "&prompt=none"));
    let answer = send(&fixture, get(HOST, &silent)).await;
    let location = answer.header("location");
    assert!(location.starts_with("https://app.test/cb?error=login_required"), "{location}");
    assert!(
        location.contains(&format!("&iss={}", encode(ISSUER))) && location.contains("&state=s%201")
    );
}

#[actix_web::test]
async fn r4_nothing_redirects_before_the_redirect_uri_is_known() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT, "https://app.test/other"]);
    let evil = query(&app, "").replace("app.test", "evil.test");
    let twice = query(&app, "&state=again");
    let unknown = query(&app, "").replace("client_id=app_", "client_id=app_x");
    for query in [evil, twice, unknown, String::new()] {
        let answer = send(&fixture, get(HOST, &format!("/t/acme/authorize?{query}"))).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{query}");
        assert!(answer.body.contains("req_") && answer.body.contains("<html"));
    }
}

#[actix_web::test]
async fn a_cross_site_post_is_brought_home_first() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT]);
    let cross = |body: &str| {
        form("/authorize", body)
            .insert_header(("Sec-Fetch-Site", "cross-site"))
            .insert_header((header::ORIGIN, "https://app.test"))
    };
    let answer = send(&fixture, cross(&query(&app, ""))).await;
    assert_eq!(answer.status, 303);
    assert!(
        answer.header("location").starts_with(&format!("{ISSUER}/authorize?response_type=code"))
    );
    assert_eq!(answer.header("set-cookie"), "", "a cookie here would replace the browser's own");
    let long = query(&app, &format!("&claims={}", "x".repeat(9000)));
    let answer = send(&fixture, cross(&long)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains(&format!("action=\"{ISSUER}/authorize\"")));
    assert!(answer.header("content-security-policy").contains("'nonce-"));
    let same =
        form("/authorize", &query(&app, "")).insert_header(("Sec-Fetch-Site", "same-origin"));
    let answer = send(&fixture, same).await;
    assert_eq!(answer.status, 303);
    assert!(answer.header("location").starts_with(&format!("{ISSUER}/login/")));
}

#[actix_web::test]
async fn form_post_answers_are_a_page_that_may_post_to_the_application() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT]);
    let more = "&response_mode=form_post&prompt=none&state=%22%3E%3Cscript%3E";
    let query = query(&app, more).replace("&state=s+1", "");
    let answer = send(&fixture, get(HOST, &format!("/t/acme/authorize?{query}"))).await;
    assert_eq!(answer.status, 200);
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.test;"), "{policy}");
    assert!(answer.body.contains("action=\"https://app.test/cb\""));
    assert!(answer.body.contains("value=\"login_required\""));
    assert!(!answer.body.contains("\"><script>"), "{}", answer.body);
}

#[actix_web::test]
async fn rfc6750_3_userinfo_challenges() {
    let fixture = fixture();
    let bare = send(&fixture, get(HOST, "/t/acme/userinfo?access_token=abc")).await;
    assert_eq!(bare.status, 401);
    assert_eq!(bare.header("www-authenticate"), format!("Bearer realm=\"{ISSUER}\""));
    let wrong = get(HOST, "/t/acme/oauth/me").insert_header((header::AUTHORIZATION, "Bearer abc"));
    let wrong = send(&fixture, wrong).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("www-authenticate").contains("error=\"invalid_token\""));
    assert_eq!(send(&fixture, form("/userinfo", "access_token=abc")).await.status, 401);
}

#[actix_web::test]
async fn unknown_tokens_are_inactive_and_revoking_them_is_no_error() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT]);
    let secret = secret(&app);
    let ask = |path, body| form(path, body).insert_header(basic(&app, &secret));
    let answer = send(&fixture, ask("/oauth/introspect", "token=abc")).await;
    assert_eq!((answer.status, json(&answer)), (200, serde_json::json!({ "active": false })));
    let answer = send(&fixture, ask("/oauth/revoke", "token=abc")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let answer = send(&fixture, ask("/oauth/revoke", "")).await;
    assert_eq!((answer.status, &json(&answer)["error"]), (400, &Value::from("invalid_request")));
    let answer = send(&fixture, form("/oauth/introspect", "token=abc")).await;
    assert_eq!((answer.status, &json(&answer)["error"]), (400, &Value::from("invalid_client")));
}

#[actix_web::test]
async fn b3_6_who_cannot_prove_itself_learns_that_before_anything_else() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT]);
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        for body in ["", "grant_type=magic", "unknown=1"] {
            let answer = send(&fixture, form(path, body).insert_header(basic(&app, "ts_x"))).await;
            assert_eq!(answer.status, 401, "{path} {body}");
            assert_eq!(json(&answer)["error"], "invalid_client");
            let good = form(path, body).insert_header(basic(&app, &secret(&app)));
            assert_eq!(send(&fixture, good).await.status, 400, "{path} {body}");
        }
    }
}

#[actix_web::test]
async fn a_long_token_may_be_asked_about_but_not_redeemed() {
    let fixture = fixture();
    let app = fixture.application(ApplicationType::Web, &[REDIRECT]);
    let ask =
        |path: &str, body: String| form(path, &body).insert_header(basic(&app, &secret(&app)));
    let long = "a".repeat(24_000);
    let answer = send(&fixture, ask("/oauth/introspect", format!("token={long}"))).await;
    assert_eq!((answer.status, json(&answer)), (200, serde_json::json!({ "active": false })));
    let code = format!("grant_type=authorization_code&code={long}");
    assert_eq!(send(&fixture, ask("/oauth/token", code)).await.status, 413);
}

#[actix_web::test]
async fn documents_are_public_tagged_and_cached() {
    let fixture = fixture();
    for path in [
        "/t/acme/.well-known/openid-configuration",
        "/t/acme/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/t/acme",
        "/t/acme/jwks",
    ] {
        let answer = send(&fixture, get(HOST, path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("cache-control").contains("max-age"));
        let tag = answer.header("etag").to_owned();
        let again =
            send(&fixture, get(HOST, path).insert_header((header::IF_NONE_MATCH, tag))).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""));
    }
    let put = TestRequest::default().method(Method::PUT).uri("/t/acme/jwks");
    let put = send(&fixture, put.insert_header((header::HOST, HOST))).await;
    assert_eq!((put.status, put.header("allow")), (405, "GET, HEAD, OPTIONS"));
}
