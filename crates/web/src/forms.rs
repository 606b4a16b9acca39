//! Extractors for forms and queries, the only way parameters enter a handler.
//!
//! Bodies are read up to a limit and a deadline, must be declared as a form, and are parsed by
//! `protocol::form::Params`, which refuses duplicates and everything that is not UTF-8. What a
//! parameter means is left to the use case.

use std::future::{Future, Ready, poll_fn, ready};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use protocol::catalogue;
use protocol::error::OauthError;
use protocol::form::Params;

use crate::arrival::Arrival;
use crate::fault::Fault;
use crate::routes::{FORM_LIMIT, RouteKind};

/// How long a client may take to send a form.
const READ_DEADLINE: Duration = Duration::from_secs(10);

/// The parameters of a form body; an empty body has none.
#[derive(Debug)]
pub struct FormParams(pub Params);

/// The parameters of the query.
#[derive(Debug)]
pub struct QueryParams(pub Params);

/// The parameters of query and body as one set: a name split over both is a duplicate.
#[derive(Debug)]
pub struct AllParams(pub Params);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Fault>>>>;

impl FromRequest for QueryParams {
    type Error = Fault;
    type Future = Ready<Result<QueryParams, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Params::parse(req.query_string().as_bytes()).map(QueryParams).map_err(Fault::from))
    }
}

impl FromRequest for FormParams {
    type Error = Fault;
    type Future = Reading<FormParams>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let body = read_form(&req, payload).await?;
            let page = Arrival::of(&req).is_some_and(|arrival| arrival.kind() == RouteKind::Page);
            Ok(FormParams(if page { Params::parse_form(&body) } else { Params::parse(&body) }?))
        })
    }
}

impl FromRequest for AllParams {
    type Error = Fault;
    type Future = Reading<AllParams>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let body = read_form(&req, payload).await?;
            Ok(AllParams(Params::parse_both(req.query_string().as_bytes(), &body)?))
        })
    }
}

/// Largest form of the route that is being answered, in bytes.
pub(crate) fn limit(req: &HttpRequest) -> usize {
    Arrival::of(req).map_or(FORM_LIMIT, |arrival| arrival.limit())
}

async fn read_form(req: &HttpRequest, payload: Payload) -> Result<Bytes, Fault> {
    let limit = limit(req);
    if declared_length(req).is_some_and(|length| length > limit) {
        return Err(Fault::too_large());
    }
    let Some(body) = in_time(collect(payload, limit)).await else {
        return Err(malformed(StatusCode::REQUEST_TIMEOUT, "the body came too slowly"));
    };
    let body = body?;
    if !body.is_empty() && !is_form(req) {
        // A protocol error keeps to the statuses of RFC 6749 §5.2.
        let status = match Arrival::of(req).map_or(RouteKind::Protocol, |arrival| arrival.kind()) {
            RouteKind::Protocol => StatusCode::BAD_REQUEST,
            RouteKind::Page | RouteKind::Asset => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        };
        return Err(malformed(status, "the body must be application/x-www-form-urlencoded"));
    }
    Ok(body)
}

/// What `reading` gives before [`READ_DEADLINE`]. Most bodies come together with their head and are
/// there when asked for again: only for the others a timer is set.
async fn in_time<T>(reading: impl Future<Output = T>) -> Option<T> {
    let mut reading = pin!(reading);
    let mut asked = false;
    let early = poll_fn(|cx| match reading.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if asked => Poll::Ready(None),
        Poll::Pending => {
            asked = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    });
    match early.await {
        Some(value) => Some(value),
        None => tokio::time::timeout(READ_DEADLINE, reading).await.ok(),
    }
}

pub(crate) async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, Fault> {
    // A body in one piece is not copied.
    let (mut first, mut joined) = (Bytes::new(), BytesMut::new());
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_| malformed(StatusCode::BAD_REQUEST, "the body could not be read"))?;
        if first.len().max(joined.len()) + chunk.len() > limit {
            return Err(Fault::too_large());
        }
        if first.is_empty() {
            first = chunk;
            continue;
        }
        if joined.is_empty() {
            joined.extend_from_slice(&first);
        }
        joined.extend_from_slice(&chunk);
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}

pub(crate) fn declared_length(req: &HttpRequest) -> Option<usize> {
    req.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

const FORM: &str = "application/x-www-form-urlencoded";

/// `application/x-www-form-urlencoded`, alone or with `charset=utf-8`.
fn is_form(req: &HttpRequest) -> bool {
    let mut types = req.headers().get_all(header::CONTENT_TYPE);
    let (Some(value), None) = (types.next(), types.next()) else { return false };
    if value.as_bytes() == FORM.as_bytes() {
        return true;
    }
    let Ok(value) = value.to_str() else { return false };
    let (media, parameters) = value.split_once(';').unwrap_or((value, ""));
    if !media.trim().eq_ignore_ascii_case(FORM) {
        return false;
    }
    parameters.split(';').map(str::trim).filter(|parameter| !parameter.is_empty()).all(
        |parameter| match parameter.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
                value.trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        },
    )
}

pub(crate) fn malformed(status: StatusCode, hint: &'static str) -> Fault {
    Fault::oauth(status, catalogue::REQUEST_INVALID, OauthError::invalid_request(hint))
}
