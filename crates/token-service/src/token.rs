//! The token endpoint (RFC 6749 §3.2). Client credentials are answered from memory on the worker
//! where that is possible; everything else runs on the bounded threads.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use context::Tenant;
use issuer::token_requests::{exchange, exchange_cached};
use issuer::{TokenError, TokenResponse};
use protocol::client_auth::Presented;
use protocol::token_request::{self, TokenRequest};
use web::{Arrival, Fault, FormParams, State, TenantAt};

use crate::client::Caller;

pub(crate) async fn post(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    form: FormParams,
    arrival: Arrival,
) -> Result<HttpResponse, Fault> {
    let caller = Caller::read(&req, &form.0)?;
    let request = match token_request::parse(&form.0) {
        Ok(request) => request,
        // Boxed, like all that is rare: the future of a usual request stays small.
        Err(malformed) => {
            return Err(Box::pin(caller.complain(&state, at.tenant, malformed)).await);
        }
    };
    let answer = decide(&state, at.tenant, &caller.presented, request, &arrival).await?;
    let answer = answer.map_err(|error| caller.refuse(error))?;
    granted(&answer)
}

/// RFC 6749 §5.1; Cache-Control is added to every protocol answer.
fn granted(answer: &TokenResponse) -> Result<HttpResponse, Fault> {
    let tokens =
        [Some(&answer.access_token), answer.id_token.as_ref(), answer.refresh_token.as_ref()];
    let length: usize = tokens.into_iter().flatten().map(String::len).sum();
    // Room for everything: an answer that grows is copied each time.
    let mut body = Vec::with_capacity(length + answer.scope.len() + 160);
    serde_json::to_writer(&mut body, answer).map_err(Fault::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::PRAGMA, HeaderValue::from_static("no-cache")))
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .body(body))
}

async fn decide(
    state: &State,
    tenant: Arc<Tenant>,
    presented: &Presented,
    request: TokenRequest,
    arrival: &Arrival,
) -> Result<Result<TokenResponse, TokenError>, Fault> {
    if let Some(answer) = exchange_cached(&state.ctx, &tenant, presented, &request) {
        return Ok(answer);
    }
    let (id, presented) = (tenant.id.clone(), presented.clone());
    let support = arrival.request().clone();
    let job =
        move |ctx: &context::Ctx| exchange(ctx, &tenant, &presented, request, support.as_str());
    Ok(Box::pin(web::run(state, id.as_str(), job)).await?)
}
