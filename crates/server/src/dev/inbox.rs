//! The inbox of `tessera dev`: where mails end when no mail server is set up. A page for people
//! and, for programs that ask for JSON, a list. What a mail holds is shown in a sandbox.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use context::Ctx;
use serde_json::{Value, json};
use store::{Error, Timestamp};
use web::headers::{self, PageHeaders};
use web::views::Frame;
use web::{Face, Fault, Route, RouteKind, RouteScope, State, page};

use crate::cli::moment;
use crate::mail::Captured;

/// So many mails are shown.
const SHOWN: i64 = 200;
/// So many go in one write when it is emptied.
const CHUNK: i64 = 400;

/// A mail with its id.
struct Mail {
    id: String,
    when: String,
    is: Captured,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct List {
    frame: Frame,
    mails: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "inbox_mail.html")]
struct One {
    frame: Frame,
    mail: Mail,
}

/// The pages of the inbox.
pub fn routes() -> Vec<Route> {
    let row = |method, path, handler| {
        Route::new(method, path, Face::Server, RouteKind::Page, handler).at(RouteScope::System)
    };
    vec![
        row("GET", "/dev/inbox", || actix::to(list)),
        row("POST", "/dev/inbox/clear", || actix::to(clear)),
        row("GET", "/dev/inbox/{mail}", || actix::to(show)),
        row("GET", "/dev/inbox/{mail}/html", || actix::to(html)),
    ]
}

fn read(ctx: &Ctx) -> Result<Vec<Mail>, Error> {
    let rows = ctx.db.system_read(|tx| tx.list_inbox(SHOWN))?;
    let opened = rows.into_iter().filter_map(|row| {
        let is = Captured::open(ctx, &row.tenant, &row.id, &row.sealed)?;
        Some(Mail { id: row.id.to_string(), when: moment(Timestamp(is.at)), is })
    });
    Ok(opened.collect())
}

async fn mails(state: &State) -> Result<Vec<Mail>, Fault> {
    Ok(web::run(state, "dev", read).await??)
}

async fn find(state: &State, req: &HttpRequest) -> Result<Mail, Fault> {
    let id = req.match_info().get("mail").unwrap_or_default();
    let found = mails(state).await?.into_iter().find(|mail| mail.id == id);
    found.ok_or_else(Fault::not_found)
}

async fn list(state: actix::Data<State>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let mails = mails(&state).await?;
    let accept = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/json")) {
        let all: Vec<Value> = mails.iter().map(told).collect();
        return Ok(HttpResponse::Ok().json(all));
    }
    page::ok(&List { frame: page::installation_frame(&state.ctx.settings), mails })
}

fn told(mail: &Mail) -> Value {
    json!({
        "id": mail.id,
        "at": mail.when,
        "from": mail.is.from,
        "to": mail.is.to,
        "subject": mail.is.subject,
        "text": mail.is.text,
        "html": mail.is.html,
        "links": mail.is.links,
        "template": mail.is.template,
        "language": mail.is.language,
    })
}

async fn show(state: actix::Data<State>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let mail = find(&state, &req).await?;
    let page = One { frame: page::installation_frame(&state.ctx.settings), mail };
    page::html(StatusCode::OK, &page, &PageHeaders::default().with_frames())
}

async fn html(state: actix::Data<State>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let body = find(&state, &req).await?.is.html;
    let mut answer = HttpResponse::Ok().content_type("text/html; charset=utf-8").body(body);
    headers::preview(answer.headers_mut());
    Ok(answer)
}

async fn clear(state: actix::Data<State>) -> Result<HttpResponse, Fault> {
    web::run(&state, "dev", |ctx| {
        while ctx.db.system_write(|tx| tx.clear_inbox(CHUNK))? > 0 {}
        Ok::<_, Error>(())
    })
    .await??;
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/dev/inbox")).finish())
}
