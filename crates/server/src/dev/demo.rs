//! The demo application of `tessera dev`: a public client with PKCE, as small as an application
//! can be, that shows what it was given. It keeps what it got in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::{Ctx, TenantAddress};
use protocol::client_auth::Presented;
use protocol::form::append_query;
use protocol::pkce::Challenge;
use protocol::token_request::TokenRequest;
use serde::{Deserialize, Serialize};
use vault::Purpose;
use web::views::Frame;
use web::{Face, Fault, QueryParams, Route, RouteKind, RouteScope, State, page};

use super::seed::Seeded;

const COOKIE: &str = "demo";
const KEPT: usize = 100;

/// What the demo application knows of itself.
struct Demo {
    seeded: Seeded,
    sessions: Mutex<VecDeque<(String, Arc<Session>)>>,
}

static DEMO: OnceLock<Demo> = OnceLock::new();

/// Makes the demo application known to its pages.
pub fn install(seeded: Seeded) {
    let _ = DEMO.set(Demo { seeded, sessions: Mutex::default() });
}

/// Somebody signed in to the demo application.
struct Session {
    name: String,
    id_token: String,
    claims: String,
    userinfo: String,
    tokens: Vec<(&'static str, String)>,
}

/// What waits for the answer of the tenant.
#[derive(Serialize, Deserialize)]
struct Pending {
    state: String,
    verifier: String,
}

#[derive(Template)]
#[template(path = "demo.html")]
struct DemoPage {
    frame: Frame,
    session: Option<Arc<Session>>,
    console: String,
    sign_out: String,
    people: Vec<(String, String)>,
    operator: (String, String),
}

/// The pages of the demo application.
pub fn routes() -> Vec<Route> {
    let get = |path, handler| {
        Route::new("GET", path, Face::Server, RouteKind::Page, handler).at(RouteScope::System)
    };
    vec![
        get("/demo", || actix::to(show)),
        get("/demo/login", || actix::to(login)),
        get("/demo/callback", || actix::to(callback)),
        get("/dev/counters", || actix::to(counters)),
    ]
}

fn demo() -> Result<&'static Demo, Fault> {
    DEMO.get().ok_or_else(Fault::not_found)
}

/// What the database was asked since the start, for tests that count it.
async fn counters(state: actix::Data<State>) -> HttpResponse {
    let counters = state.ctx.db.counters();
    HttpResponse::Ok().json(serde_json::json!({
        "write_transactions": counters.write_transactions,
        "statements": counters.statements,
        "commits": counters.commits,
    }))
}

async fn show(state: actix::Data<State>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let demo = demo()?;
    let session = req.cookie(COOKIE).and_then(|cookie| find(demo, cookie.value()));
    let settings = &state.ctx.settings;
    let issuer = settings.issuer(&demo.seeded.tenant, None);
    let hint = session.as_ref().map_or("", |s| s.id_token.as_str());
    let back = format!("{}/demo", settings.base_url);
    let people = demo.seeded.users.iter().map(|u| (u.email.clone(), u.password.clone()));
    page::ok(&DemoPage {
        frame: page::installation_frame(settings),
        sign_out: append_query(
            &format!("{issuer}/logout"),
            &[("id_token_hint", hint), ("post_logout_redirect_uri", &back)],
        ),
        session,
        console: settings.console_url(),
        people: people.collect(),
        operator: (demo.seeded.operator.email.clone(), demo.seeded.operator.password.clone()),
    })
}

async fn login(state: actix::Data<State>) -> Result<HttpResponse, Fault> {
    let demo = demo()?;
    let ctx = &state.ctx;
    let pending = Pending { state: random(ctx), verifier: random(ctx) };
    let challenge = Challenge::of_verifier(&pending.verifier);
    let base = &ctx.settings.base_url;
    let to = append_query(
        &format!("{}/authorize", ctx.settings.issuer(&demo.seeded.tenant, None)),
        &[
            ("response_type", "code"),
            ("client_id", &demo.seeded.demo_application),
            ("redirect_uri", &format!("{base}/demo/callback")),
            ("scope", "openid profile email address phone offline_access"),
            ("state", &pending.state),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ],
    );
    let plain = serde_json::to_vec(&pending).map_err(Fault::internal)?;
    let sealed = ctx.vault.seal_text(Purpose::Cookie, "", b"demo", ctx.now_s(), &plain);
    let mut answer = HttpResponse::SeeOther().insert_header(("Location", to)).finish();
    answer.add_cookie(&cookie("demo-pending", sealed)).map_err(Fault::internal)?;
    Ok(answer)
}

async fn callback(
    state: actix::Data<State>,
    req: HttpRequest,
    query: QueryParams,
) -> Result<HttpResponse, Fault> {
    let demo = demo()?;
    let home = || HttpResponse::SeeOther().insert_header(("Location", "/demo")).finish();
    let Some(pending) = req.cookie("demo-pending").and_then(|c| open(&state.ctx, c.value())) else {
        return Ok(home());
    };
    let (Some(code), Some(sent)) = (query.0.get("code"), query.0.get("state")) else {
        return Ok(home());
    };
    if sent != pending.state {
        return Ok(home());
    }
    let code = code.to_owned();
    let redeemed = web::run(&state, "demo", move |ctx| redeem(ctx, demo, code, pending)).await??;
    let id = random(&state.ctx);
    keep(demo, id.clone(), redeemed);
    let mut answer = home();
    answer.add_cookie(&cookie(COOKIE, id)).map_err(Fault::internal)?;
    Ok(answer)
}

fn redeem(ctx: &Ctx, demo: &Demo, code: String, pending: Pending) -> Result<Session, Fault> {
    let at = TenantAddress::Slug(demo.seeded.tenant.clone());
    let tenant = ctx.snapshots.tenant(ctx, &at)?.ok_or_else(Fault::not_found)?;
    let presented = Presented::None { client_id: demo.seeded.demo_application.clone() };
    let request = TokenRequest::AuthorizationCode {
        code,
        redirect_uri: Some(format!("{}/demo/callback", ctx.settings.base_url)),
        verifier: Some(pending.verifier),
        audience: None,
    };
    let support = store::RequestId::new(ctx.now(), ctx.vault.random());
    let answer =
        issuer::token_requests::exchange(ctx, &tenant, &presented, request, support.as_str())
            .map_err(Fault::internal)?;
    let userinfo =
        issuer::userinfo::answer(ctx, &tenant, &answer.access_token).map_err(Fault::internal)?;
    let id_token = answer.id_token.unwrap_or_default();
    let claims = payload(&id_token);
    let name = claims.get("name").and_then(|n| n.as_str()).unwrap_or("you").to_owned();
    Ok(Session {
        name,
        claims: pretty(&claims),
        userinfo: pretty(&userinfo),
        tokens: vec![
            ("id_token", id_token.clone()),
            ("access_token", answer.access_token),
            ("refresh_token", answer.refresh_token.unwrap_or_default()),
        ],
        id_token,
    })
}

/// The claims of a token that came straight from its issuer.
fn payload(token: &str) -> serde_json::Map<String, serde_json::Value> {
    let middle = token.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(middle).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn pretty(claims: &serde_json::Map<String, serde_json::Value>) -> String {
    serde_json::to_string_pretty(claims).unwrap_or_default()
}

fn find(demo: &Demo, id: &str) -> Option<Arc<Session>> {
    let sessions = demo.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    sessions.iter().find(|(known, _)| known == id).map(|(_, session)| Arc::clone(session))
}

fn keep(demo: &Demo, id: String, session: Session) {
    let mut sessions = demo.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    if sessions.len() >= KEPT {
        sessions.pop_front();
    }
    sessions.push_back((id, Arc::new(session)));
}

fn open(ctx: &Ctx, sealed: &str) -> Option<Pending> {
    let plain = ctx.vault.open_text(Purpose::Cookie, "", b"demo", sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/demo").http_only(true).same_site(SameSite::Lax).finish()
}

fn random(ctx: &Ctx) -> String {
    let mut bytes = [0u8; 32];
    ctx.vault.random().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
