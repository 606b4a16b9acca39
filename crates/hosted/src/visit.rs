//! What every handler here works with: the tenant, the browser and the request in one extractor.
//!
//! Owns what each page has in common: its frame, the token of its form, the cookie of a new browser
//! id, and the way onto the bounded threads. Decides nothing.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use context::{Ctx, Tenant};
use directory::Actor;
use issuer::Browser;
use protocol::Params;
use protocol::form::append_query;
use web::csrf::{self, CsrfError};
use web::headers::PageHeaders;
use web::views::Frame;
use web::{Fault, State, TenantAt, Visitor, page};

/// One request of a browser at a tenant's page.
pub(crate) struct Visit {
    pub state: Data<State>,
    pub tenant: Arc<Tenant>,
    pub visitor: Visitor,
    pub req: HttpRequest,
}

impl Visit {
    /// A segment of the path, such as `tx`.
    pub fn segment(&self, name: &str) -> String {
        self.req.match_info().get(name).unwrap_or_default().to_owned()
    }

    /// A parameter of the query of one of our own links.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = Params::parse(self.req.query_string().as_bytes()).ok()?;
        query.get(name).map(str::to_owned)
    }

    /// The sealed flow that the address names, in its path or beside it; empty for none.
    pub fn tx(&self) -> String {
        match self.segment("tx") {
            tx if tx.is_empty() => self.query("tx").unwrap_or_default(),
            tx => tx,
        }
    }

    /// The path of a page beside the flow that the address names.
    pub fn beside_path(&self, page: &str) -> String {
        match self.tx() {
            tx if tx.is_empty() => self.path(page),
            tx => append_query(&self.path(page), &[("tx", &tx)]),
        }
    }

    /// The way somebody last got in from this browser.
    pub fn way(&self) -> Option<String> {
        self.visitor.jar.way(self.req.headers())
    }

    /// Somebody at this browser, as commands know them.
    pub fn actor(&self) -> Actor {
        Actor::visitor(&self.visitor.browser.request, &self.visitor.browser.ip)
    }

    /// The path of one of the tenant's pages, for links and forms: `path` begins with a slash.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.tenant.path())
    }

    /// The path of a page of the flow that the address names.
    pub fn flow_path(&self, page: &str) -> String {
        self.path(&format!("/{page}/{}", self.tx()))
    }

    /// The address of one of the tenant's pages, for redirects.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.tenant.issuer)
    }

    /// The frame of the tenant's pages.
    pub fn frame(&self) -> Frame {
        page::frame(&self.tenant)
    }

    /// Runs a use case on the bounded threads.
    ///
    /// # Errors
    /// 503 when they are busy.
    pub async fn ask<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Ctx, &Arc<Tenant>, &Browser) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (tenant, browser) = (Arc::clone(&self.tenant), self.visitor.browser.clone());
        let key = tenant.id.as_str().to_owned();
        Ok(web::run(&self.state, &key, move |ctx| f(ctx, &tenant, &browser)).await?)
    }

    /// The token of a form. It belongs to the tenant, this browser, the form, and what the form is
    /// about: a flow or a link.
    pub fn token(&self, form: &str, about: &str) -> String {
        csrf::token(&self.state, &self.parts(form, about))
    }

    /// Whether a form carries its token. `false`: it was sent from our page, but the token is an old
    /// one; the page may be shown again with what was typed.
    ///
    /// # Errors
    /// 403 for a form that another site sent.
    pub fn genuine(&self, sent: &Params, form: &str, about: &str) -> Result<bool, Fault> {
        let (headers, origin) = (self.req.headers(), self.tenant.origin());
        match csrf::check(&self.state, headers, origin, sent, &self.parts(form, about)) {
            Ok(()) => Ok(true),
            Err(CsrfError::Token) => Ok(false),
            Err(CsrfError::CrossSite) => Err(Fault::csrf()),
        }
    }

    fn parts<'a>(&'a self, form: &'a str, about: &'a str) -> [&'a [u8]; 4] {
        let (tenant, browser) = (self.tenant.id.as_str(), self.visitor.browser.bid.as_str());
        [tenant.as_bytes(), browser.as_bytes(), form.as_bytes(), about.as_bytes()]
    }

    /// A page of ours. `form_action` are the places beside us where its form may end.
    ///
    /// # Errors
    /// 500 when the template cannot be rendered.
    pub fn page<T: Template>(
        &self,
        status: StatusCode,
        page: &T,
        form_action: Vec<String>,
    ) -> Result<HttpResponse, Fault> {
        let headers = PageHeaders { form_action, ..PageHeaders::default() };
        Ok(self.dressed(page::html(status, page, &headers)?))
    }

    /// A redirect that is followed with GET.
    ///
    /// # Errors
    /// 500 when `url` cannot stand in a header.
    pub fn redirect(&self, url: &str) -> Result<HttpResponse, Fault> {
        Ok(self.dressed(page::redirect(&self.req, url)?))
    }

    /// The answer with the cookie of a new browser id, if this browser had none.
    pub fn dressed(&self, mut response: HttpResponse) -> HttpResponse {
        self.visitor.dress(&mut response);
        response
    }
}

impl FromRequest for Visit {
    type Error = Fault;
    type Future = Ready<Result<Visit, Fault>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let at = TenantAt::from_request(req, payload).into_inner();
        let visitor = Visitor::from_request(req, payload).into_inner();
        let state = req.app_data::<Data<State>>().cloned();
        ready(match (at, visitor, state) {
            (Ok(at), Ok(visitor), Some(state)) => {
                Ok(Visit { state, tenant: at.tenant, visitor, req: req.clone() })
            }
            (Err(fault), _, _) | (_, Err(fault), _) => Err(fault),
            (_, _, None) => Err(Fault::internal("no state")),
        })
    }
}
