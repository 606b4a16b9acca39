//! Draws a `Fault` for whoever asked: a page for people, OAuth JSON for programs, one line where a
//! file was wanted.
//!
//! Every error answer of every face is made here, so all of them carry the support code and none can
//! carry more than the fault says. A page that does not exist looks the same for every reason it
//! may not exist.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use protocol::catalogue;
use serde::Serialize;

use crate::State;
use crate::arrival::Arrival;
use crate::fault::{Challenge, Fault};
use crate::headers::PageHeaders;
use crate::page;
use crate::routes::RouteKind;
use crate::tenant_at::TenantAt;
use crate::views::{Details, Message, headline};

/// What a request is answered when `fault` stopped it.
pub(crate) fn fault(
    state: &State,
    arrival: &Arrival,
    kind: RouteKind,
    fault: &Fault,
) -> HttpResponse {
    let tenant = arrival.tenant();
    let mut response = match kind {
        RouteKind::Page => error_page(state, arrival, tenant, fault),
        RouteKind::Protocol => error_json(arrival, fault),
        RouteKind::Asset => HttpResponse::build(fault.status())
            .content_type("text/plain; charset=utf-8")
            .body(format!("{}\n", catalogue::entry(fault.code()).user)),
    };
    if fault.parts().challenge.is_some() {
        let issuer = tenant.map_or("", |at| at.tenant.issuer.as_str());
        insert(&mut response, header::WWW_AUTHENTICATE, &challenge(arrival, issuer, fault));
    }
    if let Some(seconds) = fault.parts().retry_after {
        insert(&mut response, header::RETRY_AFTER, &seconds.to_string());
    }
    if let Some(methods) = &fault.parts().allow {
        insert(&mut response, header::ALLOW, methods);
    }
    response
}

/// The kind of answer for a path that no route claims: a page if the client takes HTML.
pub(crate) fn kind_by_accept(req: &HttpRequest) -> RouteKind {
    let accept = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    match accept {
        Some(accept) if accept.to_ascii_lowercase().contains("text/html") => RouteKind::Page,
        _ => RouteKind::Protocol,
    }
}

fn error_page(
    state: &State,
    arrival: &Arrival,
    tenant: Option<&TenantAt>,
    fault: &Fault,
) -> HttpResponse {
    let frame = match tenant {
        Some(at) => page::frame(&at.tenant),
        None => page::installation_frame(&state.ctx.settings),
    };
    let entry = catalogue::entry(fault.code());
    let parts = fault.parts();
    let name = parts.application.as_deref();
    let details = Details {
        code: fault.code().to_owned(),
        what: parts.detail.clone().unwrap_or_else(|| entry.admin.to_owned()),
        application: None,
        request: parts.support.clone().unwrap_or_else(|| arrival.request().to_string()),
        at: arrival.at().0,
    };
    let mut message = Message::error(frame, &headline(fault.code(), name), entry.user, details);
    if fault.code() == Fault::not_found().code() {
        // Byte-equal for everything that does not exist, the request id apart.
        message.details = None;
        message = message.and(&format!("Request ID: {}", arrival.request()));
    }
    if let Some(url) = &parts.try_again {
        message = message.link("Try again", url);
    }
    if let Some(back) = &parts.back {
        message = message.link(&back.label, &back.url);
    }
    page::html(fault.status(), &message, &PageHeaders::default())
        .unwrap_or_else(|_| HttpResponse::new(fault.status()))
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_description: String,
}

fn error_json(arrival: &Arrival, fault: &Fault) -> HttpResponse {
    let mut response = HttpResponse::build(fault.status());
    if fault.parts().challenge == Some(Challenge::Bearer) {
        // RFC 6750 §3.1: a request without credentials learns no error code.
        return response.json(serde_json::json!({}));
    }
    let error = fault.wire();
    response.json(ErrorBody {
        error: error.code.as_str(),
        error_description: format!("{} ({})", error.hint, arrival.request().support_code()),
    })
}

fn challenge(arrival: &Arrival, realm: &str, fault: &Fault) -> String {
    match fault.parts().challenge {
        Some(Challenge::Basic) => format!("Basic realm=\"{realm}\", charset=\"UTF-8\""),
        Some(Challenge::BearerError) => {
            let error = fault.wire();
            format!(
                "Bearer realm=\"{realm}\", error=\"{}\", error_description=\"{} ({})\"",
                error.code,
                error.hint,
                arrival.request().support_code()
            )
        }
        Some(Challenge::Bearer) | None => format!("Bearer realm=\"{realm}\""),
    }
}

fn insert(response: &mut HttpResponse, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
