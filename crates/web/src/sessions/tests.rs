//! The console's session over its row: adopted, loaded, ended, and never brought back.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::test::TestRequest;
use actix_web::web::{self, Data, Path};
use context::Addressing;
use store::users::UserRow;

use super::*;
use crate::testing::{Answer, Fixture, get};
use crate::{Face, Route, RouteKind, RouteScope};

async fn begin(session: Session, token: Path<String>) -> HttpResponse {
    ConsoleSession::begin(&session, &token);
    HttpResponse::Ok().finish()
}

async fn who(session: Session) -> HttpResponse {
    let user = ConsoleSession::of(&session).map(|session| session.user.to_string());
    HttpResponse::Ok().body(user.unwrap_or_default())
}

async fn out(session: Session) -> HttpResponse {
    ConsoleSession::end(&session);
    HttpResponse::Ok().finish()
}

async fn stray(session: Session, state: Data<State>) -> HttpResponse {
    assert!(state.ctx.settings.https());
    session.insert("anything", "else").unwrap();
    HttpResponse::Ok().finish()
}

fn routes() -> Vec<Route> {
    let page = |path, handler| {
        Route::new("GET", path, Face::Console, RouteKind::Page, handler).at(RouteScope::System)
    };
    vec![
        page("/console/begin/{token}", || web::to(begin)),
        page("/console", || web::to(who)),
        page("/console/out", || web::to(out)),
        page("/console/stray", || web::to(stray)),
    ]
}

fn fixture() -> Fixture {
    Fixture::new("https://id.example.com", Addressing::Path)
}

async fn send(fixture: &Fixture, path: &str, cookie: &str) -> Answer {
    let mut request: TestRequest = get("id.example.com", path);
    if !cookie.is_empty() {
        request = request.insert_header((header::COOKIE, cookie.to_owned()));
    }
    fixture.send(&routes(), request).await
}

/// The cookie pair that an answer sets.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

/// Commits a user and a console session of theirs; answers the user's id and the token.
fn sign_in(fixture: &Fixture) -> (String, String) {
    let ctx = &fixture.state.ctx;
    directory::setup::ensure_system(ctx).unwrap();
    let (now, random) = (ctx.now(), ctx.vault.random());
    let token = vault::new_session_token(&ctx.vault).expose().to_owned();
    let user = UserRow {
        tenant: TenantId::system(),
        id: UserId::new(now, random),
        email: "ann@example.com".into(),
        email_key: "ann@example.com".into(),
        email_verified: true,
        name: "Ann".into(),
        profile: "{}".into(),
        password: None,
        blocked: false,
        epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
        last_sign_in_at: None,
        name_key: String::new(),
        custom: "{}".into(),
        sources: "{}".into(),
        external_id: None,
    };
    let session = SessionRow {
        tenant: TenantId::system(),
        id: SessionId::new(now, random),
        user_id: user.id.clone(),
        kind: CONSOLE_KIND.into(),
        token_hash: session_token_hash(&token).to_vec(),
        amr: "pwd".into(),
        epoch: 1,
        remember: false,
        ip: String::new(),
        user_agent: String::new(),
        created_at: now,
        authenticated_at: now,
        seen_at: now,
        idle_us: 3_600_000_000,
        expires_at: now.plus_seconds(86_400),
        ended_at: None,
        connection: String::new(),
    };
    let write = ctx.db.write(&TenantId::system(), |tx| {
        tx.insert_user(&user)?;
        tx.insert_session(&session)
    });
    write.unwrap();
    (user.id.to_string(), token)
}

#[actix_web::test]
async fn a_committed_token_is_adopted_and_found_again() {
    let fixture = fixture();
    let (user, token) = sign_in(&fixture);
    let begun = send(&fixture, &format!("/console/begin/{token}"), "").await;
    let line = begun.header("set-cookie").to_owned();
    assert!(line.starts_with("__Host-console=") && line.contains("HttpOnly"), "{line}");
    assert!(line.contains("Secure") && line.contains("SameSite=Lax"), "{line}");
    let pair = cookie(&begun);
    assert_eq!(send(&fixture, "/console", &pair).await.body, user);
    let middle = pair.len() - 10;
    let other = if &pair[middle..=middle] == "A" { "B" } else { "A" };
    let changed = format!("{}{other}{}", &pair[..middle], &pair[middle + 1..]);
    assert_eq!(send(&fixture, "/console", &changed).await.body, "");
    assert_eq!(send(&fixture, "/console", "").await.body, "");
}

#[actix_web::test]
async fn an_ended_session_is_dead_and_nothing_brings_it_back() {
    let fixture = fixture();
    let (_, token) = sign_in(&fixture);
    let pair = cookie(&send(&fixture, &format!("/console/begin/{token}"), "").await);
    let out = send(&fixture, "/console/out", &pair).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(send(&fixture, "/console", &pair).await.body, "");
    let again = send(&fixture, "/console/stray", &pair).await;
    assert_eq!(again.status, 500, "a session nobody began is not saved");
    assert_eq!(send(&fixture, "/console", &pair).await.body, "");
}

#[actix_web::test]
async fn a_raised_epoch_ends_the_session() {
    let fixture = fixture();
    let (user, token) = sign_in(&fixture);
    let pair = cookie(&send(&fixture, &format!("/console/begin/{token}"), "").await);
    let (ctx, id) = (&fixture.state.ctx, UserId::parse(&user).unwrap());
    ctx.db.write(&TenantId::system(), |tx| tx.raise_user_epoch(&id, ctx.now())).unwrap();
    assert_eq!(send(&fixture, "/console", &pair).await.body, "");
}
