//! The browser at a tenant's pages, as an extractor: what it brought along for the issuer, and the
//! cookies it is given.
//!
//! A browser without an id gets one here; the answer has to be dressed for it to be kept. The id
//! ties flows to the browser and proves nothing else.

use std::future::{Ready, ready};

use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use issuer::Browser;
use issuer::login::SignedIn;

use crate::State;
use crate::arrival::{Arrival, user_agent};
use crate::cookies::{self, CookieJar, Sort};
use crate::fault::Fault;
use crate::tenant_at::TenantAt;

/// A browser at a tenant.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What use cases are told about it.
    pub browser: Browser,
    /// Its cookies at this tenant.
    pub jar: CookieJar,
    owed: Vec<Cookie<'static>>,
}

impl Visitor {
    /// Adds the cookie of a new browser id to an answer, if this browser had none.
    pub fn dress(&self, response: &mut HttpResponse) {
        for cookie in &self.owed {
            cookies::set(response, cookie);
        }
    }

    /// Adds the cookies of a sign-in: the session token first among those the browser had, the one
    /// it replaces left out, and the proof that this person signed in from here.
    pub fn signed_in(&self, response: &mut HttpResponse, signed_in: &SignedIn) {
        let kept = |token: &&String| Some(*token) != signed_in.replaces.as_ref();
        let had: Vec<String> = self.browser.tokens.iter().filter(kept).cloned().collect();
        let (token, max_age) = (signed_in.token.expose(), signed_in.max_age_s);
        cookies::set(response, &self.jar.add_session(&had, token, max_age));
        cookies::set(response, &self.jar.add_known(&self.browser.known, &signed_in.known));
    }

    /// Remembers the way somebody got in: the code of a connection, or `password`.
    pub fn got_in_by(&self, response: &mut HttpResponse, way: &str) {
        cookies::set(response, &self.jar.got_in_by(way));
    }

    /// Removes the session cookie from the browser.
    pub fn signed_out(&self, response: &mut HttpResponse) {
        cookies::set(response, &self.jar.remove(Sort::Sessions));
    }

    fn read(state: &State, at: &TenantAt, arrival: &Arrival, req: &HttpRequest) -> Visitor {
        let jar = CookieJar::of(&state.ctx.settings, &at.tenant);
        let headers = req.headers();
        let (bid, owed) = match jar.browser_id(headers) {
            Some(bid) => (bid, Vec::new()),
            None => new_id(state, &jar, headers),
        };
        let browser = Browser {
            bid,
            tokens: jar.sessions(headers),
            known: jar.known(headers),
            request: arrival.request().to_string(),
            ip: arrival.ip().unwrap_or_default(),
            user_agent: user_agent(req).unwrap_or_default(),
        };
        Visitor { browser, jar, owed }
    }
}

fn new_id(state: &State, jar: &CookieJar, headers: &HeaderMap) -> (String, Vec<Cookie<'static>>) {
    let mut bytes = [0u8; 16];
    state.ctx.vault.random().fill(&mut bytes);
    let bid = URL_SAFE_NO_PAD.encode(bytes);
    let mut owed = jar.surplus(headers, Sort::Browser);
    owed.push(jar.browser(&bid));
    (bid, owed)
}

impl FromRequest for Visitor {
    type Error = Fault;
    type Future = Ready<Result<Visitor, Fault>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let at = TenantAt::from_request(req, payload).into_inner();
        let arrival = Arrival::of(req);
        let state = req.app_data::<Data<State>>();
        ready(match (at, arrival, state) {
            (Ok(at), Some(arrival), Some(state)) => Ok(Visitor::read(state, &at, &arrival, req)),
            (Err(fault), _, _) => Err(fault),
            _ => Err(Fault::internal("the edge middleware is missing")),
        })
    }
}
