//! A request to the console: who is signed in, and how it is answered.
//!
//! `Visit` runs a page's use case on the use-case threads and turns what it answers into HTTP;
//! `Posted` is the same for forms and checks that they came from our own page. Somebody who is not
//! signed in is sent to sign in; a form of theirs is kept and offered again.

mod asking;
mod file;

use std::future::Future;
use std::pin::Pin;

use actix_session::Session;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use context::{Settings, TenantAddress};
use protocol::Params;
use protocol::form::append_query;
use protocol::redirect_uri::form_action_of;
use store::TenantId;
use web::arrival::user_agent;
use web::csrf::{self, CsrfError};
use web::headers::PageHeaders;
use web::sessions::ConsoleSession;
use web::upload::{FileForm, Files};
use web::views::Frame;
use web::{Arrival, Fault, State, cookies, page};

use crate::desk::{Answer, Desk, Facts, InTenant, Outcome, Reply};
use crate::note;
use crate::theme;
use crate::views::Resume;

pub(crate) use asking::Before;
pub(crate) use file::PostedFile;

/// Label of the form tokens of the console.
pub(crate) const FORMS: &[u8] = b"console";

/// Fields that are never put back into a page.
const SECRETS: [&str; 2] = ["client_secret", "password"];

/// A request to the console.
pub(crate) struct Visit {
    pub(crate) state: Data<State>,
    pub(crate) session: Session,
    pub(crate) arrival: Arrival,
    pub(crate) req: HttpRequest,
}

impl FromRequest for Visit {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Visit, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = req.app_data::<Data<State>>().cloned();
        let session = Session::from_request(req, payload).into_inner();
        let arrival = Arrival::from_request(req, payload).into_inner();
        let req = req.clone();
        Box::pin(async move {
            let state = state.ok_or_else(|| Fault::internal("the application has no State"))?;
            let session = session.map_err(Fault::internal)?;
            Ok(Visit { state, session, arrival: arrival?, req })
        })
    }
}

impl Visit {
    pub(crate) fn settings(&self) -> &Settings {
        &self.state.ctx.settings
    }

    /// Who is signed in.
    pub(crate) fn signed_in(&self) -> Option<ConsoleSession> {
        ConsoleSession::of(&self.session)
    }

    /// A part of the path.
    pub(crate) fn segment(&self, name: &str) -> String {
        self.req.match_info().get(name).unwrap_or_default().to_owned()
    }

    pub(crate) fn ip(&self) -> String {
        self.arrival.ip().unwrap_or_default()
    }

    pub(crate) fn user_agent(&self) -> String {
        user_agent(&self.req).unwrap_or_default()
    }

    /// Goes on to another page of the console.
    pub(crate) fn go(&self, path: &str) -> Result<HttpResponse, Fault> {
        page::redirect(&self.req, &format!("{}{path}", self.settings().base_url))
    }

    /// Answers a page of no tenant.
    pub(crate) async fn system(
        self,
        use_case: impl FnOnce(&Desk) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, Fault> {
        let Some(who) = self.signed_in() else { return self.to_sign_in() };
        let facts = self.facts(&who);
        let work = move |ctx: &context::Ctx| Desk::open(ctx, facts, |desk| use_case(&desk));
        let reply = web::run(&self.state, TenantId::system().as_str(), work).await??;
        self.respond(reply)
    }

    /// Answers a page of the tenant in the path. A tenant that somebody may not look into is as
    /// unknown as one that does not exist.
    pub(crate) async fn tenant(
        self,
        use_case: impl FnOnce(&InTenant) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, Fault> {
        let slug = self.segment("tenant");
        self.system(move |desk| desk.in_tenant(&slug, use_case)).await
    }

    fn facts(&self, who: &ConsoleSession) -> Facts {
        let settings = self.settings();
        let sealed = self.req.cookie(note::cookie_name(settings));
        Facts {
            user: who.user.clone(),
            session: who.session.as_str().to_owned(),
            request: self.arrival.request().to_string(),
            permission: self.arrival.permission(),
            ip: self.ip(),
            theme: theme::of(settings, &self.req),
            path: self.req.path().to_owned(),
            query: self.req.query_string().to_owned(),
            note: sealed.map(|cookie| cookie.value().to_owned()).unwrap_or_default(),
        }
    }

    /// Signing in comes back to the page that was asked for.
    fn to_sign_in(&self) -> Result<HttpResponse, Fault> {
        let to = match self.req.query_string() {
            "" => self.req.path().to_owned(),
            query => format!("{}?{query}", self.req.path()),
        };
        match theme::back(&to).as_str() {
            "/console" => self.go("/console/login"),
            to => self.go(&append_query("/console/login", &[("to", to)])),
        }
    }

    fn respond(&self, reply: Reply) -> Result<HttpResponse, Fault> {
        let mut response = match reply.answer {
            Answer::Page(status, html) => self.page(status, html),
            Answer::Go(path) => self.go(&path)?,
            Answer::File(name, body) => file(&name, body),
            Answer::Preview(html) => preview(html),
            Answer::SignedOut => {
                ConsoleSession::end(&self.session);
                self.to_sign_in()?
            }
        };
        if let Some(sealed) = reply.note {
            cookies::set(&mut response, &note::cookie(self.settings(), &sealed));
        }
        Ok(response)
    }

    fn page(&self, status: StatusCode, html: String) -> HttpResponse {
        let mut response =
            HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html);
        self.page_headers().apply(response.headers_mut());
        response
    }

    /// Signing out ends at the system tenant, which may have a host of its own.
    fn page_headers(&self) -> PageHeaders {
        let ctx = &self.state.ctx;
        let system = TenantAddress::Id(TenantId::system());
        let issuer = match ctx.snapshots.cached_tenant(ctx, &system) {
            Some(tenant) => tenant.issuer.clone(),
            None => ctx.settings.issuer("system", None),
        };
        PageHeaders::form_action(form_action_of(&issuer)).with_frames()
    }
}

fn preview(html: String) -> HttpResponse {
    let mut response = HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html);
    web::headers::preview(response.headers_mut());
    response
}

fn file(name: &str, body: String) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}\"");
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Content-Disposition", disposition))
        .body(body)
}

/// A form of the console that was sent from our own page in this session.
pub(crate) struct Posted {
    pub(crate) visit: Visit,
    pub(crate) form: Params,
    /// The files that came with it, if its page takes any.
    pub(crate) files: Files,
    fresh: bool,
}

impl FromRequest for Posted {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Posted, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(req, payload);
        let form = FileForm::from_request(req, payload);
        Box::pin(async move {
            let (visit, FileForm { params: form, files }) = (visit.await?, form.await?);
            Ok(Posted { files, ..Posted::new(visit, form)? })
        })
    }
}

impl Visit {
    fn check(&self, form: &Params) -> Result<(), CsrfError> {
        let session = self.signed_in().map(|who| who.session.as_str().to_owned());
        let parts: [&[u8]; 2] = [FORMS, session.as_deref().unwrap_or_default().as_bytes()];
        csrf::check(&self.state, self.req.headers(), &self.settings().base_url, form, &parts)
    }
}

impl Posted {
    pub(crate) fn new(visit: Visit, form: Params) -> Result<Posted, Fault> {
        let fresh = match visit.check(&form) {
            Ok(()) => visit.signed_in().is_some(),
            Err(CsrfError::Token) => false,
            Err(CsrfError::CrossSite) => return Err(Fault::csrf()),
        };
        Ok(Posted { visit, form, files: Files::default(), fresh })
    }

    /// Whether it was sent in the session that it was shown in.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Answers a form of no tenant.
    pub(crate) async fn system(
        self,
        use_case: impl FnOnce(&Desk, &Params) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, Fault> {
        if !self.fresh {
            return self.keep();
        }
        let form = self.form;
        self.visit.system(move |desk| use_case(desk, &form)).await
    }

    /// Answers a form of the tenant in the path.
    pub(crate) async fn tenant(
        self,
        use_case: impl FnOnce(&InTenant, &Params) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, Fault> {
        if !self.fresh {
            return self.keep();
        }
        let form = self.form;
        self.visit.tenant(move |desk| use_case(desk, &form)).await
    }

    /// The session is over or another one: what was typed is kept in the page and offered again,
    /// with a token of the present session.
    pub(crate) fn keep(self) -> Result<HttpResponse, Fault> {
        let who = self.visit.signed_in();
        let token = who
            .as_ref()
            .map(|who| csrf::token(&self.visit.state, &[FORMS, who.session.as_str().as_bytes()]));
        // What was typed may be shown again, but for what no page ever shows.
        let shown = |name: &&str| *name != csrf::FIELD && !SECRETS.contains(name);
        let fields = self.form.names().filter(shown);
        let field =
            |name: &str| (name.to_owned(), self.form.get(name).unwrap_or_default().to_owned());
        let page = Resume {
            frame: Frame::installation(self.visit.settings().authority()),
            action: self.visit.req.path().to_owned(),
            signed_in: who.is_some(),
            csrf: token.unwrap_or_default(),
            fields: fields.map(field).collect(),
        };
        page::html(StatusCode::FORBIDDEN, &page, &self.visit.page_headers())
    }
}
