//! `openidconnect` speaks to providers through here: its requests go out through `outbound`, with
//! its limits and its address guard, and what came back is remembered for whoever has to say what
//! went wrong.

use std::sync::{Mutex, PoisonError};

use openidconnect::http::{Response as HttpAnswer, header};
use openidconnect::{HttpRequest, HttpResponse};
use outbound::{Budget, Limits, Method, Outbound, OutboundError, Request, Response};

/// Longest answer of a token endpoint, in bytes.
const TOKEN_ANSWER: usize = 128 << 10;

/// A client of `openidconnect`, for requests that share a budget of time.
pub(crate) struct Wire<'a> {
    outbound: &'a Outbound,
    budget: Budget,
    last: Mutex<Option<Result<Response, OutboundError>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the provider was not reached")]
pub(crate) struct NotReached;

impl<'a> Wire<'a> {
    pub(crate) fn new(outbound: &'a Outbound, budget: Budget) -> Wire<'a> {
        Wire { outbound, budget, last: Mutex::new(None) }
    }

    /// What the last request came to.
    pub(crate) fn take(&self) -> Option<Result<Response, OutboundError>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) async fn call(&self, request: HttpRequest) -> Result<HttpResponse, NotReached> {
        let answer = self.outbound.send(self.translated(request)).await;
        let given = answer.as_ref().ok().and_then(given);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        given.ok_or(NotReached)
    }

    fn translated(&self, request: HttpRequest) -> Request {
        let (parts, body) = request.into_parts();
        let limits = Limits { body: TOKEN_ANSWER, ..Limits::default() };
        let mut ours = Request::new(Method::Post, parts.uri.to_string());
        for (name, value) in &parts.headers {
            if let Ok(value) = value.to_str() {
                ours = ours.header(name.as_str(), value);
            }
        }
        ours.body = Some(body);
        ours.limits(limits).budget(self.budget)
    }
}

fn given(answer: &Response) -> Option<HttpResponse> {
    let mut given = HttpAnswer::builder().status(answer.status);
    if let Some(kind) = answer.header("content-type") {
        given = given.header(header::CONTENT_TYPE, kind);
    }
    given.body(answer.body.clone()).ok()
}
